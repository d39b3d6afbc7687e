// What a completion is about, small enough to travel to the editor and back: its documentation is looked up when it is shown.

import { type Context, keyIn, vocabulary } from '#core/blueprint/vocabulary.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { functionNamed } from '#core/dsl/functions.ts';
import { declarerOf, functionMarkdown, keyMarkdown, parameterMarkdown, sensorMarkdown, typeMarkdown, valueTypeMarkdown } from '../describe.ts';

/** `of` is the context of a key, and the type that has a parameter or a sensor. */
export interface Subject {
  readonly about: 'key' | 'type' | 'parameter' | 'sensor' | 'function' | 'valueType';
  readonly of: string;
  readonly name: string;
}

/** Markdown; nothing for what is not known any more, and for data that is none of ours. */
export function documentationOf(subject: unknown, catalog: Catalog): string | undefined {
  return isSubject(subject) ? describe(subject, catalog) : undefined;
}

function describe({ about, of, name }: Subject, catalog: Catalog): string | undefined {
  switch (about) {
    case 'key': {
      const key = isContext(of) ? keyIn(of, name) : undefined;
      return key && keyMarkdown(key);
    }
    case 'type': {
      const found = catalog.find(name);
      return found && typeMarkdown(found, name, catalog);
    }
    case 'parameter': {
      const found = catalog.find(of);
      const members = found && catalog.membersOf(found.type);
      const parameter = members?.parameters.get(name);
      return members && parameter && parameterMarkdown(parameter, declarerOf(members, parameter)?.id);
    }
    case 'sensor': {
      const found = catalog.find(of);
      const sensor = found && catalog.membersOf(found.type).sensors.get(name);
      return sensor && sensorMarkdown(name, sensor.type, sensor.description);
    }
    case 'function': {
      const known = functionNamed(name);
      return known && functionMarkdown(known);
    }
    case 'valueType':
      return valueTypeMarkdown(name);
  }
}

function isContext(word: string): word is Context {
  return Object.hasOwn(vocabulary, word);
}

function isSubject(value: unknown): value is Subject {
  if (typeof value !== 'object' || value === null || !('about' in value) || !('of' in value) || !('name' in value)) return false;
  return typeof value.about === 'string' && ['key', 'type', 'parameter', 'sensor', 'function', 'valueType'].includes(value.about) && typeof value.of === 'string' && typeof value.name === 'string';
}

// A text with its cursor, read and placed, and what its application is: what refactorings must keep.

import assert from 'node:assert/strict';

import { read } from '#core/blueprint/read.ts';
import { contextOf, type CheckContext, type Placed } from '#core/check/context.ts';
import { check } from '#core/check/check.ts';
import { modelOf } from '#core/resolve/model.ts';
import { resolve } from '#core/resolve/resolve.ts';
import { touches } from '#core/text/span.ts';
import { builtInCatalog } from '../../support/catalog.ts';

export function at(fixture: string): { readonly text: string; readonly context: CheckContext; readonly placed: Placed } {
  const offset = fixture.indexOf('$0');
  assert.ok(offset >= 0, 'the fixture has no $0');
  const text = fixture.slice(0, offset) + fixture.slice(offset + 2);
  const context = contextOf(read(text), builtInCatalog);
  const placed = context.entities.findLast(({ spec }) => touches(spec.node.span, offset));
  assert.ok(placed, 'there is no entity at $0');
  return { text, context, placed };
}

/** The application as it would be deployed: containers, places, policies. Where a value comes from does not matter. */
export function meaningOf(text: string): unknown {
  const reading = read(text);
  const { application } = resolve(reading, builtInCatalog);
  const model = modelOf(reading, builtInCatalog);
  const config = model?.entities.map((entity) => ({
    key: entity.key,
    id: entity.id ?? entity.key,
    name: entity.name,
    locations: entity.locations,
    adjuncts: entity.adjuncts,
    config: entity.config.map(({ key, value }) => `${key}: ${valueText(value)}`).toSorted(),
  }));
  return { id: application?.id, name: application?.name, entities: application?.entities.map(({ key, name, parent, container, locations }) => ({ key, name, parent, container, locations })), config };
}

export function codesOf(text: string): readonly string[] {
  return check(read(text), builtInCatalog).map(({ code }) => code).toSorted();
}

export function commentsIn(text: string): readonly string[] {
  return [...text.matchAll(/#.*/g)].map(([comment]) => comment).toSorted();
}

/** An entity that a value describes is an entity of its own here; how it is written does not matter. */
function valueText(value: unknown): string {
  const text = JSON.stringify(value);
  // What a type brings has texts for keys.
  return text.includes('"$brooklyn:entitySpec"') ? 'an entity' : text.replaceAll(/("key":\{"kind":"plain","value":)([^"{}]+)\}/g, '$1"$2"}');
}

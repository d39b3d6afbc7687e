// JSON Schemas (2020-12 in the common part of draft-07) for blueprints and for the resolved application, for editors and
// tools that know nothing of Clocker's language server.

import { type Context, type Key, type Shape, namesOf, vocabulary } from '#core/blueprint/vocabulary.ts';
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import type { Type } from '#core/catalog/type.ts';
import { applicationSchema } from './applicationSchema.ts';

type Schema = { readonly [key: string]: unknown };

export function schemas(builtIn: BuiltIn): Readonly<Record<string, string>> {
  return { 'schemas/blueprint.schema.json': print(blueprintSchema(builtIn)), 'schemas/application.schema.json': print(applicationSchema) };
}

function print(schema: Schema): string {
  return `${JSON.stringify(schema, undefined, 1)}\n`;
}

function blueprintSchema(builtIn: BuiltIn): Schema {
  const catalog = new Catalog(builtIn);
  const entityTypes = builtIn.types.filter(({ kind }) => kind === 'entity' || kind === 'application');
  const contexts = Object.keys(vocabulary) as readonly Context[];
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'Clocker blueprint',
    description: 'An application as typed entities, in the language of Apache Brooklyn and OASIS CAMP.',
    $ref: '#/definitions/plan',
    definitions: {
      ...Object.fromEntries(contexts.map((context) => [context, contextSchema(context, entityTypes)])),
      ...Object.fromEntries(builtIn.types.map((type) => [`config:${type.id}`, configSchema(type, catalog)])),
    },
  };
}

function contextSchema(context: Context, entityTypes: readonly Type[]): Schema {
  const { keys } = vocabulary[context];
  const properties = Object.fromEntries(keys.flatMap((key) => namesOf(key).map((name) => [name, keySchema(key)] as const)));
  const required = keys.filter(({ isRequired, aliases }) => isRequired && !aliases).map(({ name }) => name);
  return {
    type: 'object',
    properties,
    ...(required.length > 0 && { required }),
    ...(context === 'entity' && { allOf: entityTypes.map(typeRule) }),
  };
}

/** "If the type is this, then the config keys are those": its own, and by reference those of its parent. */
function typeRule(type: Type): Schema {
  return {
    if: { properties: { type: { enum: [type.id, ...type.aliases] } }, required: ['type'] },
    then: { properties: { 'brooklyn.config': { $ref: `#/definitions/config:${type.id}` } } },
  };
}

function configSchema(type: Type, catalog: Catalog): Schema {
  const parent = type.parent === undefined ? undefined : catalog.find(type.parent, type)?.type;
  const properties = Object.fromEntries(type.parameters.map(({ name, description }) => [name, description === undefined ? {} : { description }]));
  return { type: ['object', 'null'], properties, ...(parent && { allOf: [{ $ref: `#/definitions/config:${parent.id}` }] }) };
}

function keySchema(key: Key): Schema {
  return { description: key.sentence, ...shapeSchema(key.shape) };
}

function shapeSchema(shape: Shape): Schema {
  switch (shape.kind) {
    case 'text':
    case 'type':
      return { type: ['string', 'number', 'boolean', 'null'] };
    case 'boolean':
      return { type: ['boolean', 'string', 'null'] };
    case 'map':
      return { anyOf: [{ $ref: `#/definitions/${shape.of}` }, { type: 'null' }] };
    case 'map-or-text':
      return { anyOf: [{ $ref: `#/definitions/${shape.of}` }, { type: ['string', 'null'] }] };
    case 'list':
      return { type: ['array', 'null'], items: { $ref: `#/definitions/${shape.of}` } };
    case 'list-or-texts':
      return { type: ['array', 'null'], items: { anyOf: [{ $ref: `#/definitions/${shape.of}` }, { type: 'string' }] } };
    case 'config':
      return { type: ['object', 'null'] };
    case 'texts':
    case 'anything-list':
      return { type: ['array', 'null'] };
    case 'choice':
      return { enum: shape.of };
    case 'location':
    case 'locations':
    case 'anything':
      return {};
  }
}

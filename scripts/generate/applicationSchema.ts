// The JSON Schema of a resolved application: the shape of core/resolve/model.ts, which tests validate against it.

type Schema = { readonly [key: string]: unknown };

const text: Schema = { type: 'string' };
const texts: Schema = { type: 'array', items: text };
const value: Schema = { $ref: '#/definitions/value' };

function object(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)), additionalProperties: false };
}

function list(items: Schema): Schema {
  return { type: 'array', items };
}

export const applicationSchema: Schema = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  title: 'Clocker application',
  description: 'A blueprint with its catalogs, resolved: every entity with its effective config, where each value came from, and expressions as trees.',
  ...object({ id: text, name: text, entities: list({ $ref: '#/definitions/entity' }) }),
  definitions: {
    entity: object(
      {
        key: { ...text, description: 'Unique in the application and the same on every reading of the same blueprint.' },
        id: text,
        name: text,
        type: { ...text, description: 'The present name of the type; absent for the application itself.' },
        isTypeKnown: { type: 'boolean' },
        parent: text,
        memberOf: { ...text, description: 'The group whose members are made from this description.' },
        locations: { ...texts, description: 'Names of hosts and clouds; empty means anywhere.' },
        config: list(
          object({
            key: text,
            from: { enum: ['entity', 'type', 'parent', 'default'] },
            at: { ...text, description: 'The entity at which the value was written; expressions are seen from there.' },
            value,
          }),
        ),
        adjuncts: list(object({ kind: { enum: ['policy', 'enricher', 'initializer'] }, type: text, config: list(object({ key: text, value })) })),
        sensors: texts,
        effectors: texts,
      },
      ['id', 'name', 'type', 'parent', 'memberOf'],
    ),
    value: {
      oneOf: [
        object({ kind: { const: 'plain' }, value: { type: ['string', 'number', 'boolean', 'null'] } }),
        object({ kind: { const: 'secret' } }),
        object({ kind: { const: 'expression' }, text, tree: list({ oneOf: [object({ call: text, args: list(value) }), object({ select: value })] }) }),
        object({ kind: { const: 'list' }, items: list(value) }),
        object({ kind: { const: 'map' }, entries: list(object({ key: value, value })) }),
      ],
    },
  },
};

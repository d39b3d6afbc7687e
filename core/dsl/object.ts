// `$brooklyn:object`: which object is wanted, as data. Its argument is a map; or a text that is YAML: a map, a list of a type
// and constructor arguments, or just a type.

import { parseYaml } from '#core/blueprint/yaml.ts';
import { valueOf } from '#core/coerce/value.ts';
import { asText, isList, isMap, kindOf, type DescribedObject, type Value } from '#core/dsl/value.ts';

/** The keys of the map that object takes, with what they are for. */
export const objectKeys: Readonly<Record<string, string>> = {
  type: 'The type of the object: a class or a catalog item.',
  object_type: 'The same as `type`.',
  objectType: 'The same as `type`.',
  'constructor.args': 'A list of arguments to make it with.',
  'factoryMethod.name': 'The static method that makes it, in place of a constructor.',
  'factoryMethod.args': 'A list of arguments for that method.',
  'object.fields': 'A map of properties to set on it.',
  'brooklyn.config': 'A map of its config keys.',
  deferred: 'Make it only when it is used, even if everything is known before.',
};

/** The object that an argument of `object` describes, or a sentence why it describes none. */
export function describeObject(given: Value): DescribedObject | string {
  if (typeof given === 'string') return describeText(given);
  if (!isMap(given)) return `object takes a map with a type, not ${kindOf(given)}.`;
  const type = given.get('type') ?? given.get('objectType') ?? given.get('object_type');
  if (type === undefined || type === null) return 'object needs a type; the map has no key type.';
  const factory = given.get('factoryMethod.name');
  const lists = [given.get('constructor.args'), given.get('factoryMethod.args')].map((list) => list ?? []);
  const maps = [given.get('object.fields'), given.get('brooklyn.config')].map((map) => map ?? new Map<Value, Value>());
  const [constructorArgs, factoryArgs] = lists.filter(isList);
  const [fields, config] = maps.filter(isMap);
  if (!constructorArgs || !factoryArgs) return 'constructor.args and factoryMethod.args of an object are lists.';
  if (!fields || !config) return 'object.fields and brooklyn.config of an object are maps.';
  return {
    kind: 'object',
    type: asText(type),
    constructorArgs,
    factoryArgs,
    fields: named(fields),
    config: named(config),
    ...(factory !== undefined && factory !== null && { factoryMethod: asText(factory) }),
  };
}

function describeText(text: string): DescribedObject | string {
  const { root, diagnostics } = parseYaml(text);
  if (root === undefined || diagnostics.some(({ severity }) => severity === 'error')) return 'object needs a type, or a map with a type as YAML; the text is neither.';
  const read: Value = valueOf(root);
  if (typeof read === 'string') return bare(read);
  if (!isList(read)) return describeObject(read);
  const [type, ...constructorArgs] = read;
  return type === undefined ? 'object needs a type; the list is empty.' : { ...bare(asText(type)), constructorArgs };
}

function bare(type: string): DescribedObject {
  return { kind: 'object', type, constructorArgs: [], factoryArgs: [], fields: new Map(), config: new Map() };
}

function named(map: ReadonlyMap<Value, Value>): ReadonlyMap<string, Value> {
  return new Map([...map].map(([key, item]) => [asText(key), item]));
}

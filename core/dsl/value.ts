// What expressions give. Plain data; text conversions are Java's, for that is what blueprints were written against.

import { numberText, type Value as Data, type WholeDouble } from '#core/coerce/value.ts';
import type { ScopeEntity } from '#core/dsl/scope.ts';

/** Everything that coercion knows, and entities, sensors and the other things that only expressions give. */
export type Value = string | number | bigint | boolean | null | { readonly dateMs: number } | WholeDouble | readonly Value[] | ReadonlyMap<Value, Value> | Thing;

/** Values that are no data of YAML. */
export type Thing =
  | { readonly kind: 'entity'; readonly entity: ScopeEntity }
  | { readonly kind: 'sensor'; readonly name: string; readonly type?: string }
  | { readonly kind: 'location'; readonly name: string }
  | { readonly kind: 'spec'; readonly spec: ReadonlyMap<Value, Value> }
  | DescribedObject
  | ReplacingFunction;

/** `$brooklyn:object`: which object is wanted, as data. Making it is up to whoever knows the type. */
export interface DescribedObject {
  readonly kind: 'object';
  readonly type: string;
  readonly constructorArgs: readonly Value[];
  readonly factoryMethod?: string;
  readonly factoryArgs: readonly Value[];
  readonly fields: ReadonlyMap<string, Value>;
  readonly config: ReadonlyMap<string, Value>;
}

export interface ReplacingFunction {
  readonly kind: 'function';
  readonly name: 'regexReplacement';
  readonly pattern: string;
  readonly replacement: string;
}

export function isMap(value: Value): value is ReadonlyMap<Value, Value> {
  return value instanceof Map;
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isThing(value: Value): value is Thing {
  return typeof value === 'object' && value !== null && 'kind' in value;
}

export function isWholeDouble(value: Value): value is WholeDouble {
  return typeof value === 'object' && value !== null && 'double' in value;
}

/** The value as YAML could have given it; undefined when it is or holds a thing. */
export function asData(value: Value): Data | undefined {
  if (isThing(value)) return undefined;
  if (isList(value)) {
    const items = value.map(asData);
    return items.includes(undefined) ? undefined : items.filter((item) => item !== undefined);
  }
  if (!isMap(value)) return value;
  const entries = new Map<Data, Data>();
  for (const [key, item] of value) {
    const [plainKey, plainItem] = [asData(key), asData(item)];
    if (plainKey === undefined || plainItem === undefined) return undefined;
    entries.set(plainKey, plainItem);
  }
  return entries;
}

/** The text of a value as Java's toString has it: `[a, b]`, `{k=v}`, `null`, `1.5`. */
export function asText(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number' || typeof value === 'bigint') return numberText(value);
  if (typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map(asText).join(', ')}]`;
  if (isMap(value)) return `{${[...value].map(([key, item]) => `${asText(key)}=${asText(item)}`).join(', ')}}`;
  if (isThing(value)) return thingText(value);
  return 'dateMs' in value ? new Date(value.dateMs).toISOString() : numberText(value);
}

function thingText(thing: Thing): string {
  switch (thing.kind) {
    case 'entity':
      return thing.entity.name ?? thing.entity.key;
    case 'sensor':
    case 'location':
    case 'function':
      return thing.name;
    case 'spec':
      return asText(thing.spec);
    case 'object':
      return thing.type;
  }
}

/** What a value is, in a word for a person. */
export function kindOf(value: Value): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return 'a text';
  if (typeof value === 'boolean') return 'a boolean';
  if (typeof value !== 'object' || isWholeDouble(value)) return 'a number';
  if (isList(value)) return 'a list';
  if (isMap(value)) return 'a map';
  if (!isThing(value)) return 'a date';
  return value.kind === 'entity' || value.kind === 'object' ? `an ${value.kind}` : `a ${value.kind}`;
}

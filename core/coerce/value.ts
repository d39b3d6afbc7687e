// Values before and after coercion, as plain data. What YAML gives and expressions evaluate to is a `Value`; what a type
// makes of it is a `Coerced`. Here is also how to print both; what a type accepts is in the files beside this one.

import type { ScalarValue, YamlNode } from '#core/blueprint/yaml.ts';

/** A number that Java holds as a double though it is whole: `8080.0`, `1e3`. Any other number with a fraction is a plain `number`. */
export interface WholeDouble {
  readonly double: number;
}

export type Value = ScalarValue | WholeDouble | readonly Value[] | ReadonlyMap<Value, Value>;

export type PortRange =
  | { readonly kind: 'port'; readonly port: number }
  /** Both ends included; runs downwards where `end` is less than `start`. */
  | { readonly kind: 'ports'; readonly start: number; readonly end: number }
  | { readonly kind: 'portList'; readonly ranges: readonly PortRange[] };

/** How many of a group must be up. A point says: of `size` members `required` must be up; between points it is a straight line. */
export type Quorum =
  | { readonly kind: 'quorum'; readonly name?: string; readonly minSize: number; readonly minRatio: number; readonly allowEmpty: boolean }
  | { readonly kind: 'quorumLine'; readonly points: readonly { readonly size: number; readonly required: number }[] };

export type Coerced =
  | string
  | number
  | bigint
  | boolean
  | null
  | PortRange
  | Quorum
  | { readonly dateMs: number }
  /** The moment at which it is read: only the edge knows it. */
  | { readonly kind: 'now' }
  /** `ms` may have a fraction, and may be negative (`never` is -1). */
  | { readonly kind: 'duration'; readonly ms: number }
  /** `bytes` are the four bytes of the address, those outside the prefix zero. */
  | { readonly kind: 'cidr'; readonly bytes: readonly number[]; readonly prefix: number }
  | { readonly kind: 'address'; readonly user?: string; readonly host: string; readonly port?: number }
  | { readonly kind: 'predicate'; readonly test: string | ReadonlyMap<Value, Value> }
  | WholeDouble
  | readonly Coerced[]
  | ReadonlyMap<Coerced, Coerced>;

/**
 * What came of a coercion. `notes` are surprises in a value that is accepted (`1:30` as a duration is 90 ms). Both may quote
 * the value, so neither is shown for a key whose value may be secret.
 */
export type Outcome<T> = { readonly ok: true; readonly value: T; readonly notes: readonly string[] } | { readonly ok: false; readonly problem: string };

export function accepted<T>(value: T, ...notes: readonly string[]): Outcome<T> {
  return { ok: true, value, notes };
}

export function refused(problem: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: problem.charAt(0).toUpperCase() + problem.slice(1) };
}

export function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

export function isMap(value: Value): value is ReadonlyMap<Value, Value> {
  return value instanceof Map;
}

export function isDate(value: Value): value is { readonly dateMs: number } {
  return typeof value === 'object' && value !== null && 'dateMs' in value;
}

export function isWholeDouble(value: Value): value is WholeDouble {
  return typeof value === 'object' && value !== null && 'double' in value;
}

/** The value of a YAML node. Of equal keys the last wins. A number written with a point or an exponent stays a double. */
export function valueOf(node: YamlNode): Value {
  switch (node.kind) {
    case 'scalar': {
      const { value, text, style } = node;
      return typeof value === 'number' && Number.isInteger(value) && style === 'plain' && isWrittenAsDouble(text) ? { double: value } : value;
    }
    case 'list':
      return node.items.map(valueOf);
    case 'map':
      return new Map(node.entries.map((entry) => [valueOf(entry.key), valueOf(entry.value)]));
  }
}

/** A few words for a sentence: what is there instead of what is wanted. */
export function describe(value: Value): string {
  if (value === null) return 'nothing';
  if (typeof value === 'string') return quote(value);
  if (typeof value === 'boolean') return `the boolean ${value}`;
  if (isList(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (isMap(value)) return 'a map';
  if (isDate(value)) return `the date ${isoDate(value.dateMs)}`;
  return `the number ${numberText(value)}`;
}

/** In quotes, on one line, at most 40 characters of it. */
export function quote(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `"${line.slice(0, 39)}…"` : `"${line}"`;
}

/** A number as Java prints it: `1`, `1.5`, `1000.0`, `1.0E10`. */
export function numberText(value: number | bigint | WholeDouble): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value))) return Object.is(value, -0) ? '-0' : String(value);
  return doubleText(typeof value === 'number' ? value : value.double);
}

/** A double as Java prints it: always with a fraction, with an exponent outside 0.001 to 10,000,000. */
export function doubleText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? '-0.0' : '0.0';
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e7) return Number.isInteger(value) ? `${value}.0` : String(value);
  const [digits = '', exponent = '0'] = value.toExponential().split('e');
  return `${digits.includes('.') ? digits : `${digits}.0`}E${Number(exponent)}`;
}

export function isoDate(dateMs: number): string {
  const date = new Date(dateMs);
  return Number.isNaN(date.getTime()) ? `${dateMs} ms` : date.toISOString().replace('.000Z', 'Z').replace('T00:00:00Z', '');
}

function isWrittenAsDouble(text: string): boolean {
  return text.includes('.') || /^[-+]?[0-9][0-9_]*[eE]/.test(text);
}

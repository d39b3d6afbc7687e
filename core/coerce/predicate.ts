// Predicates as values: four names, or a map in Brooklyn's own small language. Only its words are checked here.

import { accepted, describe, isMap, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

export type Predicate = Extract<Coerced, { readonly kind: 'predicate' }>;

export const predicateNames = ['alwaysTrue', 'alwaysFalse', 'isNull', 'notNull'] as const;

/** The keys that a predicate written as a map may have. */
export const predicateKeys = [
  'equals', 'not-equals', 'regex', 'glob', 'in-range', 'less-than', 'greater-than', 'less-than-or-equal-to', 'greater-than-or-equal-to',
  'size', 'filter', 'has-element', 'not', 'any', 'all', 'check', 'when', 'assert', 'target', 'config', 'sensor', 'tag', 'key', 'index', 'jsonpath',
  'java-instance-of', 'error-cause', 'error-field', 'metadata', 'type', 'unless',
] as const;

export function coercePredicate(value: Value): Outcome<Predicate> {
  if (isMap(value)) {
    const unknown = [...value.keys()].find((key) => !predicateKeys.some((known) => known === key));
    if (unknown === undefined && value.size > 0) return accepted({ kind: 'predicate', test: value });
    return refused(unknown === undefined ? 'An empty map is not a predicate; write for example { equals: 3 }.' : `${describe(unknown)} is not a word of a predicate; known are ${predicateKeys.slice(0, 8).join(', ')} and more.`);
  }
  if (typeof value === 'string') {
    const name = predicateNames.find((known) => known === value);
    if (name !== undefined) return accepted({ kind: 'predicate', test: name });
    const near = predicateNames.find((known) => known.toLowerCase() === value.toLowerCase());
    return refused(`${quote(value)} is not a predicate; ${near === undefined ? `write ${predicateNames.join(', ')}, or a map such as { glob: "a*" }` : `write ${near}`}.`);
  }
  return refused(`${describe(value)} is not a predicate; write ${predicateNames.join(', ')}, or a map such as { glob: "a*" }.`);
}

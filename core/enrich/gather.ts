// What enrichers make of values: gathering those of several entities, joining a list into a text, turning one value into
// another. Plain functions of values; which values they get is in enrich.ts.

import { isQuorate } from '#core/coerce/quorum.ts';
import type { Quorum } from '#core/coerce/value.ts';
import { isReady } from '#core/dsl/whenReady.ts';
import { replaceAll } from '#core/dsl/regex.ts';
import { asText, isList, isMap, isThing, isWholeDouble, type Value } from '#core/dsl/value.ts';

export type Gathering = 'list' | 'sum' | 'average' | 'min' | 'max' | 'first' | 'count' | 'isQuorate';

const gatherings: readonly Gathering[] = ['list', 'sum', 'average', 'min', 'max', 'first', 'count', 'isQuorate'];

/** By its name in any case; undefined for a word that means none. */
export function gatheringNamed(word: string): Gathering | undefined {
  return gatherings.find((known) => known.toLowerCase() === word.trim().toLowerCase());
}

/** Undefined where so few values give none. `quorum` and `total` count for isQuorate only: how many values there are to be. */
export function gather(how: Gathering, values: readonly Value[], quorum: Quorum, total: number): Value | undefined {
  const numbers = values.flatMap((value) => numberOf(value) ?? []);
  const sum = numbers.reduce((all, one) => all + one, 0);
  switch (how) {
    case 'list':
      return values;
    case 'count':
      return values.length;
    case 'first':
      return values[0];
    case 'isQuorate':
      return isQuorate(quorum, values.filter((value) => isReady(value, new Map())).length, Math.max(total, values.length));
    case 'sum':
      return numbers.length === 0 ? undefined : sum;
    case 'average':
      return numbers.length === 0 ? undefined : sum / numbers.length;
    case 'min':
      return numbers.length === 0 ? undefined : numbers.reduce((least, one) => Math.min(least, one));
    case 'max':
      return numbers.length === 0 ? undefined : numbers.reduce((most, one) => Math.max(most, one));
  }
}

export interface Joining {
  readonly separator: string;
  readonly keyValueSeparator: string;
  readonly joinsEntries: boolean;
  readonly quotes: boolean;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** The text of a list or map; undefined for what is neither, and where there are fewer elements than wanted. */
export function join(value: Value, { separator, keyValueSeparator, joinsEntries, quotes, minimum = 0, maximum = Infinity }: Joining): string | undefined {
  const quoted = (item: Value): string => (quotes ? javaQuoted(asText(item)) : asText(item));
  const items = isMap(value) ? [...value].map(([key, item]) => (joinsEntries ? quoted(key) + keyValueSeparator + quoted(item) : quoted(item))) : isList(value) ? value.map(quoted) : undefined;
  if (items === undefined || items.length < minimum) return undefined;
  return items.slice(0, maximum).join(separator);
}

/** A function given to an enricher applied to a value; undefined for a function that is not known here. */
export function applied(transformation: Value, value: Value): Value | undefined {
  if (!isThing(transformation) || transformation.kind !== 'function') return undefined;
  const replaced = replaceAll(asText(value), transformation.pattern, transformation.replacement);
  return replaced.ok ? replaced.text : undefined;
}

export function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'string' && /^\s*[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?\s*$/.test(value)) return Number(value);
  return isWholeDouble(value) ? value.double : undefined;
}

/** A literal of Java. */
function javaQuoted(text: string): string {
  const escapes: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };
  return `"${text.replaceAll(/["\\]/g, '\\$&').replaceAll(/[\n\r\t]/g, (character) => escapes[character] ?? character)}"`;
}

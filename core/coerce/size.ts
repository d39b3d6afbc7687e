// Sizes of memory and disk in bytes: `512m`, `4GB`, `1.5GiB`. One letter and -iB count in steps of 1024, -B in steps of 1000.

import { parseJavaDouble } from '#core/coerce/numbers.ts';
import { accepted, describe, isList, isMap, isDate, isWholeDouble, numberText, quote, refused, type Outcome, type Value } from '#core/coerce/value.ts';

const letters = ['b', 'k', 'm', 'g', 't'];
const example = 'write a number and a unit (k, m, g, t, or kB, MB, GB, TB), for example 512m or 4GB';

/** Bytes. A number without a unit is counted in `defaultUnit` (`mb`, say), and refused where there is none. */
export function coerceSize(value: Value, defaultUnit?: string): Outcome<number> {
  if (value === null || typeof value === 'boolean' || isList(value) || isMap(value) || isDate(value)) return refused(`${describe(value)} is not a size; ${example}.`);
  const text = typeof value === 'string' ? value.trim() : isWholeDouble(value) ? String(value.double) : typeof value === 'number' ? String(value) : numberText(value);
  const [, number = '', unit = ''] = /^([^A-Za-z]*)([A-Za-z]*)$/.exec(text) ?? [];
  const used = unit === '' ? defaultUnit : unit;
  if (used === undefined) return refused(`${describe(value)} has no unit; ${example}.`);
  const factor = factorOf(used);
  const count = parseJavaDouble(number);
  if (count === undefined || (number === '' && text !== '')) return refused(`${quote(text)} is not a size; ${example}.`);
  if (factor === undefined) return refused(`${quote(text)} is not a size: ${quote(used)} is not a unit; ${example}.`);
  const bytes = Math.trunc(count * factor);
  return accepted(bytes, ...surprises(bytes, count, unit, used));
}

function factorOf(unit: string): number | undefined {
  const [, letter = '', base = ''] = /^([kmgt]?)(i?b|)$/i.exec(unit) ?? [];
  const power = letters.indexOf((letter || base).toLowerCase());
  if (power < 0 || (letter === '' && base.toLowerCase() !== 'b')) return undefined;
  return (base.toLowerCase() === 'b' ? 1000 : 1024) ** power;
}

function surprises(bytes: number, count: number, unit: string, used: string): string[] {
  if (bytes < 0) return ['A size below zero never fits anything.'];
  if (unit === '' && count !== 0) return [`Without a unit the size is counted in ${used}: ${bytes} bytes.`];
  return [];
}

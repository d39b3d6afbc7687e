// Numbers, booleans and single characters: from YAML's numbers and from strings, with the ranges of Java's types.

import { accepted, describe, isWholeDouble, refused, type Outcome, type Value, type WholeDouble } from '#core/coerce/value.ts';

export type IntegerWidth = 'byte' | 'short' | 'integer' | 'long';

const bits: Record<IntegerWidth, bigint> = { byte: 8n, short: 16n, integer: 32n, long: 64n };
const javaDecimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;

/** What Java's `Double.parseDouble` makes of a text in decimal notation; undefined where it refuses. Blanks around it are fine. */
export function parseJavaDouble(text: string): number | undefined {
  const trimmed = javaTrim(text);
  return javaDecimal.test(trimmed) ? Number(trimmed) : undefined;
}

/** What Java's `Integer.parseInt` makes of a text; undefined where it refuses, a range beyond 32 bits included. */
export function parseJavaInt(text: string): number | undefined {
  if (!/^[+-]?[0-9]+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? value + 0 : undefined;
}

/** Java's trim: blanks and all control characters. */
export function javaTrim(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && text.charCodeAt(start) <= 32) start++;
  while (end > start && text.charCodeAt(end - 1) <= 32) end--;
  return text.slice(start, end);
}

/** True for a number that Java would hold as a double or float. */
export function isDouble(value: Value): value is number | WholeDouble {
  return isWholeDouble(value) || (typeof value === 'number' && !Number.isInteger(value));
}

/** A whole number as bigint: undefined for a double, however whole. */
export function wholeOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : undefined;
}

export function coerceInteger(value: Value, width: IntegerWidth): Outcome<number | bigint> {
  const whole = wholeIn(value);
  if (whole === undefined) return refused(`${describe(value)} is not a whole number; write it with digits alone, for example 3.`);
  if (BigInt.asIntN(Number(bits[width]), whole) !== whole) {
    const limit = 1n << (bits[width] - 1n);
    return refused(`${whole} does not fit: the number must be from ${-limit} to ${limit - 1n}.`);
  }
  return accepted(whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(whole) : whole);
}

export function coerceFloating(value: Value, width: 'float' | 'double'): Outcome<number> {
  const wanted = 'a number, for example 0.75';
  // Beyond 64 bits a whole number is no number to Java's doubles: they take it as text only.
  if (typeof value === 'bigint' && BigInt.asIntN(64, value) !== value) return refused(`${value} is too large to be read as ${wanted}; quote it.`);
  const text = typeof value === 'string' ? parseFloatingText(value) : undefined;
  const number = typeof value === 'string' ? text : numberOf(value);
  if (number === undefined) return refused(`${describe(value)} is not ${wanted}.`);
  const result = width === 'float' ? Math.fround(number) : number;
  if (!Number.isFinite(result)) return refused(`${describe(value)} is too large for a ${width}.`);
  // A double that a float cannot hold closely is refused, but a text or a whole number is rounded.
  if (isDouble(value) && Math.abs(number - result) > 1e-6) return refused(`${describe(value)} cannot be kept exactly enough as a float; use the type double.`);
  return accepted(result);
}

export function coerceBoolean(value: Value): Outcome<boolean> {
  if (typeof value === 'boolean') return accepted(value);
  if (typeof value === 'string') {
    const word = javaTrim(value).toLowerCase();
    if (['true', 'yes', 't', 'y'].includes(word)) return accepted(true);
    if (['false', 'no', 'f', 'n'].includes(word)) return accepted(false);
    if (word === 'on' || word === 'off') return refused(`${describe(value)} in quotes is not a boolean; write it without quotes, or write ${word === 'on'}.`);
  }
  return refused(`${describe(value)} is not a boolean; write true or false (yes, no, t, f, y and n are understood too).`);
}

export function coerceChar(value: Value): Outcome<string> {
  if (typeof value === 'string') {
    return value.length === 1 ? accepted(value) : refused(`${describe(value)} is not one character; write exactly one, for example "a".`);
  }
  const code = wholeIn(value);
  if (code === undefined) return refused(`${describe(value)} is not a character; write one, for example "a".`);
  const character = String.fromCharCode(Number(BigInt.asUintN(16, code)));
  return accepted(character, `A number is read as the code of a character: ${code} is ${JSON.stringify(character)}. Quote it if the digit is meant.`);
}

/** The number of a value that is one, a double included; for a text, the whole number written there. */
function wholeIn(value: Value): bigint | undefined {
  if (typeof value === 'string') {
    const trimmed = javaTrim(value);
    return /^[+-]?[0-9]{1,40}$/.test(trimmed) ? BigInt(trimmed.replace(/^\+/, '')) : undefined;
  }
  const number = isWholeDouble(value) ? value.double : undefined;
  return number === undefined ? wholeOf(value) : BigInt(number);
}

function numberOf(value: Value): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value === 'bigint') return Number(value);
  return isWholeDouble(value) ? value.double : undefined;
}

/** Java also takes the suffixes of its own number literals: `1.5f`, `2d`. */
function parseFloatingText(text: string): number | undefined {
  return parseJavaDouble(javaTrim(text).replace(/(?<=[0-9.])[fFdD]$/, ''));
}

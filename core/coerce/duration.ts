// Durations: `5m`, `1h 30m`, `250ms`, `forever`, a number of milliseconds.

import { javaTrim, parseJavaDouble } from '#core/coerce/numbers.ts';
import { accepted, describe, isWholeDouble, quote, refused, type Coerced, type Outcome, type Value } from '#core/coerce/value.ts';

export type Duration = Extract<Coerced, { readonly kind: 'duration' }>;

/** The longest duration there is, about 292 years: what `forever` means. Milliseconds. */
export const foreverMs = 9_223_372_036_854.775;
const nearlyForeverMs = foreverMs - 365 * 50 * 86_400_000;

const dayMs = 86_400_000;
const units = [
  { words: ['ms', 'milli', 'millis', 'millisec', 'millisecs', 'millisecond', 'milliseconds'], ms: 1 },
  { words: ['s', 'sec', 'secs', 'second', 'seconds'], ms: 1000 },
  { words: ['m', 'min', 'mins', 'minute', 'minutes'], ms: 60_000 },
  { words: ['h', 'hr', 'hrs', 'hour', 'hours'], ms: 3_600_000 },
  { words: ['d', 'day', 'days'], ms: dayMs },
];
const example = 'write a number and a unit (ms, s, m, h, d), for example 30s or "1h 30m"';

/** `null` comes of an empty text, which means unset. */
export function coerceDuration(value: Value): Outcome<Duration | null> {
  if (typeof value === 'number' || typeof value === 'bigint' || isWholeDouble(value)) {
    const ms = Number(isWholeDouble(value) ? value.double : value);
    // Kept in whole nanoseconds.
    return withNote(Number.isInteger(ms) ? ms : Math.trunc(ms * 1e6) / 1e6);
  }
  if (typeof value !== 'string') {
    const hint = value === false ? '; a bare off or no is a boolean in YAML: quote it as "off" to mean never' : `; ${example}`;
    return refused(`${describe(value)} is not a duration${hint}.`);
  }
  const text = javaTrim(value);
  if (text === '' || value.toLowerCase() === 'null') return accepted(null);
  if (['forever', 'practicallyforever', 'practically_forever'].includes(value.toLowerCase())) return accepted(duration(foreverMs));
  const plain = /[A-Za-z]$/.test(text) ? undefined : parseJavaDouble(value);
  if (plain !== undefined) return withNote(Math.trunc(plain));
  const sum = parseUnits(text);
  return typeof sum === 'string' ? refused(sum) : accepted(duration(Math.trunc(sum)));
}

/** `1h 30m`, `250ms`, `- 1m 5s`, `forever`: exact, and read again it is the same duration (but for parts below a millisecond). */
export function printDuration({ ms }: Duration): string {
  if (ms >= nearlyForeverMs) return 'forever';
  if (ms === 0) return '0ms';
  const size = Math.abs(ms);
  const whole = Math.floor(size);
  const nanos = Math.round((size - whole) * 1e6);
  const parts: [number, string][] = [
    [Math.floor(whole / dayMs), 'd'],
    [Math.floor((whole % dayMs) / 3_600_000), 'h'],
    [Math.floor((whole % 3_600_000) / 60_000), 'm'],
    [Math.floor((whole % 60_000) / 1000), 's'],
    [whole % 1000, 'ms'],
    [Math.floor(nanos / 1000), 'us'],
    [nanos % 1000, 'ns'],
  ];
  const shown = parts.flatMap(([count, unit]) => (count > 0 ? [`${count}${unit}`] : []));
  // Without the blank the minus would hold for the first part alone.
  const sign = ms > 0 ? '' : shown.length > 1 ? '- ' : '-';
  return sign + shown.join(' ');
}

function duration(ms: number): Duration {
  return { kind: 'duration', ms: Number.isNaN(ms) ? 0 : Math.max(-foreverMs, Math.min(foreverMs, ms)) + 0 };
}

function withNote(ms: number): Outcome<Duration> {
  const value = duration(ms);
  return ms === 0 ? accepted(value) : accepted(value, `Without a unit a duration is in milliseconds: this is ${printDuration(value)}.`);
}

/** The sum in milliseconds, or what is wrong. A minus with a blank after it holds for all that follows, else for one unit alone. */
function parseUnits(whole: string): number | string {
  const signed = /^-( *)/.exec(whole);
  const rest = signed ? whole.slice(signed[0].length) : whole;
  if (!signed && ['never', 'off', 'false'].includes(rest.toLowerCase())) return -1;
  // As upstream adds them up: from the right.
  const terms: number[] = [];
  for (let at = 0; at < rest.length; ) {
    const term = /^([0-9.]*)\s*(\S*)\s*/.exec(rest.slice(at));
    const [all = '', number = '', word = ''] = term ?? [];
    if (number === '') return `${quote(whole)} is not a duration: a number is missing before ${quote(rest.slice(at))}; ${example}.`;
    const count = parseJavaDouble(number);
    if (count === undefined) return `${quote(whole)} is not a duration: ${quote(number)} is not a number; ${example}.`;
    if (word === '') return `${quote(whole)} is not a duration: ${number} has no unit; ${example}.`;
    const unit = units.find(({ words }) => words.includes(word.toLowerCase()));
    if (!unit) return unknownUnit(whole, word);
    terms.push(count * unit.ms);
    at += all.length;
  }
  if (terms.length === 0) return `${quote(whole)} is not a duration: the number is missing; ${example}.`;
  if (signed?.[1] === '' && terms.length > 1) return `${quote(whole)} is ambiguous: put a blank after the minus sign ("- ${rest}") to negate all of it.`;
  const sum = terms.reduceRight((right, left) => left + right, 0);
  return signed ? -sum : sum;
}

function unknownUnit(whole: string, word: string): string {
  if (/^[a-z]+[0-9]/i.test(word)) {
    const apart = whole.replace(/([a-z])([0-9])/gi, '$1 $2');
    return `${quote(whole)} is not a duration: put a blank between its parts, as in ${quote(apart)}.`;
  }
  if (word.endsWith(',')) return `${quote(whole)} is not a duration: its parts are separated by a blank, not by a comma.`;
  if (/^w(?:eeks?)?$/i.test(word)) return `${quote(whole)} is not a duration: there is no unit for weeks; write days, for example 7d.`;
  return `${quote(whole)} is not a duration: ${quote(word)} is not a unit; ${example}.`;
}

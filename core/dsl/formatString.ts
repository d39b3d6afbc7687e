// Java's String.format, as far as blueprints use it: %s %d %x %o %f %e %c %b %h %n %%, positions (`%2$s`), flags, width and
// precision. What Java refuses is refused, with our own sentence; dates (`%t`) and `%g`, `%a` are not supported and say so.

import { asText, isList, isMap, isWholeDouble, kindOf, type Value } from '#core/dsl/value.ts';

export type Formatted = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly problem: string };

interface Specifier {
  readonly whole: string;
  readonly position: string;
  readonly flags: string;
  readonly width: number | undefined;
  readonly precision: number | undefined;
  readonly conversion: string;
}

const specifier = /%(?<position>\d+\$|<)?(?<flags>[-#+ 0,(]*)(?<width>\d+)?(?:\.(?<precision>\d+))?(?<conversion>[tT]?[a-zA-Z%])?/g;

/** Wider fields are refused: they are a mistake, and would only fill memory. */
const maxWidth = 10_000;

export function format(pattern: string, values: readonly Value[]): Formatted {
  let text = '';
  let after = 0;
  let next = 0;
  let last = -1;
  for (const match of pattern.matchAll(specifier)) {
    const spec = read(match);
    if (typeof spec === 'string') return { ok: false, problem: spec };
    text += pattern.slice(after, match.index);
    after = match.index + spec.whole.length;
    if (spec.conversion === 'n' || spec.conversion === '%') {
      text += spec.conversion === 'n' ? '\n' : padded('%', spec);
      continue;
    }
    last = spec.position === '<' ? last : spec.position === '' ? next++ : Number(spec.position.slice(0, -1)) - 1;
    const value = values[last];
    if (value === undefined) return { ok: false, problem: `${spec.whole} has no value: the pattern asks for ${last + 1}, and ${values.length === 1 ? '1 is' : `${values.length} are`} given.` };
    const shown = convert(spec, value);
    if (!shown.ok) return shown;
    text += shown.text;
  }
  return { ok: true, text: text + pattern.slice(after) };
}

/** How many values a pattern asks for, or what is wrong with it. */
export function valuesAskedFor(pattern: string): number | { readonly problem: string } {
  let next = 0;
  let most = 0;
  for (const match of pattern.matchAll(specifier)) {
    const spec = read(match);
    if (typeof spec === 'string') return { problem: spec };
    if (spec.conversion === 'n' || spec.conversion === '%' || spec.position === '<') continue;
    most = Math.max(most, spec.position === '' ? ++next : Number(spec.position.slice(0, -1)));
  }
  return most;
}

function read(match: RegExpExecArray): Specifier | string {
  const [whole] = match;
  const { position = '', flags = '', width, precision, conversion } = match.groups ?? {};
  if (conversion === undefined) return `${whole} is no place for a value; write %% for a percent sign.`;
  if (!/^[bBhHsScCdoxXeEfn%]$/.test(conversion)) return `%${conversion} is not supported; %s takes any value.`;
  const [wide, precise] = [width, precision].map((digits) => (digits === undefined ? undefined : Number(digits)));
  if ((wide ?? 0) > maxWidth || (precise ?? 0) > maxWidth) return `${whole} is wider than ${maxWidth} characters.`;
  if (flags.includes('-') && wide === undefined) return `${whole} says where to put spaces (-), but not how wide to make it.`;
  if (precise !== undefined && /[cdoxXn%]/.test(conversion)) return `${whole} has a precision, which %${conversion} does not take.`;
  // A position of 0 is none: Java counts from 1, and takes the next value.
  return { whole, position: /^0+\$$/.test(position) ? '' : position, flags, width: wide, precision: precise, conversion };
}

function convert(spec: Specifier, value: Value): Formatted {
  const { conversion, precision, flags } = spec;
  const upper = conversion !== conversion.toLowerCase();
  const cut = (text: string): Formatted => ({ ok: true, text: padded((upper ? text.toUpperCase() : text).slice(0, precision), spec) });
  switch (conversion.toLowerCase()) {
    case 's':
      return flags.includes('#') ? refused(spec, value) : cut(asText(value));
    case 'b':
      return cut(String(value === true || (value !== null && value !== false)));
    case 'h':
      return value === null ? cut('null') : typeof value === 'string' ? cut(hash(value)) : refused(spec, value);
    case 'c':
      if (value === null) return cut('null');
      return typeof value === 'string' && value.length === 1 ? cut(value) : typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 0x10ffff ? cut(String.fromCodePoint(value)) : refused(spec, value);
    case 'd':
    case 'o':
    case 'x':
      return integer(spec, value, upper);
    default:
      return decimal(spec, value, upper);
  }
}

function integer(spec: Specifier, value: Value, upper: boolean): Formatted {
  if (value === null) return { ok: true, text: padded('null', spec) };
  if (typeof value !== 'bigint' && !(typeof value === 'number' && Number.isInteger(value))) return refused(spec, value);
  const whole = BigInt(value);
  if (spec.conversion === 'd') return { ok: true, text: signed(spec, whole < 0n, grouped(spec, String(whole < 0n ? -whole : whole))) };
  // Java prints an int's two's complement, of 32 bits or of 64 where it does not fit.
  const bits = whole < 0n ? BigInt.asUintN(whole >= -(2n ** 31n) ? 32 : 64, whole) : whole;
  const isOctal = spec.conversion === 'o';
  const digits = (spec.flags.includes('#') ? (isOctal ? '0' : '0x') : '') + bits.toString(isOctal ? 8 : 16);
  const text = spec.flags.includes('0') ? digits.padStart(spec.width ?? 0, '0') : digits;
  return { ok: true, text: padded(upper ? text.toUpperCase() : text, spec) };
}

function decimal(spec: Specifier, value: Value, upper: boolean): Formatted {
  if (value === null) return { ok: true, text: padded('null', spec) };
  const number = isWholeDouble(value) ? value.double : typeof value === 'number' && !Number.isInteger(value) ? value : undefined;
  // A whole number of YAML is an integer to Java, and an integer does not go with %f.
  if (number === undefined) return refused(spec, value);
  if (!Number.isFinite(number)) return { ok: true, text: padded(number > 0 ? 'Infinity' : number < 0 ? '-Infinity' : 'NaN', spec) };
  const precision = Math.min(spec.precision ?? 6, 100);
  const size = Math.abs(number);
  const digits = spec.conversion === 'f' ? grouped(spec, size.toFixed(precision)) : size.toExponential(precision).replace(/e([+-])(\d)$/, 'e$10$2');
  return { ok: true, text: signed(spec, number < 0, upper ? digits.toUpperCase() : digits) };
}

function grouped({ flags }: Specifier, digits: string): string {
  return flags.includes(',') ? digits.replace(/\d+/, (whole) => whole.replaceAll(/\B(?=(?:\d{3})+$)/g, ',')) : digits;
}

function signed(spec: Specifier, isNegative: boolean, digits: string): string {
  const { flags, width = 0 } = spec;
  const [before, behind] = isNegative ? (flags.includes('(') ? ['(', ')'] : ['-', '']) : [flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '', ''];
  const filled = flags.includes('0') ? digits.padStart(width - before.length - behind.length, '0') : digits;
  return padded(before + filled + behind, spec);
}

function padded(text: string, { width = 0, flags }: { readonly width: number | undefined; readonly flags: string }): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

function refused({ whole }: Specifier, value: Value): Formatted {
  const hint = typeof value === 'string' ? ' (a number among the arguments is a text here)' : '';
  return { ok: false, problem: `${whole} does not take ${isList(value) ? 'a list' : isMap(value) ? 'a map' : kindOf(value)}${hint}; %s takes any value.` };
}

/** Java's String.hashCode, in hexadecimal. */
function hash(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) sum = (Math.imul(31, sum) + text.charCodeAt(index)) | 0;
  return (sum >>> 0).toString(16);
}

// What a plain scalar means: YAML 1.1 as SnakeYAML 2 resolves it (its implicit resolvers, in its order), which is what
// Brooklyn reads blueprints with.

/** A date is kept as its milliseconds since 1970, UTC where no zone is written. */
export type ScalarValue = string | number | bigint | boolean | null | { readonly dateMs: number };

/** How the value came about, where that may surprise: each is explained by a diagnostic of its own. */
export type Surprise = 'octal' | 'sexagesimal' | 'date' | 'trailing-zero' | 'underscores' | 'out-of-range';

export interface Resolved {
  readonly value: ScalarValue;
  readonly surprise?: Surprise;
}

const booleans = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const truths = /^(?:yes|true|on)$/i;
const floats =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*[eE][-+]?[0-9]+|\.[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const integers = /^(?:[-+]?0b_*[01][01_]*|[-+]?0_*[0-7][0-7_]*|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x_*[0-9a-fA-F][0-9a-fA-F_]*|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const nulls = /^(?:~|null|Null|NULL|)$/;
const dates = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
const timestamps = /^([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[Tt]|[ \t]+)([0-9]{1,2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]*))?(?:[ \t]*(?:Z|([-+])([0-9]{1,2})(?::([0-9]{2}))?))?$/;

/** The value of a plain (unquoted) scalar. */
export function resolvePlain(text: string): Resolved {
  if (nulls.test(text)) return { value: null };
  const first = text.charCodeAt(0);
  // Numbers and dates start with a digit, a sign or a dot; everything else but the booleans is a string.
  if ((first >= 48 && first <= 57) || first === 45 || first === 43 || first === 46) {
    if (integers.test(text)) return resolveInteger(text);
    if (floats.test(text)) return resolveFloat(text);
    if (dates.test(text)) return { value: { dateMs: Date.UTC(+text.slice(0, 4), +text.slice(5, 7) - 1, +text.slice(8, 10)) }, surprise: 'date' };
    const stamp = timestamps.exec(text);
    if (stamp) return { value: { dateMs: stampMs(stamp) }, surprise: 'date' };
    return { value: text };
  }
  if (text.length <= 5 && booleans.test(text)) return { value: truths.test(text) };
  return { value: text };
}

function resolveInteger(text: string): Resolved {
  const negative = text.startsWith('-');
  const digits = text.replace(/^[-+]/, '').replaceAll('_', '');
  const sign = negative ? -1n : 1n;
  if (digits.includes(':')) return { value: shrink(sign * BigInt(sexagesimal(digits))), surprise: 'sexagesimal' };
  if (digits.startsWith('0b') || digits.startsWith('0x')) return { value: shrink(sign * BigInt(digits)) };
  if (digits.length > 1 && digits.startsWith('0')) return { value: shrink(sign * BigInt(`0o${digits.slice(1)}`)), surprise: 'octal' };
  const value = shrink(sign * BigInt(digits));
  return text.includes('_') ? { value, surprise: 'underscores' } : { value };
}

function resolveFloat(text: string): Resolved {
  const plain = text.replaceAll('_', '');
  if (/inf$/i.test(plain) || /nan$/i.test(plain)) return { value: plain, surprise: 'out-of-range' };
  if (plain.includes(':')) return { value: (plain.startsWith('-') ? -1 : 1) * sexagesimal(plain.replace(/^[-+]/, '')), surprise: 'sexagesimal' };
  const value = Number(plain);
  if (!Number.isFinite(value)) return { value: plain, surprise: 'out-of-range' };
  if (text.includes('_')) return { value, surprise: 'underscores' };
  // `1.10` loses its last digit when somebody needs the text: versions above all.
  return /\.[0-9]*0$/.test(plain) && /^[0-9]+\.[0-9]+$/.test(plain) && String(value) !== plain ? { value, surprise: 'trailing-zero' } : { value };
}

function sexagesimal(digits: string): number {
  return digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

function shrink(value: bigint): number | bigint {
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function stampMs(stamp: RegExpExecArray): number {
  const part = (index: number): number => Number(stamp[index] ?? 0);
  const fractionMs = Math.floor(Number(`0.${stamp[7] ?? ''}0`) * 1000);
  const utc = Date.UTC(part(1), part(2) - 1, part(3), part(4), part(5), part(6), fractionMs);
  const offsetMs = (part(9) * 60 + part(10)) * 60_000;
  return stamp[8] === '-' ? utc + offsetMs : utc - offsetMs;
}

// Dates and times in the many notations Brooklyn reads: `2016-05-01 12:00 +0100`, `20160501-120030`, `May 1, 2016`,
// milliseconds since 1970 as text, `now`. Without a zone it is UTC.

import { accepted, describe, isDate, isoDate, quote, refused, type Outcome, type Value } from '#core/coerce/value.ts';
import { parseJavaInt, wholeOf } from '#core/coerce/numbers.ts';

export type DateType = 'date' | 'instant' | 'timestamp';
export type Moment = { readonly dateMs: number } | { readonly kind: 'now' };

const example = 'write for example "2016-05-01 12:00:00 +0000"';
/** No notation that is understood is longer. */
const longest = 100;

export function coerceDate(value: Value, type: DateType): Outcome<Moment> {
  if (typeof value === 'string') return fromText(value);
  // Java tells these apart: only its Date is made from a number, and an Instant is not made from a date of YAML's.
  if (isDate(value)) return type === 'instant' ? refused(`The date ${isoDate(value.dateMs)} must be in quotes here, or YAML makes something else of it.`) : accepted({ dateMs: value.dateMs });
  const whole = wholeOf(value);
  const fits = whole !== undefined && BigInt.asIntN(64, whole) === whole;
  if (type === 'date' && fits) return accepted({ dateMs: Number(whole) }, `A number is read as milliseconds since 1970: this is ${isoDate(Number(whole))}.`);
  const hint = fits ? 'quote the milliseconds, or ' : '';
  return refused(`${describe(value)} is not a ${type === 'date' ? 'date' : 'time'}; ${hint}${example}.`);
}

function fromText(text: string): Outcome<Moment> {
  const trimmed = text.trim();
  if (trimmed.toLowerCase() === 'now') return accepted({ kind: 'now' }, 'This is the time at which it is read, another one each time.');
  const outcome = fromMs(trimmed) ?? (trimmed.length > longest ? undefined : (fromNotation(trimmed) ?? fromSlashes(trimmed)));
  return outcome ?? refused(`${quote(text)} is not a time; ${example}${/^[0-9]{1,2}[/.][0-9]{1,2}[/.]/.test(trimmed) ? ' (the year comes first)' : ''}.`);
}

/** Milliseconds since 1970, for the years 2000 to 2199: other digits may be a date without separators. */
function fromMs(text: string): Outcome<Moment> | undefined {
  if (!/^[0-9]+$/.test(text)) return undefined;
  const ms = Number(text);
  if (ms > Number.MAX_SAFE_INTEGER * 1024) return refused(`${quote(text)} is not a time: it is too large.`);
  if (text !== '0' && (ms < Date.UTC(2000, 0) || ms >= Date.UTC(2200, 0))) return undefined;
  return accepted({ dateMs: ms }, `Digits alone are read as milliseconds since 1970: this is ${isoDate(ms)}.`);
}

const letter = '\\p{L}';
const yearFirst = '(?<year>\\d{4})[-./ ](?<month>\\d?\\d|\\p{L}+)[-./ ](?<day>\\d?\\d)';
const yearFirstBare = '(?<year>\\d{4})(?<month>\\d\\d)(?<day>\\d\\d)';
const monthFirst = '(?<month>\\p{L}+)[-./ ](?<day>\\d?\\d),?[-./ ]+(?<year>\\d{4})';
const dayFirst = '(?<day>\\d?\\d)[-./ ](?<month>\\p{L}+),?[-./ ]+(?<year>\\d{4})';
const dateForms = [yearFirst, yearFirstBare, monthFirst, dayFirst];

const meridian = '[aApP][mM]?';
const timeForms = [
  `(?<hours>\\d?\\d)(?:[-.:](?<mins>\\d\\d)(?:[-.:](?<secs>\\d\\d(?:\\.?\\d+)?))?)?(?: *(?<meridian>(?!${letter}{3})${meridian}))?`,
  '(?<hours>\\d\\d)(?<mins>\\d\\d)(?<secs>\\d\\d(?:\\.?\\d+)?)?(?<meridian>)',
];

const zoneCode = `(?<tzCode>(?!${meridian}(?:$|[^${letter}]))${letter}+[${letter}\\d/\\-' _]*)`;
const signedZone = `(?<tz>(?<tzOffset>[+-]\\d\\d?(?::?\\d\\d)?)|\\+?${zoneCode})`;
const looseZone = `(?<tz>(?<tzOffset>[+\\- ](?:0\\d|10|11|12)(?::?\\d\\d)?)|${zoneCode})`;
const gap = (also: string): string => `(?: +[-.:/ ${also},]?|[-.:/ ${also},])[-.:/ ${also}]*`;
const zoneForms = [`(?:${gap('')})? ${signedZone}`, '(?<tz>)', `${gap('')}${signedZone}`, `(?:${gap('')})?${looseZone}`];

/** Date then time, time then date, time with zone then date; in the order in which they are tried. */
function notations(): RegExp[] {
  const dateTime = zoneForms.flatMap((zone) =>
    dateForms.flatMap((date) => timeForms.map((time) => `${date}(?:${date === yearFirstBare ? `(?:${gap('Tt')})?` : gap('Tt')}${time})?${zone}`)),
  );
  const timeDate = zoneForms.flatMap((zone) => dateForms.flatMap((date) => timeForms.map((time) => `${time}${gap('')}${date}${zone}`)));
  const zonedTimeDate = zoneForms.flatMap((zone) => dateForms.flatMap((date) => timeForms.map((time) => `${time}${zone}${gap('')}${date}`)));
  return [...dateTime, ...timeDate, ...zonedTimeDate].map((pattern) => new RegExp(`^${pattern}$`, 'u'));
}

let compiled: readonly RegExp[] | undefined;

function fromNotation(text: string): Outcome<Moment> | undefined {
  compiled ??= notations();
  for (const notation of compiled) {
    const groups = notation.exec(text)?.groups;
    if (groups) return fromParts(groups, text);
  }
  return undefined;
}

function fromParts(parts: Readonly<Record<string, string | undefined>>, text: string): Outcome<Moment> {
  const monthText = parts['month'] ?? '';
  const month = /^\d+$/.test(monthText) ? Number(monthText) - 1 : monthNamed(monthText);
  if (month === undefined) return refused(`${quote(text)} is not a time: ${quote(monthText)} is not a month; ${example}.`);
  const isAfternoon = /^p/i.test(parts['meridian'] ?? '');
  const hours = Number(parts['hours'] ?? 0);
  if (isAfternoon && hours > 12) return refused(`${quote(text)} is not a time: there is no ${hours} PM; ${example}.`);
  const ms = secondsMs(parts['secs']);
  if (ms === undefined) return refused(`${quote(text)} is not a time: ${quote(parts['secs'] ?? '')} are not seconds; ${example}.`);
  const day = Number(parts['day']);
  const local = Date.UTC(Number(parts['year']), month, day, hours + (isAfternoon ? 12 : 0), Number(parts['mins'] ?? 0), 0, ms);
  const zone = (parts['tzCode'] ?? parts['tz'] ?? '').trim();
  const offset = zone === '' ? 0 : zoneOffsetMs(zone, local);
  if (offset === undefined) return refused(`${quote(text)} is not a time: ${quote(zone)} is not a time zone; write +0100 or Europe/London, say.`);
  const notes: string[] = [];
  if (month > 11 || day < 1 || new Date(Date.UTC(Number(parts['year']), month, day)).getUTCDate() !== day) notes.push(`There is no such day: this is read as ${isoDate(local - offset)}.`);
  if (isAfternoon && hours === 12) notes.push(`12 PM is read as midnight, the beginning of the next day: ${isoDate(local - offset)}. Write 12:00 for noon.`);
  return accepted({ dateMs: local - offset }, ...notes);
}

/** Seconds with a fraction, or five digits: seconds and milliseconds. */
function secondsMs(text: string | undefined): number | undefined {
  if (text === undefined || text === '') return 0;
  if (/^\d\d$/.test(text)) return Number(text) * 1000;
  if (!text.includes('.') && text.length !== 5) return undefined;
  const seconds = text.includes('.') ? Number(text) : Number(text) / 1000;
  return Math.trunc(seconds) * 1000 + (Math.round(seconds * 1000) % 1000);
}

const months = ['january', 'february', 'march', 'april', 'may', 'june', 'july', 'august', 'september', 'october', 'november', 'december'];

function monthNamed(name: string): number | undefined {
  const word = name.toLowerCase();
  const index = months.findIndex((month) => month === word || month.slice(0, 3) === word);
  return index < 0 ? undefined : index;
}

/** Abbreviations that Java would read as something else, or not at all. */
const zones: Readonly<Record<string, string>> = {
  Z: 'UTC', UTC: 'UTC', GMT: 'UTC', EST: 'America/New_York', EDT: 'America/New_York', PST: 'America/Los_Angeles', PDT: 'America/Los_Angeles',
  CST: 'America/Chicago', CDT: 'America/Chicago', MST: 'America/Denver', MDT: 'America/Denver', BST: 'Europe/London', CEST: 'Europe/Paris',
};

function zoneOffsetMs(zone: string, localMs: number): number | undefined {
  const written = /^ ?([+-]?)(\d?\d):?(\d\d)?$/.exec(zone);
  if (written) {
    const minutes = Number(written[2]) * 60;
    // As upstream has it: the minutes of a zone are added even to hours west of Greenwich.
    return ((written[1] === '-' ? -minutes : minutes) + Number(written[3] ?? 0)) * 60_000;
  }
  const id = Object.hasOwn(zones, zone) ? zones[zone] : zone;
  if (id === 'UTC') return 0;
  try {
    const format = new Intl.DateTimeFormat('en-US', { timeZone: id, timeZoneName: 'longOffset' });
    const offsetAt = (ms: number): number => {
      const name = format.formatToParts(ms).find(({ type }) => type === 'timeZoneName')?.value ?? '';
      const [, sign = '+', hours = '0', minutes = '0'] = /GMT([+-])(\d\d):(\d\d)/.exec(name) ?? [];
      return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
    };
    return offsetAt(localMs - offsetAt(localMs));
  } catch {
    return undefined;
  }
}

/** `5/13/2016` and `Sun May 01 12:00:00 UTC 2016`: what is left of Java's oldest parser. */
function fromSlashes(text: string): Outcome<Moment> | undefined {
  const american = /^(\d{1,2})\/(\d{1,2})\/(\d{4})(?:[ ,]+(\d{1,2}):(\d\d)(?::(\d\d))?)?$/.exec(text);
  if (american) {
    const [month = 0, day = 0, year = 0, hours = 0, mins = 0, secs = 0] = american.slice(1).map((part) => parseJavaInt(part ?? '0') ?? 0);
    if (month < 1 || month > 12 || year < 2000 || year > 2199) return undefined;
    const dateMs = Date.UTC(year, month - 1, day, hours, mins, secs);
    return accepted({ dateMs }, `The month is read before the day: this is ${isoDate(dateMs)}.`);
  }
  const java = /^\p{L}{3,} (\p{L}{3,}) (\d\d?) (\d\d?):(\d\d?):(\d\d?) (\S+) (\d{4})/u.exec(text);
  if (!java) return undefined;
  const [, month = '', day, hours, mins, secs, zone = '', year] = java;
  return fromParts({ month, day, hours, mins, secs: secs?.padStart(2, '0'), tzCode: zone, year }, text);
}

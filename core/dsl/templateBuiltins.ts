// FreeMarker's built-ins that blueprints' templates use: `x?upper_case`, `x?join(", ")`. Built-ins that ask whether a value is
// there at all are in template.ts; any other is refused by name, with the nearest that exists.

import { compile, replaceAll } from '#core/dsl/regex.ts';
import { TemplateFault } from '#core/dsl/templateTree.ts';
import { asText, isList, isMap, isWholeDouble, kindOf, type Value } from '#core/dsl/value.ts';
import { nearest } from '#core/text/nearest.ts';

type Builtin = (value: Value, args: readonly Value[]) => Value;

export function callBuiltin(name: string, value: Value, args: readonly Value[]): Value {
  const builtin = builtins.get(name);
  if (builtin) return builtin(value, args);
  const near = nearest(name, builtins.keys());
  throw new TemplateFault(`?${name} is not supported${near === undefined ? '' : `; ?${near} is`}.`);
}

const builtins = new Map<string, Builtin>([
  ...texts({
    upper_case: (text) => text.toUpperCase(),
    lower_case: (text) => text.toLowerCase(),
    cap_first: (text) => text.replace(/\S/, (letter) => letter.toUpperCase()),
    uncap_first: (text) => text.replace(/\S/, (letter) => letter.toLowerCase()),
    capitalize: (text) => text.toLowerCase().replaceAll(/(?<=^|\s)\S/g, (letter) => letter.toUpperCase()),
    trim: (text) => text.trim(),
    length: (text) => text.length,
    html: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;'),
    xml: (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;').replaceAll("'", '&apos;'),
    url: (text) => encodeURIComponent(text.toWellFormed()),
    json_string: (text) => JSON.stringify(text).slice(1, -1).replaceAll('</', String.raw`<\/`),
    j_string: (text) => text.replaceAll(/["\\]/g, String.raw`\$&`).replaceAll('\n', String.raw`\n`).replaceAll('\t', String.raw`\t`).replaceAll('\r', String.raw`\r`),
    number: toNumber,
    boolean: toBoolean,
    contains: (text, [part]) => text.includes(asText(part ?? '')),
    starts_with: (text, [part]) => text.startsWith(asText(part ?? '')),
    ends_with: (text, [part]) => text.endsWith(asText(part ?? '')),
    index_of: (text, [part]) => text.indexOf(asText(part ?? '')),
    last_index_of: (text, [part]) => text.lastIndexOf(asText(part ?? '')),
    keep_before: (text, [part]) => (text.includes(asText(part ?? '')) ? text.slice(0, text.indexOf(asText(part ?? ''))) : text),
    keep_after: (text, [part]) => (text.includes(asText(part ?? '')) ? text.slice(text.indexOf(asText(part ?? '')) + asText(part ?? '').length) : ''),
    remove_beginning: (text, [part]) => (text.startsWith(asText(part ?? '')) ? text.slice(asText(part ?? '').length) : text),
    remove_ending: (text, [part]) => (text.endsWith(asText(part ?? '')) ? text.slice(0, text.length - asText(part ?? '').length) : text),
    ensure_starts_with: (text, [part]) => (text.startsWith(asText(part ?? '')) ? text : asText(part ?? '') + text),
    ensure_ends_with: (text, [part]) => (text.endsWith(asText(part ?? '')) ? text : text + asText(part ?? '')),
    substring: (text, [from, to]) => text.slice(Number(asText(from ?? 0)), to === undefined ? undefined : Number(asText(to))),
    left_pad: (text, [width, fill]) => text.padStart(bounded(width), asText(fill ?? ' ')),
    right_pad: (text, [width, fill]) => text.padEnd(bounded(width), asText(fill ?? ' ')),
    split: (text, [separator]) => text.split(asText(separator ?? '')),
    word_list: (text) => text.trim().split(/\s+/),
    replace: (text, [from, to, flags]) => replaced(text, asText(from ?? ''), asText(to ?? ''), asText(flags ?? '')),
    matches: (text, [pattern]) => isWholeMatch(text, asText(pattern ?? '')),
  }),
  ...lists({
    first: (items) => items[0] ?? missing('first', 'an empty list'),
    last: (items) => items.at(-1) ?? missing('last', 'an empty list'),
    reverse: (items) => items.toReversed(),
    sort: (items) => items.toSorted((a, b) => (typeof a === 'number' && typeof b === 'number' ? a - b : asText(a) < asText(b) ? -1 : 1)),
    join: (items, [separator, empty, end]) => (items.length === 0 ? (empty ?? '') : items.map(asText).join(asText(separator ?? '')) + asText(end ?? '')),
    seq_contains: (items, [wanted]) => items.some((item) => asText(item) === asText(wanted ?? '')),
    seq_index_of: (items, [wanted]) => items.findIndex((item) => asText(item) === asText(wanted ?? '')),
  }),
  ['size', (value) => (isList(value) ? value.length : isMap(value) ? value.size : missing('size', kindOf(value)))],
  ['keys', (value) => (isMap(value) ? [...value.keys()] : missing('keys', kindOf(value)))],
  ['values', (value) => (isMap(value) ? [...value.values()] : missing('values', kindOf(value)))],
  ['c', (value) => asText(value)],
  ['string', (value, [yes, no]) => (typeof value === 'boolean' && yes !== undefined ? (value ? yes : (no ?? '')) : asText(value))],
  ['int', (value) => Math.trunc(Number(asText(value)))],
  ['round', (value) => Math.round(Number(asText(value)))],
  ['floor', (value) => Math.floor(Number(asText(value)))],
  ['ceiling', (value) => Math.ceil(Number(asText(value)))],
  ['abs', (value) => Math.abs(Number(asText(value)))],
  ['is_string', (value) => typeof value === 'string'],
  ['is_number', (value) => typeof value === 'number' || typeof value === 'bigint' || isWholeDouble(value)],
  ['is_boolean', (value) => typeof value === 'boolean'],
  ['is_sequence', isList],
  ['is_hash', isMap],
]);

function texts(table: Readonly<Record<string, (text: string, args: readonly Value[]) => Value>>): [string, Builtin][] {
  return Object.entries(table).map(([name, run]) => [name, (value, args) => (isList(value) || isMap(value) ? missing(name, kindOf(value)) : run(asText(value), args))]);
}

function lists(table: Readonly<Record<string, (items: readonly Value[], args: readonly Value[]) => Value>>): [string, Builtin][] {
  return Object.entries(table).map(([name, run]) => [name, (value, args) => (isList(value) ? run(value, args) : missing(name, kindOf(value)))]);
}

function missing(name: string, what: string): never {
  throw new TemplateFault(`${what} has no ?${name}.`);
}

function toNumber(text: string): number {
  const number = Number(text.trim());
  if (text.trim() === '' || !Number.isFinite(number)) throw new TemplateFault('a text that is no number has no ?number.');
  return number;
}

function toBoolean(text: string): boolean {
  if (text !== 'true' && text !== 'false') throw new TemplateFault('only true and false have ?boolean.');
  return text === 'true';
}

function bounded(width: Value | undefined): number {
  const number = Number(asText(width ?? 0));
  if (!(number <= 10_000)) throw new TemplateFault('a text is padded to more than 10,000 characters.');
  return number;
}

function replaced(text: string, from: string, to: string, flags: string): string {
  if (!flags.includes('r')) return flags.includes('f') ? text.replace(from, () => to) : text.replaceAll(from, () => to);
  const result = replaceAll(text, flags.includes('i') ? `(?i)${from}` : from, to);
  if (!result.ok) throw new TemplateFault(result.problem);
  return result.text;
}

function isWholeMatch(text: string, pattern: string): boolean {
  const compiled = compile(`(?:${pattern})`);
  if (!compiled.ok) throw new TemplateFault(compiled.problem);
  return new RegExp(`^${compiled.regex.source}$`, compiled.regex.flags.replace('g', '')).test(text);
}

// Lists and maps written inside a string, in the lenient notation that Brooklyn takes: `a, b`, `[1, 2]`, `- a` lines,
// `a: 1, b: 2`.

import { parseYaml } from '#core/blueprint/yaml.ts';
import { parseJavaInt, javaTrim } from '#core/coerce/numbers.ts';
import { isList, isMap, valueOf, type Value } from '#core/coerce/value.ts';

const quotedItem = /\s*("(?:[^"\\]|\\.)*")\s*/y;

/** The value of a text that is one YAML document without an error; undefined else. */
export function yamlIn(text: string): Value | undefined {
  const { root, secondDocumentAt, diagnostics } = parseYaml(text);
  const isClean = secondDocumentAt === undefined && !diagnostics.some(({ severity }) => severity === 'error');
  return root && isClean ? valueOf(root) : undefined;
}

/** A list of values; undefined where the text can be read as none. */
export function unwrapList(text: string): readonly Value[] | undefined {
  const trimmed = javaTrim(text);
  if (trimmed.startsWith('- ')) {
    const block = yamlIn(text);
    if (block !== undefined && isList(block)) return block;
  }
  const opened = trimmed.startsWith('[');
  if (opened === trimmed.endsWith(']')) {
    const flow = yamlIn(opened ? trimmed : `[${trimmed}]`);
    if (flow !== undefined && isList(flow)) return flow;
    if (opened) return undefined;
  }
  return splitItems(text);
}

/** A list of strings. What cannot be split is one string, never an error. */
export function unwrapStrings(text: string): readonly Value[] {
  const trimmed = javaTrim(text);
  if (trimmed.startsWith('- ')) {
    const block = yamlIn(text);
    if (block !== undefined && isList(block) && !block.some((item) => isList(item) || isMap(item))) return block;
  }
  const inBrackets = trimmed.length > 1 && trimmed.startsWith('[') && trimmed.endsWith(']');
  const found: string[] = [];
  for (const token of splitOutsideQuotes(inBrackets ? javaTrim(trimmed.slice(1, -1)) : trimmed)) {
    const item = javaTrim(token);
    if (isQuoted(item)) {
      const unquoted = unquote(item);
      if (unquoted === undefined) return [text];
      found.push(unquoted);
    } else {
      if (inBrackets && /[[\]]/.test(item)) return [text];
      found.push(item);
    }
  }
  return found;
}

/** A map; undefined where the text is none. */
export function unwrapMap(text: string): ReadonlyMap<Value, Value> | undefined {
  for (const yaml of !javaTrim(text).startsWith('{') && text.includes(': ') ? [`{ ${text} }`, text] : [text]) {
    const value = yamlIn(yaml);
    if (value !== undefined && isMap(value)) return value;
  }
  return undefined;
}

/** Splits at commas that are not in double quotes; empty pieces are left out. */
function splitOutsideQuotes(text: string): string[] {
  const pieces: string[] = [];
  let start = 0;
  let quoted = false;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === '\\') at++;
    else if (character === '"') quoted = !quoted;
    if (at >= text.length || (character === ',' && !quoted)) {
      if (at > start) pieces.push(text.slice(start, at));
      start = at + 1;
    }
  }
  return pieces;
}

/** Items between commas, in double quotes or without any; undefined where quotes stand within an item. */
function splitItems(text: string): readonly Value[] | undefined {
  const found: Value[] = [];
  for (let at = 0; ; ) {
    quotedItem.lastIndex = at;
    const quoted = quotedItem.exec(text);
    const comma = text.indexOf(',', at);
    const end = quoted ? at + quoted[0].length : comma < 0 ? text.length : comma;
    const content = quoted ? (quoted[1] ?? '') : javaTrim(text.slice(at, end));
    const value = quoted ? unquote(content) : content.includes('"') ? undefined : plainValue(content);
    if (value === undefined || (quoted && end < text.length && text[end] !== ',')) return undefined;
    found.push(value);
    if (end >= text.length) return found;
    at = end + 1;
  }
}

function plainValue(word: string): Value {
  if (/^[0-9]*\.[0-9]+$/.test(word)) return Number.isInteger(Number(word)) ? { double: Number(word) } : Number(word);
  if (/^[0-9]+$/.test(word)) return parseJavaInt(word) ?? word;
  if (word === 'true' || word === 'false') return word === 'true';
  return word === 'null' ? null : word;
}

function isQuoted(text: string): boolean {
  return text.length > 1 && text.startsWith('"') && text.endsWith('"') && !text.slice(1, -1).replaceAll('\\\\', '').replaceAll('\\"', '').includes('"');
}

/** The text in double quotes; undefined for an escape that Java strings do not have. */
function unquote(text: string): string | undefined {
  const inner = text.slice(1, -1);
  if (/(?:^|[^\\])(?:\\\\)*\\(?:[^\\"'ntr]|$)/.test(inner)) return undefined;
  return inner.replace(/\\([\\"'ntr])/g, (_, escaped: string) => ({ n: '\n', t: '\t', r: '\r' })[escaped] ?? escaped);
}

// Where a text can be cut, by its lines and their indentation alone: the entries of the lists under its outermost keys, such as
// `services`, and those of a catalog's `items`. Whether a YAML reader sees the same lists there is for others to find out.

import { span, type Span } from '#core/text/span.ts';

/** Entries of one list, one after the other. */
export interface Run {
  /** Where the keys stand that lead to the list, the outermost first. */
  readonly headers: readonly number[];
  /** Of the dashes. */
  readonly column: number;
  /** Where the first line of each entry begins. */
  readonly starts: readonly number[];
  /** Lines between two entries that belong to neither, `nam` in front of `- type: x`: what has only begun to be typed. They have no place in YAML. */
  readonly strays: readonly Span[];
}

export function runsIn(text: string): readonly Run[] {
  const runs: Run[] = [];
  let open: { readonly headers: readonly number[]; readonly least: number; column: number | undefined; readonly starts: number[]; readonly strays: Span[] } | undefined;
  let catalog: { readonly header: number; column: number | undefined } | undefined;
  /** Strays, if an entry follows. */
  let waiting: Span[] = [];
  const close = (): void => {
    if (open?.column !== undefined) runs.push({ headers: open.headers, column: open.column, starts: open.starts, strays: open.strays });
    open = undefined;
    waiting = [];
  };
  for (const { start, at, end } of linesThatCount(text)) {
    const column = at - start;
    if (open) {
      open.column ??= column >= open.least && isDash(text, at) ? column : undefined;
      if (open.column !== undefined && column > open.column && waiting.length === 0) continue;
      if (column === open.column && isDash(text, at)) {
        open.starts.push(start);
        open.strays.push(...waiting);
        waiting = [];
        continue;
      }
      const stray = open.column !== undefined && column <= open.column ? strayIn(text, at, end) : undefined;
      if (stray) {
        waiting.push(stray);
        continue;
      }
      close();
    }
    if (column === 0) {
      catalog = isHeader(text, at, 'brooklyn.catalog') ? { header: at, column: undefined } : undefined;
      if (isHeader(text, at)) open = { headers: [at], least: 0, column: undefined, starts: [], strays: [] };
    } else if (catalog) {
      catalog.column ??= column;
      if (column === catalog.column && isHeader(text, at, 'items')) open = { headers: [catalog.header, at], least: column, column: undefined, starts: [], strays: [] };
    }
  }
  close();
  return runs;
}

/** The strays behind the text of one entry with the dash in this column; nothing for another text: where another entry begins in it, or something that ends the list. */
export function straysOf(text: string, column: number): readonly Span[] | undefined {
  if (firstOf(text, 0) !== column || !isDash(text, column) || !text.endsWith('\n') || hasLoneReturn(text)) return undefined;
  const strays: Span[] = [];
  for (const { start, at, end } of linesThatCount(text)) {
    if (start === 0 || (at - start > column && strays.length === 0)) continue;
    const stray = at - start <= column ? strayIn(text, at, end) : undefined;
    if (!stray) return undefined;
    strays.push(stray);
  }
  return strays;
}

/** A carriage return alone ends a line for editors, but not for YAML. */
export function hasLoneReturn(text: string): boolean {
  return /\r(?!\n)/.test(text);
}

/** `at`: where the first character that is no space stands. Blank lines, comments, and lines that a tab leads, belong to what is before them. */
function* linesThatCount(text: string): Generator<{ readonly start: number; readonly at: number; readonly end: number }> {
  for (let start = 0; start < text.length; ) {
    const feed = text.indexOf('\n', start);
    const end = feed < 0 ? text.length : feed;
    const at = firstOf(text, start);
    const code = text.charCodeAt(at);
    if (!(Number.isNaN(code) || code === 10 || code === 13 || code === 35 || code === 9)) yield { start, at, end };
    start = end + 1;
  }
}

function firstOf(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

function isDash(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 45) return false;
  const next = text.charCodeAt(at + 1);
  return next === 32 || next === 10 || next === 13 || Number.isNaN(next);
}

/** A key, this one or any, with its value in the lines below. */
function isHeader(text: string, at: number, word?: string): boolean {
  if (word !== undefined && !text.startsWith(word, at)) return false;
  const rest = word === undefined ? /[\w.-]+:(?:[ \t]+#[^\r\n]*|[ \t]*)(?=\r|\n|$)/y : /:(?:[ \t]+#[^\r\n]*|[ \t]*)(?=\r|\n|$)/y;
  rest.lastIndex = at + (word?.length ?? 0);
  return rest.test(text);
}

/** Words alone, or a key with some: nothing that could be the end of something that began above, or have a list as its value. */
const strayWords = /^(?!(?:---|\.\.\.)(?:\s|$)|-\s|-$)(?:[\p{L}\p{N}_.$/-]|:(?=\S))+(?::?[ \t]+(?:[\p{L}\p{N}_.$/-]|:(?=\S))+)*$/u;

function strayIn(text: string, at: number, end: number): Span | undefined {
  const words = text.slice(at, end).trimEnd();
  return words.length < 200 && strayWords.test(words) ? span(at, at + words.length) : undefined;
}

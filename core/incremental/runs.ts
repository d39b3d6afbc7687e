// Where a text can be cut, by its lines and their indentation alone: the entries of `services` and those of a catalog's `items`.
// Whether the YAML reader sees the same lists there is for document.ts to find out.

import type { Lines } from '#core/text/span.ts';

/** Entries of one list, one after the other. */
export interface Run {
  /** Where the keys stand that lead to the list, the outermost first. */
  readonly headers: readonly number[];
  /** Of the dashes. */
  readonly column: number;
  /** Where the first line of each entry begins. */
  readonly starts: readonly number[];
}

/** A list is worth cutting from so many entries on. */
const fewest = 2;

export function runsIn(text: string, lines: Lines): readonly Run[] {
  const runs: Run[] = [];
  let open: { readonly headers: readonly number[]; readonly least: number; column: number | undefined; readonly starts: number[] } | undefined;
  let catalog: { readonly header: number; column: number | undefined } | undefined;
  const close = (): void => {
    if (open?.column !== undefined && open.starts.length >= fewest) runs.push({ headers: open.headers, column: open.column, starts: open.starts });
    open = undefined;
  };
  for (let line = 0; line < lines.count; line++) {
    const start = lines.startOf(line);
    const at = firstOf(text, start);
    if (isNoStart(text.charCodeAt(at))) continue;
    const column = at - start;
    if (open) {
      open.column ??= column >= open.least && isDash(text, at) ? column : undefined;
      if (open.column !== undefined && column > open.column) continue;
      if (column === open.column && isDash(text, at)) {
        open.starts.push(start);
        continue;
      }
      close();
    }
    if (column === 0) {
      catalog = isHeader(text, at, 'brooklyn.catalog') ? { header: at, column: undefined } : undefined;
      if (isHeader(text, at, 'services')) open = { headers: [at], least: 0, column: undefined, starts: [] };
    } else if (catalog) {
      catalog.column ??= column;
      if (column === catalog.column && isHeader(text, at, 'items')) open = { headers: [catalog.header, at], least: column, column: undefined, starts: [] };
    }
  }
  close();
  return runs;
}

/** True for the text of one entry with the dash in this column: no other entry begins in it, and nothing that ends the list. */
export function isEntry(text: string, column: number): boolean {
  if (firstOf(text, 0) !== column || !isDash(text, column) || !text.endsWith('\n') || hasLoneReturn(text)) return false;
  for (let start = text.indexOf('\n') + 1; start < text.length; start = text.indexOf('\n', start) + 1) {
    const at = firstOf(text, start);
    if (!isNoStart(text.charCodeAt(at)) && at - start <= column) return false;
  }
  return true;
}

/** A carriage return alone ends a line for editors, but not for YAML. */
export function hasLoneReturn(text: string): boolean {
  return /\r(?!\n)/.test(text);
}

function firstOf(text: string, start: number): number {
  let at = start;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}

/** Blank lines, comments, and lines that a tab leads, belong to what is before them. */
function isNoStart(code: number): boolean {
  return Number.isNaN(code) || code === 10 || code === 13 || code === 35 || code === 9;
}

function isDash(text: string, at: number): boolean {
  if (text.charCodeAt(at) !== 45) return false;
  const next = text.charCodeAt(at + 1);
  return next === 32 || next === 10 || next === 13 || Number.isNaN(next);
}

function isHeader(text: string, at: number, word: string): boolean {
  if (!text.startsWith(word, at)) return false;
  const rest = /:(?:[ \t]+#[^\r\n]*|[ \t]*)(?=\r|\n|$)/y;
  rest.lastIndex = at + word.length;
  return rest.test(text);
}

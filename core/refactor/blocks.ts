// Entries of block maps as lines of text, so that refactorings move what somebody wrote, comments and all, instead of printing
// it anew. What is not written one entry a line (brackets, anchors before a key, keys behind question marks) is left to people.

import type { YamlEntry, YamlMap, YamlNode } from '#core/blueprint/yaml.ts';
import { columnsOf } from '#core/format/layout.ts';
import { isFlow } from '#core/format/regions.ts';
import { type Span, span } from '#core/text/span.ts';

export interface BlockEntry {
  readonly entry: YamlEntry;
  /** Column of the key. */
  readonly column: number;
  /** From the key to the end of the last line of the value, a comment there included, its line break not. */
  readonly written: Span;
  /** All its lines with their line breaks, and the comments right above at its column. From the key on, where it stands behind a dash. */
  readonly lines: Span;
  readonly isBehindDash: boolean;
}

/** The entries of a block map in their order, without those that a merge key brings; nothing for a map that is written otherwise. */
export function blockEntries(map: YamlMap, text: string): readonly BlockEntry[] | undefined {
  if (map.aliased || isFlow(map, text)) return undefined;
  const found: BlockEntry[] = [];
  for (const entry of map.entries) {
    if (entry.merged) continue;
    const lineStart = text.lastIndexOf('\n', entry.key.span.start - 1) + 1;
    const { dashes, head } = columnsOf(text.slice(lineStart, entry.key.span.end));
    const column = entry.key.span.start - lineStart;
    if (head !== column) return undefined;
    const end = lineEnd(text, endOf(entry.value, text, entry.key.span.end));
    const isBehindDash = dashes.length > 0;
    const start = isBehindDash ? entry.key.span.start : withComments(text, lineStart, column);
    found.push({ entry, column, written: span(entry.key.span.start, end), lines: span(start, nextLine(text, end)), isBehindDash });
  }
  return found;
}

/** Offset behind the last character that belongs to a value; `fallback` for one that is not written. */
export function endOf(node: YamlNode, text: string, fallback: number): number {
  const { start, end } = node.span;
  if (node.aliased) return end;
  if (node.kind === 'scalar' || isFlow(node, text)) return end <= start ? Math.max(fallback, end) : start + text.slice(start, end).trimEnd().length;
  if (node.kind === 'list') return node.items.reduce((latest, item) => Math.max(latest, endOf(item, text, latest)), fallback);
  return node.entries.reduce((latest, { key, value, merged, span: place }) => Math.max(latest, merged ? place.end : endOf(value, text, key.span.end)), fallback);
}

/** Text whose first line begins at a column, moved to another: its further lines go along. */
export function moved(text: string, from: number, to: number): string {
  const [first = '', ...rest] = text.split('\n');
  const lines = rest.map((line) => {
    const indent = line.search(/[^ ]|$/);
    return indent === 0 && /^\r?$/.test(line) ? line : `${' '.repeat(Math.max(0, indent + to - from))}${line.slice(indent)}`;
  });
  return [first, ...lines].join('\n');
}

/** True where something has a name or goes by one (`&a`, `*a`), or comes in by a merge key: it cannot be moved about freely. */
export function hasAnchors(node: YamlNode, text: string): boolean {
  return holdsAlias(node) || /(?:^|[\s,[{:-])&[^\s,[\]{}]/.test(text.slice(node.span.start, node.span.end)) || /[&!][^\s]*\s*$/.test(lineBefore(text, node.span.start));
}

function holdsAlias(node: YamlNode): boolean {
  if (node.aliased) return true;
  if (node.kind === 'scalar') return false;
  return node.kind === 'list' ? node.items.some(holdsAlias) : node.entries.some(({ key, value, merged }) => merged || holdsAlias(key) || holdsAlias(value));
}

function lineBefore(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/** Offset behind the last character of the line, its line break not included. */
export function lineEnd(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  if (feed < 0) return text.length;
  return text[feed - 1] === '\r' && feed > offset ? feed - 1 : feed;
}

/** Offset at which the next line starts. */
export function nextLine(text: string, offset: number): number {
  const feed = text.indexOf('\n', offset);
  return feed < 0 ? text.length : feed + 1;
}

/** Start of the comments that stand right above a line, at the same column. */
export function withComments(text: string, lineStart: number, column: number): number {
  let start = lineStart;
  while (start > 0) {
    const above = text.lastIndexOf('\n', start - 2) + 1;
    const line = text.slice(above, start);
    if (line.search(/\S/) !== column || line.trimStart()[0] !== '#') break;
    start = above;
  }
  return start;
}

/** Lines to stand at an offset that may be the end of a text without a last line break. */
export function asLines(text: string, offset: number, lines: string, lineBreak: string): string {
  const isOpen = offset > 0 && text[offset - 1] !== '\n';
  return `${isOpen ? lineBreak : ''}${lines}${lines.endsWith('\n') ? '' : lineBreak}`;
}

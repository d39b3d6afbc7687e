// Folding: entities and everything else that stretches over several lines, block scalars, comments, and `# region` marks.

import { type FoldingRange, FoldingRangeKind } from 'vscode-languageserver-types';

import type { YamlNode } from '#core/blueprint/yaml.ts';
import { isFlow } from '#core/format/regions.ts';
import { endOf } from '#core/refactor/blocks.ts';
import type { BlueprintDocument } from './document.ts';

type Text = Pick<BlueprintDocument, 'reading' | 'lines'>;

/** First and last line. */
type Fold = readonly [number, number];

/** What is folded in an entry of a list, by lines from its first on, and how far the entry reaches. */
interface Folded {
  readonly folds: readonly Fold[];
  readonly length: number;
}

/** Entries that stay the same while the text around them changes are looked at once. */
const known = new WeakMap<YamlNode, Folded>();

/** At most one range for each first line, the longest; sorted by first line. */
export function folding({ reading, lines }: Text): FoldingRange[] {
  const { root, text } = reading;
  const ranges = new Map<number, FoldingRange>();
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    const longest = ranges.get(startLine);
    if (endLine > startLine && (!longest || longest.endLine < endLine)) ranges.set(startLine, { startLine, endLine, ...(kind && { kind }) });
  };
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  /** Gives where the node ends, so that nothing is walked twice. */
  const visit = (node: YamlNode, from: number, fallback: number, fold: (startLine: number, endLine: number) => void): number => {
    const children = partsOf(node);
    let end = children.length === 0 || (node.kind !== 'scalar' && isFlow(node, text)) ? endOf(node, text, fallback) : fallback;
    for (const { start, part } of children) end = Math.max(end, visit(part, start, Math.max(start, fallback), fold));
    // A closing bracket stays to be seen.
    const isClosed = node.kind !== 'scalar' && isFlow(node, text) && /[\]}]/.test(text[end - 1] ?? '');
    fold(lineOf(from), lineOf(end) - (isClosed ? 1 : 0));
    return end;
  };
  const visitEntry = (node: YamlNode, start: number): number => {
    const line = lineOf(start);
    const folded = known.get(node) ?? foldedIn((fold) => visit(node, start, start, (first, last) => fold([first - line, last - line])) - start);
    known.set(node, folded);
    for (const [first, last] of folded.folds) add(line + first, line + last);
    return start + folded.length;
  };
  for (const { start, part } of root && root.kind !== 'scalar' ? partsOf(root) : []) {
    if (part.kind !== 'list' || part.aliased || isFlow(part, text)) visit(part, start, start, add);
    else add(lineOf(start), lineOf(partsOf(part).reduce((end, entry) => Math.max(end, entry.part.aliased ? visit(entry.part, entry.start, entry.start, add) : visitEntry(entry.part, entry.start)), start)));
  }
  comments(text, lineOf, (offset) => root !== undefined && isInText(root, offset), add);
  return [...ranges.values()].toSorted((a, b) => a.startLine - b.startLine);
}

function foldedIn(visit: (fold: (one: Fold) => void) => number): Folded {
  const folds: Fold[] = [];
  const length = visit(([first, last]) => {
    if (last > first) folds.push([first, last]);
  });
  return { folds, length };
}

/** Whether a line that begins there goes on with a value: what looks like a comment in it is none. */
function isInText(node: YamlNode, offset: number): boolean {
  if (node.aliased || offset <= node.span.start || offset >= node.span.end) return false;
  if (node.kind === 'scalar') return true;
  if (node.kind === 'map') return node.entries.some(({ key, value, merged }) => !merged && (isInText(key, offset) || isInText(value, offset)));
  let low = 0;
  let high = node.items.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((node.items[middle]?.span.start ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const near = node.items[low];
  return near !== undefined && isInText(near, offset);
}

function partsOf(node: YamlNode): readonly { readonly start: number; readonly part: YamlNode }[] {
  if (node.kind === 'scalar' || node.aliased) return [];
  return node.kind === 'list' ? node.items.map((part) => ({ start: part.span.start, part })) : node.entries.flatMap(({ key, value, merged }) => (merged ? [] : [{ start: key.span.start, part: value }]));
}

/** Comments of several lines, and what stands between `# region` and `# endregion`. */
function comments(text: string, lineOf: (offset: number) => number, isText: (offset: number) => boolean, add: (start: number, end: number, kind: FoldingRangeKind) => void): void {
  const open: number[] = [];
  let first: number | undefined;
  let last = 0;
  let end = -1;
  const close = (): void => {
    if (first !== undefined && last > first) add(first, last, FoldingRangeKind.Comment);
    first = undefined;
  };
  for (const { 0: found, 1: words = '', index } of text.matchAll(/(?:^|\n)[ \t]*#([^\n]*)/g)) {
    const start = index === 0 && !found.startsWith('\n') ? 0 : index + 1;
    if (index !== end) close();
    end = index + found.length;
    if (isText(start)) {
      close();
      continue;
    }
    const line = lineOf(start);
    if (/^\s*region\b/.test(words)) {
      close();
      open.push(line);
    } else if (/^\s*endregion\b/.test(words)) {
      close();
      const opened = open.pop();
      if (opened !== undefined) add(opened, line, FoldingRangeKind.Region);
    } else {
      first ??= line;
      last = line;
    }
  }
  close();
}

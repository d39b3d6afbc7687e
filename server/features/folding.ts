// Folding: entities and everything else that stretches over several lines, block scalars, comments, and `# region` marks.

import type { FoldingRange } from 'vscode-languageserver-types';
import { FoldingRangeKind } from 'vscode-languageserver-types';

import type { YamlNode } from '#core/blueprint/yaml.ts';
import { linesOf } from '#core/format/lines.ts';
import type { TextLine } from '#core/format/lines.ts';
import { isFlow, regionsOf } from '#core/format/regions.ts';
import { endOf } from '#core/refactor/blocks.ts';
import type { BlueprintDocument } from './document.ts';

type Text = Pick<BlueprintDocument, 'reading' | 'lines'>;

/** At most one range for each first line, the longest; sorted by first line. */
export function folding({ reading, lines }: Text): FoldingRange[] {
  const { root, text } = reading;
  const ranges = new Map<number, FoldingRange>();
  const add = (startLine: number, endLine: number, kind?: FoldingRangeKind): void => {
    const known = ranges.get(startLine);
    if (endLine > startLine && (!known || known.endLine < endLine)) ranges.set(startLine, { startLine, endLine, ...(kind && { kind }) });
  };
  const lineOf = (offset: number): number => lines.positionAt(offset).line;
  /** Gives where the node ends, so that nothing is walked twice. */
  const visit = (node: YamlNode, from: number, fallback: number): number => {
    const children = node.kind === 'scalar' || node.aliased ? [] : node.kind === 'list' ? node.items.map((item) => ({ start: item.span.start, part: item })) : node.entries.flatMap((entry) => (entry.merged ? [] : [{ start: entry.key.span.start, part: entry.value }]));
    let end = children.length === 0 || (node.kind !== 'scalar' && isFlow(node, text)) ? endOf(node, text, fallback) : fallback;
    for (const { start, part } of children) end = Math.max(end, visit(part, start, Math.max(start, fallback)));
    // A closing bracket stays to be seen.
    const isClosed = node.kind !== 'scalar' && isFlow(node, text) && /[\]}]/.test(text[end - 1] ?? '');
    add(lineOf(from), lineOf(end) - (isClosed ? 1 : 0));
    return end;
  };
  if (root && root.kind !== 'scalar') for (const { start, part } of partsOf(root)) visit(part, start, start);
  const regions = root ? regionsOf(root, text) : [];
  const isText = (offset: number): boolean => regions.some(({ kind, start, end }) => kind !== 'brackets' && start < offset && offset < end);
  comments(text, linesOf(text), isText, (start, end, kind) => add(lineOf(start), lineOf(end), kind));
  return [...ranges.values()].toSorted((a, b) => a.startLine - b.startLine);
}

function partsOf(node: YamlNode): readonly { readonly start: number; readonly part: YamlNode }[] {
  if (node.kind === 'scalar' || node.aliased) return [];
  return node.kind === 'list' ? node.items.map((part) => ({ start: part.span.start, part })) : node.entries.flatMap(({ key, value, merged }) => (merged ? [] : [{ start: key.span.start, part: value }]));
}

/** Comments of several lines, and what stands between `# region` and `# endregion`. */
function comments(text: string, lines: readonly TextLine[], isText: (offset: number) => boolean, add: (start: number, end: number, kind: FoldingRangeKind) => void): void {
  const open: number[] = [];
  let first: TextLine | undefined;
  let last: TextLine | undefined;
  const close = (): void => {
    if (first && last && last !== first) add(first.start, last.start, FoldingRangeKind.Comment);
    first = undefined;
  };
  for (const line of lines) {
    const mark = /^[ \t]*#(.*)/.exec(text.slice(line.start, line.end));
    if (!mark || isText(line.start)) {
      close();
      continue;
    }
    const [, words = ''] = mark;
    if (/^\s*region\b/.test(words)) {
      close();
      open.push(line.start);
    } else if (/^\s*endregion\b/.test(words)) {
      close();
      const start = open.pop();
      if (start !== undefined) add(start, line.start, FoldingRangeKind.Region);
    } else {
      first ??= line;
      last = line;
    }
  }
  close();
}

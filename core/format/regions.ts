// What of a text stretches over several lines as one value: block scalars, texts in quotes, folded plain texts, brackets. Lines
// inside of these are not laid out by the block structure around them.

import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { Span } from '#core/text/span.ts';

export interface Region extends Span {
  readonly kind: 'block' | 'quoted' | 'plain' | 'brackets';
  /** All brackets and all texts of several lines inside of these brackets, in the order of their starts. */
  readonly inside: readonly Region[];
}

/** The outermost regions of several lines, in the order of their starts. Copies made by aliases and merge keys are passed over. */
export function regionsOf(root: YamlNode, text: string): readonly Region[] {
  const found: Region[] = [];
  collect(root, text, found, false);
  return found.toSorted((a, b) => a.start - b.start);
}

function collect(node: YamlNode, text: string, found: Region[], inBrackets: boolean): void {
  if (node.aliased) return;
  const { start, end } = node.span;
  if (node.kind === 'scalar') {
    if (text.slice(start, end).includes('\n')) found.push({ start, end, kind: node.style === 'block' ? 'block' : node.style === 'plain' ? 'plain' : 'quoted', inside: [] });
    return;
  }
  const isBracketed = isFlow(node, text);
  const parts: Region[] = isBracketed && !inBrackets ? [] : found;
  if (isBracketed && inBrackets) found.push({ start, end, kind: 'brackets', inside: [] });
  for (const child of node.kind === 'list' ? node.items : node.entries.flatMap(({ key, value, merged }) => (merged ? [] : [key, value]))) collect(child, text, parts, inBrackets || isBracketed);
  if (isBracketed && !inBrackets && text.slice(start, end).includes('\n')) found.push({ start, end, kind: 'brackets', inside: parts.toSorted((a, b) => a.start - b.start) });
}

/** True for a map or list written in brackets: `{a: 1}`, `[a, b]`; false for `a: 1` inside of `[a: 1]`. */
export function isFlow(node: YamlNode, text: string): boolean {
  if (node.kind === 'scalar') return false;
  const first = text[node.span.start];
  if (node.kind === 'list') return first === '[';
  const start = node.entries.find(({ merged }) => !merged)?.key.span.start;
  return first === '{' && start !== node.span.start;
}

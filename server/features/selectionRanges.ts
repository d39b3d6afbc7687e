// Selection ranges: from the word under the cursor outwards, by the expression, the value, the entry, the item, the map or list,
// to the whole document.

import type { Position, SelectionRange } from 'vscode-languageserver-types';

import { pathAt, type Step } from '#core/blueprint/tree.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { readValue } from '#core/dsl/read.ts';
import { type Expression, childrenOf, isExpression } from '#core/dsl/tree.ts';
import { endOf, lineEnd } from '#core/refactor/blocks.ts';
import { contains, span, touches, type Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';

type Text = Pick<BlueprintDocument, 'reading' | 'lines'>;

/** One chain of ranges for each position, in the same order. */
export function selectionRanges(document: Text, positions: readonly Position[]): SelectionRange[] {
  return positions.map((position) => {
    const offset = document.lines.offsetAt(position);
    const [innermost, ...others] = spansAt(document, offset);
    let range: SelectionRange = { range: document.lines.rangeOf(span(0, document.reading.text.length)) };
    for (const place of [innermost, ...others].toReversed()) if (place) range = { range: document.lines.rangeOf(place), parent: range };
    return range;
  });
}

/** Spans that hold the offset, the smallest first, each in the next and none twice; without the whole text. */
function spansAt({ reading }: Text, offset: number): readonly Span[] {
  const { root, text } = reading;
  const all: Span[] = [wordAt(text, offset)];
  if (root) {
    const { steps, node } = pathAt(root, offset);
    if (node.kind === 'scalar') all.push(...inScalar(node, text, offset));
    for (const step of steps.toReversed()) all.push(...ofStep(step, text));
    all.push(tight(root, text));
  }
  const found: Span[] = [];
  for (const place of all) {
    const last = found.at(-1);
    const isMore = place.end > place.start && touches(place, offset) && (!last || (contains(place, last) && place.end - place.start > last.end - last.start));
    if (isMore && place.end - place.start < text.length) found.push(place);
  }
  return found;
}

function ofStep(step: Step, text: string): readonly Span[] {
  if ('list' in step) {
    const item = step.list.items[step.index];
    if (!item) return [];
    const place = tight(item, text);
    const dash = text.slice(text.lastIndexOf('\n', place.start - 1) + 1, place.start).search(/-[ \t]*$/);
    return [place, ...(dash < 0 ? [] : [span(text.lastIndexOf('\n', place.start - 1) + 1 + dash, place.end)]), tight(step.list, text)];
  }
  const { key, value } = step.entry;
  return [tight(value, text), span(key.span.start, endOf(value, text, Math.min(lineEnd(text, key.span.end), key.span.end + 1))), tight(step.map, text)];
}

function tight(node: YamlNode, text: string): Span {
  return span(node.span.start, Math.max(node.span.start, endOf(node, text, node.span.start)));
}

/** Parts of an expression, then the text between the quotes, then with them. */
function inScalar(node: YamlNode & { readonly kind: 'scalar' }, text: string, offset: number): readonly Span[] {
  const whole = tight(node, text);
  const content = node.style === 'single' || node.style === 'double' ? span(Math.min(whole.start + 1, whole.end), Math.max(whole.start + 1, whole.end - 1)) : whole;
  const parts = isExpression(node.text) && typeof node.value === 'string' ? inExpression(readValue(node, text).value, offset) : [];
  return [...parts, content, whole];
}

function inExpression(expression: Expression, offset: number): readonly Span[] {
  if (!touches(expression.span, offset)) return [];
  const inner = childrenOf(expression).flatMap((child) => inExpression(child, offset));
  if (expression.kind === 'string') return [...inner, span(expression.span.start + 1, Math.max(expression.span.start + 1, expression.span.end - 1)), expression.span];
  const links = expression.kind === 'chain' ? expression.links.flatMap((link) => [...(link.kind === 'call' ? [link.nameSpan] : []), link.span]).filter((place) => touches(place, offset)) : [];
  return [...inner, ...links, expression.span];
}

function wordAt(text: string, offset: number): Span {
  let start = offset;
  let end = offset;
  while (start > 0 && isWord(text[start - 1])) start--;
  while (end < text.length && isWord(text[end])) end++;
  return span(start, end);
}

function isWord(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_\uD800-\uDFFF]/u.test(character);
}

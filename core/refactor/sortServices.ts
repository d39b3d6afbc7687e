// The services in the order in which they can start: who is waited for stands before who waits, and where nobody waits they
// stand by name. Only the order changes; comments move with what they stand above.

import type { EntitySpec } from '#core/blueprint/spec.ts';
import { entryOf, listAt } from '#core/blueprint/tree.ts';
import type { YamlList, YamlNode } from '#core/blueprint/yaml.ts';
import type { Reading } from '#core/blueprint/read.ts';
import { readValue } from '#core/dsl/read.ts';
import { type Expression, childrenOf, plainName } from '#core/dsl/tree.ts';
import { columnsOf } from '#core/format/layout.ts';
import { isFlow } from '#core/format/regions.ts';
import { endOf, hasAnchors, lineEnd, nextLine, withComments } from '#core/refactor/blocks.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { type Span, span } from '#core/text/span.ts';

/** Edits that sort the services; none where they are sorted, or written so that they cannot be moved. */
export function sortServices({ root, plan, text }: Reading): readonly Edit[] {
  const list = root?.kind === 'map' ? listAt(entryOf(root, 'services')?.value) : undefined;
  if (!list || !plan || list.items.length < 2 || list.aliased || isFlow(list, text) || hasAnchors(list, text) || plan.children.length !== list.items.length) return [];
  const lines = itemLines(list, text);
  const services = plan.children.slice(0, list.items.length);
  const ids = services.flatMap(idsOf);
  // Which of two entities with one id is found depends on the order.
  if (!lines || new Set(ids).size < ids.length) return [];
  const order = sorted(services, text);
  return order.flatMap((from, to): readonly Edit[] => {
    const source = lines[from];
    const target = lines[to];
    if (!source || !target || from === to) return [];
    const written = text.slice(source.start, source.end);
    return [{ span: target, newText: written }];
  });
}

/** Each item from its comments to the end of its last line, without the line break. */
function itemLines(list: YamlList, text: string): readonly Span[] | undefined {
  const found: Span[] = [];
  for (const item of list.items) {
    if (item.kind !== 'map') return undefined;
    const first = item.entries[0]?.key.span.start ?? item.span.start;
    const lineStart = text.lastIndexOf('\n', first - 1) + 1;
    const { dashes } = columnsOf(text.slice(lineStart, lineEnd(text, first)));
    const [dash] = dashes;
    if (dash === undefined || dashes.length !== 1) return undefined;
    const end = trailingComments(text, lineEnd(text, endOf(item, text, first)), dash);
    found.push(span(withComments(text, lineStart, dash), end));
  }
  return found.every(({ start }, index) => start >= (found[index - 1]?.end ?? 0)) ? found : undefined;
}

/** End of the comments below that stand deeper than the dash: they belong to the item. */
function trailingComments(text: string, end: number, dash: number): number {
  let last = end;
  for (let start = nextLine(text, end); start < text.length; start = nextLine(text, start)) {
    const line = text.slice(start, lineEnd(text, start));
    if (!/^\s*#/.test(line) || line.search(/#/) <= dash) break;
    last = start + line.length;
    if (nextLine(text, start) <= start) break;
  }
  return last;
}

/** Indices of the services in their new order. */
export function sorted(services: readonly EntitySpec[], text: string): readonly number[] {
  const owner = new Map(services.flatMap((service, index) => idsOf(service).map((id) => [id, index] as const)));
  const needs = services.map((service, index) => new Set(waitedFor(service.node, text).flatMap((id) => owner.get(id) ?? []).filter((other) => other !== index)));
  const names = services.map(({ id, name, type }) => (name ?? id ?? type)?.value ?? '');
  const waiting = services.map((): number[] => []);
  for (const [index, others] of needs.entries()) for (const other of others) waiting[other]?.push(index);
  const byName = (a: number, b: number): number => (names[a] === names[b] ? a - b : (names[a] ?? '') < (names[b] ?? '') ? -1 : 1);
  const left = new Set([...services.keys()].toSorted(byName));
  const ready = [...left].filter((index) => needs[index]?.size === 0);
  const order: number[] = [];
  while (left.size > 0) {
    // Services that wait for each other: the one that waits for the fewest is as good a beginning as any.
    const next = ready.shift() ?? [...left].reduce((best, index) => ((needs[index]?.size ?? 0) < (needs[best]?.size ?? 0) ? index : best));
    left.delete(next);
    order.push(next);
    for (const index of waiting[next] ?? []) {
      needs[index]?.delete(next);
      if (needs[index]?.size === 0 && left.has(index)) insert(ready, index, byName);
    }
  }
  return order;
}

/** Into a sorted list, where it belongs. */
function insert(sortedList: number[], index: number, compare: (a: number, b: number) => number): void {
  let low = 0;
  let high = sortedList.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(sortedList[middle] ?? index, index) < 0) low = middle + 1;
    else high = middle;
  }
  sortedList.splice(low, 0, index);
}

function idsOf(spec: EntitySpec): readonly string[] {
  return [...(spec.id ? [spec.id.value] : []), ...spec.children.flatMap(idsOf), ...spec.specs.flatMap((member) => idsOf(member.spec))];
}

const naming = new Set(['entity', 'component', 'sibling', 'child', 'descendant', 'ancestor', 'member']);

/** The ids that expressions somewhere in a value name. */
export function waitedFor(node: YamlNode, text: string): readonly string[] {
  const found: string[] = [];
  const visit = (expression: Expression): void => {
    if (expression.kind === 'chain') {
      for (const link of expression.links) {
        const last = link.kind === 'call' && naming.has(plainName(link.name)) ? link.args.at(-1) : undefined;
        if (last?.kind === 'string') found.push(last.value);
      }
    }
    for (const child of childrenOf(expression)) visit(child);
  };
  visit(readValue(node, text).value);
  return found;
}

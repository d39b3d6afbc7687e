// Reading a YAML tree: the value of a key, the text of a scalar. Everything gives `undefined` where the tree is not what was
// hoped for, so that half-typed text reads like whole text.

import type { YamlEntry, YamlList, YamlMap, YamlNode, YamlScalar } from '#core/blueprint/yaml.ts';
import { type Span, touches } from '#core/text/span.ts';

/** A value of the user's, and where it stands. */
export interface Located<T> {
  readonly value: T;
  readonly span: Span;
}

/** The entry of a key, or of one of its other names; the last one where a key is doubled, as upstream has it. */
export function entryOf(map: YamlMap, ...names: readonly string[]): YamlEntry | undefined {
  return map.entries.findLast(({ key }) => key.kind === 'scalar' && names.includes(key.text));
}

export function valueOf(map: YamlMap, ...names: readonly string[]): YamlNode | undefined {
  return entryOf(map, ...names)?.value;
}

/** True for nothing at all: an absent node, or a key without a value. */
export function isNothing(node: YamlNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null && node.style === 'plain');
}

/** The text of a scalar, whatever it means; nothing for lists, maps and nothing. */
export function textAt(node: YamlNode | undefined): Located<string> | undefined {
  return node?.kind === 'scalar' && !isNothing(node) ? { value: node.text, span: node.span } : undefined;
}

export function mapAt(node: YamlNode | undefined): YamlMap | undefined {
  return node?.kind === 'map' ? node : undefined;
}

export function listAt(node: YamlNode | undefined): YamlList | undefined {
  return node?.kind === 'list' ? node : undefined;
}

/** What a person calls this: for messages about a wrong shape. */
export function nounOf(node: YamlNode): string {
  switch (node.kind) {
    case 'map':
      return 'a map';
    case 'list':
      return 'a list';
    case 'scalar':
      return scalarNoun(node);
  }
}

function scalarNoun({ value, text }: YamlScalar): string {
  if (value === null) return 'nothing';
  if (typeof value === 'boolean') return `the boolean ${value}`;
  if (typeof value === 'number' || typeof value === 'bigint') return `the number ${value}`;
  if (typeof value === 'object') return 'a date';
  return text.length > 40 ? 'a text' : `the text "${text}"`;
}

/** The key's text, or nothing where the key is a list or a map. */
export function keyText(entry: YamlEntry): string | undefined {
  return entry.key.kind === 'scalar' ? entry.key.text : undefined;
}

/** One step on the way from the root to a node. */
export type Step = { readonly map: YamlMap; readonly entry: YamlEntry } | { readonly list: YamlList; readonly index: number };

/** The way from the root to the innermost node at an offset. `isKey`: the offset lies in the last step's key. */
export interface Path {
  readonly steps: readonly Step[];
  readonly node: YamlNode;
  readonly isKey: boolean;
}

/** The innermost node that the offset touches; its way from the root. Copies made by aliases and merge keys are not entered. */
export function pathAt(root: YamlNode, offset: number): Path {
  const steps: Step[] = [];
  let node = root;
  for (;;) {
    const next = inside(node, offset);
    if (!next) return { steps, node, isKey: false };
    steps.push(next.step);
    if (next.isKey) return { steps, node: next.node, isKey: true };
    node = next.node;
  }
}

function inside(node: YamlNode, offset: number): { readonly step: Step; readonly node: YamlNode; readonly isKey: boolean } | undefined {
  if (node.kind === 'scalar' || node.aliased) return undefined;
  if (node.kind === 'list') {
    const index = node.items.findLastIndex((item) => touches(item.span, offset));
    const item = node.items[index];
    return item ? { step: { list: node, index }, node: item, isKey: false } : undefined;
  }
  const entry = node.entries.findLast((candidate) => !candidate.merged && touches(candidate.span, offset));
  if (!entry) return undefined;
  const isKey = touches(entry.key.span, offset);
  return { step: { map: node, entry }, node: isKey ? entry.key : entry.value, isKey };
}

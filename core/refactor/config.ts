// The two ways to give a config key its value: under `brooklyn.config` by its name, or as a key of the entity itself by its flag.
// Moves entries from one to the other with their comments; the value is the same for whoever reads it.

import { keyText } from '#core/blueprint/tree.ts';
import { keyIn } from '#core/blueprint/vocabulary.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import type { Parameter } from '#core/catalog/type.ts';
import type { Placed } from '#core/check/context.ts';
import { parameterOfKey } from '#core/check/values.ts';
import { lineBreakOf } from '#core/format/lines.ts';
import { asLines, blockEntries, hasAnchors, lineEnd, moved, nextLine, type BlockEntry } from '#core/refactor/blocks.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { contains, span } from '#core/text/span.ts';

/** An entry that can be moved, and what its key becomes. */
export interface Movable {
  readonly block: BlockEntry;
  readonly key: string;
  readonly newKey: string;
}

interface Parts {
  readonly entries: readonly BlockEntry[];
  readonly config: BlockEntry | undefined;
  readonly inConfig: readonly BlockEntry[];
}

/** Keys of the entity that are flags of its type. */
export function flagsOf(placed: Placed, text: string): readonly Movable[] {
  const parts = partsOf(placed, text);
  return (parts?.entries ?? []).flatMap((block) => {
    const key = keyText(block.entry) ?? '';
    const parameter = keyIn('entity', key.trim()) || !isFree(block, placed, text) ? undefined : soleParameter(placed, key);
    return parameter && !parts?.inConfig.some(({ entry }) => keyText(entry) === parameter.name) ? [{ block, key, newKey: parameter.name }] : [];
  });
}

/** Keys under `brooklyn.config` that have a flag. */
export function configKeysWithFlags(placed: Placed, text: string): readonly Movable[] {
  const parts = partsOf(placed, text);
  if (!parts?.config || parts.config.isBehindDash) return [];
  return parts.inConfig.flatMap((block) => {
    const key = keyText(block.entry) ?? '';
    const flag = isFree(block, placed, text) ? soleParameter(placed, key)?.flag : undefined;
    if (flag === undefined || keyIn('entity', flag) || parts.entries.some(({ entry }) => keyText(entry) === flag)) return [];
    return [{ block, key, newKey: flag }];
  });
}

/** Edits that move flags under `brooklyn.config`, which is made where it is not there yet. */
export function toConfig(placed: Placed, text: string, flags: readonly Movable[]): readonly Edit[] {
  const parts = partsOf(placed, text);
  const [first] = flags;
  if (!parts || !first) return [];
  const lineBreak = lineBreakOf(text);
  const last = parts.inConfig.at(-1);
  const column = last?.column ?? (parts.config ?? first.block).column + 2;
  const lines = flags.map((flag) => linesAt(flag, text, column, lineBreak)).join('');
  const removed = flags.map(({ block }) => ({ span: block.lines, newText: '' }));
  if (!parts.config) return [{ span: first.block.lines, newText: `${' '.repeat(first.block.column)}brooklyn.config:${lineBreak}${lines}` }, ...removed.slice(1)];
  const end = (last ?? parts.config).lines.end;
  return [...removed, { span: span(end, end), newText: asLines(text, end, lines, lineBreak) }];
}

/** Edits that make keys under `brooklyn.config` flags of the entity. */
export function toFlags(placed: Placed, text: string, keys: readonly Movable[]): readonly Edit[] {
  const parts = partsOf(placed, text);
  if (!parts?.config || keys.length === 0) return [];
  const { config } = parts;
  const lines = keys.map((key) => linesAt(key, text, config.column, lineBreakOf(text))).join('');
  const removed = keys.map(({ block }) => ({ span: block.lines, newText: '' }));
  // Without a key left, `brooklyn.config` goes, too; a comment behind it stays.
  const isEmptied = keys.length === parts.inConfig.length && config.entry.value.kind === 'map' && config.entry.value.entries.length === keys.length;
  if (!isEmptied) return [{ span: span(config.lines.start, config.lines.start), newText: lines }, ...removed];
  const key = config.entry.key.span;
  const comment = /#.*/.exec(text.slice(key.end, lineEnd(text, key.end)))?.[0];
  const kept = comment === undefined ? '' : `${' '.repeat(config.column)}${comment}${lineBreakOf(text)}`;
  return [{ span: span(key.start - config.column, nextLine(text, key.end)), newText: kept + lines }, ...removed];
}

function linesAt({ block, newKey }: Movable, text: string, column: number, lineBreak: string): string {
  const { lines, entry } = block;
  const before = text.slice(lines.start, entry.key.span.start);
  const behind = text.slice(entry.key.span.end, lines.end);
  const whole = moved(`\n${before}${newKey}${behind}`, block.column, column).slice(1);
  return whole.endsWith('\n') ? whole : `${whole}${lineBreak}`;
}

function partsOf({ spec }: Placed, text: string): Parts | undefined {
  const entries = blockEntries(spec.node, text);
  if (!entries) return undefined;
  const config = entries.findLast(({ entry }) => keyText(entry) === 'brooklyn.config');
  const isOnce = entries.filter(({ entry }) => keyText(entry) === 'brooklyn.config').length <= 1;
  if (!isOnce) return undefined;
  if (!config) return { entries, config, inConfig: [] };
  const { value } = config.entry;
  if (value.kind === 'scalar') return value.value === null && value.style === 'plain' && !hasAnchors(value, text) ? { entries, config, inConfig: [] } : undefined;
  const inConfig = value.kind === 'map' && !hasAnchors({ ...value, entries: [] }, text) ? blockEntries(value, text) : undefined;
  return inConfig && { entries, config, inConfig };
}

function isFree({ entry, isBehindDash }: BlockEntry, { spec }: Placed, text: string): boolean {
  // Entities that values describe get their names in the order in which they are written.
  if (spec.specs.length > 1 && spec.specs.some(({ spec: described }) => contains(entry.span, described.node.span))) return false;
  return !isBehindDash && entry.key.kind === 'scalar' && !isNothingWritten(entry.value) && !hasAnchors(entry.value, text);
}

function isNothingWritten(node: YamlNode): boolean {
  return node.kind === 'scalar' && node.value === null;
}

/** The parameter of a key; nothing where the entity gives it a value twice, for then the order counts. */
function soleParameter(placed: Placed, key: string): Parameter | undefined {
  const parameter = parameterOfKey(placed, key);
  const uses = parameter && placed.spec.config.filter((value) => parameterOfKey(placed, value.key)?.name === parameter.name);
  return uses?.length === 1 ? parameter : undefined;
}

// An entity made a catalog item of the same file, and a catalog item written out again where it is used. What an expression or
// a person refers to stays with the entity: its id, its name, where it goes, and what watches it.

import { keyText, listAt, mapAt, valueOf } from '#core/blueprint/tree.ts';
import { keyIn } from '#core/blueprint/vocabulary.ts';
import type { YamlMap } from '#core/blueprint/yaml.ts';
import { parameterOfKey } from '#core/check/values.ts';
import type { CheckContext, Placed } from '#core/check/context.ts';
import type { ItemSpec } from '#core/blueprint/spec.ts';
import { lineBreakOf } from '#core/format/lines.ts';
import { asLines, blockEntries, hasAnchors, moved, type BlockEntry } from '#core/refactor/blocks.ts';
import { slug, typeWord } from '#core/resolve/draft.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

const typeKeys = new Set(['type', 'serviceType', 'service_type']);
/** What goes into the item; flags go, too. Everything else the vocabulary has stays with the entity. */
const movedKeys = new Set(['brooklyn.config', 'brooklyn.flags', 'brooklyn.parameters', 'brooklyn.children']);

export interface Extraction {
  readonly itemId: string;
  readonly edits: readonly Edit[];
}

/** The edits that move an entity of the plan into `brooklyn.catalog`; nothing where they would change what it means, or move what is written in brackets. */
export function extractItem(placed: Placed, context: CheckContext): Extraction | undefined {
  const { spec, isDefinition, isMember, parent } = placed;
  const { text, root } = context.reading;
  if (!spec.type || isDefinition || isMember || !parent || root?.kind !== 'map' || spec.specs.length > 0 || !isMovable(spec.node, text)) return undefined;
  const entries = blockEntries(spec.node, text);
  const type = entries?.find(({ entry }) => typeKeys.has(keyText(entry) ?? ''));
  if (!entries || type?.entry.value.kind !== 'scalar' || isWrittenTwice(entries)) return undefined;
  const going = entries.filter((block) => block !== type && goesAlong(keyText(block.entry) ?? ''));
  if (going.some(({ isBehindDash }) => isBehindDash)) return undefined;
  const known = idFor(placed, context);
  if (!known) return undefined;
  const lineBreak = lineBreakOf(text);
  const itemId = freeName(parent.spec.name || parent.spec.id ? `${slug((parent.spec.id ?? parent.spec.name)?.value ?? '')}-${known.base}` : known.base, context);
  const place = placeForItem(root, text, lineBreak);
  if (!place) return undefined;
  const column = place.column + 4;
  const definition = [`${' '.repeat(column)}${text.slice(type.written.start, type.entry.value.span.end)}`, ...going.map((block) => withoutBreak(moved(`\n${text.slice(block.lines.start, block.lines.end)}`, block.column, column).slice(1)))];
  const head = ' '.repeat(place.column);
  const item = [`${head}- id: ${itemId}`, `${head}  itemType: entity`, `${head}  item:`, ...definition].join(lineBreak);
  const use = { span: type.entry.value.span, newText: itemId };
  const id = known.isNew ? [{ span: span(type.lines.end, type.lines.end), newText: asLines(text, type.lines.end, `${' '.repeat(type.column)}id: ${known.base}`, lineBreak) }] : [];
  const removed = going.map(({ lines }) => ({ span: lines, newText: '' }));
  // Where the last line of the text goes away, what comes before it has its line break.
  const added = going.some(({ lines }) => lines.end === place.offset) ? place.before + item + lineBreak : asLines(text, place.offset, place.before + item, lineBreak);
  return { itemId, edits: [use, ...id, ...removed, { span: span(place.offset, place.offset), newText: added }] };
}

function goesAlong(key: string): boolean {
  return movedKeys.has(key) || !keyIn('entity', key.trim());
}

function withoutBreak(lines: string): string {
  return lines.replace(/\r?\n$/, '');
}

/** Without names that are used elsewhere in the text, and without expressions that ask for the item they are written in. */
function isMovable(node: YamlMap, text: string): boolean {
  const written = text.slice(node.span.start, node.span.end);
  return !hasAnchors(node, text) && !/scope_?root/i.test(written);
}

function isWrittenTwice(entries: readonly BlockEntry[]): boolean {
  return new Set(entries.map(({ entry }) => keyText(entry))).size < entries.length;
}

/** The word that names the entity; an entity without an id or a name gets it as its id, so that it goes by the same name as before. */
function idFor(placed: Placed, { entities }: CheckContext): { readonly base: string; readonly isNew: boolean } | undefined {
  const { spec } = placed;
  const base = baseOf(placed);
  if (spec.id || spec.name) return { base, isNew: false };
  return entities.some((other) => other !== placed && !other.isDefinition && baseOf(other) === base) ? undefined : { base, isNew: true };
}

function baseOf({ spec: { id, name, type } }: Placed): string {
  return slug(id?.value ?? name?.value ?? typeWord(type?.value ?? ''));
}

function freeName(wanted: string, { catalog, reading }: CheckContext): string {
  const isTaken = (name: string): boolean => catalog.find(name) !== undefined || reading.items.some(({ id }) => id?.value === name);
  if (!isTaken(wanted)) return wanted;
  let count = 2;
  while (isTaken(`${wanted}-${count}`)) count++;
  return `${wanted}-${count}`;
}

/** Where a new item goes: behind the last one, or into a catalog that is made at the end of the text, of which `before` is the head; undefined where that is written in brackets. */
export function placeForItem(root: YamlMap, text: string, lineBreak: string): { readonly offset: number; readonly column: number; readonly before: string } | undefined {
  const entries = blockEntries(root, text);
  const last = entries?.at(-1);
  if (!entries || !last) return undefined;
  const catalog = entries.filter(({ entry }) => keyText(entry) === 'brooklyn.catalog');
  if (catalog.length > 1) return undefined;
  if (!catalog[0]) return { offset: last.lines.end, column: 2, before: `${lineBreak}brooklyn.catalog:${lineBreak}  version: "1.0.0"${lineBreak}  items:${lineBreak}` };
  const map = mapAt(catalog[0].entry.value);
  const parts = map && blockEntries(map, text);
  const items = parts?.find(({ entry }) => keyText(entry) === 'items');
  const list = listAt(items?.entry.value);
  // The dashes of the items that are there say where another one's goes.
  const first = list?.items[0];
  if (!items || !first || first.kind !== 'map' || text[list.span.start] !== '-') return undefined;
  const column = list.span.start - (text.lastIndexOf('\n', list.span.start - 1) + 1);
  return { offset: items.lines.end, column, before: '' };
}

/** The item of the same text that an entity is of. */
export function ownItem({ spec, found }: Placed, { reading }: CheckContext): ItemSpec | undefined {
  if (!spec.type || !found?.type.origin) return undefined;
  const start = found.type.origin.span.start;
  const item = reading.items.find(({ id }) => id?.value === found.type.id && id.span.start === start);
  return item?.definition?.type ? item : undefined;
}

/** Edits that write the item out in the entity's place; the item stays for others. Nothing where that is not possible without changing what it means. */
export function inlineItem(placed: Placed, item: ItemSpec, context: CheckContext): readonly Edit[] | undefined {
  const { text } = context.reading;
  const { spec, isDefinition } = placed;
  const { definition } = item;
  if (!definition?.type || !spec.type || isDefinition || definition.node === spec.node || valueOf(definition.node, 'services')) return undefined;
  if (!isMovable(definition.node, text) || hasAnchors(spec.node, text)) return undefined;
  const own = blockEntries(spec.node, text);
  const parts = blockEntries(definition.node, text);
  const type = own?.find(({ entry }) => typeKeys.has(keyText(entry) ?? ''));
  const newType = parts?.find(({ entry }) => typeKeys.has(keyText(entry) ?? ''));
  if (!own || !parts || type?.entry.value.kind !== 'scalar' || newType?.entry.value.kind !== 'scalar' || isWrittenTwice(own) || isWrittenTwice(parts)) return undefined;
  const known = idFor(placed, context);
  if (!known) return undefined;
  const lineBreak = lineBreakOf(text);
  const isGiven = (key: string): boolean => {
    const name = parameterOfKey(placed, key)?.name ?? key;
    return spec.config.some((value) => (parameterOfKey(placed, value.key)?.name ?? value.key) === name);
  };
  const at = type.column;
  const lines: string[] = known.isNew ? [`${' '.repeat(at)}id: ${known.base}`] : [];
  const edits: Edit[] = [{ span: type.entry.value.span, newText: text.slice(newType.entry.value.span.start, newType.entry.value.span.end) }];
  for (const block of parts) {
    const key = keyText(block.entry) ?? '';
    const present = own.find(({ entry }) => keyText(entry) === key);
    if (block === newType || key === 'id' || key === 'name') continue;
    if (key === 'brooklyn.config' && present) {
      const mine = mapAt(present.entry.value);
      const theirs = mapAt(block.entry.value);
      const there = mine && blockEntries(mine, text);
      const added = theirs && blockEntries(theirs, text);
      const last = there?.at(-1);
      if (!added || !last) return undefined;
      const missing = added.filter(({ entry }) => !isGiven(keyText(entry) ?? ''));
      // Maps that Brooklyn merges have values on both sides.
      if (added.some(({ entry }) => isGiven(keyText(entry) ?? '') && entry.value.kind === 'map')) return undefined;
      if (missing.length > 0) edits.push({ span: span(last.lines.end, last.lines.end), newText: asLines(text, last.lines.end, missing.map((one) => copied(one, text, last.column)).join(lineBreak), lineBreak) });
    } else if (present) {
      // Two lists would have to become one; a single value of the entity's own wins.
      if (present.entry.value.kind !== 'scalar') return undefined;
    } else if (keyIn('entity', key) ? true : !isGiven(key)) {
      const inner = key === 'brooklyn.config' ? mapAt(block.entry.value)?.entries.filter((entry) => isGiven(keyText(entry) ?? '')) : [];
      if (inner === undefined || inner.length > 0) return undefined;
      lines.push(copied(block, text, at));
    }
  }
  if (lines.length > 0) edits.push({ span: span(type.lines.end, type.lines.end), newText: asLines(text, type.lines.end, lines.join(lineBreak), lineBreak) });
  return edits;
}

function copied(block: BlockEntry, text: string, column: number): string {
  const start = block.isBehindDash ? block.written.start : block.lines.start;
  const written = text.slice(start, block.lines.end);
  const whole = block.isBehindDash ? `\n${' '.repeat(block.column)}${written}` : `\n${written}`;
  return withoutBreak(moved(whole, block.column, column).slice(1));
}

// A blueprint that needs no other file to be understood: what it uses of the workspace's catalogs is written into its own
// `brooklyn.catalog`. That is what is deployed and kept, so that any machine can read it and go back to it.

import type { Reading } from '#core/blueprint/read.ts';
import type { ItemSpec } from '#core/blueprint/spec.ts';
import { plainOf, type PlainValue } from '#core/catalog/plain.ts';
import { lineBreakOf } from '#core/format/lines.ts';
import { placeForItem } from '#core/refactor/catalogItem.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

/** The same text where it uses nothing of `catalogs`; undefined where there is no place to write it, as in a text in brackets. */
export function selfContained({ text, root, items: own }: Reading, catalogs: readonly Reading[]): string | undefined {
  const there = new Set(own.map(nameOf));
  const used = usedBy(text, catalogs.flatMap(({ items }) => items).filter((item) => !there.has(nameOf(item))));
  if (used.length === 0) return text;
  if (root?.kind !== 'map') return undefined;
  const lineBreak = lineBreakOf(text);
  const place = placeForItem(root, text, lineBreak);
  if (place === undefined) return undefined;
  const lines = used.map((item) => `${' '.repeat(place.column)}- ${item}${lineBreak}`);
  const isOnNewLine = place.offset === 0 || text[place.offset - 1] === '\n';
  return applyEdits(text, [{ span: span(place.offset, place.offset), newText: `${isOnNewLine ? '' : lineBreak}${place.before}${lines.join('')}` }]);
}

/** The items that a text mentions by a name of theirs, and those that these mention, as JSON. What is mentioned without being meant does no harm. */
function usedBy(text: string, items: readonly ItemSpec[]): readonly string[] {
  const byName = new Map<string, ItemSpec[]>();
  for (const item of items) for (const name of [item.id?.value ?? '', ...item.aliases]) byName.set(name, [...(byName.get(name) ?? []), item]);
  const written = new Map<ItemSpec, string>();
  for (let texts = [text]; texts.length > 0; ) {
    const mentioned = new Set(texts.flatMap(wordsOf).flatMap((word) => byName.get(word) ?? []));
    const fresh = [...mentioned].filter((item) => !written.has(item));
    for (const item of fresh) written.set(item, JSON.stringify(plainItem(item)));
    texts = fresh.map((item) => written.get(item) ?? '');
  }
  return items.flatMap((item) => written.get(item) ?? []);
}

/** Every word that may be a type's name, also without what may be its version, or the prefix of a Java name. */
function wordsOf(text: string): readonly string[] {
  return (text.match(/[\p{L}\d_.:/$-]+/gu) ?? []).flatMap((word) => {
    const bare = word.replace(/^java:/, '').replace(/[:.]+$/, '');
    return [bare, bare.replace(/:[^:]*$/, '')];
  });
}

function nameOf({ id, version }: ItemSpec): string {
  return `${id?.value ?? ''}:${version?.value ?? ''}`;
}

/** With the metadata of the catalog around it. */
function plainItem({ node, id, version, itemType, definition }: ItemSpec): PlainValue {
  const own = without(plainOf(node), 'items');
  const metadata = { ...(id && { id: id.value }), ...(version && { version: version.value }), ...(itemType !== undefined && { itemType }) };
  if (definition === undefined || definition.node === node) return { ...own, ...metadata };
  return { ...own, ...metadata, item: without(plainOf(definition.node), 'brooklyn.catalog') };
}

function without(value: PlainValue, key: string): { readonly [key: string]: PlainValue } {
  if (typeof value !== 'object' || value === null || isList(value)) return {};
  return Object.fromEntries(Object.entries(value).filter(([name]) => name !== key));
}

function isList(value: PlainValue): value is readonly PlainValue[] {
  return Array.isArray(value);
}

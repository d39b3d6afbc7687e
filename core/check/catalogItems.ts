// The catalog items of a text: their names and versions, items that are defined twice, items that are made from themselves.

import type { ItemSpec } from '#core/blueprint/spec.ts';
import { entryOf, mapAt, textAt, valueOf } from '#core/blueprint/tree.ts';
import type { YamlMap } from '#core/blueprint/yaml.ts';
import { plainOf } from '#core/catalog/plain.ts';
import type { CheckContext } from '#core/check/context.ts';
import { catalogCycle } from '#core/diagnostics/catalogCycle.ts';
import { catalogIdentity } from '#core/diagnostics/catalogIdentity.ts';
import { duplicateItem } from '#core/diagnostics/duplicateItem.ts';
import { report } from '#core/diagnostics/rule.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

export function checkCatalogItems({ reading }: CheckContext): readonly Diagnostic[] {
  const catalog = reading.root?.kind === 'map' ? mapAt(valueOf(reading.root, 'brooklyn.catalog')) : undefined;
  if (!catalog) return [];
  return [...checkIdentity(catalog, reading.items), ...checkDuplicates(reading.items), ...checkCycles(reading.items)];
}

function checkIdentity(catalog: YamlMap, items: readonly ItemSpec[]): readonly Diagnostic[] {
  const bundle = textAt(valueOf(catalog, 'bundle'));
  const version = textAt(valueOf(catalog, 'version'));
  const place = entryOf(catalog, 'bundle')?.key.span ?? catalog.entries[0]?.key.span ?? catalog.span;
  if (bundle && !version) return [report(catalogIdentity, place, `the bundle ${bundle.value} has no version; add version: "1.0.0"`)];
  const diagnostics: Diagnostic[] = [];
  const id = textAt(valueOf(catalog, 'id', 'symbolicName'));
  if (!bundle && !id && items.length > 0 && items.every((item) => !item.id)) diagnostics.push(report(catalogIdentity, place, 'nothing here has a name: give the catalog a bundle and a version, and each item an id'));
  const colon = id?.value.lastIndexOf(':') ?? -1;
  if (id && version && colon > 0 && id.value.slice(colon + 1) !== version.value) {
    diagnostics.push(report(catalogIdentity, version.span, `the id says version ${id.value.slice(colon + 1)}, this says ${version.value}`));
  }
  return [...diagnostics, ...libraries(catalog)];
}

function libraries(catalog: YamlMap): readonly Diagnostic[] {
  const list = valueOf(catalog, 'brooklyn.libraries', 'libraries');
  if (list?.kind !== 'list') return [];
  return list.items.flatMap((item) => {
    if (item.kind !== 'map' || entryOf(item, 'url')) return [];
    const missing = (['name', 'version'] as const).filter((key) => !entryOf(item, key));
    return missing.length === 1 ? [report(catalogIdentity, item.entries[0]?.key.span ?? item.span, `a library needs a url, or a name and a version; the ${missing[0] ?? ''} is missing`)] : [];
  });
}

function checkDuplicates(items: readonly ItemSpec[]): readonly Diagnostic[] {
  const seen = new Map<string, ItemSpec>();
  return items.flatMap((item) => {
    if (!item.id) return [];
    const name = `${item.id.value}:${item.version?.value ?? ''}`;
    const first = seen.get(name);
    if (!first?.id) {
      seen.set(name, item);
      return [];
    }
    if (JSON.stringify(plainOf(first.node)) === JSON.stringify(plainOf(item.node))) return [];
    return [report(duplicateItem, item.id.span, `the item ${item.id.value} is defined above already, and differently`, { related: [{ span: first.id.span, message: 'the first definition' }] })];
  });
}

/** Items that are made from themselves, directly or through others of the same text. */
function checkCycles(items: readonly ItemSpec[]): readonly Diagnostic[] {
  const byId = new Map(items.flatMap((item) => (item.id ? [[item.id.value, item] as const] : [])));
  return items.flatMap((item) => {
    const type = item.definition?.type;
    // `id: org.example.Thing` made from the type `org.example.Thing` gives a Java class its own name.
    if (!item.id || !type || /(?:^|[.$])[A-Z]\w*$/.test(item.id.value)) return [];
    const chain = [item.id.value];
    for (let next = plainName(type.value); ; ) {
      if (next === item.id.value) return [report(catalogCycle, type.span, `${chain.join(' is made from ')} is made from ${next}: the cycle has no beginning`)];
      const parent = byId.get(next)?.definition?.type;
      if (!parent || chain.includes(next)) return [];
      chain.push(next);
      next = plainName(parent.value);
    }
  });
}

/** `id:1.0` is an id, too; `docker:redis` is not. */
function plainName(type: string): string {
  return /^[a-z]+:/.test(type) && !/^[\w.-]+:\d/.test(type) ? type : (type.split(':')[0] ?? type);
}

// Whether two texts say the same: equal trees of values, written in the same styles, with the same aliases. What formatting must
// never change, and what it is held against before its edits are given out.

import type { YamlNode } from '#core/blueprint/yaml.ts';

/** Places do not count; everything else that reading a blueprint sees does. */
export function isSameTree(a: YamlNode | undefined, b: YamlNode | undefined): boolean {
  if (!a || !b) return a === b;
  if ((a.aliased ?? false) !== (b.aliased ?? false)) return false;
  switch (a.kind) {
    case 'scalar':
      return b.kind === 'scalar' && a.style === b.style && a.text === b.text && isSameValue(a.value, b.value);
    case 'list':
      return b.kind === 'list' && a.items.length === b.items.length && a.items.every((item, index) => isSameTree(item, b.items[index]));
    case 'map':
      return (
        b.kind === 'map' &&
        a.entries.length === b.entries.length &&
        a.entries.every(({ key, value, merged }, index) => {
          const other = b.entries[index];
          return (merged ?? false) === (other?.merged ?? false) && isSameTree(key, other?.key) && isSameTree(value, other?.value);
        })
      );
  }
}

function isSameValue(a: unknown, b: unknown): boolean {
  const isDated = typeof a === 'object' && a !== null && typeof b === 'object' && b !== null && 'dateMs' in a && 'dateMs' in b;
  return isDated ? Object.is(a.dateMs, b.dateMs) : Object.is(a, b);
}

// A YAML tree as plain data: what a catalog keeps of values once their places do not matter.

import type { YamlNode } from '#core/blueprint/yaml.ts';

export type PlainValue = string | number | boolean | null | readonly PlainValue[] | { readonly [key: string]: PlainValue };

/** Dates and big integers become their text; the last of equal keys wins; keys that are no scalars are left out. */
export function plainOf(node: YamlNode): PlainValue {
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'object' && node.value !== null ? node.text : typeof node.value === 'bigint' ? node.text : node.value;
    case 'list':
      return node.items.map(plainOf);
    case 'map':
      // fromEntries defines properties, so `__proto__` is a key like any other.
      return Object.fromEntries(node.entries.flatMap(({ key, value }) => (key.kind === 'scalar' ? [[key.text, plainOf(value)] as const] : [])));
  }
}

// A text sees the catalog items that it defines itself.

import type { Reading } from '#core/blueprint/read.ts';
import type { ItemSpec } from '#core/blueprint/spec.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { type Type, typesOf } from '#core/catalog/type.ts';

/** The catalog with the items of the text in front. */
export function withOwnItems(catalog: Catalog, reading: Reading): Catalog {
  return reading.items.length === 0 ? catalog : catalog.with(typesOf(reading.items, ''));
}

/** The types that the items of one text define, while it changes: those of an item that is still the same are still the same. */
export class OwnTypes {
  readonly #uri: string | undefined;
  readonly #byItem = new WeakMap<ItemSpec, readonly Type[]>();
  #present: readonly Type[] = [];

  /** `uri` is the file that the types are told to stand in. */
  constructor(uri?: string) {
    this.#uri = uri;
  }

  /** The same list as before where the types mean the same; only their places are told anew. */
  of(items: readonly ItemSpec[]): readonly Type[] {
    const now = items.flatMap((item) => this.#typesOf(item));
    const before = this.#present;
    if (now.length === before.length && now.every((type, index) => type === before[index])) return before;
    if (now.length !== before.length || !now.every((type, index) => meansTheSame(type, before[index]))) return (this.#present = now);
    for (const [index, { origin }] of now.entries()) Object.assign(before[index] ?? {}, { origin });
    for (const [index, item] of items.filter(({ id }) => id).entries()) this.#byItem.set(item, before.slice(index, index + 1));
    return before;
  }

  #typesOf(item: ItemSpec): readonly Type[] {
    const known = this.#byItem.get(item) ?? typesOf([item], this.#uri);
    this.#byItem.set(item, known);
    return known;
  }
}

/** Where they stand does not matter to those who use them. */
function meansTheSame(one: Type, other: Type | undefined): boolean {
  const plain = (type: Type | undefined): string => JSON.stringify(type, (key: string, value: unknown) => (key === 'origin' ? undefined : value));
  return one === other || plain(one) === plain(other);
}

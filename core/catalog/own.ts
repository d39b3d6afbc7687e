// A text sees the catalog items that it defines itself.

import type { Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { typesOf } from '#core/catalog/type.ts';

/** The catalog with the items of the text in front. */
export function withOwnItems(catalog: Catalog, reading: Reading): Catalog {
  return reading.items.length === 0 ? catalog : catalog.with(typesOf(reading.items, ''));
}

// The built-in catalog, read once for all tests.

import builtIn from '../../schemas/catalog.json' with { type: 'json' };
import { Catalog } from '#core/catalog/catalog.ts';
import type { BuiltIn } from '#core/catalog/catalog.ts';

export const builtInCatalog = new Catalog(builtIn as BuiltIn);

// The built-in catalog, read once for all tests.

import builtIn from '../../schemas/catalog.json' with { type: 'json' };
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';

export const builtInCatalog = new Catalog(builtIn as BuiltIn);

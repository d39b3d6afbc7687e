// Names and versions of a catalog and its libraries. Found by core/check/catalogItems.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const catalogIdentity = rule({
  code: 'catalog-identity',
  severity: 'error',
  title: 'A catalog without a name or a version',
  why: 'A bundle needs a version, a library needs a URL or both its name and its version, and the version in an id must be the one beside it. Brooklyn refuses to add the catalog otherwise.',
  example: `
brooklyn.catalog:
  bundle: shop
# ^^^^^^ the bundle shop has no version
  items:
  - id: web
    item:
      type: docker:nginx:1.25
`,
});

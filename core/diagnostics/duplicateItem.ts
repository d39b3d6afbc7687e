// Equal ids in one catalog. Found by core/check/catalogItems.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const duplicateItem = rule({
  code: 'duplicate-item',
  severity: 'error',
  title: 'A catalog item is defined twice',
  why: 'Two items of one bundle may not have the same id and version, unless they are equal.',
  example: `
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  items:
  - id: web
    item:
      type: docker:nginx:1.25
  - id: web
#       ^^^ the item web is defined above already
    item:
      type: docker:nginx:1.26
`,
});

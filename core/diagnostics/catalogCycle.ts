// Items whose types go round in a circle. Found by core/check/catalogItems.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const catalogCycle = rule({
  code: 'catalog-cycle',
  severity: 'error',
  title: 'A catalog item is made from itself',
  why: 'The type of an item must come from somewhere: an item whose type is, directly or through others, the item itself can never be made.',
  example: `
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  items:
  - id: web
    item:
      type: page
#           ^^^^ web is made from page is made from web
  - id: page
    item:
      type: web
#           ^^^ page is made from web is made from page
`,
});

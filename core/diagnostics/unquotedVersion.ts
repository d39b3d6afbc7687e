// A version that is a plain number. Found by core/check/surprises.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unquotedVersion = rule({
  code: 'unquoted-version',
  severity: 'warning',
  title: 'A version is written as a number',
  why: 'YAML reads an unquoted `7.10` as the number 7.1, and the version that is then looked for does not exist. Nine files that Clocker shipped had such versions.',
  example: `
brooklyn.catalog:
  id: shop
  version: 7.10
#          ^^^^ read as the number 7.1
  item:
    type: docker:nginx:1
`,
  fixed: `
brooklyn.catalog:
  id: shop
  version: "7.10"
#          ^^^^ read as the number 7.1
  item:
    type: docker:nginx:1
`,
});

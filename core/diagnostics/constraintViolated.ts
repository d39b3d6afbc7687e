// `required`, `regex` and the other constraints. Found by core/check/constraints.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const constraintViolated = rule({
  code: 'constraint-violated',
  severity: 'error',
  title: 'A value breaks a constraint of its parameter',
  why: 'The type says what its values must satisfy: that there is one, that it matches a pattern, that another key is set too. Brooklyn refuses the deployment where one is broken.',
  example: `
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  items:
  - id: web
    item:
      type: docker:nginx:1.25
      brooklyn.parameters:
      - name: domain
        constraints: [{ regex: "[a-z.]+" }]
services:
- type: web
  brooklyn.config:
    domain: Example 1
#           ^^^^^^^^^ domain:
`,
});

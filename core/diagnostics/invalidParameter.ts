// Constraints that nobody knows. Found by core/check/constraints.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const invalidParameter = rule({
  code: 'invalid-parameter',
  severity: 'error',
  title: 'A parameter that cannot be declared so',
  why: 'A constraint must be one that Brooklyn knows: `required`, `regex`, `glob`, `requiredIf` and so on.',
  example: `
services:
- type: docker:nginx:1.25
  brooklyn.parameters:
  - name: domain
    constraints: [mandatory]
#                ^^^^^^^^^^^ mandatory
`,
});

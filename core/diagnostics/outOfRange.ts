// Infinite, not a number, or too large. Found by core/check/surprises.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const outOfRange = rule({
  code: 'out-of-range',
  severity: 'error',
  title: 'A number that no double holds',
  why: '`.inf`, `.nan` and numbers beyond 1.8e308 are refused by the YAML reader of Brooklyn. In quotes they are texts.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    most: 1e400
#         ^^^^^ no number that Brooklyn accepts
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.config:
    most: "1e400"
#         ^^^^^ no number that Brooklyn accepts
`,
});

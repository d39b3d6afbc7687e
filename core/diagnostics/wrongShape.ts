// A map where a list belongs, and the like. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const wrongShape = rule({
  code: 'wrong-shape',
  severity: 'error',
  title: 'A value has the wrong shape',
  why: 'The language wants a list, a map or a text in this place, and Brooklyn refuses anything else.',
  example: `
services:
  web: docker:nginx:1
# ^^^^^^^^^^^^^^^^^^^ services must be a list, not a map
`,
});

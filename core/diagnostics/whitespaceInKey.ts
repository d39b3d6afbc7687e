// A key that starts or ends with white space. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const whitespaceInKey = rule({
  code: 'whitespace-in-key',
  severity: 'warning',
  title: 'A key has white space in it',
  why: 'A tab or a space before the colon, inside the quotes, belongs to the key. Clocker 1.1 shipped `webapp.url` with a tab at its end, and the value was never read.',
  example: `
services:
- type: docker:redis:7
  "name ": cache
# ^^^^^^^ with white space in it
`,
  fixed: `
services:
- type: docker:redis:7
  name: cache
# ^^^^^^^ with white space in it
`,
});

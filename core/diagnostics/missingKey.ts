// An entity without a type, a parameter without a name. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const missingKey = rule({
  code: 'missing-key',
  severity: 'error',
  title: 'A required key is missing',
  why: 'Without it there is nothing to make: an entity, a policy, an enricher or an initializer needs a `type`, a parameter needs a `name`.',
  example: `
services:
- name: cache
# ^^^^ an entity needs a type
`,
});

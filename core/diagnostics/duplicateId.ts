// An id that another entity of the same blueprint has. Found by core/check/ids.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const duplicateId = rule({
  code: 'duplicate-id',
  severity: 'warning',
  title: 'Two entities have the same id',
  why: 'Expressions find entities by id, and the first one wins; the second can never be referred to.',
  example: `
services:
- type: docker:redis:7
  id: db
- type: docker:nginx:1.25
  id: db
#     ^^ the id db is already taken
`,
});

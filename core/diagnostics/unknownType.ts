// A `type` in no catalog. Found by core/check/types.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownType = rule({
  code: 'unknown-type',
  severity: 'warning',
  title: 'A type that nobody knows',
  why: 'The type is in no catalog of the workspace and not among the built-in ones. It may be in a catalog elsewhere, so this is only a warning; but Clocker cannot check its keys, and cannot deploy it.',
  example: `
services:
- type: redis-stor
#       ^^^^^^^^^^ did you mean redis-store
`,
  fixed: `
services:
- type: redis-store
#       ^^^^^^^^^^ did you mean redis-store
`,
});

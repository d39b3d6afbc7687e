// An entity without anything to run. Found by core/resolve/resolve.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const notDeployable = rule({
  code: 'not-deployable',
  severity: 'error',
  title: 'Clocker has nothing to run for this',
  why: 'The blueprint may be right, but this entity cannot be deployed on Docker: its type is unknown, has no image, or needs a value that only a running entity has. Said when planning or deploying, not while typing.',
  example: `
services:
- type: basic-entity
#       ^^^^^^^^^^^^ nothing runs
`,
});

// An entity without anything to run. Found by core/resolve/resolve.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const notDeployable = rule({
  code: 'not-deployable',
  severity: 'error',
  title: 'Clocker has nothing to run for this',
  why: 'The blueprint may be right, but this entity cannot be deployed on Docker: its type is unknown, has neither an image nor commands that launch something, or it needs a value that nothing gives, or entities wait for each other in a circle. Said when planning or deploying, not while typing.',
  example: `
services:
- type: basic-entity
#       ^^^^^^^^^^^^ nothing runs
`,
});

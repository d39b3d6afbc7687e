// A function is called with too many, too few or the wrong arguments. Found by core/dsl/check.ts and core/dsl/checkArguments.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const wrongArguments = rule({
  code: 'wrong-arguments',
  severity: 'error',
  title: 'The arguments do not fit the function',
  why: 'Brooklyn looks for a function with just these arguments, finds none, and refuses the blueprint. A pattern that asks for more values than it gets only fails when the application starts; that is a warning.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    owner: $brooklyn:parent("web").config("owner")
#                           ^^^^^ called with 1 argument
`,
});

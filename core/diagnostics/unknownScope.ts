// `component(scope, id)` with a scope that is none. Found by core/dsl/checkArguments.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownScope = rule({
  code: 'unknown-scope',
  severity: 'error',
  title: 'There is no such scope',
  why: 'The first of two arguments of `component` says where to look: `child`, `sibling`, `descendant`, `ancestor`, `members` and so on. Brooklyn refuses any other word.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    peer: $brooklyn:component("siblng", "db")
#                             ^^^^^^^^ siblng is no scope
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.config:
    peer: $brooklyn:component("sibling", "db")
`,
});

// `affinity.rules`. Found by core/check/placement.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const invalidAffinityRule = rule({
  code: 'invalid-affinity-rule',
  severity: 'error',
  title: 'A rule that is no affinity rule',
  why: 'A rule is `[NOT] VERB [PARAMETER]` with one of the verbs TYPE, NAME, ID, APPLICATION, PREDICATE, EMPTY. Clocker refuses the placement of an entity whose rules it cannot read.',
  example: `
services:
- type: docker:nginx:1.25
  brooklyn.config:
    affinity.rules:
    - NOT TYP
#         ^^^ 
`,
  fixed: `
services:
- type: docker:nginx:1.25
  brooklyn.config:
    affinity.rules:
    - NOT TYPE
#         ^^^ 
`,
});

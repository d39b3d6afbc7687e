// An expression looks for an entity where it is not. Found by core/dsl/checkReferences.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const outOfScopeReference = rule({
  code: 'out-of-scope-reference',
  severity: 'error',
  title: 'The entity is not where it is looked for',
  why: '`child`, `sibling`, `descendant` and `ancestor` look in one direction only, and never find the entity itself. `entity("id")` looks in the whole application.',
  example: `
services:
- type: docker:redis:7
  id: cache
  brooklyn.config:
    own: $brooklyn:descendant("cache")
#                             ^^^^^^^ not below this entity
`,
});

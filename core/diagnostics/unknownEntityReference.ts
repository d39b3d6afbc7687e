// An expression names an entity that is not in the blueprint. Found by core/dsl/checkReferences.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownEntityReference = rule({
  code: 'unknown-entity-reference',
  severity: 'warning',
  title: 'No entity has this id',
  why: 'An entity is found by the `id` it has in the blueprint, not by its name or type. Brooklyn deploys such a blueprint and then fails when the value is needed. Where entities may still come at run time this is only information.',
  example: `
services:
- type: docker:postgres:16
  id: db
- type: docker:nginx
  brooklyn.config:
    host: $brooklyn:component("bd").attributeWhenReady("host.name")
#                             ^^^^ No entity has the id bd
`,
  fixed: `
services:
- type: docker:postgres:16
  id: db
- type: docker:nginx
  brooklyn.config:
    host: $brooklyn:component("db").attributeWhenReady("host.name")
`,
});

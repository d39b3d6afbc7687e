// An expression calls what does not exist. Found by core/dsl/check.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownFunction = rule({
  code: 'unknown-function',
  severity: 'error',
  title: 'There is no such function',
  why: 'Brooklyn refuses the blueprint. On a value that is not an entity it would look for a method of a Java object, which fails for nearly all; that is a warning.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    port: $brooklyn:confg("redis.port")
#                   ^^^^^ no function confg
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.config:
    port: $brooklyn:config("redis.port")
`,
});

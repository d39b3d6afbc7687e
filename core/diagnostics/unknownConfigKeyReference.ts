// An expression asks for a config key that the type does not have and nothing sets. Found by core/dsl/checkReferences.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownConfigKeyReference = rule({
  code: 'unknown-config-key-reference',
  severity: 'information',
  title: 'Nothing sets this config key',
  why: 'config gives nothing for a key that is not set, without an error: the text `null` then turns up in URLs and commands.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    redis.port: 6379
    url: $brooklyn:formatString("redis://%s", config("redis.prt"))
#                                                    ^^^^^^^^^^^ no config key redis.prt
`,
});

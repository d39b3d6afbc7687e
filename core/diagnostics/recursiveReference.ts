// A config key whose value is made of itself. Found by core/dsl/check.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const recursiveReference = rule({
  code: 'recursive-reference',
  severity: 'error',
  title: 'A config key refers to itself',
  why: 'The key would never get a value: Brooklyn fails when it is needed. The same key of the parent is another one, so `$brooklyn:parent().config("size")` as the value of `size` is fine.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    first: $brooklyn:config("second")
#          ^^^^^^^^^^^^^^^^^^^^^^^^^^ first refers to itself
    second: $brooklyn:config("first")
#           ^^^^^^^^^^^^^^^^^^^^^^^^^ second refers to itself
`,
});

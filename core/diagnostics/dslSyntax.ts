// A `$brooklyn:` text that is no expression. Found by core/dsl/parse.ts and core/dsl/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const dslSyntax = rule({
  code: 'dsl-syntax',
  severity: 'error',
  title: 'The expression cannot be read',
  why: 'A text that starts with `$brooklyn:` is an expression: functions with parentheses, joined by dots, with texts in double quotes. Brooklyn refuses the whole blueprint when one of them cannot be read.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    peer: $brooklyn:component(db.main)
#                               ^^^^^ write "db.main"
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.config:
    peer: $brooklyn:component("db.main")
`,
});

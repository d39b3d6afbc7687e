// A plain scalar that is no text though it looks like one. Found by core/check/surprises.ts and core/check/values.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const yamlSurprise = rule({
  code: 'yaml-surprise',
  severity: 'information',
  title: 'YAML 1.1 reads this otherwise than it looks',
  why: 'Brooklyn reads YAML 1.1: a number that starts with 0 is octal, `1.10` where a text is wanted becomes `1.1`, `1:30` is ninety (base 60), `2016-01-01` is a date. Quotes keep the text.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    mode: 010
#         ^^^ reads it as octal: 8
  env:
    RELEASE: 1.10
#            ^^^^ read as the number 1.1
`,
  fixed: `
services:
- type: docker:redis:7
  brooklyn.config:
    mode: "010"
  env:
    RELEASE: "1.10"
`,
});

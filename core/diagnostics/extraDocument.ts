// What follows `---`. Found by core/blueprint/yaml.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const extraDocument = rule({
  code: 'extra-document',
  severity: 'information',
  title: 'A second document in one file',
  why: 'Brooklyn reads only the first YAML document of a file. Whatever follows `---` is ignored without a word.',
  example: `
services:
- type: docker:redis:7
---
#^^ only the first document
services:
- type: docker:nginx:1.25
`,
});

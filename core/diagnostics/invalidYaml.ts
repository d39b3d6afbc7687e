// A text that is no YAML. Found by core/blueprint/yaml.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const invalidYaml = rule({
  code: 'invalid-yaml',
  severity: 'error',
  title: 'The text is not valid YAML',
  why: 'Brooklyn refuses the whole file, and nothing after the fault can be relied on. Most often a text with a colon needs quotes, or a line is indented by one space too many.',
  example: `
name: Shop: the second try
#     ^^^^^^^^^^^^^^^^^^^^ mapping values are not allowed here
services:
- type: docker:redis:7
`,
});

// A text that is too long, nested too deep, or an alias bomb. Found by core/blueprint/yaml.ts, so that reading takes bounded time and memory.

import { rule } from '#core/diagnostics/rule.ts';

export const tooLarge = rule({
  code: 'too-large',
  severity: 'error',
  title: 'The document is too large to be a blueprint',
  why: 'Brooklyn refuses YAML of more than three million characters, and aliases that multiply. Clocker also refuses absurd nesting, so that reading any file takes bounded time and memory. Split the blueprint, or move data into files that it refers to.',
  example: `
services:
- type: docker:redis:7
  brooklyn.config:
    a: ${'['.repeat(401)}
#${' '.repeat(406)}^ nesting is deeper than 400 levels
`,
});

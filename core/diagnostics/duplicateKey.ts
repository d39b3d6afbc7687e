// One map with two equal keys. Found by core/blueprint/read.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const duplicateKey = rule({
  code: 'duplicate-key',
  severity: 'warning',
  title: 'A key is written twice',
  why: 'YAML forbids it, Brooklyn does not: the last value wins and the others are lost without a word. Clocker 0.8 shipped `docker.tls.certificate` twice where the second should have been `docker.tls.key`.',
  example: `
services:
- type: docker:redis:7
  name: cache
  name: store
# ^^^^ name is already set above
`,
});

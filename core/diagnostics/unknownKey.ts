// A config key or flag that the type does not have. Found by core/check/keys.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const unknownKey = rule({
  code: 'unknown-key',
  severity: 'warning',
  title: 'A key that nothing reads',
  why: 'Brooklyn keeps config keys that the type does not declare, and nothing reads them. A name so near to one that is read is most often a slip.',
  example: `
services:
- type: docker:nginx:1.25
  opnePorts: [80]
# ^^^^^^^^^ did you mean openPorts?
`,
  fixed: `
services:
- type: docker:nginx:1.25
  openPorts: [80]
# ^^^^^^^^^ did you mean openPorts?
`,
});

// A value that cannot be coerced to the type of its parameter. Found by core/check/values.ts and core/resolve/container.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const wrongValue = rule({
  code: 'wrong-value',
  severity: 'error',
  title: 'A value does not fit its config key',
  why: 'Brooklyn turns every value into the type that the config key declares, and refuses the deployment where it cannot.',
  example: `
services:
- type: docker:nginx:1.25
  openPorts: [http]
#             ^^^^ not a port range
`,
});

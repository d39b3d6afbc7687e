// A deprecated name of a parameter. Found by core/check/keys.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const oldKeyName = rule({
  code: 'old-key-name',
  severity: 'information',
  title: 'An old name of a config key',
  why: 'The key was renamed in a later version of Brooklyn or Clocker. The old name is still understood.',
  example: `
services:
- type: docker:nginx:1.25
  brooklyn.config:
    docker.openPorts: [80]
#   ^^^^^^^^^^^^^^^^ is an old name of docker.container.openPorts
`,
  fixed: `
services:
- type: docker:nginx:1.25
  brooklyn.config:
    docker.container.openPorts: [80]
#   ^^^^^^^^^^^^^^^^ is an old name of docker.container.openPorts
`,
});

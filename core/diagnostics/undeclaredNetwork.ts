// `network.list` against the declared networks. Found by core/check/networks.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const undeclaredNetwork = rule({
  code: 'undeclared-network',
  severity: 'warning',
  title: 'A network that nobody declares',
  why: '`network.list` names networks by id, and an id that exists nowhere fails at the deployment. Clocker itself shipped fourteen examples that used a network `webapp` without declaring it.',
  example: `
services:
- type: virtual-network
  networkId: backend
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backnd]
#                  ^^^^^^ did you mean backend?
`,
  fixed: `
services:
- type: virtual-network
  networkId: backend
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
#                  ^^^^^^ did you mean backend?
`,
});

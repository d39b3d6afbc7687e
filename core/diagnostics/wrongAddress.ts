// `network.address`. Found by core/check/subnets.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const wrongAddress = rule({
  code: 'wrong-address',
  severity: 'error',
  title: 'An address that no container can have',
  why: 'An address that the blueprint wants must be in the block of its network, be nobody else\'s, and be none of those that are kept out: the ends of the block, its gateway, what `network.reserved` says, and the last quarter, from which engines serve whatever joins by itself.',
  example: `
services:
- type: virtual-network
  networkId: backend
  cidr: 10.1.0.0/24
  reserved: [10.1.0.2-10.1.0.9]
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.20 }
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.20 }
#                               ^^^^^^^^^ is the address of another entity on network backend
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.2.0.5 }
#                               ^^^^^^^^ is not in 10.1.0.0/24
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.3 }
#                               ^^^^^^^^ is kept out of network backend
`,
  fixed: `
services:
- type: virtual-network
  networkId: backend
  cidr: 10.1.0.0/24
  reserved: [10.1.0.2-10.1.0.9]
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.20 }
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.10 }
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.11 }
- type: docker:nginx:1.25
  brooklyn.config:
    network.list: [backend]
    network.address: { backend: 10.1.0.12 }
`,
});

// Blocks of addresses of declared networks. Found by core/check/subnets.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const overlappingSubnets = rule({
  code: 'overlapping-subnets',
  severity: 'error',
  title: 'Two networks with the same addresses',
  why: 'The blocks of two networks overlap, so that an address would be in both, and no host could tell where it leads. Blocks that hosts use are warned of, too, once VS Code has connected to them; whether a block is free where the network is to be, the plan looks before anything is made.',
  example: `
services:
- type: virtual-network
  networkId: backend
  cidr: 10.1.0.0/16
- type: virtual-network
  networkId: frontend
  cidr: 10.1.7.0/24
#       ^^^^^^^^^^^ overlaps 10.1.0.0/16, the block of network backend
`,
  fixed: `
services:
- type: virtual-network
  networkId: backend
  cidr: 10.1.0.0/16
- type: virtual-network
  networkId: frontend
  cidr: 10.200.0.0/24
`,
});

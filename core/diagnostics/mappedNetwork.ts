// Networks of Clocker 0.7 to 1.2. Found by core/check/mappedNetworks.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const mappedNetwork = rule({
  code: 'mapped-network',
  severity: 'information',
  title: 'Another provider does this network\'s job',
  why: 'Weave, Calico and IBM\'s SDN VE made networks across hosts when Docker had none. Today Docker\'s own do the same: an overlay across the hosts of a cloud, a bridge on a single host, a macvlan on a device of the hosts; addresses and names come from Clocker. Blueprints that name the old providers run as they are. What only those needed has no effect.',
  example: `
services:
- type: docker-infrastructure
  brooklyn.config:
    weave.enabled: true
#   ^^^^^^^^^^^^^ overlay
    sdn.provider.spec:
      $brooklyn:entitySpec:
        type: weave-network
#             ^^^^^^^^^^^^^ Weave Net is no longer published
        brooklyn.config:
          weave.port: 6783
#         ^^^^^^^^^^ no effect
`,
});

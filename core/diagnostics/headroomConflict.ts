// `docker.container.cluster.headroom.*`. Found by core/check/placement.ts.

import { rule } from '#core/diagnostics/rule.ts';

export const headroomConflict = rule({
  code: 'headroom-conflict',
  severity: 'error',
  title: 'Headroom that cannot be',
  why: 'Headroom is the room kept free for containers: a number of them, or a share of the room between 0 and 1, never both.',
  example: `
services:
- type: docker-infrastructure
  brooklyn.config:
    docker.container.cluster.headroom.count: 4
    docker.container.cluster.headroom.percent: 0.1
#   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ a count and as a share
`,
});

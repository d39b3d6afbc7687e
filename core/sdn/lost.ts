// Which nodes of the cloud's Swarm are those of hosts that a person has given up. Until they are struck off, the Swarm holds the
// addresses of what ran there, and nobody else gets them.

import type { Observed } from '#core/cluster/observed.ts';
import type { SwarmNode } from '#core/sdn/join.ts';

/** `nodes` as a manager sees them; `without` are the names of the hosts. A host that was never seen is one of those that nobody else is; where that is not certain, none is. */
export function lostNodes({ hosts }: Observed, nodes: readonly SwarmNode[], without: readonly string[]): readonly SwarmNode[] {
  const isLost = ({ host }: { readonly host: string }): boolean => without.includes(host);
  const own = new Set(hosts.filter(isLost).flatMap(({ swarm }) => swarm?.nodeId ?? []));
  const others = new Set(hosts.filter((host) => !isLost(host)).flatMap(({ swarm }) => swarm?.nodeId ?? []));
  const isUnseen = hosts.some((host) => isLost(host) && host.swarm === undefined);
  const isCertain = hosts.every((host) => isLost(host) || host.swarm !== undefined || host.state.kind === 'up');
  return nodes.filter(({ nodeId, isReady }) => own.has(nodeId) || (isUnseen && isCertain && !isReady && !others.has(nodeId)));
}

// Which nodes of the cloud's Swarm are those of hosts that a person has given up. Until they are struck off, the Swarm holds the
// addresses of what ran there, and nobody else gets them.

import type { Observed } from '#core/cluster/observed.ts';
import type { SwarmNode } from '#core/sdn/join.ts';

/** `nodes` as a manager sees them; `without` are the names of the hosts. A host that was never seen is one of those that nobody else is; where that is not certain, none is. */
export function lostNodes(observed: Observed, nodes: readonly SwarmNode[], without: readonly string[]): readonly SwarmNode[] {
  return candidates(observed, nodes, without).filter(({ isCertain, node }) => isCertain || !node.isReady).map(({ node }) => node);
}

/** True while the Swarm may not have noticed yet that one of them is gone: a host that was never seen is known by its silence alone. */
export function mayLoseMore(observed: Observed, nodes: readonly SwarmNode[], without: readonly string[]): boolean {
  const lost = observed.hosts.filter(({ host }) => without.includes(host));
  const found = candidates(observed, nodes, without);
  return found.length > 0 && lostNodes(observed, nodes, without).length < Math.min(lost.length, found.length);
}

interface Candidate {
  readonly node: SwarmNode;
  /** It was seen to be the host's; any other is only nobody else's. */
  readonly isCertain: boolean;
}

function candidates({ hosts }: Observed, nodes: readonly SwarmNode[], without: readonly string[]): readonly Candidate[] {
  const isLost = ({ host }: { readonly host: string }): boolean => without.includes(host);
  const own = new Set(hosts.filter(isLost).flatMap(({ swarm }) => swarm?.nodeId ?? []));
  const others = new Set(hosts.filter((host) => !isLost(host)).flatMap(({ swarm }) => swarm?.nodeId ?? []));
  const isUnseen = hosts.some((host) => isLost(host) && host.swarm === undefined);
  const areOthersKnown = hosts.every((host) => isLost(host) || host.swarm !== undefined || host.state.kind === 'up');
  return nodes.flatMap((node): readonly Candidate[] => {
    if (own.has(node.nodeId)) return [{ node, isCertain: true }];
    return isUnseen && areOthersKnown && !others.has(node.nodeId) ? [{ node, isCertain: false }] : [];
  });
}

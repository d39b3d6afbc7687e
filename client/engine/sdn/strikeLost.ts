// Strikes the nodes of hosts that were given up off the cloud's Swarm, so that what ran there can have its addresses elsewhere.

import type { Observed } from '#core/cluster/observed.ts';
import { lostNodes, mayLoseMore } from '#core/sdn/lost.ts';
import type { SdnPort } from './sdnPort.ts';

/** A Swarm takes about 15 seconds to notice that a node is silent. */
const noticed = { withinMs: 30_000, pauseMs: 1000 };

/** Nothing is done to a Swarm that Clocker did not make. Throws an Error with a sentence. */
export async function strikeLost(observed: Observed, without: readonly string[], portOf: (host: string) => { readonly sdn: SdnPort } | undefined, signal?: AbortSignal): Promise<void> {
  if (without.length === 0) return;
  const isWanted = (): boolean => signal?.aborted !== true;
  const managers = observed.hosts.filter(({ host, state, swarm }) => state.kind === 'up' && !without.includes(host) && swarm?.isManager === true && swarm.cloud !== undefined);
  for (const cloud of new Set(managers.flatMap(({ swarm }) => swarm?.cloud ?? []))) {
    const manager = managers.find(({ swarm }) => swarm?.cloud === cloud);
    const sdn = manager === undefined ? undefined : portOf(manager.host)?.sdn;
    if (sdn === undefined) continue;
    let nodes = await sdn.nodes();
    for (let waitedMs = 0; mayLoseMore(observed, nodes, without) && waitedMs < noticed.withinMs && isWanted(); waitedMs += noticed.pauseMs) {
      await new Promise((resolve) => setTimeout(resolve, noticed.pauseMs));
      nodes = await sdn.nodes();
    }
    for (const { nodeId } of lostNodes(observed, nodes, without)) await sdn.strikeNode(nodeId);
  }
}

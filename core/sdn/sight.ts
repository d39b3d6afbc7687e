// Networks as they are on the hosts, for sensors: each with its addresses and with who is on it. Worked out when somebody asks.

import type { Driver } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { Subnet } from '#core/sdn/subnet.ts';

export interface NetworkSight {
  /** The id by which containers join it; the application's for its own network. */
  readonly id: string;
  readonly isOwn: boolean;
  /** Its name on the engines. */
  readonly networkName: string;
  readonly driver: Driver;
  /** On the first host that has it; absent where the engine chose. */
  readonly subnet?: Subnet;
  /** Ours that are on it, whether or not they run: `web.shop`. */
  readonly members: readonly { readonly name: string; readonly address?: string }[];
}

/** Gives the networks; looks at most once. */
export function sightsOf(observed: Observed): () => readonly NetworkSight[] {
  let found: readonly NetworkSight[] | undefined;
  return () => (found ??= look(observed));
}

function look({ hosts }: Observed): readonly NetworkSight[] {
  const seen = new Map<string, NetworkSight>();
  for (const { networkName, networkId, application, driver, subnet } of hosts.flatMap(({ networks = [] }) => networks)) {
    if (!seen.has(networkName)) seen.set(networkName, { id: networkId ?? application, isOwn: networkId === undefined, networkName, driver, ...(subnet && { subnet }), members: membersOf(networkName, hosts) });
  }
  return [...seen.values()];
}

function membersOf(networkName: string, hosts: Observed['hosts']): NetworkSight['members'] {
  const on = hosts.flatMap(({ containers }) => containers).flatMap(({ owner, networks = [], addresses }) => {
    const address = addresses[networkName] ?? owner?.addresses?.[networkName];
    return owner !== undefined && networks.includes(networkName) ? [{ name: `${owner.entity}.${owner.application}`, ...(address !== undefined && { address }) }] : [];
  });
  return on.toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

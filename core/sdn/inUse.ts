// The blocks of addresses that hosts use, as an editor tells them to whoever checks blueprints: so that a network that would overlap
// one of them is marked while it is typed. The plan looks once more, at the hosts where the network is made, and refuses it there.

import type { Observed } from '#core/cluster/observed.ts';

export interface BlockInUse {
  /** `10.1.0.0/16`. */
  readonly block: string;
  /** Whose it is, as a clause behind the block: "which another network of host box has". */
  readonly what: string;
  /** The id by which it is joined, of a network of ours that has one. */
  readonly network?: string;
}

/** By which an editor tells them, whenever they have changed; as `BlocksParams`. */
export const blocksNotification = 'clocker/blocksInUse';

export interface BlocksParams {
  readonly blocks: readonly BlockInUse[];
}

/** Each once, in an order that stays the same while nothing changes. */
export function blocksInUse({ hosts }: Observed): readonly BlockInUse[] {
  const all = hosts.flatMap(({ host, networks = [], takenBlocks = [], routes = [], swarm }): BlockInUse[] => [
    ...networks.flatMap(({ networkName, networkId, subnet }) => (subnet ? [{ block: subnet.cidr, what: `the subnet of network ${networkName} on ${host}`, ...(networkId !== undefined && { network: networkId }) }] : [])),
    ...takenBlocks.map((block) => ({ block, what: `which another network of host ${host} has` })),
    ...[...routes, ...(swarm ? [`${swarm.address}/24`] : [])].map((block) => ({ block, what: `to which host ${host} has a route` })),
  ]);
  return [...new Map(all.toReversed().map((one) => [`${one.block} ${one.network ?? ''}`, one])).values()].toSorted((a, b) => (`${a.block} ${a.what}` < `${b.block} ${b.what}` ? -1 : 1));
}

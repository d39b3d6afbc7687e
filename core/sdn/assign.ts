// Which subnet each network gets and which address each container: what they had, what the blueprint says, or the next free.
// Everything is found again from the labels of networks and containers, wherever these are and whether or not they run.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Attachment } from '#core/cluster/network.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Refusal } from '#core/plan/plan.ts';
import { includes, overlap, printAddress, printBlock, readAddress, readBlock, type Block } from '#core/sdn/address.ts';
import { AddressSpace, longestPrefix, nextSubnet, subnetOf, usualPool, type Pool, type Subnet } from '#core/sdn/subnet.ts';
import { spans } from '#core/sdn/swarm.ts';

export interface Assigned {
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
}

/** Addresses that must not be given, though nobody is seen to have them: by network. */
export type Shunned = ReadonlyMap<string, ReadonlySet<string>>;

export function assign(containers: readonly DesiredContainer[], observed: Observed, shunned: Shunned = new Map()): Assigned {
  const assigning = new Assigning(observed, shunned);
  const refusals: Refusal[] = [];
  const subnets = new Map<Attachment, Subnet | undefined>();
  for (const container of containers) {
    for (const attachment of container.networks) {
      const subnet = assigning.subnetFor(container, attachment);
      if (typeof subnet === 'string') refusals.push({ entity: container.entity, reason: subnet });
      else subnets.set(attachment, subnet);
    }
  }
  const given = new Map<Attachment, Given>();
  const places = containers.flatMap((container) => container.networks.map((attachment) => ({ container, attachment, subnet: subnets.get(attachment) })));
  const take = ({ container, attachment, subnet }: (typeof places)[number], wish: string | undefined): void => {
    if (subnet === undefined) return;
    const outcome = wish === undefined ? assigning.next(attachment, subnet) : assigning.ask(container, attachment, subnet, wish);
    if (typeof outcome === 'string') refusals.push({ entity: container.entity, reason: outcome });
    else given.set(attachment, outcome);
  };
  const wishes = places.map(({ container, attachment, subnet }) => subnet && assigning.wish(container, attachment, subnet));
  // What is asked for comes before what is chosen.
  for (const [index, place] of places.entries()) if (wishes[index] !== undefined) take(place, wishes[index]);
  for (const [index, place] of places.entries()) if (wishes[index] === undefined) take(place, undefined);
  return {
    refusals,
    containers: containers.map((container) => ({
      ...container,
      networks: container.networks.map((attachment) => {
        const subnet = subnets.get(attachment);
        return { ...attachment, ...(subnet && { subnet }), ...given.get(attachment) };
      }),
    })),
  };
}

interface Given {
  readonly address: string;
  readonly isNewAddress?: boolean;
}

/** One assignment under way. */
class Assigning {
  readonly #observed: Observed;
  readonly #shunned: Shunned;
  readonly #spans: readonly (readonly string[])[];
  /** By where a network is and its name: what it is, or what it will be. */
  readonly #subnets = new Map<string, Subnet | undefined>();
  /** By network's name and block: bridges of one name on several hosts share their addresses, so that a container can move. */
  readonly #spaces = new Map<string, AddressSpace>();
  readonly #chosen: Block[] = [];
  /** The addresses that containers have, also those that do not run or are on a host that is down. */
  readonly #own: ReadonlyMap<string, string>;

  constructor(observed: Observed, shunned: Shunned) {
    this.#observed = observed;
    this.#shunned = shunned;
    this.#spans = spans(observed.hosts);
    this.#own = new Map(
      // What is there counts before what was lost.
      [...(observed.lost ?? []), ...observed.hosts].flatMap(({ containers }) =>
        containers.flatMap(({ owner }) => (owner === undefined ? [] : Object.entries(owner.addresses ?? {}).map(([networkName, address]) => [keyOf(owner, networkName), address] as const)))),
    );
  }

  /** Undefined for a network that was made without a subnet of ours; a sentence where there is none to be had. */
  subnetFor({ host }: DesiredContainer, { networkName, driver }: Attachment): Subnet | undefined | string {
    const hosts = driver === 'overlay' ? (this.#spans.find((names) => names.includes(host)) ?? [host]) : [host];
    const key = `${hosts[0] ?? host} ${networkName}`;
    if (this.#subnets.has(key)) return this.#subnets.get(key);
    const existing = this.#observed.hosts.filter((one) => hosts.includes(one.host)).flatMap(({ networks = [] }) => networks).find((network) => network.networkName === networkName);
    const subnet = existing ? existing.subnet : this.#newSubnet(networkName, driver, hosts);
    if (typeof subnet !== 'string') this.#subnets.set(key, subnet);
    return subnet;
  }

  /** The address that the blueprint says, or that the container has had. */
  wish(container: DesiredContainer, attachment: Attachment, subnet: Subnet): string | undefined {
    const fixed = fixedFor(container, attachment);
    const own = this.#own.get(keyOf(container, attachment.networkName));
    return fixed ?? (own !== undefined && isIn(own, subnet) ? own : undefined);
  }

  /** A sentence where it is not to be had. */
  ask(container: DesiredContainer, attachment: Attachment, subnet: Subnet, wish: string): Given | string {
    // Its own was put aside for it.
    if (wish === this.#own.get(keyOf(container, attachment.networkName))) return { address: wish };
    const space = this.#spaceOf(attachment.networkName, subnet);
    const address = readAddress(wish);
    if (address === undefined) return `network.address: "${wish}" is no address; write one like ${printAddress(space.block.base + 2)}`;
    return space.take(address) ? { address: wish } : this.#whyNot(wish, attachment.networkName, subnet);
  }

  /** A sentence where none is left. */
  next({ networkName }: Attachment, subnet: Subnet): Given | string {
    const address = this.#spaceOf(networkName, subnet).allocate();
    if (address !== undefined) return { address: printAddress(address), isNewAddress: true };
    return `no address is left in ${subnet.cidr}, the subnet of network ${networkName}; give the cloud larger subnets (sdn.network.size)`;
  }

  #whyNot(wish: string, networkName: string, subnet: Subnet): string {
    if (!isIn(wish, subnet)) return `network.address: ${wish} is not in ${subnet.cidr}, the subnet of network ${networkName}`;
    if (isIn(wish, { cidr: subnet.range })) return `network.address: ${wish} is in ${subnet.range}, which is kept for what joins network ${networkName} by itself; choose another`;
    const holder = this.#observed.hosts.flatMap(({ containers }) => containers).find(({ owner, addresses }) => owner?.addresses?.[networkName] === wish || addresses[networkName] === wish);
    return `network.address: ${wish} is ${holder ? `the address of ${holder.containerName}` : `kept for something else in network ${networkName}`}; choose another`;
  }

  #spaceOf(networkName: string, subnet: Subnet): AddressSpace {
    const key = `${networkName} ${subnet.cidr}`;
    const known = this.#spaces.get(key);
    if (known) return known;
    const taken = [...this.#observed.hosts, ...(this.#observed.lost ?? [])].flatMap(({ containers }) => containers).flatMap(({ owner, addresses }) => [owner?.addresses?.[networkName], addresses[networkName]]);
    const space = new AddressSpace(subnet, [...taken, ...(this.#shunned.get(networkName) ?? [])].flatMap((text) => (text === undefined ? [] : (readAddress(text) ?? []))));
    this.#spaces.set(key, space);
    return space;
  }

  /** A bridge gets the block that the same network has on other hosts, if it is free here. */
  #newSubnet(networkName: string, driver: Attachment['driver'], hosts: readonly string[]): Subnet | string {
    const near = this.#observed.hosts.filter(({ host }) => hosts.includes(host));
    const elsewhere = driver === 'bridge' ? this.#elsewhere(networkName) : undefined;
    if (elsewhere && !near.flatMap(blocksOf).some((block) => overlap(block, readBlock(elsewhere.cidr) ?? block))) return elsewhere;
    return this.freeSubnet(near);
  }

  /** The next of the pool of the hosts' cloud; a sentence where there is none. */
  freeSubnet(near: readonly ObservedHost[]): Subnet | string {
    const pool = this.#poolOf(near);
    if (typeof pool === 'string') return pool;
    const block = nextSubnet(pool, [...this.#observed.hosts.flatMap(blocksOf), ...this.#chosen]);
    if (block === undefined) return `no subnet of ${pool.prefix} bits is left in ${printBlock(pool.block)}; give the cloud a larger pool (sdn.network.cidr), or delete applications that are not used`;
    this.#chosen.push(block);
    return subnetOf(block);
  }

  #elsewhere(networkName: string): Subnet | undefined {
    for (const [key, subnet] of this.#subnets) if (subnet && key.endsWith(` ${networkName}`)) return subnet;
    return this.#observed.hosts.flatMap(({ networks = [] }) => networks).find((network) => network.networkName === networkName && network.driver === 'bridge' && network.subnet)?.subnet;
  }

  /** What the cloud of the hosts says; a sentence where that makes no sense. */
  #poolOf([first]: readonly ObservedHost[]): Pool | string {
    const cloud = first?.cloud === undefined ? undefined : this.#observed.clouds?.find(({ name }) => name === first.cloud);
    return poolFrom(cloud?.sdn ?? {});
  }
}

/** The subnet that a network on the host would get now; a sentence where there is none. */
export function nextSubnetFor(observed: Observed, host: string): Subnet | string {
  return new Assigning(observed, new Map()).freeSubnet(observed.hosts.filter((one) => one.host === host));
}

/** The same place in another subnet of the network. Without an address where there is no such place. */
export function rebase(attachment: Attachment, subnet: Subnet): Attachment {
  const { address: own, subnet: before, ...rest } = attachment;
  if (own === undefined || before?.cidr === subnet.cidr) return attachment;
  const [from, to, address] = [readBlock(before?.cidr ?? ''), readBlock(subnet.cidr), readAddress(own)];
  if (from === undefined || to === undefined || address === undefined || attachment.isNewAddress !== true) return { ...rest, subnet };
  const moved = to.base + address - from.base;
  return new AddressSpace(subnet).isFree(moved) ? { ...rest, subnet, address: printAddress(moved) } : { ...rest, subnet };
}

/** A sentence where the keys make no sense. */
export function poolFrom(keys: Readonly<Record<string, string>>): Pool | string {
  const { 'sdn.network.cidr': cidr, 'sdn.network.size': size } = keys;
  const block = cidr === undefined ? usualPool.block : readBlock(cidr);
  if (block === undefined) return `sdn.network.cidr: "${cidr ?? ''}" is no block of addresses; write one like 10.200.0.0/13`;
  const prefix = size === undefined ? Math.max(usualPool.prefix, block.prefix) : Number(size);
  if (!Number.isInteger(prefix) || prefix > longestPrefix || prefix < 8) return `sdn.network.size: "${size ?? prefix}" is no size of a subnet; it is the length of its prefix, from 8 to ${longestPrefix}`;
  if (prefix < block.prefix) return `sdn.network.size: subnets of ${prefix} bits do not fit into ${cidr ?? ''}`;
  return { block, prefix };
}

/** Everything that a new network on the host must keep off. */
function blocksOf({ networks = [], takenBlocks = [], swarm }: ObservedHost): Block[] {
  const texts = [...networks.flatMap(({ subnet }) => subnet?.cidr ?? []), ...takenBlocks, ...(swarm === undefined ? [] : [`${swarm.address}/24`])];
  return texts.flatMap((text) => readBlock(text) ?? []);
}

function keyOf({ application, entity }: { readonly application: string; readonly entity: string }, networkName: string): string {
  return `${application} ${entity} ${networkName}`;
}

/** The blueprint's address is one on the application's own network. */
function fixedFor({ networks, spec }: DesiredContainer, attachment: Attachment): string | undefined {
  return networks[0] === attachment ? spec.address : undefined;
}

function isIn(text: string, { cidr }: Pick<Subnet, 'cidr'>): boolean {
  const [address, block] = [readAddress(text), readBlock(cidr)];
  return address !== undefined && block !== undefined && includes(block, address);
}

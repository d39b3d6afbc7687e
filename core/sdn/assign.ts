// Which subnet each network gets and which address each container: what they had, what the blueprint says, or the next free.
// Everything is found again from the labels of networks and containers, wherever these are and whether or not they run.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { isAcrossHosts, type Attachment, type NetworkSettings } from '#core/cluster/network.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { lastAddresses } from '#core/record/assignments.ts';
import { readBlock6 } from '#core/sdn/address6.ts';
import type { PlacedNetwork } from '#core/sdn/declared.ts';
import { includes, overlap, printAddress, printBlock, readAddress, readBlock, type Block } from '#core/sdn/address.ts';
import { AddressSpace, longestPrefix, nextSubnet, otherPools, subnetOf, usualPool, type Pool, type Subnet } from '#core/sdn/subnet.ts';
import { spans } from '#core/sdn/swarm.ts';

export interface Assigned {
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
  readonly networks: readonly AssignedNetwork[];
}

export interface AssignedNetwork extends PlacedNetwork {
  readonly subnet?: Subnet;
}

/** Addresses that must not be given, though nobody is seen to have them: by network. */
export type Shunned = ReadonlyMap<string, ReadonlySet<string>>;

export function assign(containers: readonly DesiredContainer[], observed: Observed, { shunned = new Map(), networks = [] }: { readonly shunned?: Shunned; readonly networks?: readonly PlacedNetwork[] } = {}): Assigned {
  const assigning = new Assigning(observed, shunned);
  const refusals: Refusal[] = [];
  const subnets = new Map<Attachment, Subnet | undefined>();
  // What a blueprint gives comes before what is chosen.
  const declared = networks.toSorted((a, b) => Number(a.settings?.cidr === undefined) - Number(b.settings?.cidr === undefined)).flatMap((network): readonly AssignedNetwork[] => {
    const subnet = assigning.subnetFor(network, network);
    if (typeof subnet !== 'string') return [{ ...network, ...(subnet && { subnet }) }];
    refusals.push({ entity: network.entity, reason: subnet });
    return [];
  });
  for (const container of containers) {
    for (const attachment of container.networks) {
      const subnet = assigning.subnetFor(container, attachment);
      if (typeof subnet !== 'string') subnets.set(attachment, subnet);
      // Said once, of the entity that declares it.
      else if (!networks.some(({ networkName }) => networkName === attachment.networkName)) refusals.push({ entity: container.entity, reason: subnet });
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
    networks: declared,
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
  readonly #chosen: Chosen[] = [];
  /** The addresses that containers have, also those that do not run or are on a host that is down. */
  readonly #own: ReadonlyMap<string, string>;

  constructor(observed: Observed, shunned: Shunned) {
    this.#observed = observed;
    this.#shunned = shunned;
    this.#spans = spans(observed.hosts);
    this.#own = new Map([
      ...recorded(observed),
      // What is there counts before what was lost.
      ...[...(observed.lost ?? []), ...observed.hosts].flatMap(({ containers }) =>
        containers.flatMap(({ owner }) => (owner === undefined ? [] : Object.entries(owner.addresses ?? {}).map(([networkName, address]) => [keyOf(owner, networkName), address] as const)))),
    ]);
  }

  /** Undefined for a network that was made without a subnet of ours; a sentence where there is none to be had. */
  subnetFor({ host }: { readonly host: string }, { networkName, driver, settings = {}, networkId }: Pick<Attachment, 'networkName' | 'driver' | 'settings' | 'networkId'>): Subnet | undefined | string {
    const hosts = driver === 'overlay' ? (this.#spans.find((names) => names.includes(host)) ?? [host]) : [host];
    const key = `${hosts[0] ?? host} ${networkName}`;
    if (this.#subnets.has(key)) return this.#subnets.get(key);
    const existing = this.#observed.hosts.filter((one) => hosts.includes(one.host)).flatMap(({ networks = [] }) => networks).find((network) => network.networkName === networkName);
    const subnet = existing ? existing.subnet : this.#newSubnet({ networkName, driver, id: networkId ?? networkName, settings }, hosts);
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
    if (wish === this.#own.get(keyOf(container, attachment.networkName))) return this.#squatted(container, attachment, wish) ?? { address: wish };
    const space = this.#spaceOf(attachment.networkName, subnet);
    const address = readAddress(wish);
    if (address === undefined) return `network.address: "${wish}" is no address; write one like ${printAddress(space.block.base + 2)}`;
    return space.take(address) ? { address: wish } : this.#whyNot(wish, attachment, subnet);
  }

  /** A sentence where a stranger has taken the container's own address while that was not there. */
  #squatted({ entity, host }: DesiredContainer, { networkName, networkId, driver }: Attachment, own: string): string | undefined {
    const near = this.#observed.hosts.filter((one) => isAcrossHosts(driver) || one.host === host);
    const stranger = near.flatMap(({ containers }) => containers).find(({ owner, addresses }) => owner === undefined && addresses[networkName] === own);
    return stranger && `${own}, the address of ${entity}, is taken by container ${stranger.containerName}, which Clocker did not make; disconnect that from network ${networkId ?? networkName}`;
  }

  /** A sentence where none is left. */
  next({ networkName, networkId }: Attachment, subnet: Subnet): Given | string {
    const called = networkId ?? networkName;
    const address = this.#spaceOf(networkName, subnet).allocate();
    if (address !== undefined) return { address: printAddress(address), isNewAddress: true };
    if (subnet.reserved !== undefined) return `no address is left in ${subnet.cidr}, the subnet of network ${called}; keep fewer of them out (network.reserved), or give it a larger one (network.cidr)`;
    return `no address is left in ${subnet.cidr}, the subnet of network ${called}; give the cloud larger subnets (sdn.network.size)`;
  }

  #whyNot(wish: string, { networkName, networkId }: Attachment, subnet: Subnet): string {
    const called = networkId ?? networkName;
    if (!isIn(wish, subnet)) return `network.address: ${wish} is not in ${subnet.cidr}, the subnet of network ${called}`;
    if (isIn(wish, { cidr: subnet.range })) return `network.address: ${wish} is in ${subnet.range}, which is kept for what joins network ${called} by itself; choose another`;
    const address = readAddress(wish);
    if (address !== undefined && this.#spaceOf(networkName, subnet).isReserved(address)) return `network.address: ${wish} is kept out of network ${called} (network.reserved); choose another`;
    const holder = this.#observed.hosts.flatMap(({ containers }) => containers).find(({ owner, addresses }) => owner?.addresses?.[networkName] === wish || addresses[networkName] === wish);
    return `network.address: ${wish} is ${holder ? `the address of ${holder.containerName}` : `kept for something else in network ${called}`}; choose another`;
  }

  #spaceOf(networkName: string, subnet: Subnet): AddressSpace {
    const key = `${networkName} ${subnet.cidr}`;
    const known = this.#spaces.get(key);
    if (known) return known;
    const held = [...this.#own].flatMap(([owner, address]) => (owner.endsWith(` ${networkName}`) ? [address] : []));
    const taken = [...held, ...[...this.#observed.hosts, ...(this.#observed.lost ?? [])].flatMap(({ containers }) => containers).flatMap(({ owner, addresses }) => [owner?.addresses?.[networkName], addresses[networkName]])];
    const space = new AddressSpace(subnet, [...taken, ...(this.#shunned.get(networkName) ?? [])].flatMap((text) => (text === undefined ? [] : (readAddress(text) ?? []))));
    this.#spaces.set(key, space);
    return space;
  }

  #newSubnet(network: New, hosts: readonly string[]): Subnet | string {
    const { id, networkName, driver, settings } = network;
    const near = this.#observed.hosts.filter(({ host }) => hosts.includes(host));
    const { ipv6 } = settings;
    if (ipv6 !== undefined && readBlock6(ipv6) === undefined) return `network ${id}: "${ipv6}" is no block of IPv6 addresses; write one like fd00:1::/64`;
    if (ipv6 !== undefined && driver === 'overlay') return `network ${id}: Docker's networks across hosts have no IPv6; leave network.ipv6 out, or make it a bridge (network.driver)`;
    if (settings.cidr !== undefined) return this.#givenSubnet(network, settings.cidr, near);
    // A bridge gets the block that the same network has on other hosts, if it is free here.
    const elsewhere = driver === 'overlay' ? undefined : this.#elsewhere(networkName);
    if (elsewhere && !near.flatMap(blocksOf).some((block) => overlap(block, readBlock(elsewhere.cidr) ?? block))) return elsewhere;
    const subnet = this.freeSubnet(near, { networkName, size: settings.size });
    return typeof subnet === 'string' || ipv6 === undefined ? subnet : { ...subnet, ipv6 };
  }

  #givenSubnet({ id, networkName, driver, settings }: New, cidr: string, near: readonly ObservedHost[]): Subnet | string {
    const block = readBlock(cidr);
    if (block === undefined || block.prefix > longestPrefix || block.prefix < 8) return `network ${id}: "${cidr}" is no block of addresses for a network; write one like 10.1.0.0/24, with a prefix of 8 to ${longestPrefix}`;
    const gateway = settings.gateway === undefined ? undefined : readAddress(settings.gateway);
    if (settings.gateway !== undefined && (gateway === undefined || !includes(block, gateway))) return `network ${id}: the gateway ${settings.gateway} is not in ${printBlock(block)}`;
    const inWay = this.#inWay(networkName, block, near, driver === 'macvlan');
    if (inWay !== undefined) {
      const free = this.freeSubnet(near, { isTried: true });
      return `network ${id}: ${printBlock(block)} overlaps ${inWay}${typeof free === 'string' ? '' : `; the next free subnet is ${free.cidr}`}`;
    }
    this.#chosen.push({ networkName, block });
    const { reserved = [], ipv6 } = settings;
    return { ...subnetOf(block, gateway), ...(reserved.length > 0 && { reserved }), ...(ipv6 !== undefined && { ipv6 }) };
  }

  /** What a subnet that somebody gives overlaps, for people. On a macvlan, it is what a device of the host leads to anyway. */
  #inWay(networkName: string, block: Block, near: readonly ObservedHost[], isOutside: boolean): string | undefined {
    const meets = (text: string): boolean => overlap(block, readBlock(text) ?? { base: 0, prefix: 32 });
    const chosen = this.#chosen.find((other) => other.networkName !== networkName && overlap(other.block, block));
    if (chosen) return `${printBlock(chosen.block)}, the subnet of network ${chosen.networkName}`;
    for (const { host, networks = [] } of this.#observed.hosts) {
      const other = networks.find((one) => one.networkName !== networkName && one.subnet && meets(one.subnet.cidr));
      if (other?.subnet) return `${other.subnet.cidr}, the subnet of network ${other.networkName} on ${host}`;
    }
    for (const { host, takenBlocks = [], routes = [], swarm } of near) {
      const taken = takenBlocks.find(meets);
      if (taken !== undefined) return `${taken}, which another network of host ${host} has`;
      const route = isOutside ? undefined : [...routes, ...(swarm === undefined ? [] : [`${swarm.address}/24`])].find(meets);
      if (route !== undefined) return `${route}, to which host ${host} has a route`;
    }
    return undefined;
  }

  /** The next of the pool of the hosts' cloud; a sentence where there is none. */
  freeSubnet(near: readonly ObservedHost[], { networkName = '', size, isTried = false }: { readonly networkName?: string; readonly size?: number | undefined; readonly isTried?: boolean } = {}): Subnet | string {
    const pools = this.#poolsOf(near, size);
    if (typeof pools === 'string') return pools;
    const taken = [...this.#observed.hosts.flatMap(blocksOf), ...this.#chosen.map(({ block }) => block)];
    for (const pool of pools) {
      const block = nextSubnet(pool, taken);
      if (block === undefined) continue;
      if (!isTried) this.#chosen.push({ networkName, block });
      return subnetOf(block);
    }
    const [pool = usualPool] = pools;
    return `no subnet of ${pool.prefix} bits is left in ${printBlock(pool.block)}; give the cloud a larger pool (sdn.network.cidr), or delete applications that are not used`;
  }

  #elsewhere(networkName: string): Subnet | undefined {
    for (const [key, subnet] of this.#subnets) if (subnet && key.endsWith(` ${networkName}`)) return subnet;
    return this.#observed.hosts.flatMap(({ networks = [] }) => networks).find((network) => network.networkName === networkName && network.driver !== 'overlay' && network.subnet)?.subnet;
  }

  /** What the cloud of the hosts says; a sentence where that makes no sense. */
  #poolsOf([first]: readonly ObservedHost[], size: number | undefined): readonly Pool[] | string {
    const cloud = first?.cloud === undefined ? undefined : this.#observed.clouds?.find(({ name }) => name === first.cloud);
    const sdn = cloud?.sdn ?? {};
    const pool = poolFrom(size === undefined ? sdn : { ...sdn, 'sdn.network.size': String(size) });
    if (typeof pool === 'string') return pool;
    return sdn['sdn.network.cidr'] === undefined ? [pool, ...otherPools.map(({ block }) => ({ block, prefix: Math.max(pool.prefix, block.prefix) }))] : [pool];
  }
}

interface New {
  readonly networkName: string;
  readonly driver: Attachment['driver'];
  /** As people know it. */
  readonly id: string;
  readonly settings: NetworkSettings;
}

interface Chosen {
  readonly networkName: string;
  readonly block: Block;
}

/** What the last deployments remember of addresses, also of containers that are not seen. */
function recorded(observed: Observed): readonly (readonly [string, string])[] {
  const applications = new Set(observed.hosts.flatMap(({ records = [] }) => records.map(({ application }) => application)));
  return [...applications].flatMap((application) =>
    Object.entries(lastAddresses(observed, application)).flatMap(([entity, addresses]) => Object.entries(addresses).map(([networkName, address]) => [keyOf({ application, entity }, networkName), address] as const)));
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
function blocksOf({ networks = [], takenBlocks = [], routes = [], swarm }: ObservedHost): Block[] {
  const texts = [...networks.flatMap(({ subnet }) => subnet?.cidr ?? []), ...takenBlocks, ...routes, ...(swarm === undefined ? [] : [`${swarm.address}/24`])];
  return texts.flatMap((text) => readBlock(text) ?? []);
}

function keyOf({ application, entity }: { readonly application: string; readonly entity: string }, networkName: string): string {
  return `${application} ${entity} ${networkName}`;
}

/** The blueprint's address is one on the application's own network, unless it says otherwise. */
function fixedFor({ spec }: DesiredContainer, { networkId, wish }: Attachment): string | undefined {
  return networkId === undefined ? (wish ?? spec.address) : wish;
}

function isIn(text: string, { cidr }: Pick<Subnet, 'cidr'>): boolean {
  const [address, block] = [readAddress(text), readBlock(cidr)];
  return address !== undefined && block !== undefined && includes(block, address);
}

// The hosts in the order in which one want takes them, kept up to date as containers come: the best is found without looking at
// the others. Says the same as core/placement/rank.ts, only faster.

import type { Chain } from '#core/placement/chain.ts';
import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import { compareOrders, isOwn, shuffleOf, tieRank } from '#core/placement/rank.ts';
import type { Request, Want } from '#core/placement/request.ts';
import type { Order } from '#core/placement/rule.ts';
import { WinnerTree } from '#core/placement/winnerTree.ts';

/** Hosts that have the keys of their part in common. */
interface Part {
  readonly hosts: readonly HostLoad[];
  readonly tree: WinnerTree;
  /** For each order that tells hosts of a part from each other, the key of each host. */
  readonly keys: readonly { readonly order: Order; readonly of: Float64Array }[];
}

export class HostIndex {
  readonly #chain: Chain;
  readonly #load: CloudLoad;
  readonly #parts: readonly Part[];
  /** By the position of a host in the cloud: its part, and its position there; -1 for hosts that never come into question. */
  readonly #partOf: Int32Array;
  readonly #placeOf: Int32Array;
  /** How many of the load's changes are known here. */
  #known: number;

  constructor(want: Want, chain: Chain, load: CloudLoad) {
    this.#chain = chain;
    this.#load = load;
    this.#partOf = new Int32Array(load.hosts.length).fill(-1);
    this.#placeOf = new Int32Array(load.hosts.length).fill(-1);
    const shared = chain.orders.flatMap(({ part }) => part ?? []);
    const parts = new Map<string, HostLoad[]>();
    const allowed = want.within !== undefined ? load.hostsOfCloud(want.within) : want.locations.length === 0 ? load.hosts : [...new Set(want.locations.flatMap((name) => load.byName.get(name) ?? []))].toSorted((a, b) => a.index - b.index);
    for (const host of allowed) {
      const name = shared.map((part) => part(host)).join('\n');
      const hosts = parts.get(name);
      if (hosts) hosts.push(host);
      else parts.set(name, [host]);
    }
    this.#parts = [...parts.values()].map((hosts) => partOf(hosts, chain));
    for (const [index, { hosts }] of this.#parts.entries()) {
      for (const [place, host] of hosts.entries()) {
        this.#partOf[host.index] = index;
        this.#placeOf[host.index] = place;
      }
    }
    this.#known = load.changes.length;
    this.#fill();
  }

  /** For a container that nothing binds to hosts: the host, and how many could take it; undefined for none. */
  choose(request: Request): { readonly host: HostLoad; readonly fitting: number } | undefined {
    this.#follow();
    const without = this.#load.namesakes(request.containerName).filter(({ host, container }) => !isOwn(container, request) && this.#isIn(host));
    for (const { host } of without) this.#set(host, false);
    const tied = this.#bestParts(request.resident.group);
    const host = tied.length === 0 ? undefined : this.#oneOf(tied, request);
    const fitting = this.#parts.reduce((sum, { tree }) => sum + tree.count, 0);
    for (const { host: other } of without) this.#set(other, true);
    return host && { host, fitting };
  }

  /** Parts whose winners are as good as any. */
  #bestParts(group: string): readonly Part[] {
    let best: HostLoad | undefined;
    let tied: Part[] = [];
    for (const part of this.#parts) {
      const winner = part.hosts[part.tree.winner];
      if (winner === undefined) continue;
      const order = best === undefined ? -1 : compareOrders(this.#chain, winner, best, group);
      if (order < 0) [best, tied] = [winner, [part]];
      else if (order === 0) tied.push(part);
    }
    return tied;
  }

  #oneOf(tied: readonly Part[], request: Request): HostLoad | undefined {
    switch (this.#chain.tie?.how) {
      case undefined:
        return leastBy(tied.flatMap(({ hosts, tree }) => hosts[tree.winner] ?? []), ({ index }) => index);
      case 'in turn': {
        const rankOf = tieRank(request, this.#load, this.#chain);
        return leastBy(tied.flatMap((part) => nextInTurn(part, this.#load.lastHost) ?? []), ({ index }) => rankOf(index));
      }
      case 'random':
        return this.#drawn(tied, request);
    }
  }

  /** The first of the tied hosts in the request's own order: looked for among the tied where they are few, else along that order. */
  #drawn(tied: readonly Part[], request: Request): HostLoad | undefined {
    const count = this.#load.hosts.length;
    const ties = tied.reduce((sum, { tree }) => sum + tree.ties, 0);
    const shuffle = shuffleOf(request, count, this.#chain.tie?.seed);
    if (ties * ties <= count) return leastBy(tied.flatMap(({ hosts, tree }) => tree.tied().flatMap((place) => hosts[place] ?? [])), ({ index }) => shuffle.rankOf(index));
    for (let rank = 0; rank < count; rank++) {
      const index = shuffle.at(rank);
      const part = this.#parts[this.#partOf[index] ?? -1];
      if (part !== undefined && tied.includes(part) && part.tree.isTied(this.#placeOf[index] ?? -1)) return this.#load.hosts[index];
    }
    return undefined;
  }

  #follow(): void {
    const { changes, hosts } = this.#load;
    if (changes.length - this.#known > hosts.length) this.#fill();
    else for (let at = this.#known; at < changes.length; at++) this.#look(hosts[changes[at] ?? -1]);
    this.#known = changes.length;
  }

  #look(host: HostLoad | undefined): void {
    const part = host && this.#parts[this.#partOf[host.index] ?? -1];
    if (host === undefined || part === undefined) return;
    const place = this.#placeOf[host.index] ?? 0;
    const isIn = this.#fits(host);
    const wasIn = part.tree.has(place);
    if (isIn) measure(part, place, host);
    if (isIn || wasIn) part.tree.set(place, isIn);
  }

  #fill(): void {
    for (const part of this.#parts) {
      for (const [place, host] of part.hosts.entries()) measure(part, place, host);
      part.tree.fill((place) => this.#fits(part.hosts[place]), part.hosts.length);
    }
  }

  #fits(host: HostLoad | undefined): boolean {
    return host !== undefined && this.#chain.filters.every((filter) => !filter.refuses(host));
  }

  #isIn({ index }: HostLoad): boolean {
    return this.#parts[this.#partOf[index] ?? -1]?.tree.has(this.#placeOf[index] ?? -1) ?? false;
  }

  #set({ index }: HostLoad, isIn: boolean): void {
    this.#parts[this.#partOf[index] ?? -1]?.tree.set(this.#placeOf[index] ?? -1, isIn);
  }
}

function partOf(hosts: readonly HostLoad[], { orders }: Chain): Part {
  const keys = orders.filter(({ part }) => part === undefined).map((order) => ({ order, of: new Float64Array(hosts.length) }));
  const compare = (a: number, b: number): number => {
    for (const { of } of keys) {
      const difference = (of[a] ?? 0) - (of[b] ?? 0);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return { hosts, tree: new WinnerTree(hosts.length, compare), keys };
}

function measure({ keys }: Part, place: number, host: HostLoad): void {
  for (const { order, of } of keys) of[place] = order.key(host, '');
}

/** The first of the best after the host taken last, and over the end from the beginning. */
function nextInTurn({ hosts, tree }: Part, lastHost: number): HostLoad | undefined {
  let [low, high] = [0, hosts.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hosts[middle]?.index ?? 0) > lastHost) high = middle;
    else low = middle + 1;
  }
  const next = tree.firstFrom(low);
  return hosts[next >= 0 ? next : tree.firstFrom(0)];
}

function leastBy(hosts: readonly HostLoad[], key: (host: HostLoad) => number): HostLoad | undefined {
  let best: HostLoad | undefined;
  for (const host of hosts) if (best === undefined || key(host) < key(best)) best = host;
  return best;
}

// All hosts judged for one container, the plain way: every filter asked of every host, what is left sorted. It is what placement
// means, and what explains it; the index finds the first of the same list faster.

import { Shuffle } from '#core/placement/chance.ts';
import type { Chain } from '#core/placement/chain.ts';
import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import type { Company, Request } from '#core/placement/request.ts';
import { madeBy } from '#core/placement/strategies/always.ts';
import { boundTo } from '#core/placement/strategies/group.ts';

/** One line for each host: how it ranked, or why not. */
export interface Verdict {
  readonly host: string;
  /** 1 is the best; absent for a host that is refused. */
  readonly rank?: number;
  /** A claim about the host. */
  readonly reason: string;
}

export interface Ranking {
  /** The best first. */
  readonly fitting: readonly HostLoad[];
  readonly refused: readonly Refused[];
}

export interface Refused {
  readonly host: HostLoad;
  readonly reason: string;
  /** See `Filter.isHard`. */
  readonly isHard: boolean;
}

export function rank(request: Request, load: CloudLoad, chain: Chain): Ranking {
  const fitting: HostLoad[] = [];
  const refused: Refused[] = [];
  for (const host of load.hosts) {
    const refusal = refusalAt(host, request, load, chain);
    if (refusal) refused.push(refusal);
    else fitting.push(host);
  }
  return { fitting: fitting.toSorted(better(request, load, chain)), refused };
}

/** `first` is the rank of the best. */
export function verdicts({ fitting, refused }: Ranking, { resident: { group } }: Request, chain: Chain, first = 1): readonly Verdict[] {
  return [
    ...fitting.map((host, index) => ({ host: host.name, rank: first + index, reason: chain.orders.map((order) => order.shows(host, group)).join(', ') || (chain.tie?.best ?? 'fits') })),
    ...refused.map(({ host, reason }) => ({ host: host.name, reason })),
  ];
}

/** Why the host cannot take the container. Of a container that is there already (`isHome`), why it cannot stay. */
export function refusalAt(host: HostLoad, request: Request, load: CloudLoad, chain: Chain, isHome = false): Refused | undefined {
  const { company, containerName } = request;
  if (company && !company.hosts.includes(host)) return { host, reason: `it must go ${placeOf(company)} (${company.because})`, isHard: false };
  const namesake = load.namesakes(containerName).find((other) => other.host === host && !isOwn(other.container, request));
  const bound = boundTo(request, load, isHome);
  for (const filter of chain.filters) {
    if (bound && filter.isForUnbound) continue;
    // A host that does not answer is no place to look for names.
    if (namesake && host.observed.state.kind === 'up') break;
    const refuses = isHome ? (filter.refusesToKeep ?? filter.refuses) : filter.refuses;
    if (refuses !== 'never' && refuses(host)) return { host, reason: filter.why(host), isHard: filter.isHard === true };
  }
  if (!namesake) return bound && !bound.hosts.includes(host) ? { host, reason: bound.reason, isHard: false } : undefined;
  return { host, reason: `there is already a container named ${containerName}, ${madeBy(namesake.container)}; rename or remove it, or give the entity another id`, isHard: true };
}

/** Where company is, to go after "it must go". */
function placeOf({ entity, hosts }: Company): string {
  return hosts.length === 1 ? `where ${entity} is` : `where the networks of ${entity} reach`;
}

export function isOwn({ owner }: { readonly owner?: { readonly application: string; readonly entity: string } }, { resident }: Request): boolean {
  return owner?.application === resident.application && owner.entity === resident.id;
}

export function better(request: Request, load: CloudLoad, chain: Chain): (a: HostLoad, b: HostLoad) => number {
  const rankOf = tieRank(request, load, chain);
  return (a, b) => compareOrders(chain, a, b, request.resident.group) || rankOf(a.index) - rankOf(b.index);
}

/** Negative where `a` is better. */
export function compareOrders({ orders }: Chain, a: HostLoad, b: HostLoad, group: string): number {
  for (const { key } of orders) {
    const [one, other] = [key(a, group), key(b, group)];
    if (one !== other) return one < other ? -1 : 1;
  }
  return 0;
}

/** The place of a host among its equals. */
export function tieRank(request: Request, load: CloudLoad, { tie }: Chain): (index: number) => number {
  const count = load.hosts.length;
  switch (tie?.how) {
    case 'random': {
      const shuffle = shuffleOf(request, count, tie.seed);
      return (index) => shuffle.rankOf(index);
    }
    case 'in turn':
      return (index) => (index - load.lastHost - 1 + count) % count;
    case undefined:
      return (index) => index;
  }
}

export function shuffleOf({ resident, seed }: Request, count: number, own = seed): Shuffle {
  return new Shuffle(count, own, `${resident.application}/${resident.id}`);
}

// Headroom: room kept free for containers, as a count or a share of the cloud, and how many hosts that takes. Pure arithmetic:
// who adds or removes hosts reads `targetHosts`, and never removes a host in use.

/** Exactly one of the two: `count` containers (at least 1), or `percent`, a share above 0 and below 1 of all the containers that the hosts may hold. */
export type Headroom = { readonly count: number } | { readonly percent: number };

export interface Pool {
  readonly hosts: number;
  /** Containers that one host may hold; at least 1. */
  readonly maxContainers: number;
  readonly containers: number;
}

export type HeadroomEvent = 'hot' | 'cold' | 'ok';

export interface HeadroomState {
  /** Containers that the hosts may hold. */
  readonly possible: number;
  /** Containers there is room for; below zero when there are too many. */
  readonly available: number;
  /** Containers there should be room for. */
  readonly headroom: number;
  /** Containers for which room is missing; below zero when there is more than enough. */
  readonly needed: number;
  /** Share of the room that is used: 0 without hosts. */
  readonly utilisation: number;
  /** What Clocker gave its auto-scaler, for display: NaN without hosts. Nothing is decided by them here. */
  readonly upstreamThresholds: { readonly low: number; readonly high: number };
  readonly event: HeadroomEvent;
  /** The least number of hosts that leaves the headroom free. */
  readonly targetHosts: number;
}

/** What Clocker uses where no strategy and no key says how many containers a host may hold. */
export const defaultMaxContainers = 8;

/** Reads the two config keys; what is wrong with them as a sentence. Both unset is no headroom. */
export function headroomOf(count: number | undefined, percent: number | undefined): Headroom | string | undefined {
  if (count !== undefined && percent !== undefined) return 'Headroom is given twice: keep docker.container.cluster.headroom.count or docker.container.cluster.headroom.percent, not both.';
  if (count !== undefined) return Number.isInteger(count) && count > 0 ? { count } : `Headroom is a whole number of containers, at least 1, not ${count}.`;
  if (percent === undefined) return undefined;
  const hint = percent > 1 && percent < 100 ? `; write ${percent / 100} for ${percent} %` : ', for example 0.25 for a quarter';
  return percent > 0 && percent < 1 ? { percent } : `Headroom as a share is above 0 and below 1, not ${percent}${hint}.`;
}

/**
 * `hot`: room is missing. `cold`: so much is free that a host could go, and the hosts are not already as few as they may be.
 * `ok`: neither.
 */
export function headroomState(pool: Pool, wanted: Headroom): HeadroomState {
  const { hosts, maxContainers, containers } = pool;
  const possible = hosts * maxContainers;
  const available = possible - containers;
  const headroom = headroomFor(possible, wanted);
  const needed = headroom - available;
  return {
    possible,
    available,
    headroom,
    needed,
    utilisation: possible === 0 ? 0 : containers / possible,
    upstreamThresholds: { low: threshold(possible - headroom - maxContainers, possible), high: threshold(possible - headroom, possible) },
    event: needed > 0 ? 'hot' : available > headroom + maxContainers ? 'cold' : 'ok',
    targetHosts: targetHosts(maxContainers, containers, wanted),
  };
}

/** The event to tell after `last`, the one told before: `ok` only as a change, never first; undefined where there is nothing to tell. */
export function headroomEvent(state: HeadroomState, last: HeadroomEvent | undefined, options: { readonly isColdEnabled: boolean }): HeadroomEvent | undefined {
  const event = state.event === 'cold' && !options.isColdEnabled ? 'ok' : state.event;
  return event === 'ok' && (last === undefined || last === 'ok') ? undefined : event;
}

/** Smallest n with n * maxContainers - containers >= headroom(n): the share is of the hosts there will be, so growing does not overshoot. */
export function targetHosts(maxContainers: number, containers: number, wanted: Headroom): number {
  const perHost = Math.max(1, Math.floor(maxContainers));
  const fits = (hosts: number): boolean => hosts * perHost - containers >= headroomFor(hosts * perHost, wanted);
  // The share leaves `1 - percent` of each host: near that, rounding decides.
  const estimate = 'count' in wanted ? (containers + wanted.count) / perHost : containers / (perHost * (1 - wanted.percent));
  let hosts = Math.max(0, Math.floor(estimate) - 1);
  while (hosts > 0 && fits(hosts - 1)) hosts--;
  while (!fits(hosts)) hosts++;
  // A share of nothing is nothing: room is kept free from the first host on.
  return 'percent' in wanted ? Math.max(1, hosts) : hosts;
}

/** Rounded up, but for the last digits that a share has from its binary form. */
function headroomFor(possible: number, wanted: Headroom): number {
  return 'count' in wanted ? wanted.count : Math.ceil(Number((wanted.percent * possible).toPrecision(12)));
}

function threshold(room: number, possible: number): number {
  return possible === 0 ? Number.NaN : Math.max(0, room / possible);
}

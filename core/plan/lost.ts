// Hosts that are down, and what was on them. A plan leaves what is there alone and makes none of it a second time, until a
// person says that a host is lost: then its entities go elsewhere, and what it still holds when it is back is left over.

import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { lastPlaces } from '#core/record/places.ts';

/** What counts of an observation when an application is planned: nothing of lost hosts, and nothing on a host that is down of what was made elsewhere since. */
export function counting(observed: Observed, application: string, lost: readonly string[] = []): Observed {
  const last = lastPlaces(observed, application);
  const isSuperseded = ({ host, state }: ObservedHost, { owner, createdAtMs }: ObservedHost['containers'][number]): boolean =>
    state.kind !== 'up' && last !== undefined && owner?.application === application && last.places[owner.entity] !== host && createdAtMs < last.atMs;
  const hosts = observed.hosts.flatMap((host): ObservedHost[] => {
    if (lost.includes(host.host)) return [];
    return host.state.kind === 'up' ? [host] : [{ ...host, containers: host.containers.filter((container) => !isSuperseded(host, container)) }];
  });
  return { ...observed, hosts, lost: observed.hosts.filter(({ host }) => lost.includes(host)) };
}

/** Why hosts may not be given up; nobody gives up what works. */
export function lostRefusals(observed: Observed, application: string, lost: readonly string[]): readonly Refusal[] {
  return lost.flatMap((name) => {
    const host = observed.hosts.find((one) => one.host === name);
    if (host === undefined) return [{ entity: application, reason: `there is no host ${name} to leave out; the hosts are ${observed.hosts.map((one) => one.host).join(', ')}` }];
    return host.state.kind === 'down' ? [] : [{ entity: application, reason: `host ${name} ${host.state.kind === 'up' ? 'is up' : 'has not answered yet'}; only a host that is down can be left out` }];
  });
}

export interface Unseen {
  readonly entity: string;
  /** It is down. */
  readonly host: ObservedHost;
}

/** Entities whose containers were last on a host that is down, and that nobody here has seen. */
export function unseen(observed: Observed, application: string): readonly Unseen[] {
  const seen = new Set(observed.hosts.flatMap(({ containers }) => containers.flatMap(({ owner }) => (owner?.application === application ? [owner.entity] : []))));
  return Object.entries(lastPlaces(observed, application)?.places ?? {}).flatMap(([entity, name]) => {
    const host = observed.hosts.find((one) => one.host === name);
    return host === undefined || host.state.kind === 'up' || seen.has(entity) ? [] : [{ entity, host }];
  });
}

/** Expects what `counting` gives. */
export function unseenRefusals(observed: Observed, application: string): readonly Refusal[] {
  return unseen(observed, application).map(({ entity, host: { host, state } }) => ({ entity, reason: `its container is on host ${host}, which ${state.kind === 'down' ? `is down: ${state.problem}` : 'has not answered yet'}`, downHost: host }));
}

/** Hosts that a plan waits for, and could do without. */
export function downHosts(refusals: readonly Refusal[]): readonly string[] {
  return [...new Set(refusals.flatMap(({ downHost }) => downHost ?? []))];
}

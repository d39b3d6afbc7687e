// Where the containers of an application are, as remembered with its deployments: so that whoever did not see a host before it
// went down knows what was on it. Hosts that are up are never asked this; their containers tell.

import type { Observed } from '#core/cluster/observed.ts';
import { historyOf } from '#core/record/record.ts';
import type { Places } from '#core/record/revision.ts';

/** What the last deployment that told of places remembered; undefined where none did. */
export function lastPlaces(observed: Observed, application: string): { readonly atMs: number; readonly places: Places } | undefined {
  for (const { atMs, places } of historyOf(observed, application)) if (places !== undefined) return { atMs, places };
  return undefined;
}

/** What to remember now. What was on a host that is down is still there, unless that host is `lost` or the entity is elsewhere. */
export function placesNow(observed: Observed, application: string, lost: readonly string[]): Places {
  const isDown = new Set(observed.hosts.flatMap(({ host, state }) => (state.kind === 'up' || lost.includes(host) ? [] : [host])));
  const before = Object.entries(lastPlaces(observed, application)?.places ?? {}).filter(([, host]) => isDown.has(host));
  const seen = observed.hosts.flatMap(({ host, state, containers }) => (state.kind === 'up' ? containers.map((container) => ({ host, container })) : []));
  const now = seen
    .filter(({ container }) => container.owner?.application === application)
    .toSorted((a, b) => a.container.createdAtMs - b.container.createdAtMs)
    .map(({ host, container }): [string, string] => [container.owner?.entity ?? '', host]);
  return Object.fromEntries([...before, ...now]);
}

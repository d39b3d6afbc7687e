// Where an entity is now: it stays there while it may.

import type { HostLoad, Stay, CloudLoad } from '#core/placement/load.ts';
import type { Request } from '#core/placement/request.ts';

/** Where the entity's container is now, if the blueprint and its company let it be there. One on a host that is up counts first, then one that runs, then the newest: a host that was given up comes back with older ones. */
export function homeOf(stays: readonly Stay[], { want, company, containerName: name }: Request, load: CloudLoad): HostLoad | undefined {
  if (stays.length === 0) return undefined;
  const { locations, within } = want;
  const allowed = new Set(locations.map((location) => load.byName.get(location)));
  const isAllowed = (host: HostLoad): boolean => (within === undefined ? allowed.size === 0 || allowed.has(host) : host.cloud?.name === within);
  const rankOf = ({ host, container }: Stay): number =>
    (host.observed.state.kind === 'up' ? 0 : 4) + (container?.state === 'running' ? 0 : 2) + (container?.containerName === name ? 0 : 1);
  return stays.filter(({ host }) => isAllowed(host) && (company === undefined || company.hosts.includes(host))).toSorted((a, b) => rankOf(a) - rankOf(b) || (b.container?.createdAtMs ?? 0) - (a.container?.createdAtMs ?? 0))[0]?.host;
}

/** Those that allow where the container is come first. */
export function byHome(requests: readonly Request[], stays: readonly Stay[], load: CloudLoad): readonly Request[] {
  if (requests.length < 2 || stays.length === 0) return requests;
  const homes = requests.filter((request) => homeOf(stays, request, load) !== undefined);
  return [...homes, ...requests.filter((request) => !homes.includes(request))];
}

// The docker clouds that blueprints describe, as hosts remember them with deployments: in the blueprint's words, so that whoever
// sees the hosts works out from their own settings where a cloud's hosts are. No program to run is ever read from here.

import type { Application } from '#core/blueprint/application.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Place } from '#core/location/location.ts';
import type { Strategy } from '#core/placement/strategy.ts';
import { historyOf } from '#core/record/record.ts';
import type { Revision } from '#core/record/revision.ts';
import { isList, isMap } from '#core/text/fields.ts';

/** What the application describes by its last deployment that told; undefined where none did. */
export function lastClouds(observed: Observed, application: string): readonly DescribedCloud[] | undefined {
  return historyOf(observed, application).find(({ clouds }) => clouds !== undefined)?.clouds;
}

/** What to remember now: what the blueprint says, or where that is not known what it said before. */
export function cloudsNow(observed: Observed, application: string, planned: Application | undefined): readonly DescribedCloud[] | undefined {
  const before = lastClouds(observed, application);
  const now = planned === undefined ? before : (planned.clouds ?? []).map(keptCloud);
  return now?.length === 0 && before === undefined ? undefined : now;
}

/** What applications describe now; of two clouds of one name that which was deployed last. */
export function describedClouds(hosts: readonly Pick<ObservedHost, 'records'>[]): readonly DescribedCloud[] {
  const newest = new Map<string, Revision>();
  for (const record of hosts.flatMap(({ records = [] }) => records)) {
    const known = newest.get(record.application);
    if (record.clouds !== undefined && (known === undefined || record.revision > known.revision)) newest.set(record.application, record);
  }
  const inOrder = [...newest.values()].toSorted((a, b) => a.atMs - b.atMs);
  return [...new Map(inOrder.flatMap(({ clouds = [] }) => clouds.map((cloud) => [cloud.name, cloud]))).values()];
}

/** As it is kept: locations in one list, without their settings, which may be secret. */
export function keptCloud({ places, ...cloud }: DescribedCloud): DescribedCloud {
  return { ...cloud, places: places.flatMap((place) => (place.kind === 'multi' ? place.targets.map((target) => target.place) : [place])) };
}

/** Those that make sense. */
export function readKeptClouds(value: unknown): readonly DescribedCloud[] | undefined {
  return isList(value) ? value.filter(isKeptCloud) : undefined;
}

const places: Readonly<Record<Exclude<Place['kind'], 'multi'>, (place: Readonly<Record<string, unknown>>) => boolean>> = {
  localhost: () => true,
  byon: ({ machines }) => isList(machines) && machines.every((machine) => isMap(machine) && typeof machine['host'] === 'string'),
  docker: ({ cloud }) => typeof cloud === 'string',
  jclouds: ({ provider }) => typeof provider === 'string',
  pool: ({ pool }) => typeof pool === 'string',
  named: ({ name }) => typeof name === 'string',
};

/** What a newer version knows besides is no strategy here. */
const strategies: Readonly<Record<Strategy['kind'], (strategy: Readonly<Record<string, unknown>>) => boolean>> = {
  'depth-first': () => true,
  'breadth-first': () => true,
  'least-containers': () => true,
  'lowest-cpu': () => true,
  random: () => true,
  'max-containers': ({ maxContainers }) => typeof maxContainers === 'number',
  'max-cpu': ({ maxCpu }) => typeof maxCpu === 'number',
  'provisioning-flags': () => true,
  'affinity-rules': ({ rules }) => isList(rules),
  group: () => true,
  labels: ({ labels }) => isList(labels),
  hostname: ({ pattern }) => typeof pattern === 'string',
  geography: () => true,
};

function isKeptCloud(value: unknown): value is DescribedCloud {
  if (!isMap(value) || typeof value['name'] !== 'string' || typeof value['id'] !== 'string') return false;
  const { placement } = value;
  return isMap(placement) && isList(placement['affinityRules']) && areOf(placement['strategies'], strategies) && areOf(value['places'], places);
}

function areOf(value: unknown, kinds: Readonly<Record<string, (one: Readonly<Record<string, unknown>>) => boolean>>): boolean {
  return isList(value) && value.every((one) => isMap(one) && typeof one['kind'] === 'string' && Object.hasOwn(kinds, one['kind']) && kinds[one['kind']]?.(one) === true);
}

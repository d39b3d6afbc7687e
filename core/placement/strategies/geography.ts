// Geography: regions and zones that hosts must be in, a distance that they must keep within, near hosts first, and members of a
// group spread over the values of a label. Clocker announced it and never had it. Hosts say where they are by labels.

import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import { filter, type Rule } from '#core/placement/rule.ts';
import type { Geography, Point } from '#core/placement/strategy.ts';
import { counted } from '#core/placement/words.ts';

export function geography({ regions, zones, near, withinKm, spreadOver }: Geography, load: CloudLoad): readonly Rule[] {
  return [
    ...(regions ? [oneOf('region', regions)] : []),
    ...(zones ? [oneOf('zone', zones)] : []),
    ...(spreadOver === undefined ? [] : [spread(spreadOver, load)]),
    ...(near === undefined ? [] : distances(near, withinKm, load)),
  ];
}

function oneOf(label: string, wanted: readonly string[]): Rule {
  return filter(
    ({ labels }) => !wanted.includes(labels[label] ?? ''),
    ({ labels }) => (labels[label] === undefined ? `has no label ${label}, which must be ${wanted.join(' or ')}` : `is in ${label} ${labels[label]}, not in ${wanted.join(' or ')}`),
  );
}

/** Hosts without the label are together one place more. */
function spread(label: string, load: CloudLoad): Rule {
  const key = (host: HostLoad, group: string): number => load.countWith(label, group, host.labels[label]);
  return {
    kind: 'order',
    key,
    part: ({ labels }) => labels[label] ?? '',
    shows: (host, group) => `${counted(key(host, group), 'member')} in ${host.labels[label] === undefined ? `no ${label}` : `${label} ${host.labels[label]}`}`,
    best: `is in the ${label} with the fewest members of its group`,
  };
}

function distances(near: Point | string, withinKm: number | undefined, { hosts, byName }: CloudLoad): readonly Rule[] {
  const shown = typeof near === 'string' ? near : `${near.latitude}, ${near.longitude}`;
  const origin = typeof near === 'string' ? pointOf(byName.get(near)) : near;
  if (origin === undefined) {
    const unknown = typeof near === 'string' && !byName.has(near) ? `there is no host ${near} to be near to` : `where ${shown} is, is not known: it needs the labels latitude and longitude`;
    return withinKm === undefined ? [] : [filter(() => true, () => unknown)];
  }
  const known = hosts.map((host) => {
    const point = pointOf(host);
    return point && kilometres(origin, point);
  });
  const far = (host: HostLoad): string => {
    const km = known[host.index];
    return km === undefined ? 'an unknown distance' : `${Math.round(km)} km`;
  };
  return [
    ...(withinKm === undefined ? [] : [filter(({ index }) => !((known[index] ?? Number.POSITIVE_INFINITY) <= withinKm), (host) => (known[host.index] === undefined ? `may be anywhere, for it has no labels latitude and longitude, and must be within ${withinKm} km of ${shown}` : `is ${far(host)} away from ${shown}, of at most ${withinKm} km`))]),
    { kind: 'order', key: ({ index }) => known[index] ?? Number.MAX_VALUE, shows: (host) => `${far(host)} from ${shown}`, best: `is nearest to ${shown}` },
  ];
}

/** Where a host is; undefined where its labels do not say, or say nonsense. */
function pointOf(host: HostLoad | undefined): Point | undefined {
  const latitude = degrees(host?.labels['latitude'], 90);
  const longitude = degrees(host?.labels['longitude'], 180);
  return latitude === undefined || longitude === undefined ? undefined : { latitude, longitude };
}

function degrees(text: string | undefined, most: number): number | undefined {
  const value = text === undefined || text.trim() === '' ? Number.NaN : Number(text);
  return Math.abs(value) <= most ? value : undefined;
}

/** Along the surface, by the haversine formula on a sphere: half a percent from the truth at most. */
export function kilometres(a: Point, b: Point): number {
  const radians = (value: number): number => (value * Math.PI) / 180;
  const [phi, other] = [radians(a.latitude), radians(b.latitude)];
  const half = Math.sin((other - phi) / 2) ** 2 + Math.cos(phi) * Math.cos(other) * Math.sin(radians(b.longitude - a.longitude) / 2) ** 2;
  return 2 * 6371.0088 * Math.asin(Math.min(1, Math.sqrt(half)));
}

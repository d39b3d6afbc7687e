// The host that a container would need where none fits, as data: a provisioner makes one, and placement is asked again with it,
// so that every strategy is checked on the new host too.

import { sharesOfACore, type CloudLoad } from '#core/placement/load.ts';
import type { Request } from '#core/placement/request.ts';
import { boundTo } from '#core/placement/strategies/group.ts';
import type { Point } from '#core/placement/strategy.ts';

export interface WantedHost {
  /** The entity it is wanted for. */
  readonly entity: string;
  /** The cloud that it must belong to; absent where any would do. */
  readonly cloud?: string;
  readonly minCores: number;
  readonly minMemoryBytes: number;
  /** `name` or `name=value`. */
  readonly labels: readonly string[];
  /** One of these, where there are any. */
  readonly regions: readonly string[];
  readonly zones: readonly string[];
  /** Patterns, as Java has them, which its name must fit as a whole. */
  readonly hostnames: readonly string[];
  readonly within?: { readonly km: number; readonly of: Point | string };
}

/** Undefined where no new host would do: the blueprint names hosts, a group or company is bound to one, or a rule refuses every empty host. */
export function wantedHost(request: Request, load: CloudLoad): WantedHost | undefined {
  const { want, resident } = request;
  const refusesEmpty = want.affinityRules.some(({ verb, not }) => verb === 'EMPTY' && not);
  if (want.locations.length > 0 || request.company !== undefined || boundTo(request, load) !== undefined || refusesEmpty || (want.maxContainers ?? 1) < 1) return undefined;
  const flags = want.strategies.filter((strategy) => strategy.kind === 'provisioning-flags');
  const places = want.strategies.filter((strategy) => strategy.kind === 'geography');
  const near = places.find((place) => place.near !== undefined && place.withinKm !== undefined);
  const regions = places.flatMap((place) => (place.regions ? [place.regions] : []));
  const zones = places.flatMap((place) => (place.zones ? [place.zones] : []));
  const common = (lists: readonly (readonly string[])[]): readonly string[] => lists[0]?.filter((name) => lists.every((list) => list.includes(name))) ?? [];
  if ((regions.length > 0 && common(regions).length === 0) || (zones.length > 0 && common(zones).length === 0)) return undefined;
  if (typeof near?.near === 'string' && !load.byName.has(near.near)) return undefined;
  return {
    entity: resident.id,
    ...(want.within !== undefined && { cloud: want.within }),
    minCores: Math.max(want.minCores, Math.ceil(want.cpuShares / sharesOfACore), ...flags.map(({ minCores = 0 }) => minCores)),
    minMemoryBytes: Math.max(want.minMemoryBytes, want.memoryBytes, ...flags.map(({ minMemoryBytes = 0 }) => minMemoryBytes)),
    labels: [...new Set(want.strategies.flatMap((strategy) => (strategy.kind === 'labels' ? strategy.labels : [])))],
    regions: common(regions),
    zones: common(zones),
    hostnames: want.strategies.flatMap((strategy) => (strategy.kind === 'hostname' ? [strategy.pattern] : [])),
    ...(near?.near !== undefined && near.withinKm !== undefined && { within: { km: near.withinKm, of: near.near } }),
  };
}

// All that decides about a host for one want, in order: what holds for every container, then the strategies of the cloud,
// then those of the entity. The plain ranking and the fast index read the same chain.

import type { CloudLoad } from '#core/placement/load.ts';
import type { Want } from '#core/placement/request.ts';
import type { Filter, Order, Rule, Tie } from '#core/placement/rule.ts';
import type { Strategy } from '#core/placement/strategy.ts';
import { affinityFilter } from '#core/placement/strategies/affinityRules.ts';
import { breadthFirst } from '#core/placement/strategies/breadthFirst.ts';
import { depthFirst } from '#core/placement/strategies/depthFirst.ts';
import { availability, hostPorts, limitsOfClouds, locations, platforms, preferredLocation, resources } from '#core/placement/strategies/always.ts';
import { geography } from '#core/placement/strategies/geography.ts';
import { group, keptByGroup } from '#core/placement/strategies/group.ts';
import { hostname } from '#core/placement/strategies/hostname.ts';
import { labels } from '#core/placement/strategies/labels.ts';
import { leastContainers } from '#core/placement/strategies/leastContainers.ts';
import { lowestCpu } from '#core/placement/strategies/lowestCpu.ts';
import { maxContainers } from '#core/placement/strategies/maxContainers.ts';
import { maxCpu } from '#core/placement/strategies/maxCpu.ts';
import { provisioningFlags } from '#core/placement/strategies/provisioningFlags.ts';
import { random } from '#core/placement/strategies/random.ts';

export interface Chain {
  readonly filters: readonly Filter[];
  /** What counts most comes first. */
  readonly orders: readonly Order[];
  /** Absent: of equals the one configured first. */
  readonly tie?: Tie;
}

export function chainFor(want: Want, load: CloudLoad): Chain {
  const rules: Rule[] = [...availability(), ...locations(want, load), ...platforms(want), ...(load.clouds.size > 0 ? limitsOfClouds(want) : []), ...hostPorts(want), ...resources(want), ...affinityFilter(want), ...keptByGroup(want, load), ...maxContainers(want), ...maxCpu(want)];
  for (const strategy of want.strategies) rules.push(...rulesOf(strategy, want, load));
  const ordering = rules.filter((rule) => rule.kind === 'order' || rule.kind === 'tie').toReversed();
  // Filters alone do not say where to go among the hosts they leave: then it is as without strategies.
  if (ordering.length === 0) ordering.push(...(want.locations.length > 0 ? preferredLocation(want, load) : leastContainers()));
  const last = ordering.findIndex(({ kind }) => kind === 'tie');
  const tie = ordering[last];
  return {
    filters: rules.filter((rule) => rule.kind === 'filter'),
    orders: (last < 0 ? ordering : ordering.slice(0, last)).filter((rule) => rule.kind === 'order'),
    ...(tie?.kind === 'tie' && { tie }),
  };
}

function rulesOf(strategy: Strategy, want: Want, load: CloudLoad): readonly Rule[] {
  switch (strategy.kind) {
    case 'depth-first':
      return depthFirst(strategy, want);
    case 'breadth-first':
      return breadthFirst(strategy, want);
    case 'least-containers':
      return leastContainers();
    case 'lowest-cpu':
      return lowestCpu();
    case 'random':
      return random(strategy.seed);
    case 'max-containers':
      return maxContainers(want, strategy.maxContainers);
    case 'max-cpu':
      return maxCpu(want, strategy.maxCpu);
    case 'provisioning-flags':
      return provisioningFlags(strategy, want);
    case 'affinity-rules':
      // They are among the want's own: rules hold wherever they are given.
      return [];
    case 'group':
      return group(strategy, want);
    case 'labels':
      return labels(strategy);
    case 'hostname':
      return hostname(strategy);
    case 'geography':
      return geography(strategy, load);
  }
}

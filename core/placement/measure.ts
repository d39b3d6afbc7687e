// Of which hosts it must be known how busy their processors are, before an application can be placed: measuring takes a second,
// which nobody should wait who does not need it.

import type { Application } from '#core/blueprint/application.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { CloudLoad } from '#core/placement/load.ts';
import { nothingAsked, type Strategy } from '#core/placement/strategy.ts';
import { isIn, Targets } from '#core/placement/target.ts';

export function hostsToMeasure(application: Application, observed: Observed): ReadonlySet<string> {
  const load = new CloudLoad(observed);
  const targets = new Targets(load, nothingAsked);
  const names = new Set<string>();
  const seen = new Set<string>();
  for (const { container, locations, placement } of application.entities) {
    const targeted = targets.of(locations);
    if (container === undefined || 'problem' in targeted) continue;
    for (const target of targeted.targets) {
      const isAsked = [...target.placement.strategies, ...(placement?.strategies ?? [])].some(asksForCpu) || target.placement.maxCpu !== undefined;
      const key = `${isAsked} ${target.key}`;
      if (seen.has(key)) continue;
      seen.add(key);
      // Who comes from anywhere keeps to the limits of the clouds.
      for (const host of load.hosts) if (isIn(host, target) && (isAsked || host.cloud?.placement.maxCpu !== undefined)) names.add(host.name);
    }
  }
  return names;
}

function asksForCpu({ kind }: Strategy): boolean {
  return kind === 'max-cpu' || kind === 'lowest-cpu';
}

// Whether a host that was only expected when a plan was made can really take what the plan puts on it: every strategy is asked
// again, now that the host is there and says what it is.

import type { Application } from '#core/blueprint/application.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { chainFor } from '#core/placement/chain.ts';
import { CloudLoad } from '#core/placement/load.ts';
import { refusalAt } from '#core/placement/rank.ts';
import { Requests } from '#core/placement/request.ts';
import { nothingAsked } from '#core/placement/strategy.ts';
import { isIn, Targets } from '#core/placement/target.ts';
import type { Refusal } from '#core/plan/refusal.ts';

/** Of the containers that are to go to `host` those that it cannot take, each beside all others where they are to go. */
export function misfits(application: Application, observed: Observed, containers: readonly DesiredContainer[], host: string): readonly Refusal[] {
  const load = new CloudLoad(observed, application);
  const requests = new Requests(application, load, nothingAsked, 0);
  const targets = new Targets(load, nothingAsked);
  const there = containers.flatMap((container) => {
    const entity = application.entities.find(({ key }) => key === container.entity);
    const at = load.byName.get(container.host);
    const targeted = targets.of(entity?.locations ?? []);
    if (entity === undefined || at === undefined || 'problem' in targeted) return [];
    const target = targeted.targets.find((one) => isIn(at, one));
    return target === undefined ? [] : [{ at, request: requests.of(entity, target, container.containerName) }];
  });
  for (const { at, request } of there) {
    load.take(application.id, request.resident.id);
    load.put({ host: at, resident: request.resident });
  }
  return there.flatMap(({ at, request }): readonly Refusal[] => {
    if (at.name !== host) return [];
    const stays = load.take(application.id, request.resident.id);
    const refusal = refusalAt(at, request, load, chainFor(request.want, load));
    load.put(...stays);
    return refusal === undefined ? [] : [{ entity: request.resident.id, reason: refusal.reason }];
  });
}

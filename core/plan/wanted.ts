// What is wanted of the hosts for an application, with the values that its running entities give: an entity that the plan
// leaves alone tells what it has; one that is still to be made or changed tells nothing yet.

import type { Application, RunningWorld } from '#core/blueprint/application.ts';
import { expectedWith, placeGrowing } from '#core/cloud/grow.ts';
import { withDescribed } from '#core/cloud/described.ts';
import { cloudChanges } from '#core/cloud/redefine.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import { entityOf } from '#core/plan/dependencies.ts';
import { diff } from '#core/plan/diff.ts';
import type { Wanted } from '#core/plan/want.ts';
import { unseenRefusals } from '#core/plan/lost.ts';
import type { PlaceOptions } from '#core/placement/placing.ts';
import { assign } from '#core/sdn/assign.ts';
import { attach } from '#core/sdn/attach.ts';
import { placedNetworks } from '#core/sdn/declared.ts';
import { sightsOf } from '#core/sdn/sight.ts';

/** `seen` is what counts (lost.ts); `blueprint` is the text to keep with the containers, already free of secrets. */
export function wantedOf(application: Application, seen: Observed, { file, build, read }: Pick<RunningWorld, 'file' | 'build' | 'read'>, blueprint?: string, options: PlaceOptions = {}): Wanted {
  const { observed, refusals: unmade } = withDescribed(application.clouds ?? [], seen);
  const unseen = unseenRefusals(observed, application.id);
  const isUnseen = new Set(unseen.map(({ entity }) => entity));
  const changing = new Set<string>();
  const networks = sightsOf(observed);
  for (;;) {
    const container = (entity: string): ObservedContainer | undefined => (changing.has(entity) ? undefined : runningContainer(observed, application.id, entity));
    const entities = application.settle?.({ container, networks, file, ...(build && { build }), read: (entity, sensor) => (changing.has(entity) ? undefined : read?.(entity, sensor)) }) ?? application.entities;
    const { newHosts, spareHosts, ...placed } = placeGrowing({ ...application, entities }, observed, blueprint, options);
    const expected = expectedWith(newHosts, observed);
    const clouds = cloudChanges(application, observed);
    const declared = application.networks ?? [];
    const attached = attach(placed.containers.filter(({ entity }) => !isUnseen.has(entity)), application.id, declared, expected);
    const assigned = assign(attached.containers, expected, { networks: placedNetworks(declared, attached.containers, expected) });
    const keeps = [...attached.keeps, ...unmadeNetworks(application)];
    const wanted: Wanted = {
      application: application.id,
      applicationName: application.name,
      containers: assigned.containers,
      refusals: [...unmade, ...unseen, ...[...placed.refusals, ...attached.refusals, ...assigned.refusals].filter(({ entity }) => !isUnseen.has(entity))],
      ...(newHosts.length > 0 && { newHosts }),
      ...(spareHosts.length > 0 && { spareHosts }),
      ...(application.clouds && { isCloud: true }),
      ...(clouds.length > 0 && { clouds }),
      ...(assigned.networks.length > 0 && { networks: assigned.networks }),
      ...(keeps.length > 0 && { keeps }),
      assignments: attached.assignments,
      ...(options.to && { moved: [...options.to.keys()] }),
    };
    const changed = diff(wanted, observed).actions.flatMap((action) => entityOf(action) ?? []);
    const isKnown = changed.every((entity) => changing.has(entity));
    // With each round more entities are known to change, so it ends.
    if (isKnown) return wanted;
    for (const entity of changed) changing.add(entity);
  }
}

/** Networks are made where the application that declares them has containers. */
function unmadeNetworks({ entities, networks = [] }: Application): readonly string[] {
  return entities.some(({ container }) => container) ? [] : networks.map(({ id }) => `network ${id} is not made: it comes with the containers of this blueprint, which has none; declare it beside them, or make it by hand: clocker network create ${id}`);
}

export function runningContainer(observed: Observed, application: string, entity: string): ObservedContainer | undefined {
  const found = observed.hosts.flatMap(({ state, containers }) => (state.kind === 'up' ? containers : [])).filter(({ owner, state }) => owner?.application === application && owner.entity === entity && state === 'running');
  return found.toSorted((a, b) => b.createdAtMs - a.createdAtMs)[0];
}

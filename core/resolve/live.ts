// An application as it runs: each entity with the values of its sensors, what can still be read of it, what it can be told to
// do, and its policies. Made from the blueprint and from what is seen and read; nothing is done here.

import type { LiveEntity, LiveWorld } from '#core/blueprint/application.ts';
import { looksSecret, maskValue } from '#core/blueprint/mask.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { asData, asText, type Value } from '#core/dsl/value.ts';
import { namedOnce } from '#core/effectors/composite.ts';
import { clusterEffectors, effectorOf, reloadEffector, restartEffector, startEffector, stopEffector } from '#core/effectors/effector.ts';
import { policyOf, unfollowed } from '#core/policy/policies.ts';
import { adjunctsOf, type Adjunct } from '#core/resolve/adjuncts.ts';
import { all, type Draft } from '#core/resolve/draft.ts';
import { isController } from '#core/resolve/follow.ts';
import { isCluster } from '#core/resolve/members.ts';
import { stateOf } from '#core/sensors/condition.ts';
import type { Feed } from '#core/sensors/feeds.ts';
import { Sensing } from '#core/sensors/sensing.ts';

/** `runs` has the keys of the entities that have a container. */
export function liveEntities(root: Draft, drafts: readonly Draft[], application: string, runs: ReadonlySet<string>, catalog: Catalog, world: LiveWorld): readonly LiveEntity[] {
  const sensing = new Sensing(root, { application, catalog, runs, running: world, state: (entity) => stateOf(world.container(entity)) });
  const configOf = (adjunct: Adjunct) => (key: string): Value | undefined => {
    const expression = adjunct.config.get(key);
    return expression && sensing.evaluate(expression, adjunct.at);
  };
  return drafts.map((entity): LiveEntity => {
    const adjuncts = adjunctsOf(entity, catalog);
    const declared = adjuncts.flatMap((adjunct) => effectorOf(adjunct, configOf(adjunct)) ?? []);
    const hasContainer = runs.has(entity.key);
    const hasBelow = hasContainer || all(entity).some(({ key }) => runs.has(key));
    return {
      key: entity.key,
      name: entity.spec.name?.value ?? entity.spec.id?.value ?? (entity === root ? application : entity.key),
      ...(entity.parent && { parent: entity.parent.key }),
      ...(entity.isMember && entity.ordinal !== undefined && entity.parent && { memberOf: entity.parent.key }),
      hasContainer,
      below: all(entity).flatMap(({ key }) => (key !== entity.key && runs.has(key) ? [key] : [])),
      sensors: sensing.names(entity).flatMap((name) => {
        const value = sensing.sensor(entity, name);
        return value === undefined || value === null ? [] : [{ name, shown: maskValue(name, shownText(value)), ...(!looksSecret(name) && { value: asData(value) ?? asText(value) }) }];
      }),
      feeds: sensing.feeds(entity),
      effectors: namedOnce([...(hasBelow ? [startEffector, stopEffector, restartEffector] : []), ...(isCluster(entity) ? clusterEffectors : []), ...(isController(entity) ? [reloadEffector] : []), ...declared]),
      policies: adjuncts.flatMap((adjunct) => policyOf(adjunct, configOf(adjunct)) ?? []),
      unfollowed: adjuncts.flatMap((adjunct) => unfollowed(adjunct) ?? []),
    };
  });
}

/** What can be read of the entities now. */
export function feedsIn(root: Draft, drafts: readonly Draft[], application: string, runs: ReadonlySet<string>, catalog: Catalog, world: LiveWorld): readonly Feed[] {
  const sensing = new Sensing(root, { application, catalog, runs, running: world });
  return drafts.flatMap((entity) => sensing.feeds(entity));
}

function shownText(value: Value): string {
  return asText(value).replaceAll(/\s*\n\s*/g, ' ');
}

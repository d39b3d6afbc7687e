// Which entities of a running application somebody watches, with the policies that are followed for each.

import type { LiveEntity } from '#core/blueprint/application.ts';
import type { Watched } from '#core/policy/decide.ts';
import type { ServiceState } from '#core/sensors/condition.ts';

/** `failing` are entities whose container runs while their own check says that they do not work. */
export function watchedOf(entities: readonly LiveEntity[], failing: ReadonlySet<string>): readonly Watched[] {
  return entities.flatMap((entity): readonly Watched[] => {
    if (!entity.hasContainer) return [];
    const cluster = entity.memberOf === undefined ? undefined : entities.find(({ key }) => key === entity.memberOf);
    const follows = entity.policies.some(({ kind }) => kind === 'restarter') || cluster?.policies.some(({ kind }) => kind === 'replacer') === true;
    return follows ? [{ entity: entity.key, state: stateOf(entity, failing), policies: entity.policies, ...(cluster && { cluster: { entity: cluster.key, policies: cluster.policies } }) }] : [];
  });
}

/** A sensor `service.isUp` of the entity's own counts as a check, too. */
function stateOf({ key, sensors, feeds }: LiveEntity, failing: ReadonlySet<string>): ServiceState {
  const value = (name: string): unknown => sensors.find((sensor) => sensor.name === name)?.value;
  const states: readonly ServiceState[] = ['created', 'starting', 'running', 'stopping', 'stopped', 'on-fire'];
  const state = states.find((known) => known === value('service.state')) ?? 'running';
  const saysDown = feeds.some(({ sensor }) => sensor === 'service.isUp') && value('service.isUp') === false;
  return state === 'running' && (saysDown || failing.has(key)) ? 'on-fire' : state;
}

/** What is followed, in one line an entity: "web: service-restarter". */
export function followedLines(entities: readonly LiveEntity[]): readonly string[] {
  const words = { restarter: 'service-restarter', replacer: 'service-replacer', failureDetector: 'service-failure-detector' } as const;
  return entities.flatMap(({ key, policies }) => (policies.length === 0 ? [] : [`${key}: ${policies.map(({ kind }) => words[kind]).join(', ')}`]));
}

/** What the blueprint asks for and nobody follows: "web: auto-scaler is not followed by Clocker". */
export function unfollowedLines(entities: readonly LiveEntity[]): readonly string[] {
  return entities.flatMap(({ key, unfollowed }) => unfollowed.map((policy) => `${key}: ${policy} is not followed by Clocker`));
}

// What it takes to carry out an effector: a plan to be approved, where it changes containers, or a command to be run in them.
// Used by the command line and the editor.

import type { Application, LiveEntity } from '#core/blueprint/application.ts';
import { stars } from '#core/blueprint/mask.ts';
import { argumentsFor, type Effector } from '#core/effectors/effector.ts';
import type { Plan } from '#core/plan/plan.ts';
import { nearest } from '#core/text/nearest.ts';
import type { Cloud, CommandEffector } from './cloud.ts';

export type Prepared =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'command'; readonly effector: CommandEffector; readonly env: Readonly<Record<string, string>>; readonly entities: readonly string[] };

export interface Order {
  readonly entity: LiveEntity;
  readonly effector: Effector;
  readonly given: Readonly<Record<string, string>>;
}

/** More is a slip of the finger. */
const mostMembers = 1000;

/** The entity of this key or name. Fails with an Error whose message is a sentence. */
export function entityNamed(entities: readonly LiveEntity[], wanted: string): LiveEntity {
  const named = entities.filter(({ name }) => name === wanted);
  const found = entities.find(({ key }) => key === wanted) ?? (named.length === 1 ? named[0] : undefined);
  if (found) return found;
  const keys = entities.map(({ key }) => key);
  const meant = nearest(wanted, keys);
  throw new Error(`there is no entity ${wanted}; ${meant === undefined ? `there are ${keys.join(', ')}` : `did you mean ${meant}?`}`);
}

export function effectorNamed({ key, effectors }: LiveEntity, wanted: string): Effector {
  const found = effectors.findLast(({ name }) => name === wanted);
  if (found) return found;
  const names = effectors.map(({ name }) => name);
  const meant = nearest(wanted, names);
  throw new Error(`${key} has no effector ${wanted}; ${meant === undefined ? (names.length === 0 ? 'it has none' : `it has ${names.join(', ')}`) : `did you mean ${meant}?`}`);
}

/** Fails with an Error whose message is a sentence. `isMasked`: the application's secrets are not known. */
export async function prepare({ entity, effector, given }: Order, cloud: Cloud, application: Application, isMasked: boolean): Promise<Prepared> {
  const values = argumentsFor(effector, given);
  if (typeof values === 'string') throw new Error(values);
  switch (effector.kind) {
    case 'start':
    case 'stop':
    case 'restart':
      return { kind: 'plan', plan: await cloud.planOperation(effector.kind, application, targetsOf(entity)) };
    case 'resize': {
      needsSecrets(isMasked, effector, application);
      const present = application.clusters?.find((cluster) => cluster.entity === entity.key)?.size ?? 0;
      const wanted = Number(Object.values(values)[0] || NaN) + (effector.isRelative ? present : 0);
      if (!Number.isInteger(wanted) || wanted < 0 || wanted > mostMembers) throw new Error(`${effector.name} takes a whole number of members, 0 to ${mostMembers}, not ${Object.values(values).join()}`);
      const sizes = new Map([...(application.clusters ?? []).map((cluster) => [cluster.entity, cluster.size] as const), [entity.key, wanted]]);
      const resized = application.resized?.(sizes);
      if (!resized) throw new Error(`${entity.key} is no cluster, so it has no size`);
      return { kind: 'plan', plan: await cloud.plan(resized) };
    }
    case 'command': {
      const all = JSON.stringify([effector.command, effector.env]);
      if (isMasked && all.includes(stars)) needsSecrets(true, effector, application);
      return { kind: 'command', effector, env: values, entities: effector.target === 'entity' && entity.hasContainer ? [entity.key] : entity.below };
    }
    case 'reload':
    case 'replaceMember':
    case 'unsupported':
      throw new Error(effector.kind === 'unsupported' ? effector.reason : `${effector.name} is not carried out by Clocker yet`);
  }
}

function targetsOf({ key, hasContainer, below }: LiveEntity): readonly string[] {
  return [...(hasContainer ? [key] : []), ...below];
}

function needsSecrets(isMasked: boolean, { name }: Effector, { id }: Application): void {
  if (isMasked) throw new Error(`${name} needs the blueprint of ${id} itself: the one kept with its containers has its secrets left out; give it with --blueprint FILE`);
}

// What it takes to carry out an effector: a plan to be approved, where it changes containers, or a command to be run in them.
// Used by the command line and the editor.

import { withSizes, type Application, type LiveEntity } from '#core/blueprint/application.ts';
import { stars } from '#core/blueprint/mask.ts';
import { argumentsOf, stepsOf } from '#core/effectors/composite.ts';
import { argumentsFor, type Effector } from '#core/effectors/effector.ts';
import type { Plan } from '#core/plan/plan.ts';
import { nearest } from '#core/text/nearest.ts';
import type { Cloud, CommandEffector, RequestEffector } from './cloud.ts';

/** An application that runs, understood again from its blueprint. */
export interface Deployed {
  readonly application: Application;
  /** The same with its secrets, which containers that run still have. Fails with an Error whose message is a sentence. */
  readonly whole: (cloud: Pick<Cloud, 'history' | 'recall'>) => Promise<Application>;
}

export type Prepared =
  | { readonly kind: 'plan'; readonly plan: Plan }
  | { readonly kind: 'command'; readonly effector: CommandEffector | RequestEffector; readonly env: Readonly<Record<string, string>>; readonly entities: readonly string[] }
  /** Each prepared and carried out when the one before it is done; what fails ends them. */
  | { readonly kind: 'steps'; readonly steps: readonly Order[] };

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

/** Fails with an Error whose message is a sentence. `whole` gives the application with its secrets, where containers are made of it. */
export async function prepare({ entity, effector, given }: Order, cloud: Cloud, application: Application, whole: () => Promise<Application>): Promise<Prepared> {
  const values = argumentsFor(effector, given);
  if (typeof values === 'string') throw new Error(values);
  switch (effector.kind) {
    case 'start':
    case 'stop':
    case 'restart':
    case 'reload':
      return { kind: 'plan', plan: await cloud.planOperation(effector.kind, application, targetsOf(entity)) };
    case 'resize': {
      const present = application.clusters?.find((cluster) => cluster.entity === entity.key)?.size ?? 0;
      const wanted = Number(Object.values(values)[0] || NaN) + (effector.isRelative ? present : 0);
      if (!Number.isInteger(wanted) || wanted < 0 || wanted > mostMembers) throw new Error(`${effector.name} takes a whole number of members, 0 to ${mostMembers}, not ${Object.values(values).join()}`);
      const sizes = new Map([...(application.clusters ?? []).map((cluster) => [cluster.entity, cluster.size] as const), [entity.key, wanted]]);
      const resized = withSizes(await whole(), sizes);
      if (!resized) throw new Error(`${entity.key} is no cluster, so it has no size`);
      return { kind: 'plan', plan: await cloud.plan(resized) };
    }
    case 'replaceMember': {
      const [member = ''] = Object.values(values);
      if (!application.entities.some(({ key, parent }) => key === member && parent === entity.key)) throw new Error(`${member} is no member of ${entity.key}`);
      return { kind: 'plan', plan: await cloud.plan(await whole(), { anew: [member] }) };
    }
    case 'command':
    case 'request': {
      const entities = effector.kind === 'request' || (effector.target === 'entity' && entity.hasContainer) ? [entity.key] : entity.below;
      if (!JSON.stringify(effector).includes(stars)) return { kind: 'command', effector, env: values, entities };
      const { entities: known } = await cloud.sense(await whole());
      const named = effectorNamed(entityNamed(known, entity.key), effector.name);
      // One that is made of others may have taken its name.
      const withSecrets = named.kind === 'composite' ? (named.original ?? named) : named;
      if (withSecrets.kind !== effector.kind) throw new Error(`${effector.name} of ${entity.key} is another effector by now; try again`);
      return { kind: 'command', effector: withSecrets, env: values, entities };
    }
    case 'composite': {
      const called = stepsOf(effector, entity.effectors);
      if (typeof called === 'string') throw new Error(called);
      const steps = called.map((step): Order => ({ entity, effector: step, given: argumentsOf(step, values) }));
      // Nothing is begun that lacks something further on.
      const lacking = steps.map((step) => argumentsFor(step.effector, step.given)).find((problem) => typeof problem === 'string');
      if (lacking !== undefined) throw new Error(`${effector.name} calls others: ${lacking}`);
      return { kind: 'steps', steps };
    }
    case 'unsupported':
      throw new Error(effector.reason);
  }
}

function targetsOf({ key, hasContainer, below }: LiveEntity): readonly string[] {
  return [...(hasContainer ? [key] : []), ...below];
}

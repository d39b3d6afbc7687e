// Waiting for the values that a container needs before it is made: what is observed changes by itself, what commands and
// servers tell is read again and again, and the options of attributeWhenReady say when to give up.

import type { Application, SensorWait } from '#core/blueprint/application.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import { addressOf } from '#core/cluster/network.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import { followState } from '#core/lifecycle/follow.ts';
import type { Follow } from '#core/lifecycle/lifecycle.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { runningContainer } from '#core/plan/wanted.ts';
import type { Content } from '#core/resolve/course.ts';
import { sightsOf } from '#core/sdn/sight.ts';
import { stateOf, type ServiceState } from '#core/sensors/condition.ts';
import { givesUp } from '#core/sensors/waiting.ts';
import type { Materials } from './builds.ts';
import type { Asked } from './cloud.ts';
import { Failure } from './failure.ts';
import type { ImagePins } from './pins.ts';
import { newestContainer, type Readings } from './sensors.ts';

const lookEveryMs = { first: 250, most: 3000 };

/** What a plan was made from, to settle at the last moment what its containers wait for. */
export interface Planned {
  readonly application: Application;
  readonly file: (source: string) => Content | undefined;
  readonly materials: Materials;
  readonly unread: readonly Refusal[];
  readonly readings: Readings;
  readonly asked?: Asked;
  readonly pins: ImagePins;
}

export interface Waiting {
  readonly observed: () => Observed;
  /** Resolves at the next change of what is observed, after `withinMs`, or when the signal aborts. */
  readonly changed: (signal: AbortSignal, withinMs: number) => Promise<void>;
  readonly signal: AbortSignal;
}

/** The container with all its values. Fails with a Failure when they do not come, or when the signal aborts. */
export async function settled(container: DesiredContainer, planned: Planned, waiting: Waiting): Promise<DesiredContainer> {
  return untilThere(container, planned, waiting, (asked) => {
    const { container: now, awaits } = withValues(container, planned, waiting.observed(), asked);
    return { value: now, left: now.pending ?? [], awaits: awaits.filter(({ before }) => before === undefined) };
  });
}

/** Resolves when what gates of the container wait for at this moment has a value; fails as `settled` does. */
export async function passed(container: DesiredContainer, before: Moment, planned: Planned, waiting: Waiting): Promise<void> {
  return untilThere(container, planned, waiting, (asked) => {
    const awaits = withValues(container, planned, waiting.observed(), asked).awaits.filter((wait) => wait.before === before);
    return { value: undefined, left: awaits.map(({ entity, sensor }) => `${entity}: ${sensor}`), awaits };
  });
}

interface Sight<T> {
  readonly value: T;
  /** What is not there yet, for people. */
  readonly left: readonly string[];
  readonly awaits: readonly SensorWait[];
}

async function untilThere<T>({ containerName }: DesiredContainer, { application, readings }: Planned, { observed, changed, signal }: Waiting, look: (asked?: Set<string>) => Sight<T>): Promise<T> {
  const beganMs = performance.now();
  const states = new Map<string, { readonly state: ServiceState; readonly sinceMs: number; readonly atFirst: boolean }>();
  for (let pauseMs = lookEveryMs.first; ; pauseMs = Math.min(pauseMs * 1.5, lookEveryMs.most)) {
    const asked = new Set<string>();
    const { value, left, awaits } = look(asked);
    if (left.length === 0) return value;
    if (signal.aborted) throw new Failure(`${containerName} still waits for ${left.join(', ')}`);
    for (const wait of awaits) {
      const known = states.get(wait.entity);
      const found = newestContainer(observed(), application.id, wait.entity);
      const state = found === undefined ? 'running' : stateOf(found);
      const entry = known?.state === state ? known : { state, sinceMs: performance.now(), atFirst: known === undefined };
      states.set(wait.entity, entry);
      const why = givesUp(wait.limits, { elapsedMs: performance.now() - beganMs, state, inStateMs: performance.now() - entry.sinceMs, wasSoAtFirst: entry.atFirst });
      if (why !== undefined) throw new Failure(`${containerName} waits for ${wait.entity}: ${wait.sensor}, but ${why}${lastWord(wait, readings)}`);
    }
    await readings.refresh(application.feeds, { wants: ({ entity, sensor }) => asked.has(`${entity} ${sensor}`), signal });
    if (look().left.length > 0) await changed(signal, pauseMs);
  }
}

/** What follows other entities in a container, made from those that run now. */
export function following({ entity: key, spec }: DesiredContainer, { application, file, materials, readings }: Planned, observed: Observed): { readonly follow: Follow; readonly state: string } | undefined {
  if (spec.lifecycle?.course?.follow === undefined) return undefined;
  const container = (entity: string): ObservedContainer | undefined => runningContainer(observed, application.id, entity);
  const serves = (entity: string): boolean => {
    const found = container(entity);
    return found !== undefined && found.isUnfinished !== true;
  };
  const entities = application.settle?.({ container, networks: sightsOf(observed), file, build: materials, read: readings.value, serves }) ?? application.entities;
  const follow = entities.find((entity) => entity.key === key)?.container?.lifecycle?.course?.follow;
  const address = (entity: string): string | undefined => addressOf(container(entity)?.addresses ?? {}, application.id);
  return follow && { follow, state: followState(follow, address) };
}

function lastWord({ entity, sensor }: SensorWait, readings: Readings): string {
  const problem = readings.problem(entity, sensor);
  return problem === undefined ? '' : `; the last time ${problem}`;
}

/** `asked` gets the sensors that would have to be read. */
function withValues(container: DesiredContainer, { application, file, materials, readings }: Planned, observed: Observed, asked?: Set<string>): { readonly container: DesiredContainer; readonly awaits: readonly SensorWait[] } {
  const read: Readings['value'] = (entity, sensor) => {
    asked?.add(`${entity} ${sensor}`);
    return readings.value(entity, sensor);
  };
  const entity = application.settle?.({ container: (key) => runningContainer(observed, application.id, key), networks: sightsOf(observed), file, build: materials, read }).find(({ key }) => key === container.entity);
  const { pending: _, ...known } = container;
  const spec = entity?.container ?? container.spec;
  return { container: { ...known, spec, specHash: specHash(specParts(application.id, container.entity, spec)), ...(entity?.pending && { pending: entity.pending }) }, awaits: entity?.awaits ?? [] };
}

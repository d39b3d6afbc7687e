// Gates of a container that is started: at some moments it waits for other actions of its plan, and for values of what these start.
// Meanwhile others may have its place in the queue of the host, or those it waits for might never get one.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { EntityWait } from '#core/blueprint/application.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import type { LimitFunction } from 'p-limit';
import { Failure } from './failure.ts';

/** A place in the queue of a host. */
export interface Place {
  readonly leave: () => void;
  readonly take: () => Promise<void>;
}

/** Resolves when it is had for the first time. */
export async function placeIn(limit: LimitFunction): Promise<Place> {
  let leave: () => void = () => {};
  const take = (): Promise<void> =>
    new Promise((taken) => {
      void limit(() => {
        const left = Promise.withResolvers<void>();
        leave = left.resolve;
        taken();
        return left.promise;
      });
    });
  await take();
  return { leave: () => leave(), take };
}

export interface GateWorld {
  /** Resolves when all actions that start one of the entities are over, whatever became of them: to those of the entities that did not start. */
  readonly others: (entities: readonly string[]) => Promise<readonly string[]>;
  /** A clause when a wait took longer than it may. */
  readonly firstOver: (others: Promise<unknown>, waits: readonly EntityWait[]) => Promise<string | undefined>;
  /** See `Workbench.passGates`. */
  readonly values: () => Promise<void>;
  readonly onDetail: (detail: string) => void;
}

/** Resolves when the container may go on. Throws a Failure when it may not. */
export async function passGates({ containerName, host, gates = [] }: DesiredContainer, before: Moment, place: Place, world: GateWorld): Promise<void> {
  const here = gates.filter((gate) => gate.before === before);
  if (here.length === 0) return;
  const what = `container ${containerName} on ${host}`;
  world.onDetail(`waiting for ${[...new Set(here.map(({ shown }) => shown))].join(', ')} before ${before}`);
  place.leave();
  try {
    const others = world.others(here.map(({ entity }) => entity));
    const tooLong = await world.firstOver(others, here);
    if (tooLong !== undefined) throw new Failure(`${before} of ${what}: ${tooLong}`);
    const missing = await others;
    if (missing.length > 0) throw new Failure(`${before} of ${what}: it waits for ${missing.join(', ')}, which did not start; deploy again to go on from there`);
    await world.values();
  } finally {
    await place.take();
  }
}

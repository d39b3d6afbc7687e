// What all actions share: where they are done, how they are watched and stopped, and how they say what they were doing.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Follow } from '#core/lifecycle/lifecycle.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import type { Action } from '#core/plan/plan.ts';
import type { Vantage } from '#core/sdn/vantage.ts';
import { Failure, messageOf } from './failure.ts';
import type { Meant } from './images.ts';
import { changeWithinMs, within } from './patience.ts';
import type { HostPort } from './ports.ts';
import type { Addressing } from './sdn/addressing.ts';

export interface Workbench {
  /** The id of the application that is worked on. */
  readonly application: string;
  readonly addressing: Addressing;
  /** Processors of the host; 0 where that is not known. */
  cores(host: string): number;
  /** Undefined when the host is not configured any more. */
  port(host: string): HostPort | undefined;
  /** From a host nearby or from its registry. */
  bringImage(image: string, host: string, running: Running, meant: Meant): Promise<void>;
  /** From its Dockerfile. Throws a Failure. */
  buildImage(action: Extract<Action, { kind: 'build' }>, running: Running): Promise<void>;
  /** The image of what the container's commands install, on its host; undefined where they have to be run. */
  installedImage(container: DesiredContainer, running: Running): Promise<string | undefined>;
  isRunning(host: string, containerId: string): boolean;
  /** From where a container can be watched that moves `from` a host; undefined where from nowhere. */
  vantage(container: DesiredContainer, from: string): Vantage | undefined;
  /** False for a container that was made and never started. */
  hasRun(host: string, containerId: string): boolean;
  /** Whether an entity that commands install is installed to the end. */
  isFinished(host: string, containerId: string): boolean;
  /** Resolves when that shows, true, or when it did not within this time, or the container has ended. */
  settles(host: string, containerId: string, withinMs: number): Promise<boolean>;
  /** Has the cloud's provisioner make the host, and looks whether it can take what is to go there. Throws a Failure; the host is released then. */
  addHost(action: Extract<Action, { kind: 'addHost' }>, running: Running): Promise<void>;
  /** Has it taken away, if nothing is on it. */
  removeHost(action: Extract<Action, { kind: 'removeHost' }>, running: Running): Promise<void>;
  /** What a container is compared by: see `Ownership.specHash`. */
  specHashOf(host: string, containerId: string): string | undefined;
  /** The container with the values that it waits for; resolves when all are there. Throws a Failure when they do not come. */
  settle(container: DesiredContainer, signal: AbortSignal): Promise<DesiredContainer>;
  /** Resolves when the values that its gates at this moment wait for are there. Throws a Failure when they do not come. */
  passGates(container: DesiredContainer, before: Moment, signal: AbortSignal): Promise<void>;
  /** What follows other entities in a container, as they are now, and the state to keep with it; undefined where nothing does. */
  following(container: DesiredContainer): Promise<{ readonly follow: Follow; readonly state: string } | undefined>;
  /** The code with which the container exits within `withinMs`; undefined when it does not, or when `signal` aborts. Throws when the host goes down. */
  exitOf(host: string, containerId: string, withinMs: number, signal: AbortSignal): Promise<number | undefined>;
}

export interface Running {
  readonly signal: AbortSignal;
  readonly onDetail: (detail: string) => void;
  /** Its container runs. */
  readonly onThere: () => void;
  /** Resolves when the container may go on. Throws a Failure when it may not. */
  readonly atMoment: (before: Moment) => Promise<void>;
}

/** Gives a clause to tell a person, where there is something to tell. */
export type LastCheck = () => Promise<string | undefined>;
export const nothingMore: LastCheck = async () => undefined;

/** A container that is there. */
export interface Subject {
  readonly host: string;
  readonly containerId: string;
  readonly containerName: string;
}

/** Pulling has no limit. */
export async function doing<T>(what: string, work: () => Promise<T>, limitMs = changeWithinMs): Promise<T> {
  try {
    return await (limitMs === Infinity ? work() : within(limitMs, work));
  } catch (error) {
    throw new Failure(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

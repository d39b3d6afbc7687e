// Who is changing an application right now. A lock is taken on every host before the first effect and given back after the
// last; what it says is decided here, how it is taken is the engine's business.

import type { DeploymentRecord } from '#core/record/revision.ts';

export interface LockOwner {
  /** `ann@laptop`. */
  readonly by: string;
  /** Tells machines apart, and starts of one machine; means nothing else. */
  readonly machine: string;
  /** Of the process on that machine. */
  readonly processId: number;
  /** Another one for each engine that a process opens. */
  readonly session: string;
}

/** What is being done, as it will be recorded if nobody tells its end. */
export type Undertaking = Omit<DeploymentRecord, 'revision' | 'outcome'>;

export interface Lock extends LockOwner, Undertaking {}

export interface ObservedLock extends Lock {
  readonly host: string;
  readonly lockId: string;
  /** By the host's clock. */
  readonly ageMs: number;
}

/** Whether the owner lives: undefined where that cannot be known from here. */
export function lives(lock: LockOwner, me: LockOwner, isRunning: (processId: number) => boolean): boolean | undefined {
  if (lock.machine !== me.machine) return undefined;
  // A lock of this very session that it does not hold was left over when its host went away.
  if (lock.session === me.session) return false;
  return isRunning(lock.processId);
}

/** "ann@laptop has been working on Shop for 12 s". */
export function lockSentence({ by, applicationName, ageMs }: Pick<ObservedLock, 'by' | 'applicationName' | 'ageMs'>): string {
  return `${by} has been working on ${applicationName} for ${ageText(ageMs)}`;
}

/** Why nothing was done, and what to do about it; `how` is how a lock is broken. */
export function lockedSentence(locks: readonly ObservedLock[], how: string): string {
  const [oldest] = locks.toSorted((a, b) => b.ageMs - a.ageMs);
  const who = oldest === undefined ? 'somebody is working on the application' : lockSentence(oldest);
  return `${who}; nothing was done. Wait until that has ended, or, if nobody does it any more, ${how}`;
}

/** Two units at most: "45 s", "12 min", "3 h 20 min", "2 days". */
export function ageText(ageMs: number): string {
  const seconds = Math.max(0, Math.round(ageMs / 1000));
  const [minutes, hours, days] = [Math.floor(seconds / 60), Math.floor(seconds / 3600), Math.floor(seconds / 86_400)];
  if (seconds < 60) return `${seconds} s`;
  if (hours === 0) return `${minutes} min`;
  if (days === 0) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  return days === 1 ? '1 day' : `${days} days`;
}

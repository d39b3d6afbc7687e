// Keeps two deployments from working on one application at once: a lock on every host of its home, taken before the first effect
// and given back after the last. Two who share one of these hosts meet there. A lock whose owner is known to be
// dead is broken by whoever comes next; of others a person decides.

import type { Observed } from '#core/cluster/observed.ts';
import { lives, type Lock, type LockOwner, type ObservedLock, type Undertaking } from '#core/record/lock.ts';
import { isWritable } from '#core/record/record.ts';
import type { Deployer } from './deployer.ts';
import { answerWithinMs, within } from './patience.ts';
import type { HostPort } from './ports.ts';

/** A lock that is seen and gone again is asked for so often. */
const attempts = 3;
const pauseMs = 200;

export interface LockWorld {
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
  readonly deployer: Deployer;
}

interface HeldLock {
  readonly host: string;
  readonly lockId: string;
}

export type Taking =
  /** `broken` are locks of the dead that were in the way. `releaseOn` is for one host that goes before the end. */
  | { readonly kind: 'held'; readonly broken: readonly ObservedLock[]; readonly release: () => Promise<void>; readonly releaseOn: (host: string) => Promise<void> }
  | { readonly kind: 'taken'; readonly locks: readonly ObservedLock[] };

export class Locks {
  readonly #world: LockWorld;
  readonly #mine = new Set<string>();
  /** Their hosts were down when they were to be given back. */
  #left: HeldLock[] = [];

  constructor(world: LockWorld) {
    this.#world = world;
  }

  /** Hosts that do not answer are left out: nothing can be done on them either. */
  async take(undertaking: Undertaking, hosts: readonly string[]): Promise<Taking> {
    const { by, machine, processId, session } = this.#world.deployer;
    const lock: Lock = { ...undertaking, by, machine, processId, session };
    const held: HeldLock[] = [];
    const broken: ObservedLock[] = [];
    const inTheWay: ObservedLock[] = [];
    const take = async (host: string): Promise<void> => {
      const found = await this.#takeOn(host, lock, broken);
      if (typeof found === 'string') held.push({ host, lockId: found });
      else inTheWay.push(...found);
    };
    const release = async (): Promise<void> => {
      await Promise.all(held.map((one) => this.#release(one)));
    };
    // The first one alone: who has it gets the others, so two never hold one another up.
    const [first, ...others] = hosts.toSorted();
    try {
      if (first !== undefined) await take(first);
      const ends = inTheWay.length === 0 ? await Promise.allSettled(others.map(take)) : [];
      for (const end of ends) if (end.status === 'rejected') throw end.reason;
    } catch (error) {
      await release();
      throw error;
    }
    const releaseOn = async (host: string): Promise<void> => {
      const there = held.findIndex((one) => one.host === host);
      if (there >= 0) await Promise.all(held.splice(there, 1).map((one) => this.#release(one)));
    };
    if (inTheWay.length === 0) return { kind: 'held', broken, release, releaseOn };
    await release();
    return { kind: 'taken', locks: inTheWay };
  }

  async list(application: string | undefined): Promise<readonly ObservedLock[]> {
    const found = await Promise.all(this.#hosts().map((host) => this.#ask(host, (port, signal) => port.records.locks(application, signal)).catch(() => [])));
    return found.flat();
  }

  /** What the dead have left of an application; nobody has to wait for it. */
  async breakDead(application: string): Promise<readonly ObservedLock[]> {
    const dead = (await this.list(application)).filter((lock) => this.#isDead(lock));
    await this.break(dead).catch(() => undefined);
    return dead;
  }

  /** Takes away what the dead have left besides locks. It is in nobody's way, so where that fails it stays. */
  async sweep(): Promise<void> {
    const { session } = this.#world.deployer;
    const isDead = (owner: LockOwner): boolean => owner.session !== session && this.#lives(owner) === false;
    await Promise.all(this.#hosts().map((host) => this.#ask(host, (port) => port.sweep(isDead)).catch(() => undefined)));
  }

  async break(locks: readonly ObservedLock[]): Promise<void> {
    await Promise.all(locks.map(({ host, lockId }) => this.#ask(host, (port) => port.records.unlock(lockId))));
  }

  /** To be called when hosts have changed: what could not be given back is given back now. */
  tidy(): void {
    const { hosts } = this.#world.observed();
    const isUp = ({ host }: HeldLock): boolean => hosts.some((one) => one.host === host && one.state.kind === 'up');
    const now = this.#left.filter(isUp);
    if (now.length === 0) return;
    this.#left = this.#left.filter((one) => !now.includes(one));
    for (const one of now) void this.#release(one);
  }

  #hosts(): string[] {
    return this.#world.observed().hosts.filter(isWritable).map(({ host }) => host).toSorted();
  }

  /** The id of the lock, or what is in the way; neither where the host cannot be asked. */
  async #takeOn(host: string, lock: Lock, broken: ObservedLock[]): Promise<string | readonly ObservedLock[]> {
    for (let attempt = 1; ; attempt++) {
      const asked = await this.#lock(host, lock).catch(() => 'not asked' as const);
      if (asked === 'not asked') return [];
      if (asked !== undefined) return asked.lockId;
      const found = await this.#ask(host, (port, signal) => port.records.locks(lock.application, signal));
      const dead = found.filter((one) => this.#isDead(one));
      if (found.length > dead.length) return found.filter((one) => !dead.includes(one));
      if (attempt === attempts && dead.length === 0) throw new Error(`a container of somebody else has the name of the lock of ${lock.applicationName} on ${host}; rename it`);
      await this.break(dead);
      broken.push(...dead);
      if (dead.length === 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  async #lock(host: string, lock: Lock): Promise<{ readonly lockId: string } | undefined> {
    const asked = this.#port(host).records.lock(lock);
    try {
      const lockId = await within(answerWithinMs, () => asked);
      if (lockId === undefined) return undefined;
      this.#mine.add(lockId);
      return { lockId };
    } catch (error) {
      // An engine that hangs may still do it when it goes on.
      void asked.then((lockId) => (lockId === undefined ? undefined : this.#release({ host, lockId })), () => undefined);
      throw error;
    }
  }

  async #release(held: HeldLock): Promise<void> {
    try {
      await this.#ask(held.host, (port) => port.records.unlock(held.lockId));
      this.#mine.delete(held.lockId);
    } catch {
      this.#left.push(held);
    }
  }

  #isDead(lock: ObservedLock): boolean {
    return !this.#mine.has(lock.lockId) && this.#lives(lock) === false;
  }

  #lives(owner: LockOwner): boolean | undefined {
    return lives(owner, this.#world.deployer, (processId) => this.#world.deployer.isRunning(processId));
  }

  async #ask<T>(host: string, work: (port: HostPort, signal: AbortSignal) => Promise<T>): Promise<T> {
    return within(answerWithinMs, (limited) => work(this.#port(host), limited));
  }

  #port(host: string): HostPort {
    const port = this.#world.port(host);
    if (port === undefined) throw new Error(`host ${host} is not configured any more`);
    return port;
  }
}

// What the engine needs of a host to remember deployments and to keep two from working on one application at once; part of
// `HostPort`. Nothing here is needed to find containers.

import type { Lock, ObservedLock } from '#core/record/lock.ts';
import type { DeploymentRecord, SeenRevision, Store } from '#core/record/revision.ts';
import type { Holdings } from '#core/record/unmask.ts';

export interface RecordPort {
  /** Those of all applications, the host's own and those of its Swarm, where it is a manager. */
  list(signal: AbortSignal): Promise<readonly SeenRevision[]>;
  read(application: string, revision: number): Promise<DeploymentRecord | undefined>;
  /** In place of what is there for this revision. False where the store takes nothing of this size. */
  write(record: DeploymentRecord, store: Store): Promise<boolean>;
  /** From one store, or from both. No failure if it is not there. */
  remove(application: string, revision: number, store?: Store): Promise<void>;
  /** Gives the lock's id; undefined when somebody has it: of all who ask at once, one gets it. */
  lock(lock: Lock): Promise<string | undefined>;
  /** Of one application, or of all. */
  locks(application: string | undefined, signal: AbortSignal): Promise<readonly ObservedLock[]>;
  /** No failure if it is not there. */
  unlock(lockId: string): Promise<void>;
  /** What a container was made with. It may be secret: it reaches a new container and nothing else. */
  holdings(containerId: string): Promise<Omit<Holdings, 'entity'>>;
}

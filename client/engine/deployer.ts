// Who deploys, as locks and records tell it; `client/identity.ts` knows it of this process.

import type { LockOwner } from '#core/record/lock.ts';

export interface Deployer extends LockOwner {
  /** Whether a process of this machine runs. */
  isRunning(processId: number): boolean;
  /** Milliseconds since 1970. */
  nowMs(): number;
}

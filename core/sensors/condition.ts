// How an entity is doing, in Brooklyn's words for it: of its container, or of the parts that a group has.

import type { ObservedContainer } from '#core/cluster/observed.ts';

export type ServiceState = 'created' | 'starting' | 'running' | 'stopping' | 'stopped' | 'on-fire';

/** Exits that are no failure: the program ended well, or it was asked to end. */
const goodExits: ReadonlySet<number | undefined> = new Set([0, 143, undefined]);

export function stateOf(container: ObservedContainer | undefined): ServiceState {
  if (container === undefined) return 'created';
  switch (container.state) {
    case 'created':
      return 'created';
    case 'running':
      if (container.isUnfinished === true || container.health === 'starting') return 'starting';
      return container.health === 'unhealthy' ? 'on-fire' : 'running';
    case 'paused':
      return 'stopped';
    case 'removing':
      return 'stopping';
    case 'restarting':
    case 'dead':
      return 'on-fire';
    case 'exited':
      return container.isStopped === true || goodExits.has(container.exitCode) ? 'stopped' : 'on-fire';
  }
}

/** Of a group, by its parts: what is wrong with one is wrong with the group. */
export function stateTogether(parts: readonly ServiceState[]): ServiceState {
  const [first] = parts;
  if (first === undefined) return 'created';
  if (parts.every((state) => state === first)) return first;
  if (parts.includes('on-fire')) return 'on-fire';
  if (parts.includes('starting') || parts.includes('created')) return 'starting';
  if (parts.includes('stopping')) return 'stopping';
  return 'on-fire';
}

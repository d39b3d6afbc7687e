// What the hosts remember of an application's deployments: who did what and when, and the blueprint, values that look secret
// masked. The same records lie on every host of its home, or once in the Swarm that these are; which containers there are is
// never read from here, so losing them loses history alone.

import type { Revision } from '#core/record/revision.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';

export const keptRevisions = 10;

/** Newest first, each once; where hosts disagree about one, the later counts. */
export function historyOf(observed: Observed, application: string): readonly Revision[] {
  const newest = new Map<number, Revision>();
  for (const record of observed.hosts.flatMap(({ records = [] }) => records)) {
    if (record.application !== application) continue;
    const known = newest.get(record.revision);
    if (known === undefined || record.atMs > known.atMs) newest.set(record.revision, record);
  }
  return [...newest.values()].toSorted((a, b) => b.revision - a.revision);
}

/** What undoing the last deployment goes back to: what was there before it. Undefined where nothing was. */
export function before([last, ...earlier]: readonly Revision[]): Revision | undefined {
  return last && (earlier.find(({ outcome }) => outcome === 'done') ?? earlier[0]);
}

export function isWritable({ state, isReadOnly }: ObservedHost): boolean {
  return state.kind === 'up' && isReadOnly !== true;
}

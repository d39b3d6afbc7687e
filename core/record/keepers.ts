// Who keeps the records of an application: of hosts that are one Swarm a manager, for all of them; every other host for itself.
// What is there already moves from the one to the other by what each lacks and what each has too many.

import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { isWritable } from '#core/record/record.ts';
import type { Revision, SeenRevision } from '#core/record/revision.ts';
import { isSpanning, spans } from '#core/sdn/swarm.ts';

export interface Keeper {
  /** A manager, whose Swarm keeps them. */
  readonly manager: string;
  /** The hosts that it keeps them for. */
  readonly hosts: readonly string[];
}

export interface Repair {
  readonly host: string;
  /** What it lacks, or has otherwise. */
  readonly write: readonly Revision[];
  /** Numbers of revisions that it has and shall not have. */
  readonly remove: readonly number[];
}

/** The Swarms among the hosts of a home that can be written on. One without a manager there that works keeps nothing. */
export function keepersOf({ hosts }: Observed, home: readonly string[]): readonly Keeper[] {
  const mine = hosts.filter((host) => home.includes(host.host) && isWritable(host));
  return spans(mine).flatMap((names): Keeper[] => {
    const manager = mine.find(({ host, swarm }) => names.includes(host) && isSpanning(swarm) && swarm.isManager && swarm.problem === undefined);
    return manager ? [{ manager: manager.host, hosts: names }] : [];
  });
}

/** What makes a Swarm hold `kept`; undefined where it does. */
export function swarmRepair({ manager }: Keeper, seen: readonly SeenRevision[], application: string, kept: readonly Revision[]): Repair | undefined {
  return repair(manager, seen.filter((record) => record.application === application && record.store === 'swarm'), kept);
}

/** What makes every host that can be written on hold those of `kept` that it is to hold by itself: what its Swarm has (`held`, by host) it need not, and elsewhere than at home it holds none. */
export function hostRepairs({ hosts }: Observed, application: string, home: readonly string[], kept: readonly Revision[], held: ReadonlyMap<string, ReadonlySet<number>>): readonly Repair[] {
  return hosts.filter(isWritable).flatMap(({ host, records = [] }: ObservedHost) => {
    const mine = records.filter((record) => record.application === application && record.store !== 'swarm');
    const wanted = home.includes(host) ? kept.filter(({ revision }) => held.get(host)?.has(revision) !== true) : [];
    return repair(host, mine, wanted) ?? [];
  });
}

function repair(host: string, there: readonly Revision[], wanted: readonly Revision[]): Repair | undefined {
  const write = wanted.filter(({ revision, atMs }) => !there.some((record) => record.revision === revision && record.atMs === atMs));
  const remove = there.flatMap(({ revision }) => (wanted.some((one) => one.revision === revision) ? [] : [revision]));
  return write.length + remove.length === 0 ? undefined : { host, write, remove };
}

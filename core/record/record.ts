// What the hosts remember of an application's deployments: who did what and when, and the blueprint, values that look secret
// masked. The same records lie on every host of its home, or once in the Swarm that these are; which containers there are is
// never read from here, so losing them loses history alone.

import type { DescribedCloud } from '#core/cloud/described.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Addresses, Assignment } from '#core/record/assignments.ts';
import type { KeptFiles } from '#core/record/files.ts';

/** `cut short`: whoever deployed is gone, and did not say how it ended. */
export const outcomes = ['done', 'failed', 'cancelled', 'cut short'] as const;
export type RecordedOutcome = (typeof outcomes)[number];

/** The host of each entity's container, by the entity's key. */
export type Places = Readonly<Record<string, string>>;

export interface Revision {
  readonly application: string;
  readonly applicationName: string;
  /** Counts the application's deployments from 1. */
  readonly revision: number;
  /** Milliseconds since 1970, by the clock of whoever deployed. */
  readonly atMs: number;
  /** `ann@laptop`. */
  readonly by: string;
  /** The plan in one line: "1 to replace, 2 unchanged." */
  readonly what: string;
  readonly outcome: RecordedOutcome;
  /** After it. Absent in what was remembered before places were. */
  readonly places?: Places;
  /** After it, too; so that an address stays its entity's though its container was taken away by hand. */
  readonly addresses?: Addresses;
  readonly assignments?: readonly Assignment[];
  /** The docker clouds that it describes. Absent where it never described any, and where nobody knows. */
  readonly clouds?: readonly DescribedCloud[];
}

/** Where a host keeps a record: by itself, or in its Swarm, of which every manager shows it. */
export type Store = 'host' | 'swarm';

/** A revision as a host shows it. */
export interface SeenRevision extends Revision {
  /** Absent is `host`. */
  readonly store?: Store;
}

/** A revision with the blueprint to go back to, already free of secrets. */
export interface DeploymentRecord extends Revision {
  readonly blueprint: string;
  /** Those of the machine it was deployed from. Absent where it had none, and in what was remembered before files were. */
  readonly files?: KeptFiles;
}

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

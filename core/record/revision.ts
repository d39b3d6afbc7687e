// What is remembered of one deployment, as data: who did what and when, where everything was then, and what was exceptional.

import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
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
  /** The images that were built for its entities, by their keys. Absent where there are none. */
  readonly images?: Readonly<Record<string, string>>;
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

/** One exception to what the blueprint says of an entity's networks. */
export interface Assignment {
  readonly entity: string;
  /** The id by which it is joined; of the application's own network, the application's. */
  readonly network: string;
  /** It is about the application's own network, on which everybody is otherwise. */
  readonly isOwn?: true;
  readonly isConnected: boolean;
  /** Chosen by a person; otherwise the next free one was given, which the container tells. */
  readonly address?: string;
  /** Names besides those that it has anyway. */
  readonly aliases?: readonly string[];
  /** `ann@laptop`. */
  readonly by: string;
}

/** By entity and network, the addresses of an application's containers. */
export type Addresses = Readonly<Record<string, Readonly<Record<string, string>>>>;

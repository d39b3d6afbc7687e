// The life of an entity that is installed and started by commands: which phases there are, in which order, with what put into
// the container before each. Data only: scripts.ts makes the container's programs of it, client/engine carries it out.


/** Before the launch, in this order; the launch itself, the check and the stop are no phases but belong to the container's main program. */
export const phaseNames = ['pre-install', 'install', 'post-install', 'pre-customize', 'customize', 'post-customize', 'pre-launch'] as const;
export type PhaseName = (typeof phaseNames)[number] | 'post-launch';

/** A run of phases before which files are put into the container. */
export const stages = [
  { name: 'preinstall', phases: ['pre-install'] },
  { name: 'install', phases: ['install', 'post-install'] },
  { name: 'customize', phases: ['pre-customize', 'customize', 'post-customize'] },
  { name: 'runtime', phases: ['pre-launch'] },
] as const satisfies readonly { readonly name: string; readonly phases: readonly PhaseName[] }[];
export type StageName = (typeof stages)[number]['name'];

export interface Phase {
  readonly name: PhaseName;
  /** Where the commands run. */
  readonly directory: string;
  readonly commands: string;
}

/** A file to put into the container before a stage. */
export interface PlacedFile {
  readonly stage: StageName;
  /** Absolute. */
  readonly path: string;
  readonly base64: string;
}

export interface Course {
  readonly installDir: string;
  readonly runDir: string;
  /** In their order; only those that have commands, `post-launch` last. */
  readonly phases: readonly Phase[];
  readonly files: readonly PlacedFile[];
  /** What becomes the container's program. */
  readonly launch: string;
  /** Ends with 0 when the program runs. */
  readonly check?: string;
  readonly stop?: string;
  /** Environment variables whose values hold `ownAddress` of scripts.ts. */
  readonly ownAddressIn: readonly string[];
  /** Files that follow other entities while it runs. */
  readonly follow?: Follow;
  /** Whether what is installed is kept as an image for the next; absent where nobody has said. */
  readonly isCaught?: boolean;
  /** Something that looks secret is installed, by what is written in the blueprint. */
  readonly installsSecret?: boolean;
  /** How long the program may take from its launch until the check is content. */
  readonly startTimeoutMs: number;
}

/** Files that follow what other entities do. */
export interface Follow {
  readonly files: readonly { readonly path: string; readonly base64: string }[];
  /** Commands. */
  readonly reload: string;
  /** The entities that are followed, by key. */
  readonly members: readonly string[];
}

export interface Lifecycle {
  /** One hash for each part, by its name for a person: `install commands`, `file /etc/app.conf`. They are made from what may be secret. */
  readonly parts: Readonly<Record<string, string>>;
  /** Absent where a container was observed. */
  readonly course?: Course;
}

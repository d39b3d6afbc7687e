// An application, ready to be planned: what `resolve` makes of a blueprint and its catalogs. Plain data without places;
// the engine and the views know blueprints only in this shape.

import type { Value } from '#core/coerce/value.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import type { Quarantine } from '#core/cluster/aside.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import type { Effector } from '#core/effectors/effector.ts';
import type { DockerfileSource, FoundBuild, ImageBuild, KeptBuild } from '#core/image/imageBuild.ts';
import type { PullPolicy } from '#core/image/pin.ts';
import type { ImageSource, SourceLogin } from '#core/image/source.ts';
import type { Lifecycle } from '#core/lifecycle/lifecycle.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import type { EntityPlacement } from '#core/placement/strategy.ts';
import type { Policy } from '#core/policy/policies.ts';
import type { DeclaredNetwork } from '#core/cluster/network.ts';
import type { KeptFiles } from '#core/record/files.ts';
import type { Feed } from '#core/sensors/feeds.ts';
import type { NetworkSight } from '#core/sdn/sight.ts';
import type { WaitLimits } from '#core/sensors/waiting.ts';

/** A number of a TCP or UDP port, 1 to 65535. */
export type Port = number;

/** `container` listens on `port`; the host publishes it as `hostPort`, or as any free port where `hostPort` is absent. */
export interface PublishedPort {
  readonly port: Port;
  readonly hostPort?: Port;
  readonly protocol: 'tcp' | 'udp';
}

/** A directory or volume of the host, seen in the container at `path`. A `source` starting with `/` is a directory, else a named volume; without a source it is an anonymous volume. */
export interface Mount {
  readonly source?: string;
  readonly path: string;
  readonly readOnly: boolean;
}

/** What an entity is on Docker: the container to run. */
export interface ContainerSpec {
  /** The reference in full, as written: `redis:7`, `registry.example:5000/team/app@sha256:...`. */
  readonly image: string;
  /** How that image is made, where it is built from a Dockerfile and that has been read. */
  readonly build?: ImageBuild;
  readonly entrypoint?: readonly string[];
  readonly command?: readonly string[];
  /** Environment, by name. The values may be secret: they reach the container and nothing else. */
  readonly env: Readonly<Record<string, string>>;
  /** Ports that the container listens on and other containers may use. */
  readonly openPorts: readonly Port[];
  /** Ports published on the host. */
  readonly publishedPorts: readonly PublishedPort[];
  readonly mounts: readonly Mount[];
  /** Weight of the container when processors are short, 1024 for one processor; as much is reserved on its host. */
  readonly cpuShares?: number;
  /** The memory the container may use; as much is reserved on its host. */
  readonly memoryBytes?: number;
  /** The address on the application's network, where the blueprint wants a certain one. */
  readonly address?: string;
  /** Further names on its networks, by which entities that are linked to it find it. */
  readonly aliases?: readonly string[];
  /** Whether it is on a network of its application's own; absent where its cloud decides. */
  readonly hasOwnNetwork?: boolean;
  /** Ids of further networks that it is on. */
  readonly networks?: readonly string[];
  /** By their ids, the addresses there that the blueprint wants. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** When its image is pulled; absent where the entity does not say. */
  readonly pullPolicy?: PullPolicy;
  /** The registry that is asked first for its image; absent where the entity does not say. */
  readonly source?: ImageSource;
  /** For an entity that commands install and launch: then there is neither entrypoint nor command. */
  readonly lifecycle?: Lifecycle;
}

/** A sensor that an entity needs before it can start. */
export interface EntityWait {
  /** The entity with a container that must run first. */
  readonly entity: string;
  /** For people: "db: datastore.url". */
  readonly shown: string;
  /** Gives up after this time. */
  readonly timeoutMs?: number;
  /** Met as soon as the other's container runs, though the other is not up then. */
  readonly needsContainerOnly?: true;
}

/** A wait at a moment of the start: the container is made before, and does what it can. */
export interface Gate extends EntityWait {
  readonly before: Moment;
  /** The other one waits for this one, too, with another part of its start. */
  readonly isMutual?: true;
}

/** One entity of an application. Entities form a tree; `key` is unique in the application and the same on every reading of the same blueprint. */
export interface Entity {
  /** The blueprint's `id`, or one made from the name, the type and the place among equals: `redis`, `redis-2`. Letters, digits, `-`, `_`, `.`. */
  readonly key: string;
  /** What a person sees. */
  readonly name: string;
  /** The type as written, old names translated. */
  readonly type: string;
  readonly parent?: string;
  /** Absent for an entity that only groups others. */
  readonly container?: ContainerSpec;
  /** Where the blueprint says this entity goes: names of hosts or clouds, nearest first. Empty means anywhere. */
  readonly locations: readonly string[];
  /** What its image is for, like `linux/amd64`; absent where that is not known or makes no difference. */
  readonly platforms?: readonly string[];
  /** How its host is chosen; absent where nothing is asked. */
  readonly placement?: EntityPlacement;
  /** What must run before this entity starts. Waits of different entities never go in a circle. */
  readonly waits?: readonly EntityWait[];
  /** What must run before it goes on with its start. */
  readonly gates?: readonly Gate[];
  /** Values that only running entities have and that are not known yet: what is in `container` may still change. For people: "db: host.address". */
  readonly pending?: readonly string[];
  /** For a member of a cluster, which is its parent: which one, counted from 1. */
  readonly memberIndex?: number;
  /** For a member of a cluster that keeps those aside that fail to start. */
  readonly quarantine?: Quarantine;
  /** The sensors behind `pending`, and those behind `gates`. */
  readonly awaits?: readonly SensorWait[];
  /** Entities that must be on one network with this one: it uses names or addresses of theirs. */
  readonly reaches?: readonly string[];
  /** What lies below this entity goes on one and the same host. */
  readonly keepsTogether?: boolean;
}

/** A sensor that an entity still waits for. */
export interface SensorWait {
  readonly entity: string;
  readonly sensor: string;
  readonly limits: WaitLimits;
  /** For one that a gate waits for. */
  readonly before?: Moment;
}

/** Where the image of entities is built from. */
export interface EntityBuild {
  readonly source: DockerfileSource;
  readonly entities: readonly string[];
}

/** A cluster, and how many members it has. */
export interface ClusterSize {
  readonly entity: string;
  readonly size: number;
  /** How many members must start for the cluster to count as started. */
  readonly quorum: number;
  /** Members that fail to start are kept aside, and made again. */
  readonly quarantines: boolean;
}

/** One entity as it runs. */
export interface LiveEntity {
  readonly key: string;
  readonly name: string;
  readonly parent?: string;
  /** The cluster that it is a member of. */
  readonly memberOf?: string;
  readonly hasContainer: boolean;
  /** The entities below it that have a container. */
  readonly below: readonly string[];
  /** Those that have a value. `shown` has no secret; `value` is absent where the name looks secret. */
  readonly sensors: readonly { readonly name: string; readonly shown: string; readonly value?: Value }[];
  /** What can be read of it now. */
  readonly feeds: readonly Feed[];
  readonly effectors: readonly Effector[];
  readonly policies: readonly Policy[];
  /** Policies of its blueprint that Clocker does not follow. */
  readonly unfollowed: readonly string[];
}

/** What is seen and was read of the entities of an application, in whatever state they are. */
export interface LiveWorld {
  /** Absent means none. */
  readonly networks?: () => readonly NetworkSight[];
  readonly container: (entity: string) => ObservedContainer | undefined;
  readonly read: (entity: string, sensor: string) => Value | undefined;
}

/** What is known of the outside when entities are settled. */
export interface RunningWorld {
  /** The container of an entity, where it runs as it is wanted. */
  readonly container: (entity: string) => ObservedContainer | undefined;
  /** The content of a file, by the source in the blueprint; undefined where it has not been read. */
  readonly file: (source: string) => { readonly base64: string; readonly text: string } | undefined;
  /** What was found of a Dockerfile and around it; undefined where it has not been read. */
  readonly build?: (source: DockerfileSource) => FoundBuild | KeptBuild | undefined;
  /** What was read of a sensor that a command or a server tells; undefined where it has not been read. */
  readonly read?: (entity: string, sensor: string) => Value | undefined;
  /** The networks that are there; absent means none. */
  readonly networks?: () => readonly NetworkSight[];
  /** Whether a member of a pool gets requests; all do if absent. */
  readonly serves?: (entity: string) => boolean;
}

export interface Application {
  /** Identifies the application in the cloud: the blueprint's `id`, or one made from its name. Lower-case letters, digits, `-`, `_`, `.`. */
  readonly id: string;
  readonly name: string;
  readonly entities: readonly Entity[];
  /** Docker clouds that it describes. */
  readonly clouds?: readonly DescribedCloud[];
  /** For the registries that it names; absent means none. */
  readonly logins?: readonly SourceLogin[];
  /** Networks that it declares besides its own; absent means none. */
  readonly networks?: readonly DeclaredNetwork[];
  /** Where the files come from that entities are given. */
  readonly sources?: readonly string[];
  /** What images are built from, and for which entities. */
  readonly builds?: readonly EntityBuild[];
  /** The folder of this machine where sources that are relative paths start: the blueprint's. Absent where the blueprint lies nowhere. */
  readonly folder?: string;
  /** Its files as an earlier deployment had them, by their sources. */
  readonly files?: KeptFiles;
  /** The images that were built for it then, by entity. */
  readonly built?: Readonly<Record<string, string>>;
  /** The entities with the values that running entities and files give. Absent where there are none such. */
  readonly settle?: (world: RunningWorld) => readonly Entity[];
  /** Absent where there are none. */
  readonly clusters?: readonly ClusterSize[];
  /** The same application with other numbers of members, by cluster. Absent where there is no cluster. */
  readonly resized?: (sizes: ReadonlyMap<string, number>) => Application | undefined;
  /** What can be read of its entities now. Absent where no sensor has to be read. */
  readonly feeds?: (world: LiveWorld) => readonly Feed[];
  /** The entities as they run. Absent for an application that no blueprint describes. */
  readonly live?: (world: LiveWorld) => readonly LiveEntity[];
  /** The blueprint as it was written, kept with the application so that any machine can show it. */
  readonly blueprint: string;
}

/** What starts first where that can be: all that is waited for, but for gates of entities that wait for each other. */
export function startsFirst({ waits = [], gates = [] }: Pick<Entity, 'waits' | 'gates'>): readonly EntityWait[] {
  return [...waits, ...gates.filter(({ isMutual }) => isMutual !== true)];
}

/** The same application with other numbers of members, its files where they were; undefined where there is no cluster. */
export function withSizes({ resized, folder, files, built }: Application, sizes: ReadonlyMap<string, number>): Application | undefined {
  const other = resized?.(sizes);
  return other && { ...other, ...(folder !== undefined && { folder }), ...(files && { files }), ...(built && { built }) };
}

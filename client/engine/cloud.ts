// The engine's face: what the user interface and the command line may ask of a set of hosts. `client/controller.ts` makes one.

import type { LogLine } from './ports.ts';
import type { Application, LiveEntity } from '#core/blueprint/application.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { FoundEntity } from '#core/cluster/find.ts';
import type { Facts } from '#core/doctor/facts.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { BuildNews } from '#core/image/buildNews.ts';
import type { KeptImage, Keep, Prunable } from '#core/image/caught.ts';
import type { KnownImage } from '#core/image/known.ts';
import type { Effector } from '#core/effectors/effector.ts';
import type { NetworkChange } from '#core/plan/networkChange.ts';
import type { Operation } from '#core/plan/operate.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import type { ObservedLock } from '#core/record/lock.ts';
import type { Revision } from '#core/record/revision.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import type { Explained } from '#core/placement/place.ts';
import type { Built, BuildRequest } from './builderPort.ts';
import type { CloudProgress, MadeCloud } from './cloudHosts.ts';
import type { Forwarding } from './openPort.ts';
import type { Stored } from './imageStores.ts';
import type { Shipping } from './shippingPort.ts';
import type { Sent, Transferring } from './transfer.ts';

/** How far one action of a plan is. `failed` carries a sentence and, for a container that died, its last log lines. */
export type StepState =
  /** `detail` says what for, where it is another entity: "waiting for db: datastore.url". */
  | { readonly kind: 'waiting'; readonly detail?: string }
  | { readonly kind: 'running'; readonly detail?: string }
  /** `note`: a clause about how it went. */
  | { readonly kind: 'done'; readonly tookMs: number; readonly note?: string }
  | { readonly kind: 'failed'; readonly problem: string; readonly logTail: readonly string[] }
  /** Not begun, because something before it failed or the user cancelled. */
  | { readonly kind: 'skipped' };

export interface Step {
  readonly action: Action;
  readonly state: StepState;
}

export type Outcome =
  /** `notes`: what somebody should know of it besides, as sentences without their full stop. */
  | { readonly kind: 'done' | 'failed' | 'cancelled'; readonly steps: readonly Step[]; readonly notes?: readonly string[] }
  /** Nothing was done: the hosts have changed since the plan was made, and `plan` is what is to do now. */
  | { readonly kind: 'outdated'; readonly steps: readonly Step[]; readonly plan: Plan }
  /** Nothing was done: somebody else is working on the application. */
  | { readonly kind: 'locked'; readonly steps: readonly Step[]; readonly locks: readonly ObservedLock[] };

export interface ApplyOptions {
  readonly onStep?: (steps: readonly Step[]) => void;
  /** Running engine calls are finished, what has not begun is skipped. */
  readonly signal?: AbortSignal;
  /** What is done besides carrying out a plan, for the history: "rollback to revision 3". */
  readonly note?: string;
}

/** What a person asks for besides what the blueprint says. */
export interface Asked {
  /** Keys of entities whose containers are replaced though they are as wanted. */
  readonly anew?: readonly string[];
  /** Where entities are to be from now on, by their keys. */
  readonly to?: ReadonlyMap<string, string>;
}

export interface PlanOptions {
  /** See `Plan.without`. */
  readonly without?: readonly string[];
}

/** Reads a text as a blueprint, with the texts of catalogs by their names; without an application where its errors leave none. */
export type Understand = (text: string, catalogs?: Readonly<Record<string, string>>) => Promise<{ readonly application?: Application | undefined; readonly diagnostics: readonly Diagnostic[] }>;

/** What an application's entities tell. */
export interface Sensed {
  readonly entities: readonly LiveEntity[];
  /** Sensors that could not be read, and why. */
  readonly problems: readonly { readonly entity: string; readonly sensor: string; readonly problem: string }[];
}

export type CommandEffector = Extract<Effector, { readonly kind: 'command' }>;
export type RequestEffector = Extract<Effector, { readonly kind: 'request' }>;

export interface InvokeOptions {
  readonly onLine?: (entity: string, line: LogLine) => void;
  readonly signal?: AbortSignal;
}

/** What one host has. */
export interface HostImages {
  readonly host: string;
  readonly images: readonly KeptImage[];
  readonly prunable: readonly Prunable[];
  /** Why it cannot be said, as a sentence. */
  readonly problem?: string;
}

/** How a command ended in one entity: an exit code, or why it could not be run. */
export interface Invoked {
  readonly entity: string;
  readonly end: { readonly kind: 'ended'; readonly code: number } | { readonly kind: 'failed'; readonly problem: string };
}

export interface Cloud {
  /** The latest observation; a new object each time something changed. */
  readonly observed: Observed;
  /** Called after every change of `observed`; gives back how to stop. */
  onChange(listener: (observed: Observed) => void): () => void;
  /** Connects what is new, disconnects what is gone, leaves the rest alone. */
  setHosts(hosts: readonly HostConfig[], clouds?: readonly CloudConfig[]): void;
  /** Resolves when every host is either up or down (none still connecting). */
  settled(signal?: AbortSignal): Promise<Observed>;
  /** Looks at every host afresh; tries again what is down. */
  refresh(): Promise<Observed>;
  plan(application: Application, options?: PlanOptions & Asked): Promise<Plan>;
  /** For every entity of the application every host: how it ranks, or why it cannot take the entity. Hosts that a plan would add are among them. */
  explain(application: Application): Promise<readonly Explained[]>;
  planDelete(application: string, options?: PlanOptions): Promise<Plan>;
  /** Carries a plan out; never throws for what the world did, which is in the outcome. */
  apply(plan: Plan, options?: ApplyOptions): Promise<Outcome>;
  /** What the hosts remember of an application's deployments, newest first. */
  history(application: string): Promise<readonly Revision[]>;
  /**
   * The application as it was in a revision, values that were masked taken over from the containers that run. `understand`
   * reads blueprints. Fails with an Error that names what is missing.
   */
  recall(application: string, revision: number, understand: Understand): Promise<Application>;
  /** Who is working on an application, or on any. */
  locks(application?: string): Promise<readonly ObservedLock[]>;
  /** Takes the locks of an application away, whoever has them; gives what they were. */
  unlock(application: string): Promise<readonly ObservedLock[]>;
  /** A plan that stops, starts or restarts entities of a running application, by their keys. */
  planOperation(operation: Operation, application: Application, entities: readonly string[]): Promise<Plan>;
  /** A plan that makes or removes a network, or brings containers onto it or off it. What it changes of an application is remembered with it. */
  planNetwork(change: NetworkChange): Promise<Plan>;
  /** The entities as they run, their sensors read again where they are older than `maxAgeMs` (0 if left out). */
  sense(application: Application, options?: { readonly maxAgeMs?: number; readonly signal?: AbortSignal }): Promise<Sensed>;
  /** Runs a command effector in the containers of these entities, or sends the request of one about them, side by side, line by line of what comes back. Never throws for what the command did. */
  invoke(application: string, effector: CommandEffector | RequestEffector, env: Readonly<Record<string, string>>, entities: readonly string[], options: InvokeOptions): Promise<readonly Invoked[]>;
  /** Makes the hosts that a cloud lacks of its `initialHosts`, and starts those that do not answer. Throws an Error with a sentence; what was made then is taken away again. */
  createCloud(cloud: CloudConfig, progress?: CloudProgress): Promise<MadeCloud>;
  /** Takes a cloud's hosts away with all that is on them: whoever asks has asked a person. Throws an Error with a sentence. */
  deleteCloud(name: string, progress?: CloudProgress): Promise<void>;
  /** What is found on the way from one entity to another, looked at from inside both; `port` is one of B, or all that it declares. Fails with an Error where nobody can look. */
  diagnose(a: FoundEntity, b: FoundEntity, port: number | undefined): Promise<Facts>;
  /** A port of this machine that leads to one of an entity, published or not, wherever its container is then. */
  openPort(entity: FoundEntity, port: number): Promise<Forwarding>;
  /** Sends the container's log to `sink` line by line, the last `tail` lines first; resolves when the log ends or `signal` aborts. */
  logs(host: string, containerId: string, options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal }, sink: (line: LogLine) => void): Promise<void>;
  /** Builds an image on a host. What the Dockerfile does wrong is an answer; fails with an Error where the host does. */
  build(host: string, request: BuildRequest, onNews: (news: BuildNews) => void, signal: AbortSignal): Promise<Built>;
  /** Images that deployments made, on hosts that are up, and which of them are more than is kept. */
  caughtImages(keep?: Keep): Promise<readonly HostImages[]>;
  /** Images in registries of the clouds themselves that are more than is kept, listed or taken away. */
  storedImages(keep: Keep, isTakenAway: boolean): Promise<readonly Stored[]>;
  /** Takes such an image away from a host. Fails with an Error where a container uses it. */
  removeImage(host: string, image: string): Promise<void>;
  /** Pushes an image of a host to the registry that is in the name `as`. Fails with an Error whose message is a sentence. */
  pushImage(host: string, image: string, as: string, shipping: Shipping): Promise<void>;
  /** A host that is up and has the image. */
  hostWith(image: string, signal: AbortSignal): Promise<string | undefined>;
  /** Has a host pull an image, also one that it has already. */
  pullImage(host: string, image: string, shipping: Shipping): Promise<void>;
  /** Brings an image from one host (where it is undefined, from any that has it) to others at a time. What fails with one of them is in the answer. */
  transferImage(image: string, from: string | undefined, to: readonly string[], transferring: Transferring): Promise<readonly Sent[]>;
  /** Of the hosts that are up. One that does not answer has none. */
  images(signal: AbortSignal): Promise<readonly KnownImage[]>;
  dispose(): void;
}

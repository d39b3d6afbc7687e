// What the engine needs of one host. `client/docker` provides it; nothing here knows how. Every failure is an Error whose
// message is a sentence for people: what could not be done and what to do about it.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { NestedHost } from '#core/cloud/nestedHost.ts';
import type { HostNeed, ObservedContainer } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { LockOwner } from '#core/record/lock.ts';
import type { BuilderPort } from './builderPort.ts';
import type { CaughtPort } from './caughtPort.ts';
import type { ShippingPort } from './shippingPort.ts';
import type { InsiderPort } from './insiderPort.ts';
import type { SdnPort } from './sdn/sdnPort.ts';
import type { RecordPort } from './recordPort.ts';

export interface AboutHost {
  readonly engineVersion: string;
  /** The name the machine gives itself. */
  readonly hostname: string;
  /** `linux/amd64`. */
  readonly platform: string;
  readonly cores: number;
  readonly memoryBytes: number;
  /** Of the engine itself (dockerd --label). */
  readonly labels: Readonly<Record<string, string>>;
  /** The host's own clock, milliseconds since 1970. */
  readonly clockMs: number;
  /** Sentences about what will fail soon. */
  readonly warnings: readonly string[];
}

/** Something happened to a container, or to what is remembered of deployments; when by the host's clock, milliseconds since 1970. */
export type HostEvent = { readonly kind: 'container'; readonly containerId: string; readonly atMs: number } | { readonly kind: 'record'; readonly atMs: number };

export interface EventStream {
  /** Resolves when the stream is over, with what broke it. */
  readonly ended: Promise<Error>;
}

export interface LogLine {
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

export interface FileToPut {
  /** Absolute. */
  readonly path: string;
  readonly content: { readonly text: string } | { readonly base64: string };
}

/** Hosts of docker clouds that live in containers of one host. */
export interface NestedHosts {
  /** Makes the host, or starts the one that is there, and resolves when its engine answers. `image` has an engine and its command. What was half made is taken away. */
  make(host: NestedHost, image: string | undefined, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void>;
  /** With everything on it, its volumes too. No failure if it is not there. */
  remove(host: string): Promise<void>;
}

/** The docker cloud that a machine was joined to, and its name there. */
export interface Membership {
  readonly cloud: string;
  readonly host: string;
}

/** What the machine itself remembers. */
export interface MembershipPort {
  look(signal: AbortSignal): Promise<Membership | undefined>;
  /** Gives the membership that holds then: where somebody was quicker, theirs. */
  join(membership: Membership): Promise<Membership>;
  /** No failure if it belongs to none. */
  leave(): Promise<void>;
}

export interface HostPort {
  readonly membership: MembershipPort;
  readonly sdn: SdnPort;
  readonly records: RecordPort;
  readonly nested: NestedHosts;
  readonly caught: CaughtPort;
  readonly shipping: ShippingPort;
  readonly builder: BuilderPort;
  readonly insider: InsiderPort;
  about(signal: AbortSignal): Promise<AboutHost>;
  /** From now on `list` tells of the application's containers what they are compared by, which takes one more question for each. */
  attend(application: string): void;
  /** All containers, or those of the given ids that exist. */
  list(containerIds: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ObservedContainer[]>;
  /** Resolves once events arrive; those since `sinceMs` (by the host's clock) that the engine still knows come first. */
  subscribe(sinceMs: number, onEvent: (event: HostEvent) => void, signal: AbortSignal): Promise<EventStream>;
  /** Share of all processors that running containers use, 0 to 1. Takes about a second. */
  cpuUsage(signal: AbortSignal): Promise<number>;
  hasImage(image: string, signal: AbortSignal): Promise<boolean>;
  /** The id of an image, the same wherever the same image is; undefined where the host does not have it. */
  imageId(image: string, signal: AbortSignal): Promise<string | undefined>;
  /** References by which the host's images can be named, each with its tag: `redis:8-alpine`. */
  images(signal: AbortSignal): Promise<readonly string[]>;
  /** Gives the new container's id. Its networks must be there. `image` takes the place of the spec's, with more installed in it. */
  create(container: DesiredContainer, image?: string): Promise<string>;
  /** Starts a container that does not run, resumes one that is paused. */
  start(containerId: string): Promise<void>;
  /** Asks the container to end, makes it end after its grace period. No failure if it is not running or not there. */
  stop(containerId: string): Promise<void>;
  rename(containerId: string, containerName: string): Promise<void>;
  /** Removes the container and its anonymous volumes; named volumes stay. No failure if it is not there. */
  remove(containerId: string): Promise<void>;
  /** Removes the containers of a moment that the dead have left: those that read or looked at something for them. */
  sweep(isDead: (owner: LockOwner) => boolean): Promise<void>;
  /** Waits until nothing is on it any more. No failure if it is not there. */
  removeNetwork(networkName: string): Promise<void>;
  /** Puts files into a container, running or not; folders are made. */
  put(containerId: string, files: readonly FileToPut[]): Promise<void>;
  /** Runs a command in a running container, line by line of its output; gives its exit code. When `signal` aborts, nobody watches it any more, but it goes on. `env` comes on top of the container's environment. */
  exec(containerId: string, command: readonly string[], onLine: (line: string, stream: LogLine['stream']) => void, signal: AbortSignal, env?: Readonly<Record<string, string>>): Promise<number>;
  /** The text of a file in a container, running or not; undefined where there is none. For small files of ours. */
  read(containerId: string, path: string): Promise<string | undefined>;
  /** The last `tail` lines, then, with `follow`, what comes; resolves at the end or when `signal` aborts. */
  logs(containerId: string, options: { readonly tail: number; readonly follow: boolean; readonly signal: AbortSignal }, sink: (line: LogLine) => void): Promise<void>;
  /** Ends every connection; the host is not used after that. */
  close(): void;
}

/** Nothing is asked for while a connection is being made: what is missing fails it as a `Need`, and it is made again once the answer is here. */
export interface Credentials {
  /** Whether a person has said that this is the key of the SSH server at `address`; it is remembered in `known_hosts` then. */
  trusts(address: string, fingerprint: string): boolean;
  passphrase(keyFile: string): Promise<string | undefined>;
  /** Certificates and key (PEM) that are kept for the host of this name, in place of files. */
  tls(host: string): Promise<TlsTexts | undefined>;
  /** What a person has said about the registry of this name (`registry.example:5000`, `docker.io`). */
  registry(name: string): Promise<RegistryTexts | undefined>;
}

export interface RegistryTexts {
  readonly username?: string;
  readonly password?: string;
  /** Certificates of its authority (PEM). */
  readonly ca?: string;
  /** Clocker made that authority for a docker cloud: its hosts are made to believe it. */
  readonly isOurs?: true;
}

export interface TlsTexts {
  readonly ca?: string;
  readonly cert?: string;
  readonly key?: string;
}

export const noCredentials: Credentials = { trusts: () => false, passphrase: async () => undefined, tls: async () => undefined, registry: async () => undefined };

/** A host cannot be reached before a person has said something. */
export class Need extends Error {
  readonly need: HostNeed;

  constructor(problem: string, need: HostNeed) {
    super(problem);
    this.need = need;
  }
}

/** Never throws and connects to nothing yet: an endpoint that makes no sense fails at the first call. */
export type Connect = (host: HostConfig) => HostPort;

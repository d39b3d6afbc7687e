// A docker cloud: a named set of hosts that is managed as one and may be a `location`. Plain data; made from configuration, from
// a `DockerInfrastructure` blueprint, or from what hosts that were made for it say of themselves.

import type { PullPolicy } from '#core/image/pin.ts';
import type { ImageSource } from '#core/image/source.ts';
import type { Headroom } from '#core/placement/headroom.ts';
import type { CloudPlacement } from '#core/placement/strategy.ts';

export interface CloudConfig {
  /** The location's name: `my-docker-cloud`. */
  readonly name: string;
  /** The id of the entity that describes it, for `docker:ID`; absent where it is configured. */
  readonly id?: string;
  /** Names of the hosts that belong to it, besides those that its provisioner makes. */
  readonly hosts: readonly string[];
  /** Asked of everything placed on it. */
  readonly placement: CloudPlacement;
  readonly headroom?: Headroom;
  /** Empty hosts that its provisioner made are taken away while there is more room than the headroom wants. */
  readonly isColdEnabled?: boolean;
  /** Whether what commands install is kept as an image for the next, where an entity does not say; absent is yes. */
  readonly catchesImages?: boolean;
  /** When images are pulled, where an entity does not say; absent is where they are missing. */
  readonly pullPolicy?: PullPolicy;
  /** The registry that is asked first for images, where an entity does not say. */
  readonly source?: ImageSource;
  /** What every new host must have. */
  readonly hostSpec?: HostSpec;
  /** Config of its network as the blueprint has it (`sdn.network.cidr`, `weave.version` ...), for whoever makes networks. */
  readonly sdn?: Readonly<Record<string, string>>;
  /** Hosts there are at least, made where they are missing. At least 0. */
  readonly initialHosts?: number;
  /** Hosts there are at most. */
  readonly maxHosts?: number;
  /** How more hosts are made; absent where there are only those given. */
  readonly provisioner?: ProvisionerConfig;
}

/** Absent is nothing asked. */
export interface HostSpec {
  readonly minCores?: number;
  readonly minMemoryBytes?: number;
  /** What its label says of each, like `region`. */
  readonly labels?: Readonly<Record<string, string>>;
}

export type ProvisionerConfig =
  /** Each host is a container, with an engine in it, on the host named `on`. */
  | { readonly kind: 'nested'; readonly on: string; readonly image?: string }
  /** Machines that one brings oneself, joined when they are needed, each as an endpoint: `ssh://root@box1`. */
  | { readonly kind: 'byon'; readonly endpoints: readonly string[]; readonly identityFile?: string }
  /** A program and its arguments: gets `HostRequest` as JSON on its standard input, prints the endpoint as JSON. */
  | { readonly kind: 'command'; readonly command: readonly string[] };

/** What is asked of a provisioner for one host. */
export interface HostRequest {
  readonly cloud: string;
  /** The new host's name: `my-docker-cloud-4`. */
  readonly name: string;
  /** 0 where nothing is asked. */
  readonly minCores: number;
  readonly minMemoryBytes: number;
  /** It must have these, `name` or `name=value`. */
  readonly labels: readonly string[];
  /** One of these, where there are any. */
  readonly regions: readonly string[];
  readonly zones: readonly string[];
}

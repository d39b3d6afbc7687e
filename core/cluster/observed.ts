// What was observed on the hosts: containers that carry Clocker's labels and those that do not, as plain data. Made by
// client/docker from Docker's JSON; read by the planner and by the views.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { NestedHost } from '#core/cloud/nestedHost.ts';
import type { Driver, NetworkTraits } from '#core/cluster/network.ts';
import type { AffinityRule } from '#core/placement/affinity.ts';
import type { Subnet } from '#core/sdn/subnet.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';
import type { SeenRevision } from '#core/record/revision.ts';

/** How a host can be reached right now. */
export type HostState =
  | { readonly kind: 'connecting' }
  /** `warnings` are sentences for people about what will fail soon: a certificate that is about to expire. */
  | { readonly kind: 'up'; readonly engineVersion: string; readonly cores: number; readonly memoryBytes: number; readonly warnings?: readonly string[] }
  /** `problem` is a sentence for people: what failed and what to do. */
  | { readonly kind: 'down'; readonly problem: string; readonly need?: HostNeed };

/** What a person has to say before the host can be reached. */
export type HostNeed =
  /** The key that the SSH server at `address` shows is not known: is it the right one? `fingerprint` as `ssh` prints it: `SHA256:...`. */
  | { readonly kind: 'hostKey'; readonly address: string; readonly keyType: string; readonly fingerprint: string }
  /** A private key is encrypted. */
  | { readonly kind: 'passphrase'; readonly keyFile: string; readonly isWrong: boolean };

export type ContainerState = 'created' | 'running' | 'paused' | 'restarting' | 'removing' | 'exited' | 'dead';
export type Health = 'none' | 'starting' | 'healthy' | 'unhealthy';

/** A port of a container that the host publishes, as observed. */
export interface ObservedPort {
  readonly port: number;
  readonly hostPort?: number;
  readonly hostAddress?: string;
  readonly protocol: 'tcp' | 'udp';
}

/** One hash for each part of a spec, by the part's name as a person would say it. */
export type SpecParts = Readonly<Record<string, string>>;

/** What Clocker's labels on a container say. */
export interface Ownership {
  readonly application: string;
  readonly applicationName: string;
  readonly entity: string;
  readonly entityName: string;
  /** Absent on containers made before their labels told them. */
  readonly entityType?: string;
  readonly entityParent?: string;
  /** By network, the address it was given. */
  readonly addresses?: Readonly<Record<string, string>>;
  /** Hash of everything that makes the container what it is: equal hashes need no change. */
  readonly specHash: string;
  /** One hash for each part of the spec, so that a plan can say what differs; absent when labels and container disagree. */
  readonly parts?: SpecParts;
  /** The blueprint the container was deployed from, values that look secret masked. */
  readonly blueprint?: string;
}

export interface ObservedContainer {
  readonly containerId: string;
  readonly containerName: string;
  readonly host: string;
  readonly image: string;
  /** What it was really made from; absent where that is not known. */
  readonly imageId?: string;
  readonly state: ContainerState;
  readonly health: Health;
  /** Exit code of the last run; absent while it runs or before it ran. */
  readonly exitCode?: number;
  readonly ports: readonly ObservedPort[];
  /** Network name to the container's address there. */
  readonly addresses: Readonly<Record<string, string>>;
  /** The networks that it is on, also while it does not run; absent where that is not known. */
  readonly networks?: readonly string[];
  /** Networks on which the engine gives it any address, though it has one of its own there: it was made to stand by for another container. */
  readonly standsBy?: readonly string[];
  /** Milliseconds since 1970 of its creation. */
  readonly createdAtMs: number;
  /** What the container may use and has reserved; known of ours only. */
  readonly reserved?: { readonly cpuShares?: number; readonly memoryBytes?: number };
  /** Absent for a container that Clocker did not make. */
  readonly owner?: Ownership;
  /** What a container says of itself in which a host of a docker cloud lives. */
  readonly nested?: NestedHost;
  /** For a container whose entity is installed by commands: true until all of them were carried out once. */
  readonly isUnfinished?: boolean;
  /** It does not run, and somebody wanted that: whatever its exit code is, it has not failed. */
  readonly isStopped?: boolean;
}

/** A network that Clocker made. */
export interface ObservedNetwork {
  readonly networkName: string;
  /** That it belongs to; empty for one that a person made. */
  readonly application: string;
  /** By which containers join it; absent for an application's own. */
  readonly networkId?: string;
  /** Absent where there is nothing to say. */
  readonly traits?: NetworkTraits;
  readonly driver: Driver;
  /** As it was made; absent where the engine chose. */
  readonly subnet?: Subnet;
}

/** What a host is for placement, where somebody says more or less than its engine. */
export interface Capacity {
  readonly cores?: number;
  readonly memoryBytes?: number;
  /** The most containers of ours. */
  readonly maxContainers?: number;
}

export interface ObservedHost {
  readonly host: string;
  /** The name the machine gives itself. */
  readonly hostname?: string;
  /** What it runs images for: `linux/amd64`. */
  readonly platform?: string;
  /** How it is reached, without secrets: `unix:///var/run/docker.sock`. */
  readonly endpoint: string;
  /** Where this machine reaches a host that lives in a container; absent for others, and where no way leads there. */
  readonly address?: string;
  readonly state: HostState;
  /** The docker cloud that it belongs to. */
  readonly cloud?: string;
  /** `region`, `zone`, `latitude`, `longitude` (degrees), or anything. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly capacity?: Capacity;
  /** It is looked at, and never changed. */
  readonly isReadOnly?: boolean;
  /** Share of all processors in use, 0 to 1; absent where it is not measured. */
  readonly cpuUsage?: number;
  /** Rules for everything on this host. */
  readonly affinityRules?: readonly AffinityRule[];
  readonly containers: readonly ObservedContainer[];
  /** Those of ours; absent means none. */
  readonly networks?: readonly ObservedNetwork[];
  /** Blocks of addresses that its other networks use, as `172.17.0.0/16`. */
  readonly takenBlocks?: readonly string[];
  /** Blocks to which routes of the host lead that are none of its networks; absent where they have not been read. */
  readonly routes?: readonly string[];
  /** Absent for a host that is in no Swarm. */
  readonly swarm?: SwarmMembership;
  /** What is remembered here of deployments; absent means none. */
  readonly records?: readonly SeenRevision[];
}

/** Everything known of all hosts at one moment, hosts in the order in which they were configured. */
export interface Observed {
  readonly hosts: readonly ObservedHost[];
  /** Hosts that a person has given up for a plan: nothing on them counts, but what was there keeps its addresses elsewhere. */
  readonly lost?: readonly ObservedHost[];
  /** Absent means none. Hosts say to which they belong. */
  readonly clouds?: readonly CloudConfig[];
  /** What settings say of clouds, which wins over what blueprints say of the same; absent means nothing. */
  readonly configured?: readonly CloudConfig[];
  /** Clouds of which it is not known which hosts they have: nothing is placed there. */
  readonly cloudProblems?: readonly CloudProblem[];
}

export interface CloudProblem {
  readonly cloud: string;
  /** A sentence without its full stop. */
  readonly problem: string;
}

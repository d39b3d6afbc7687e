// What networks across hosts need of one host, beside `HostPort`. `client/docker` provides it. Every failure is an Error whose
// message is a sentence for people.

import type { DesiredNetwork } from '#core/cluster/network.ts';
import type { Role, SwarmNode } from '#core/sdn/join.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';

export interface SdnPort {
  /** Undefined for a host that is in no Swarm. */
  swarm(signal: AbortSignal): Promise<SwarmMembership | undefined>;
  /** Of its Swarm; managers alone know. */
  nodes(): Promise<readonly SwarmNode[]>;
  /** Makes a Swarm with the host as its only node. No failure if it is in one already. */
  initSwarm(options: InitSwarm): Promise<void>;
  /** What another host needs to join; managers alone know. The token is secret: it is given to that host and to nobody else. */
  invitation(role: Role): Promise<Invitation>;
  /** Resolves once the host takes part. No failure if it is in a Swarm already. */
  joinSwarm(invitation: Invitation, address: string | undefined): Promise<void>;
  /** Also out of a membership that does not work. No failure if the host is in no Swarm. */
  leaveSwarm(): Promise<void>;
  /** Asked of a manager. */
  setRole(nodeId: string, role: Role): Promise<void>;
  /** Asked of a manager: a manager that is struck off is made a worker first. No failure if there is no such node. */
  strikeNode(nodeId: string): Promise<void>;
  /** No failure if somebody made it meanwhile. */
  createNetwork(network: DesiredNetwork): Promise<void>;
}

export interface InitSwarm {
  readonly cloud: string;
  /** By which other hosts reach it, or the name of a network device; chosen by the engine where absent, which fails if there are several. */
  readonly address?: string;
  /** Where the Swarm takes subnets from that nobody chose: `10.200.0.0/16`. */
  readonly pool?: string;
}

export interface Invitation {
  readonly token: string;
  /** Of managers, as `HOST:PORT`. */
  readonly addresses: readonly string[];
}

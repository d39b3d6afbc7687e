// What networks across hosts need of one host, beside `HostPort`. `client/docker` provides it. Every failure is an Error whose
// message is a sentence for people.

import type { Attachment, DesiredNetwork } from '#core/cluster/network.ts';
import type { ObservedNetwork } from '#core/cluster/observed.ts';
import type { Role, SwarmNode } from '#core/sdn/join.ts';
import type { Subnet } from '#core/sdn/subnet.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';

export interface SdnPort {
  /** Undefined for a host that is in no Swarm. */
  swarm(signal: AbortSignal): Promise<SwarmMembership | undefined>;
  networks(signal: AbortSignal): Promise<HostNetworks>;
  /** Blocks of addresses to which the host has routes, without those of its engine's networks; undefined where it cannot be asked. Asked seldom: what was told counts for some minutes. */
  routes(signal: AbortSignal): Promise<readonly string[] | undefined>;
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
  /** Makes it where it is not there. Gives the subnet that it has, of which `network` says only what it gets if it is made now. Throws `SubnetTaken`. */
  createNetwork(network: DesiredNetwork): Promise<Subnet | undefined>;
  /** Running or not. */
  connect(containerId: string, attachment: Attachment): Promise<void>;
  /** No failure if it is not on the network. */
  disconnect(containerId: string, networkName: string): Promise<void>;
  /** A container that is on no network stays so: an engine would bring it back onto its first one when it is started again. Nothing for one that is on some. */
  keepOff(containerId: string): Promise<void>;
}

export interface HostNetworks {
  /** Those that Clocker made. */
  readonly ours: readonly ObservedNetwork[];
  /** Of all others. */
  readonly takenBlocks: readonly string[];
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

/** Another network has this block of addresses, though nobody was seen to have it. */
export class SubnetTaken extends Error {
  readonly cidr: string;

  constructor(cidr: string) {
    super(`another network has the addresses ${cidr} already; deploy again, and it gets others`);
    this.cidr = cidr;
  }
}

/** Another container has one of these addresses, though nobody was seen to have it; engines do not say which. */
export class AddressTaken extends Error {
  readonly addresses: readonly string[];
  /** Otherwise it may also be that no manager of the Swarm answered. */
  readonly isCertain: boolean;

  constructor(addresses: readonly string[], isCertain: boolean) {
    const taken = `the address ${addresses.join(' or ')} is another container's`;
    super(isCertain ? taken : `${taken}, or no manager of the Swarm answers`);
    this.addresses = addresses;
    this.isCertain = isCertain;
  }
}

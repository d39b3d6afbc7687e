// Networks as containers see them. Each application has one of its own, on which each container is found by its entity's key:
// one across all hosts of a Swarm, a bridge on a host that is in none. Further ones are joined by their ids.

import type { Subnet } from '#core/sdn/subnet.ts';
import { sha256 } from '#core/text/sha256.ts';

/** Whoever provides a network: a bridge is one host's, an overlay is one across the hosts of a Swarm, a macvlan is what a device of each host leads to. */
export type Driver = 'bridge' | 'overlay' | 'macvlan';

/** What a network is besides its addresses. */
export interface NetworkTraits {
  /** No way leads out of it. */
  readonly isInternal?: boolean;
  /** What goes from host to host is encrypted. */
  readonly isEncrypted?: boolean;
  /** The device of the hosts that a macvlan is on: `eth0`, or `eth0.20` for a VLAN. */
  readonly parent?: string;
  /** Options of the engine's driver. */
  readonly options?: Readonly<Record<string, string>>;
}

/** What is asked of a network that is to be made. */
export interface NetworkSettings extends NetworkTraits {
  /** The next free one where absent. */
  readonly cidr?: string;
  /** Bits of the prefix of the next free one, where the cloud's are not asked for. */
  readonly size?: number;
  readonly gateway?: string;
  /** Kept out: addresses, blocks and ranges (`10.1.0.10-10.1.0.20`) that no container gets. */
  readonly reserved?: readonly string[];
  /** A block of IPv6 addresses besides. */
  readonly ipv6?: string;
}

/** A network that a blueprint declares besides the application's own. */
export interface DeclaredNetwork {
  /** By which containers join it; one for all applications of a host. */
  readonly id: string;
  /** The key of the entity that declares it. */
  readonly entity: string;
  /** Across hosts where there are several in one Swarm, and on the host itself otherwise, if absent. */
  readonly driver?: Driver;
  readonly settings: NetworkSettings;
}

/** A container's place on a network. */
export interface Attachment {
  readonly networkName: string;
  readonly driver: Driver;
  /** Absent where the engine chooses: on a network of an earlier time. */
  readonly subnet?: Subnet;
  /** Its own, which stays; absent where there is no subnet. */
  readonly address?: string;
  /** The address is another container's still: until that is gone, the engine gives one for the time being. */
  readonly isStandingBy?: boolean;
  /** Given just now: another does as well. Otherwise it has been its own before, or the blueprint says so. */
  readonly isNewAddress?: boolean;
  /** The names by which others on the network find it. */
  readonly aliases: readonly string[];
  /** Of a network that is not the application's own: the id by which it is joined. */
  readonly networkId?: string;
  /** What it is made with where it is not there; absent where nothing is asked. */
  readonly settings?: NetworkSettings;
  /** The address that somebody chose; on an application's own network `ContainerSpec.address` counts where this is absent. */
  readonly wish?: string;
}

/** A network to make. */
export interface DesiredNetwork {
  readonly networkName: string;
  readonly application: string;
  readonly driver: Driver;
  readonly subnet?: Subnet;
  /** Absent for an application's own. */
  readonly networkId?: string;
  readonly traits?: NetworkTraits;
  /** Somebody chose the subnet: another does not do. */
  readonly isGiven?: boolean;
}

/** What an engine calls having no network. */
export const noNetworkName = 'none';

/** What a Swarm takes for the name of a network. */
const swarmName = /^[A-Za-z0-9](?:[-_]*[A-Za-z0-9]+)*$/;
const longestSwarmName = 63;

/** Derived from the application's id, so that nobody has to remember it. */
export function networkName(application: string, driver: Driver = 'bridge'): string {
  return driver === 'bridge' ? `clocker-${application}` : fitting('clockernet-', application);
}

/** The name on the engines of a network that is joined by its id. */
export function sharedNetworkName(id: string, driver: Driver): string {
  return fitting(`clocker${driver}-`, id);
}

function fitting(prefix: string, id: string): string {
  const name = `${prefix}${id}`;
  if (name.length <= longestSwarmName && swarmName.test(name)) return name;
  return `${prefix}${id.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 32)}-${sha256(id).slice(0, 12)}`;
}

/** Whether an address on it can be used on one host at a time only. */
export function isAcrossHosts(driver: Driver): boolean {
  return driver !== 'bridge';
}

/** The container's address on the application's network; of several networks otherwise the first. */
export function addressOf(addresses: Readonly<Record<string, string>>, application: string): string | undefined {
  return addresses[networkName(application, 'overlay')] ?? addresses[networkName(application)] ?? Object.entries(addresses).toSorted(([a], [b]) => (a < b ? -1 : 1))[0]?.[1];
}

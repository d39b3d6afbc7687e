// The network that the containers of an application share, on which each is found by its entity's key: one across all hosts
// of a Swarm, a bridge on a host that is in none.

import type { Subnet } from '#core/sdn/subnet.ts';
import { sha256 } from '#core/text/sha256.ts';

export type Driver = 'bridge' | 'overlay';

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
}

/** A network to make. */
export interface DesiredNetwork {
  readonly networkName: string;
  readonly application: string;
  readonly driver: Driver;
  readonly subnet?: Subnet;
}

/** What a Swarm takes for the name of a network. */
const swarmName = /^[A-Za-z0-9](?:[-_]*[A-Za-z0-9]+)*$/;
const longestSwarmName = 63;

/** Derived from the application's id, so that nobody has to remember it. */
export function networkName(application: string, driver: Driver = 'bridge'): string {
  if (driver === 'bridge') return `clocker-${application}`;
  const name = `clockernet-${application}`;
  if (name.length <= longestSwarmName && swarmName.test(name)) return name;
  return `clockernet-${application.replace(/[^A-Za-z0-9]+/g, '-').slice(0, 36)}-${sha256(application).slice(0, 12)}`;
}

/** The container's address on the application's network; of several networks otherwise the first. */
export function addressOf(addresses: Readonly<Record<string, string>>, application: string): string | undefined {
  return addresses[networkName(application, 'overlay')] ?? addresses[networkName(application)] ?? Object.values(addresses)[0];
}

// Networks that a blueprint declares besides the application's own, and on which hosts they are made.

import { type DeclaredNetwork, sharedNetworkName, type Attachment, type Driver, type NetworkSettings } from '#core/cluster/network.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedHost, ObservedNetwork } from '#core/cluster/observed.ts';
import { isSpanning, spans } from '#core/sdn/swarm.ts';

/** What a network that is joined by its id is on a host. */
export type Shared = Pick<Attachment, 'networkName' | 'driver' | 'networkId' | 'settings'>;

/** A declared network on one of the hosts where it is to be. */
export interface PlacedNetwork extends Shared {
  /** Of a network across hosts: one of them. */
  readonly host: string;
  readonly entity: string;
}

/** As the blueprint has it, or else as it is on this host or another one; undefined where nobody has it. */
export function sharedNetwork(id: string, host: string, declared: readonly DeclaredNetwork[], observed: Observed): Shared | undefined {
  const own = declared.find((network) => network.id === id);
  const here = observed.hosts.find((one) => one.host === host);
  const driver = own && driverOn(own, here);
  if (own && driver) return { networkId: id, driver, networkName: sharedNetworkName(id, driver), settings: own.settings };
  const near = spans(observed.hosts).find((names) => names.includes(host)) ?? [host];
  const isNear = (one: ObservedHost): boolean => near.includes(one.host);
  const found = [...observed.hosts.filter(isNear), ...observed.hosts.filter((one) => !isNear(one))].flatMap((one) => sharedOn(one, id).filter(({ driver: by }) => by !== 'overlay' || isNear(one)))[0];
  return found && { networkId: id, driver: found.driver, networkName: found.networkName, settings: settingsOf(found) };
}

/** Every declared network, wherever the application has containers. */
export function placedNetworks(declared: readonly DeclaredNetwork[], containers: readonly DesiredContainer[], observed: Observed): readonly PlacedNetwork[] {
  const groups = spans(observed.hosts);
  const found = new Map<string, PlacedNetwork>();
  for (const { host } of containers) {
    for (const { id, entity } of declared) {
      const shared = sharedNetwork(id, host, declared, observed);
      if (shared === undefined) continue;
      const where = shared.driver === 'overlay' ? (groups.find((names) => names.includes(host))?.[0] ?? host) : host;
      found.set(`${where} ${id}`, { ...shared, host: where, entity });
    }
  }
  return [...found.values()];
}

export function sharedOn({ networks = [] }: ObservedHost, id: string): readonly ObservedNetwork[] {
  return networks.filter(({ networkId }) => networkId === id);
}

/** What makes another network like it on another host. */
export function settingsOf({ subnet, traits = {} }: ObservedNetwork): NetworkSettings {
  if (subnet === undefined) return traits;
  const { cidr, gateway, reserved, ipv6 } = subnet;
  return { ...traits, cidr, gateway, ...(reserved && { reserved }), ...(ipv6 !== undefined && { ipv6 }) };
}

function driverOn({ driver, settings }: DeclaredNetwork, host: ObservedHost | undefined): Driver {
  return driver ?? (settings.parent === undefined ? (isSpanning(host?.swarm) ? 'overlay' : 'bridge') : 'macvlan');
}

// Sensors about networks: what an entity that is a network tells of itself (`network.*`), and what every container tells of the
// networks that it is on (`docker.network.*`).

import type { ObservedContainer } from '#core/cluster/observed.ts';
import { asText, type Value } from '#core/dsl/value.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { effectiveConfig, type Effective } from '#core/resolve/effective.ts';
import type { NetworkSight } from '#core/sdn/sight.ts';

/** `networks` are those that are there; `valueOf` gives a config value as far as it is known. */
export interface NetworkWorld {
  readonly networks: readonly NetworkSight[];
  readonly valueOf: (effective: Effective) => Value | undefined;
}

const ofContainers = /^docker\.network\.(?:ids|addresses|(.+)\.address)$/;

export function isNetwork({ members, found }: Draft): boolean {
  return found?.type.runsOnDocker !== false && members?.lineage.some(({ id }) => id === 'virtual-network') === true;
}

/** Of an entity that is a network; undefined where the sensor is about something else, or the network is not there yet. */
export function networkSensor(entity: Draft, name: string, { networks, valueOf }: NetworkWorld): Value | undefined {
  const given = effectiveConfig(entity).get('network.id');
  const value = given && valueOf(given);
  const id = value === undefined || value === null ? (entity.spec.id?.value ?? entity.key) : asText(value);
  if (name === 'network.id') return id;
  const sight = networks.find((network) => !network.isOwn && network.id === id);
  switch (name) {
    case 'network.cidr':
      return sight?.subnet?.cidr;
    case 'network.gateway':
      return sight?.subnet?.gateway;
    case 'network.driver':
      return sight?.driver;
    case 'network.allocated':
      return sight?.members.filter(({ address }) => address !== undefined).length;
    case 'network.connected.containers':
      return sight?.members.map((member) => member.name);
    default:
      return undefined;
  }
}

/** Of an entity with a container; undefined where the sensor is about something else, or the container is not on that network. */
export function containerNetworkSensor(container: ObservedContainer, name: string, networks: () => readonly NetworkSight[]): Value | undefined {
  const [isOurs, id] = ofContainers.exec(name) ?? [];
  if (isOurs === undefined) return undefined;
  const on = networks().flatMap((network) => (container.addresses[network.networkName] === undefined ? [] : [[network.id, container.addresses[network.networkName] ?? ''] as const]));
  if (id !== undefined) return on.find(([known]) => known === id)?.[1];
  return name === 'docker.network.ids' ? on.map(([known]) => known) : new Map(on);
}

/** Those of `docker.network.ID.address` that an entity has. */
export function containerNetworkNames(container: ObservedContainer | undefined, networks: () => readonly NetworkSight[]): readonly string[] {
  return container === undefined ? [] : networks().flatMap(({ id, networkName }) => (container.addresses[networkName] === undefined ? [] : [`docker.network.${id}.address`]));
}

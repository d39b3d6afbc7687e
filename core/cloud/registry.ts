// The registries that docker clouds run themselves (`DockerRegistry`), as they are seen: where one is and how the hosts of its cloud
// reach it. What lets one in is in its container alone (see `keptIn`), for whoever may ask the engine of its host.

import { nestedEndpoint } from '#core/cloud/nestedHost.ts';
import type { Keep } from '#core/image/caught.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';

export interface OwnRegistry {
  /** Where it runs. */
  readonly host: string;
  readonly containerId: string;
  readonly containerName: string;
  /** By which the hosts of the cloud reach its host; undefined where that is not known. */
  readonly hostAddress: string | undefined;
  readonly port: number;
}

/** Files in its container. They are in its volume, too, and so outlive it. */
const folder = '/var/lib/registry/.clocker';
export const keptIn = { login: `${folder}/login`, password: `${folder}/password`, ca: `${folder}/ca.pem` } as const;

/** Makes its certificate name an address; ends when the registry shows it. */
export function certifyCommand(address: string): readonly string[] {
  return ['/bin/sh', `${folder}/certify`, address];
}

/** What is done with what is more than is to be kept: it is listed, or goes, or goes with the room that it takes, for which the registry begins anew. */
export type Tidying = 'show' | 'remove' | 'collect';

/** Prints the images in question, line by line, without the registry. How much room all together take does not count. */
export function tidyCommand({ count, ageMs }: Keep, tidying: Tidying): readonly string[] {
  return ['/bin/sh', `${folder}/tidy`, String(count), String(Math.floor(Math.min(ageMs, Number.MAX_SAFE_INTEGER) / 1000)), tidying];
}

const types = new Set(['docker-registry', 'clocker.docker.entity.container.registry.DockerRegistry', 'brooklyn.entity.container.docker.registry.DockerRegistry']);

/** That of a cloud, the oldest if there are several that run; undefined where there is none, or none yet. `problem` is a clause: why there is none that serves. */
export function ownRegistry(cloud: string, observed: Observed): OwnRegistry | { readonly problem: string } | undefined {
  const found = observed.hosts
    .filter((host) => host.cloud === cloud)
    .flatMap((host) => host.containers.map((container) => ({ host, container })))
    .filter(({ container: { owner, isUnfinished } }) => owner !== undefined && types.has(owner.entityType ?? '') && isUnfinished !== true)
    .toSorted((a, b) => a.container.createdAtMs - b.container.createdAtMs);
  for (const { host, container: { containerId, containerName, state, ports } } of found) {
    const port = ports.find(({ hostPort, protocol }) => hostPort !== undefined && protocol === 'tcp')?.hostPort;
    if (host.state.kind === 'up' && state === 'running' && port !== undefined) return { host: host.host, containerId, containerName, hostAddress: addressAmong(host, observed), port };
  }
  const [first] = found;
  if (first === undefined) return undefined;
  return { problem: first.host.state.kind === 'up' ? `its container ${first.container.containerName} on ${first.host.host} does not run` : `host ${first.host.host} does not answer, on which its container ${first.container.containerName} is` };
}

/** As it is written in references. */
export function registryAddress(hostAddress: string, port: number): string {
  return `${hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress}:${port}`;
}

/** By which other hosts of its cloud reach a host: in the network of hosts in containers, in their Swarm, else as it is reached from here. */
function addressAmong({ endpoint, swarm }: ObservedHost, { hosts }: Observed): string | undefined {
  for (const { host: parent, containers } of hosts) {
    const mine = containers.find(({ nested, containerName }) => nested !== undefined && nestedEndpoint(parent, containerName) === endpoint);
    if (mine !== undefined) return Object.values(mine.addresses)[0];
  }
  if (swarm?.isActive === true && swarm.address !== '') return swarm.address;
  const [, machine] = /^(?:tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(endpoint) ?? [];
  const address = machine?.replace(/^\[(.*)\]$/, '$1');
  return address === undefined || address === 'localhost' || address.startsWith('127.') ? undefined : address;
}

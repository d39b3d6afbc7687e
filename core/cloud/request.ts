// What is asked for when a cloud needs another host, and what may be expected of the host that comes.

import type { CloudConfig, HostRequest } from '#core/cloud/cloud.ts';
import { isMadeFor } from '#core/cloud/membership.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { WantedHost } from '#core/placement/wantedHost.ts';
import { isSpanning } from '#core/sdn/swarm.ts';

/** For a container that fits nowhere, or, without one, for room alone. */
export function requestFor({ name: cloud, hostSpec = {} }: CloudConfig, name: string, wanted?: WantedHost): HostRequest {
  const labels = Object.entries(hostSpec.labels ?? {}).map(([label, value]) => `${label}=${value}`);
  return {
    cloud,
    name,
    minCores: Math.max(hostSpec.minCores ?? 0, wanted?.minCores ?? 0),
    minMemoryBytes: Math.max(hostSpec.minMemoryBytes ?? 0, wanted?.minMemoryBytes ?? 0),
    labels: [...new Set([...labels, ...(wanted?.labels ?? [])])],
    regions: wanted?.regions ?? [],
    zones: wanted?.zones ?? [],
  };
}

/** The labels that a host must have to be what was asked for; of several regions or zones the first. */
export function labelsOf({ labels, regions: [region], zones: [zone] }: HostRequest): Readonly<Record<string, string>> {
  const asked = labels.map((label): [string, string] => {
    const at = label.indexOf('=');
    return at < 0 ? [label, ''] : [label.slice(0, at), label.slice(at + 1)];
  });
  return Object.fromEntries([...(region === undefined ? [] : [['region', region] as const]), ...(zone === undefined ? [] : [['zone', zone] as const]), ...asked]);
}

/** `my-docker-cloud-4`: the first number that no host has, nor one that does not count now but whose container is there. */
export function nextName(cloud: string, { hosts, clouds = [] }: Observed): string {
  const nested = hosts.flatMap(({ containers }) => containers.flatMap((container) => container.nested?.host ?? []));
  const taken = new Set([...hosts.map(({ host }) => host), ...nested, ...clouds.flatMap((other) => other.hosts)]);
  let number = 1;
  while (taken.has(`${cloud}-${number}`)) number++;
  return `${cloud}-${number}`;
}

/** The host as it may be expected: what was asked for, and otherwise like those that the cloud made before, or like the host it is on. */
export function predicted(cloud: CloudConfig, request: HostRequest, { hosts }: Observed): ObservedHost {
  const made = hosts.filter((host) => isMadeFor(cloud, host));
  const like = cloud.provisioner?.kind === 'nested' ? hosts.filter(({ host }) => cloud.provisioner?.kind === 'nested' && host === cloud.provisioner.on) : made;
  const least = (of: (host: ObservedHost) => number | undefined): number => Math.min(...like.map((host) => of(host) ?? 0));
  const typical = like.length === 0 ? { cores: 1, memoryBytes: 0 } : { cores: least(coresOf), memoryBytes: least(memoryOf) };
  // A host in a container gets exactly what is asked for.
  const isExact = cloud.provisioner?.kind === 'nested';
  const among = (asked: number, other: number): number => (asked > 0 && isExact ? asked : Math.max(asked, other));
  return {
    host: request.name,
    hostname: request.name,
    endpoint: '',
    cloud: cloud.name,
    labels: labelsOf(request),
    state: { kind: 'up', engineVersion: '', cores: among(request.minCores, typical.cores), memoryBytes: among(request.minMemoryBytes, typical.memoryBytes) },
    cpuUsage: 0,
    containers: [],
    ...swarmOf(cloud, request, made),
  };
}

/** A host in a container joins the Swarm that those made before it are in, before anything is put there. */
function swarmOf({ provisioner }: CloudConfig, { name }: HostRequest, made: readonly ObservedHost[]): Pick<ObservedHost, 'swarm'> {
  const [first] = made.flatMap(({ swarm, state }) => (state.kind === 'up' && isSpanning(swarm) ? [swarm] : []));
  const joins = provisioner?.kind === 'nested' && first !== undefined && made.every(({ state }) => state.kind === 'up');
  return joins ? { swarm: { nodeId: name, address: first.address, isManager: false, isActive: true, managers: first.managers } } : {};
}

function coresOf({ capacity, state }: ObservedHost): number | undefined {
  return capacity?.cores ?? (state.kind === 'up' ? state.cores : undefined);
}

function memoryOf({ capacity, state }: ObservedHost): number | undefined {
  return capacity?.memoryBytes ?? (state.kind === 'up' ? state.memoryBytes : undefined);
}

// Docker's JSON to what was observed, and what is desired to Docker's JSON. The only file that knows both.

import type { ContainerCreateOptions, ContainerInfo, MountSettings } from 'dockerode';
import type { ContainerSpec, Mount } from '#core/blueprint/application.ts';
import type { NestedHost } from '#core/cloud/nestedHost.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import { noNetworkName, type Attachment } from '#core/cluster/network.ts';
import type { ContainerState, Health, ObservedContainer, ObservedPort, Ownership } from '#core/cluster/observed.ts';
import { readAddress, readBlock } from '#core/sdn/address.ts';
import { addressAt, readBlock6 } from '#core/sdn/address6.ts';
import { entrypoint } from '#core/lifecycle/scripts.ts';
import { field } from './field.ts';
import { labels, labelsOf, lifecycleArgument, type Told } from './labels.ts';

/** Programs may take their time to put things in order. Seconds. */
const stopTimeoutSeconds = 60;
/** What a system takes for its own name. */
const hostname = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

/** What is known of a container for its whole life. */
export interface Known {
  readonly told: Told;
  readonly owner?: Ownership | undefined;
  readonly nested?: NestedHost | undefined;
}

/** `same` gives of equal texts always the one that is kept. */
export function observedContainer(host: string, info: ContainerInfo, { told, owner, nested }: Known, same: (text: string) => string = (text) => text): ObservedContainer {
  const exitCode = exitCodeOf(info.Status);
  const reserved = owner && told.reserved;
  const waits = standsBy(owner, info);
  return {
    containerId: info.Id,
    containerName: (info.Names[0] ?? info.Id.slice(0, 12)).replace(/^\//, ''),
    host,
    image: same((owner === undefined ? undefined : told.image) ?? info.Image),
    imageId: same(info.ImageID),
    state: stateOf(info.State),
    health: healthOf(info.Status),
    ...(exitCode === undefined ? {} : { exitCode }),
    ports: portsOf(info.Ports),
    addresses: Object.fromEntries(Object.entries(info.NetworkSettings.Networks).flatMap(([network, { IPAddress }]) => (IPAddress === '' ? [] : [[network, IPAddress]]))),
    networks: Object.keys(info.NetworkSettings.Networks),
    ...(waits.length === 0 ? {} : { standsBy: waits }),
    createdAtMs: info.Created * 1000,
    ...(reserved === undefined ? {} : { reserved }),
    ...(owner === undefined ? {} : { owner: withFixed(owner, info) }),
    ...(nested === undefined ? {} : { nested }),
  };
}

/** What the engine itself was told to give is newer than the label, where somebody connected the container since. */
function withFixed(owner: Ownership, info: ContainerInfo): Ownership {
  const newer = Object.entries(fixedAddresses(info)).filter(([network, address]) => address !== owner.addresses?.[network]);
  return newer.length === 0 ? owner : { ...owner, addresses: { ...owner.addresses, ...Object.fromEntries(newer) } };
}

/** What the engine was told to give, by network. */
function fixedAddresses({ NetworkSettings: { Networks } }: ContainerInfo): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(Networks).flatMap(([network, { IPAMConfig }]): [string, string][] => {
    const address = field(IPAMConfig, 'IPv4Address');
    return typeof address === 'string' && address !== '' ? [[network, address]] : [];
  }));
}

function standsBy(owner: Ownership | undefined, info: ContainerInfo): readonly string[] {
  const fixed = fixedAddresses(info);
  return Object.keys(info.NetworkSettings.Networks).filter((network) => owner?.addresses?.[network] !== undefined && fixed[network] === undefined);
}

const states: readonly ContainerState[] = ['created', 'running', 'paused', 'restarting', 'removing', 'exited', 'dead'];

function stateOf(text: string): ContainerState {
  return states.find((state) => state === text) ?? 'dead';
}

/** A listing tells health and exit code in its status text only: `Up 2 minutes (healthy)`, `Exited (137) 5 seconds ago`. */
function healthOf(status: string): Health {
  if (status.includes('(health: starting)')) return 'starting';
  if (status.includes('(unhealthy)')) return 'unhealthy';
  return status.includes('(healthy)') ? 'healthy' : 'none';
}

function exitCodeOf(status: string): number | undefined {
  const [, code] = /^(?:Exited|Restarting) \((\d+)\)/.exec(status) ?? [];
  return code === undefined ? undefined : Number(code);
}

const noPorts: readonly ObservedPort[] = [];

/** A port published over IPv4 and IPv6 is listed twice by the engine, once here. */
function portsOf(ports: ContainerInfo['Ports']): readonly ObservedPort[] {
  if (ports.length === 0) return noPorts;
  const found = new Map<string, ObservedPort>();
  for (const { PrivatePort, PublicPort, Type, IP } of ports.toSorted((a, b) => a.PrivatePort - b.PrivatePort || (a.PublicPort ?? 0) - (b.PublicPort ?? 0))) {
    const protocol = Type === 'udp' ? 'udp' : 'tcp';
    const key = `${PrivatePort}/${protocol}/${PublicPort ?? ''}`;
    if (found.has(key)) continue;
    found.set(key, { port: PrivatePort, protocol, ...(PublicPort ? { hostPort: PublicPort } : {}), ...(IP ? { hostAddress: IP } : {}) });
  }
  return [...found.values()];
}

/** `image` is the one to make it from, where it is not the spec's own. */
export function createOptions(container: DesiredContainer, image = container.spec.image): ContainerCreateOptions {
  const { spec } = container;
  // More than one network at a time is more than an engine takes at a container's creation.
  const [network] = container.networks;
  const exposed = [...spec.openPorts.map((port) => `${port}/tcp`), ...spec.publishedPorts.map(({ port, protocol }) => `${port}/${protocol}`)];
  const anonymous = spec.mounts.filter((mount) => mount.source === undefined);
  return {
    name: container.containerName,
    Image: image,
    ...(spec.entrypoint === undefined ? {} : { Entrypoint: [...spec.entrypoint] }),
    // Whoever installs programs is root, as on a machine of one's own.
    ...(spec.lifecycle === undefined ? {} : { Entrypoint: [...entrypoint], Cmd: [lifecycleArgument(spec.lifecycle.parts)], User: '0:0', StopTimeout: stopTimeoutSeconds }),
    ...(spec.command === undefined ? {} : { Cmd: [...spec.command] }),
    Env: Object.entries(spec.env).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(container),
    ExposedPorts: Object.fromEntries(exposed.map((port) => [port, {}])),
    Volumes: Object.fromEntries(anonymous.map(({ path }) => [path, {}])),
    ...(hostname.test(container.entity) ? { Hostname: container.entity } : {}),
    ...(network === undefined ? {} : { NetworkingConfig: { EndpointsConfig: { [network.networkName]: endpoint(network) } } }),
    HostConfig: {
      ...(spec.cpuShares === undefined ? {} : { CpuShares: spec.cpuShares }),
      ...(spec.memoryBytes === undefined ? {} : { Memory: spec.memoryBytes }),
      NetworkMode: network?.networkName ?? noNetworkName,
      PortBindings: portBindings(spec),
      Mounts: spec.mounts.filter((mount) => mount.source !== undefined && !isDirectory(mount)).map((mount) => volume(mount, container)),
      // A directory that is not there yet is made by the engine; only the short form asks for that.
      Binds: spec.mounts.filter(isDirectory).map(({ source, path, readOnly }) => `${source ?? ''}:${path}${readOnly ? ':ro' : ''}`),
    },
  };
}

/** A container's end of a network. */
export function endpoint({ aliases, address, isStandingBy, subnet }: Attachment): { readonly Aliases: string[]; readonly IPAMConfig?: { readonly IPv4Address: string; readonly IPv6Address?: string } } {
  if (address === undefined || isStandingBy === true) return { Aliases: [...aliases] };
  const address6 = ipv6Of(address, subnet);
  return { Aliases: [...aliases], IPAMConfig: { IPv4Address: address, ...(address6 !== undefined && { IPv6Address: address6 }) } };
}

function ipv6Of(address: string, subnet: Attachment['subnet']): string | undefined {
  const [block6, block, own] = [readBlock6(subnet?.ipv6 ?? ''), readBlock(subnet?.cidr ?? ''), readAddress(address)];
  return block6 && block && own !== undefined ? addressAt(block6, own - block.base) : undefined;
}

function isDirectory({ source }: Mount): boolean {
  return source !== undefined && source.startsWith('/');
}

function portBindings(spec: ContainerSpec): Record<string, { HostPort: string }[]> {
  const bindings: Record<string, { HostPort: string }[]> = {};
  for (const { port, hostPort, protocol } of spec.publishedPorts) (bindings[`${port}/${protocol}`] ??= []).push({ HostPort: hostPort === undefined ? '' : String(hostPort) });
  return bindings;
}

/** The labels reach the volume only when it is made here: a volume of somebody else's stays theirs. */
function volume({ source, path, readOnly }: Mount, { application, entity }: DesiredContainer): MountSettings {
  return {
    Type: 'volume',
    Source: source ?? '',
    Target: path,
    ReadOnly: readOnly,
    VolumeOptions: { NoCopy: false, Labels: { [labels.application]: application, [labels.entity]: entity }, DriverConfig: { Name: 'local', Options: {} } },
  };
}

// A docker cloud as a blueprint describes it, and what it is among the hosts and clouds that are configured: where its hosts
// are, or how they are made.

import type { CloudConfig, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { localHost } from '#core/cloud/config.ts';
import { inClouds } from '#core/cloud/membership.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { Machine, Place } from '#core/location/location.ts';
import type { Refusal } from '#core/plan/plan.ts';
import { nearest } from '#core/text/nearest.ts';

export interface DescribedCloud extends Omit<CloudConfig, 'hosts' | 'provisioner' | 'id'> {
  /** The entity's. */
  readonly id: string;
  /** Where the blueprint wants its hosts; empty for the local engine. */
  readonly places: readonly Place[];
  /** For machines that one brings. */
  readonly identityFile?: string;
}

export interface Configured {
  readonly hosts: readonly Pick<HostConfig, 'name' | 'endpoint'>[];
  readonly clouds: readonly CloudConfig[];
}

/** `problem` is a sentence without its full stop. A cloud that is there already under this name keeps its hosts and how it makes more. */
export function cloudOf({ places, identityFile, ...described }: DescribedCloud, configured: Configured): { readonly cloud: CloudConfig } | { readonly problem: string } {
  const there = configured.clouds.find(({ name }) => name === described.name);
  if (there) return { cloud: { ...described, hosts: there.hosts, ...(there.provisioner && { provisioner: there.provisioner }) } };
  if (configured.hosts.some(({ name }) => name === described.name)) return { problem: `${described.name} is the name of a host already; give the cloud another name (entity.dynamicLocation.name)` };
  const base = basisOf(places, configured, identityFile);
  return 'problem' in base ? base : { cloud: { ...described, ...base } };
}

/** The clouds that a blueprint describes, among those there are, which they take the place of; what stands against one is refused. */
export function withDescribed(described: readonly DescribedCloud[], observed: Observed): { readonly observed: Observed; readonly refusals: readonly Refusal[] } {
  if (described.length === 0) return { observed, refusals: [] };
  const before = observed.clouds ?? [];
  const made = described.map((cloud) => ({ cloud, made: cloudOf(cloud, { hosts: observed.hosts.map(({ host, endpoint }) => ({ name: host, endpoint })), clouds: before }) }));
  const clouds = made.flatMap(({ made: one }) => ('cloud' in one ? [one.cloud] : []));
  return {
    observed: { ...observed, ...inClouds(observed.hosts, [...before.filter(({ name }) => !clouds.some((cloud) => cloud.name === name)), ...clouds]) },
    refusals: made.flatMap(({ cloud, made: one }) => ('problem' in one ? [{ entity: cloud.id, reason: one.problem }] : [])),
  };
}

interface Basis {
  readonly hosts: readonly string[];
  readonly provisioner?: ProvisionerConfig;
}

function basisOf(places: readonly Place[], configured: Configured, identityFile: string | undefined): Basis | { readonly problem: string } {
  const all = places.flatMap((place) => (place.kind === 'multi' ? place.targets.map((target) => target.place) : [place]));
  const hosts: string[] = [];
  let provisioner: ProvisionerConfig | undefined;
  for (const place of all.length === 0 ? [{ kind: 'localhost' } as const] : all) {
    const found = placeOf(place, configured, identityFile);
    if ('problem' in found) return found;
    hosts.push(...found.hosts.filter((host) => !hosts.includes(host)));
    if (found.provisioner && provisioner) return { problem: 'a cloud makes its hosts in one way, and its location asks for two; keep one of them' };
    provisioner ??= found.provisioner;
  }
  return { hosts, ...(provisioner && { provisioner }) };
}

function placeOf(place: Place, configured: Configured, identityFile: string | undefined): Basis | { readonly problem: string } {
  switch (place.kind) {
    case 'localhost':
      return nestedOn(localHost(configured.hosts));
    case 'docker':
      return place.host === undefined ? named(place.cloud, configured) : nestedOn(place.host, configured);
    case 'byon':
      return { hosts: [], provisioner: { kind: 'byon', endpoints: place.machines.map(sshEndpoint), ...(identityFile !== undefined && { identityFile }) } };
    case 'named':
      return named(place.name, configured);
    case 'jclouds': {
      const lender = configured.clouds.find(({ name }) => name === place.provider);
      if (lender?.provisioner) return { hosts: [], provisioner: lender.provisioner };
      return { problem: `its location is the provider ${place.provider}, whose machines a program of yours must make: configure a cloud named ${place.provider} with a provisioner, like {name: ${place.provider}, provisioner: {kind: command, command: [./make-host]}}` };
    }
    case 'pool':
      return { problem: `its location is the server pool ${place.pool}, which Clocker does not have; name hosts, or byon(hosts="...")` };
    case 'multi':
      return { problem: 'its locations are nested; write them in one list' };
  }
}

/** A host that is configured, or a cloud whose way to make hosts is to be used. */
function named(name: string, { hosts, clouds }: Configured): Basis | { readonly problem: string } {
  if (hosts.some((host) => host.name === name)) return { hosts: [name] };
  const lender = clouds.find((cloud) => cloud.name === name);
  if (lender?.provisioner) return { hosts: [], provisioner: lender.provisioner };
  if (lender) return { problem: `its location is the cloud ${name}, which makes no hosts; give that a provisioner, or name hosts` };
  const names = [...hosts, ...clouds].map((one) => one.name);
  const near = nearest(name, names);
  return { problem: `there is no host or cloud ${name} for its hosts; ${near !== undefined ? `did you mean ${near}?` : names.length === 0 ? 'configure one' : `there are ${names.join(', ')}`}` };
}

function nestedOn(on: string | undefined, configured?: Configured): Basis | { readonly problem: string } {
  if (on === undefined) return { problem: 'its hosts would be containers on the local Docker Engine, but none of the hosts is local; add the host localhost, or give the cloud a location' };
  if (configured && !configured.hosts.some(({ name }) => name === on)) return named(on, configured);
  return { hosts: [], provisioner: { kind: 'nested', on } };
}

function sshEndpoint({ host, user, port }: Machine): string {
  return `ssh://${user === undefined ? '' : `${user}@`}${host.includes(':') ? `[${host}]` : host}${port === undefined ? '' : `:${port}`}`;
}

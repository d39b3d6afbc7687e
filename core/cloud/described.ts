// A docker cloud as a blueprint describes it, and what it is among the hosts and clouds that are configured: where its hosts
// are, or how they are made.

import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import type { CloudConfig, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { localHost } from '#core/cloud/config.ts';
import { inClouds } from '#core/cloud/membership.ts';
import { foundClouds } from '#core/cloud/nested.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { Machine, Place } from '#core/location/location.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { nearest } from '#core/text/nearest.ts';

export interface Configured {
  readonly hosts: readonly Pick<HostConfig, 'name' | 'endpoint'>[];
  /** Those that are there, from wherever they are known. */
  readonly clouds: readonly CloudConfig[];
  /** See `Observed.configured`. */
  readonly settings?: readonly CloudConfig[];
}

/**
 * `problem` is a sentence without its full stop. Settings win where both speak. A cloud that is there already under this name keeps its hosts
 * and how it makes more, unless a blueprint described it before: then its location counts anew, but for where hosts in containers are.
 */
export function cloudOf({ places, identityFile, ...described }: DescribedCloud, configured: Configured): { readonly cloud: CloudConfig } | { readonly problem: string } {
  const { name } = described;
  const configuredAs = configured.settings?.find((cloud) => cloud.name === name);
  if (configuredAs) return { cloud: { ...described, ...configuredAs, placement: placementOf(configuredAs, described) } };
  const there = configured.clouds.find((cloud) => cloud.name === name);
  const staysThere = there !== undefined && (there.id === undefined || (there.provisioner?.kind === 'nested' && places.every(({ kind }) => kind === 'localhost')));
  if (staysThere) return { cloud: { ...described, hosts: there.hosts, ...(there.provisioner && { provisioner: there.provisioner }) } };
  if (configured.hosts.some((host) => host.name === name)) return { problem: `${name} is the name of a host already; give the cloud another name (entity.dynamicLocation.name)` };
  const base = basisOf(places, { ...configured, clouds: configured.clouds.filter((cloud) => cloud !== there) }, identityFile);
  return 'problem' in base ? base : { cloud: { ...described, ...base } };
}

/** The clouds that a blueprint describes, among those there are, which they take the place of; what stands against one is refused. */
export function withDescribed(described: readonly DescribedCloud[], observed: Observed): { readonly observed: Observed; readonly refusals: readonly Refusal[] } {
  if (described.length === 0) return { observed, refusals: [] };
  const before = observed.clouds ?? [];
  const made = described.map((cloud) => ({ cloud, made: cloudOf(cloud, configuredIn(observed)) }));
  const clouds = made.flatMap(({ made: one }) => ('cloud' in one ? [one.cloud] : []));
  const isNew = (name: string): boolean => clouds.some((cloud) => cloud.name === name);
  // What stood against a cloud as it was described before does not count; that its hosts could not be asked for does.
  const cloudProblems = observed.cloudProblems?.filter(({ cloud }) => !isNew(cloud) || before.find(({ name }) => name === cloud)?.provisioner !== undefined);
  return {
    observed: { ...observed, ...inClouds(observed.hosts, [...before.filter(({ name }) => !isNew(name)), ...clouds]), ...(cloudProblems && { cloudProblems }) },
    refusals: made.flatMap(({ cloud, made: one }) => ('problem' in one ? [{ entity: cloud.id, reason: one.problem }] : [])),
  };
}

/** What is known of clouds from these hosts: what settings say, what hosts in containers say of themselves, and what blueprints that were deployed describe. Of a cloud whose hosts cannot be told the problem is said, and nothing goes there. */
export function knownClouds(hosts: readonly ObservedHost[], settings: readonly CloudConfig[], described: readonly DescribedCloud[]): Observed {
  const found = foundClouds({ hosts }).flatMap(({ name, definition }) => (settings.some((cloud) => cloud.name === name) ? [] : [definition]));
  const seen: Observed = { ...inClouds(hosts, [...settings, ...found]), ...(settings.length > 0 && { configured: settings }) };
  const problems = described.flatMap((cloud) => {
    const made = cloudOf(cloud, configuredIn(seen));
    return 'problem' in made ? [{ cloud, problem: made.problem }] : [];
  });
  const { observed } = withDescribed(described.filter((cloud) => !problems.some((one) => one.cloud === cloud)), seen);
  if (problems.length === 0) return observed;
  const withoutHosts = problems.map(({ cloud }): CloudConfig => ({ name: cloud.name, id: cloud.id, placement: cloud.placement, hosts: [] }));
  return { ...observed, clouds: [...(observed.clouds ?? []), ...withoutHosts], cloudProblems: problems.map(({ cloud: { name }, problem }) => ({ cloud: name, problem })) };
}

function configuredIn({ hosts, clouds = [], configured = [] }: Observed): Configured {
  return { hosts: hosts.map(({ host, endpoint }) => ({ name: host, endpoint })), clouds, settings: configured };
}

/** List by list, and limit by limit. */
function placementOf({ placement: configured }: Pick<CloudConfig, 'placement'>, { placement: described }: Pick<CloudConfig, 'placement'>): CloudConfig['placement'] {
  const strategies = configured.strategies.length > 0 ? configured.strategies : described.strategies;
  const affinityRules = configured.affinityRules.length > 0 ? configured.affinityRules : described.affinityRules;
  return { ...described, ...configured, strategies, affinityRules };
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

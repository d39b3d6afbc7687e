// A cloud whose hosts live in containers of one host: which hosts it needs, and what stands against taking it away. Decided
// from what was observed alone.

import type { CloudConfig, HostRequest } from '#core/cloud/cloud.ts';
import { type FoundCloud, foundClouds } from '#core/cloud/nested.ts';
import { nestedEndpoint } from '#core/cloud/nestedHost.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { hostNameProblem } from '#core/host/config.ts';
import { isLocal } from '#core/host/endpoint.ts';
import { nearest } from '#core/text/nearest.ts';

export const usualCloudName = 'local';
/** So many hosts, at least one, have addresses in one network. */
export const mostHosts = 200;
/** A host is named after its cloud, and names of machines end after 63 characters. */
const longestName = 50;

export interface CloudWish {
  readonly name: string;
  readonly hosts: number;
  /** The parent; without it, that of the cloud as it is, else the host of this machine, else the only one. */
  readonly on?: string | undefined;
  readonly image?: string | undefined;
}

/** The cloud to make, or a sentence why not. */
export function localCloud({ name, hosts, on, image }: CloudWish, observed: Observed): CloudConfig | string {
  const problem = hostNameProblem(name) ?? (name.length > longestName ? `"${name}" is too long for a cloud; up to ${longestName} characters do` : undefined);
  if (problem !== undefined) return problem.replace('no name of a host', 'no name of a cloud');
  if (!Number.isInteger(hosts) || hosts < 1 || hosts > mostHosts) return `a cloud has 1 to ${mostHosts} hosts, not ${hosts}`;
  const before = foundClouds(observed).find((cloud) => cloud.name === name);
  const home = before?.hosts[0]?.parent;
  if (home !== undefined && on !== undefined && on !== home) return `there is a cloud ${name} on host ${home} already; take another name, or delete it first`;
  if (before === undefined && observed.hosts.some(({ host, cloud }) => host === name || cloud === name)) return `there is a host or a cloud named ${name} already; take another name`;
  const parent = chooseParent(on ?? home, observed);
  if (typeof parent === 'string') return parent;
  const usual = before?.definition ?? { name, hosts: [], placement: { strategies: [], affinityRules: [] } };
  const chosen = image ?? (before?.definition.provisioner?.kind === 'nested' ? before.definition.provisioner.image : undefined);
  return { ...usual, initialHosts: hosts, provisioner: { kind: 'nested', on: parent.host, ...(chosen === undefined ? {} : { image: chosen }) } };
}

/** Hosts that may carry others: up, to be changed, and on a machine of their own. */
export function possibleParents({ hosts }: Observed): readonly ObservedHost[] {
  return hosts.filter(({ state, isReadOnly, cloud }) => state.kind === 'up' && isReadOnly !== true && cloud === undefined);
}

function chooseParent(on: string | undefined, observed: Observed): ObservedHost | string {
  const named = observed.hosts.find(({ host }) => host === on);
  if (on !== undefined && named === undefined) {
    const names = observed.hosts.map(({ host }) => host);
    const meant = nearest(on, names);
    return `there is no host ${on} for the cloud to live on; ${meant === undefined ? `there are ${names.join(', ')}` : `did you mean ${meant}?`}`;
  }
  const possible = possibleParents(observed);
  const parent = named ?? possible.find(({ endpoint }) => isLocal(endpoint)) ?? (possible.length === 1 ? possible[0] : undefined);
  if (parent === undefined) return possible.length === 0 ? 'no host is up on which the cloud could live' : `on which host shall the cloud live? There are ${possible.map(({ host }) => host).join(', ')}`;
  if (parent.state.kind === 'down') return `host ${parent.host} is down: ${parent.state.problem}`;
  if (parent.isReadOnly === true) return `host ${parent.host} is read-only; take readOnly away from its configuration, or choose another host`;
  return parent;
}

/** What is to be asked of a provisioner so that the cloud has `initialHosts`: those that do not answer again, then new ones under the lowest free numbers. */
export function missingHosts(cloud: CloudConfig, observed: Observed): readonly HostRequest[] {
  const members = observed.hosts.filter((host) => host.cloud === cloud.name);
  const down = members.filter(({ state }) => state.kind !== 'up').map(({ endpoint, host }) => foundClouds(observed).flatMap(({ hosts }) => hosts).find((one) => nestedEndpoint(one.parent, one.container.containerName) === endpoint)?.host ?? host);
  const taken = new Set([...observed.hosts.map(({ host }) => host), ...foundClouds(observed).flatMap(({ hosts }) => hosts.map(({ host }) => host))]);
  const fresh: string[] = [];
  for (let number = 1; members.length + fresh.length < (cloud.initialHosts ?? 0); number += 1) {
    const name = `${cloud.name}-${number}`;
    if (!taken.has(name)) fresh.push(name);
  }
  return [...down, ...fresh].map((name) => ({ cloud: cloud.name, name, minCores: 0, minMemoryBytes: 0, labels: [], regions: [], zones: [] }));
}

export interface Deletion {
  readonly cloud: FoundCloud;
  /** Names of its hosts among those observed. */
  readonly hosts: readonly string[];
  /** Sentences about what would be lost that somebody wants; not empty means that it takes force. */
  readonly objections: readonly string[];
  /** Containers on its hosts that Clocker did not make: "web on local-1". */
  readonly strangers: readonly string[];
}

/** What deleting the cloud means, or a sentence about there being none. */
export function deletionOf(name: string, observed: Observed): Deletion | string {
  const clouds = foundClouds(observed);
  const cloud = clouds.find((one) => one.name === name);
  if (cloud === undefined) {
    const names = clouds.map((one) => one.name);
    const meant = nearest(name, names);
    return `there is no cloud ${name}; ${meant !== undefined ? `did you mean ${meant}?` : names.length === 0 ? 'no cloud lives on these hosts' : `there are ${names.join(', ')}`}`;
  }
  const places = new Set(cloud.hosts.map(({ parent, container }) => nestedEndpoint(parent, container.containerName)));
  const members = observed.hosts.filter(({ endpoint }) => places.has(endpoint));
  const applications = new Map<string, Set<string>>();
  for (const { host, containers } of members) {
    for (const { owner } of containers) if (owner !== undefined) applications.set(owner.applicationName, (applications.get(owner.applicationName) ?? new Set()).add(host));
  }
  const unseen = members.filter(({ state, containers }) => state.kind !== 'up' && containers.length === 0).map(({ host }) => host);
  return {
    cloud,
    hosts: members.map(({ host }) => host),
    objections: [
      ...[...applications].map(([application, hosts]) => `the application ${application} runs there, on ${[...hosts].join(', ')}`),
      ...(unseen.length === 0 ? [] : [`nobody knows what is on ${unseen.join(', ')}, which ${unseen.length === 1 ? 'does' : 'do'} not answer`]),
    ],
    strangers: members.flatMap(({ host, containers }) => containers.filter(({ owner, nested }) => owner === undefined && nested === undefined).map(({ containerName }) => `${containerName} on ${host}`)),
  };
}

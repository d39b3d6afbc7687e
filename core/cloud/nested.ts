// Hosts of docker clouds that live in containers: what such a container says of itself is all that is known of it, so the
// hosts, and the clouds that they form, are found again from what was observed on their parents alone.

import { nestedEndpoint } from '#core/cloud/nestedHost.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { inContainers } from '#core/cloud/inContainers.ts';
import type { Capacity, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import { isLocal } from '#core/host/endpoint.ts';

/** A host that was found in a container, to be connected to. */
export interface FoundHost extends HostConfig {
  readonly cloud: string;
  readonly capacity: Capacity;
}

/** In the order in which they were made, without those that are configured anyway. Where two have one name the later is told apart by its parent. */
export function foundHosts({ hosts }: Observed, configured: readonly HostConfig[]): readonly FoundHost[] {
  const names = new Set(configured.map(({ name }) => name));
  return hosts.flatMap((parentHost) =>
    inContainers(parentHost).flatMap(({ container, nested }): FoundHost[] => {
      const { host: parent, isReadOnly } = parentHost;
      const endpoint = nestedEndpoint(parent, container.containerName);
      if (container.state === 'removing' || configured.some((host) => host.endpoint === endpoint)) return [];
      const name = names.has(nested.host) ? `${nested.host}.${parent}` : nested.host;
      if (names.has(name)) return [];
      names.add(name);
      const { cloud, labels, cores, memoryBytes } = nested;
      return [{
        name,
        cloud,
        endpoint,
        labels,
        ...(isReadOnly === true ? { readOnly: true } : {}),
        capacity: { ...(cores !== undefined && { cores }), ...(memoryBytes !== undefined && { memoryBytes }) },
      }];
    }),
  );
}

/** Hosts in containers with their addresses: those on an engine of this machine are reached by that which their container has there. */
export function withAddresses(hosts: readonly ObservedHost[]): readonly ObservedHost[] {
  const addresses = new Map(
    hosts.flatMap((host) =>
      inContainers(host).flatMap(({ container: { containerName, addresses: own } }): [string, string][] => {
        const [address] = isLocal(host.endpoint) ? Object.values(own) : [];
        return address === undefined ? [] : [[nestedEndpoint(host.host, containerName), address]];
      }),
    ),
  );
  const withOne = (host: ObservedHost): ObservedHost => {
    const address = addresses.get(host.endpoint);
    return address === undefined ? host : { ...host, address };
  };
  return addresses.size === 0 ? hosts : hosts.map(withOne);
}

/** A cloud whose hosts live in containers. */
export interface FoundCloud {
  readonly name: string;
  /** As its newest host says. */
  readonly definition: CloudConfig;
  /** By name. */
  readonly hosts: readonly FoundMember[];
}

export interface FoundMember {
  readonly host: string;
  readonly parent: string;
  readonly container: ObservedContainer;
}

/** In the order of their names, hosts in that of theirs. */
export function foundClouds({ hosts }: Observed): readonly FoundCloud[] {
  const members = hosts.flatMap((parent) => inContainers(parent).map(({ container, nested }) => ({ host: nested.host, parent: parent.host, container, nested })));
  const names = [...new Set(members.map(({ nested }) => nested.cloud))].toSorted();
  return names.map((name) => {
    const mine = members.filter(({ nested }) => nested.cloud === name).toSorted((a, b) => byNumber(a.host, b.host));
    const newest = mine.toSorted((a, b) => b.container.createdAtMs - a.container.createdAtMs).find(({ nested }) => nested.definition !== undefined);
    const [first] = mine;
    const on = first?.parent ?? '';
    return {
      name,
      definition: newest?.nested.definition === undefined ? { name, hosts: [], placement: { strategies: [], affinityRules: [] }, provisioner: { kind: 'nested', on } } : asFound(newest.nested.definition, newest.parent),
      hosts: mine.map(({ host, parent, container }) => ({ host, parent, container })),
    };
  });
}

/** What made it calls its parent by whatever name; and no other way to make hosts is believed, for a label must not name a program to run. */
function asFound(definition: CloudConfig, parent: string): CloudConfig {
  const { provisioner } = definition;
  return { ...definition, provisioner: { ...(provisioner?.kind === 'nested' ? provisioner : { kind: 'nested' }), on: parent } };
}

/** `local-2` comes before `local-10`. */
function byNumber(a: string, b: string): number {
  const number = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);
  return number(a) - number(b) || (a < b ? -1 : 1);
}

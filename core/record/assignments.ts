// What people changed of an application's networks while it ran: kept with its deployments, so that the next one does not undo
// it unnoticed. Where every record is lost, containers tell on which networks they are.

import { networkName, noNetworkName } from '#core/cluster/network.ts';
import type { Addresses, Assignment } from '#core/record/revision.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { historyOf } from '#core/record/record.ts';

/** Undefined where no record tells: then what containers are on counts. */
export function lastAssignments(observed: Observed, application: string): readonly Assignment[] | undefined {
  return historyOf(observed, application).find(({ assignments }) => assignments !== undefined)?.assignments;
}

/** What was recorded, or else what containers are on: nobody remembers who wanted that. */
export function assignmentsNow(observed: Observed, application: string): readonly Assignment[] {
  return lastAssignments(observed, application) ?? connectedNow(observed, application);
}

function connectedNow({ hosts }: Observed, application: string): readonly Assignment[] {
  const found = hosts.flatMap(({ networks = [], containers }) =>
    containers.flatMap(({ owner, networks: on }): readonly Assignment[] => {
      if (owner?.application !== application || on === undefined) return [];
      const { entity } = owner;
      const shared = networks.flatMap((network) => (network.networkId !== undefined && on.includes(network.networkName) ? [{ entity, network: network.networkId, isConnected: true, by: '' }] : []));
      return isTakenOff(on, application, networks) ? [...shared, { entity, network: application, isOwn: true, isConnected: false, by: '' }] : shared;
    }));
  return withAssignments([], found.filter((one, index) => found.findIndex((other) => isSame(one, other)) === index));
}

/** It is on none but networks that are joined by ids, or on none at all: an engine by itself puts a container on another one. */
function isTakenOff(on: readonly string[], application: string, networks: ObservedHost['networks'] = []): boolean {
  const isShared = (name: string): boolean => networks.some((network) => network.networkName === name && network.networkId !== undefined);
  return on.length > 0 && !on.includes(networkName(application, 'bridge')) && !on.includes(networkName(application, 'overlay')) && on.every((name) => name === noNetworkName || isShared(name));
}

/** The later of two that are about the same counts. Back on its application's own network as before is nothing to remember. */
export function withAssignments(before: readonly Assignment[], changes: readonly Assignment[]): readonly Assignment[] {
  const all = [...before.filter((one) => !changes.some((change) => isSame(one, change))), ...changes];
  return all.filter(({ isOwn, isConnected, address, aliases }) => isOwn !== true || !isConnected || address !== undefined || aliases !== undefined);
}

/** Whether both are about the same entity and network. */
export function isSame(a: Pick<Assignment, 'entity' | 'network' | 'isOwn'>, b: Pick<Assignment, 'entity' | 'network' | 'isOwn'>): boolean {
  return a.entity === b.entity && a.network === b.network && a.isOwn === b.isOwn;
}

/** Of the last deployment that told of addresses. */
export function lastAddresses(observed: Observed, application: string): Addresses {
  return historyOf(observed, application).find(({ addresses }) => addresses !== undefined)?.addresses ?? {};
}

/** What to remember now. What was on a host that is down keeps what it had, and so does what is off a network for the time being. */
export function addressesNow(observed: Observed, application: string, entities: readonly string[]): Addresses {
  const last = lastAddresses(observed, application);
  const seen = observed.hosts.flatMap(({ containers }) => containers).filter(({ owner }) => owner?.application === application).toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const now = seen.flatMap(({ owner }): [string, Readonly<Record<string, string>>][] => (owner?.addresses === undefined ? [] : [[owner.entity, { ...last[owner.entity], ...owner.addresses }]]));
  const before = Object.entries(last).filter(([entity]) => entities.includes(entity));
  return Object.fromEntries([...before, ...now]);
}

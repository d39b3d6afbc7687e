// What people changed of an application's networks while it ran: kept with its deployments, so that the next one does not undo
// it unnoticed. Where every record is lost, containers tell on which networks they are.

import type { Addresses, Assignment } from '#core/record/revision.ts';
import type { Observed } from '#core/cluster/observed.ts';
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
    containers.flatMap(({ owner, networks: on }) =>
      (owner?.application === application ? networks : []).flatMap(({ networkId, networkName }) => (owner !== undefined && networkId !== undefined && on?.includes(networkName) === true ? [{ entity: owner.entity, network: networkId, isConnected: true, by: '' }] : []))));
  return withAssignments([], found.filter((one, index) => found.findIndex((other) => isSame(one, other)) === index));
}

/** The later of two that are about the same counts. */
export function withAssignments(before: readonly Assignment[], changes: readonly Assignment[]): readonly Assignment[] {
  return [...before.filter((one) => !changes.some((change) => isSame(one, change))), ...changes];
}

function isSame(a: Assignment, b: Assignment): boolean {
  return a.entity === b.entity && a.network === b.network;
}

/** Of the last deployment that told of addresses. */
export function lastAddresses(observed: Observed, application: string): Addresses {
  return historyOf(observed, application).find(({ addresses }) => addresses !== undefined)?.addresses ?? {};
}

/** What to remember now. What was on a host that is down keeps what it had, unless its entity is seen elsewhere. */
export function addressesNow(observed: Observed, application: string, entities: readonly string[]): Addresses {
  const seen = observed.hosts.flatMap(({ containers }) => containers).filter(({ owner }) => owner?.application === application).toSorted((a, b) => a.createdAtMs - b.createdAtMs);
  const now = seen.flatMap(({ owner }): [string, Readonly<Record<string, string>>][] => (owner?.addresses === undefined ? [] : [[owner.entity, owner.addresses]]));
  const before = Object.entries(lastAddresses(observed, application)).filter(([entity]) => entities.includes(entity));
  return Object.fromEntries([...before, ...now]);
}

// What brings a container that stays as it is onto the networks that it is to be on, and off others: none of it needs the
// container to be made anew. From its application's network on one host to the one across hosts it does not come like this.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import type { Action } from '#core/plan/plan.ts';
import { ownNames } from '#core/sdn/own.ts';

export function connections({ host, application, entity, networks }: DesiredContainer, current: ObservedContainer, observed: Observed): readonly Action[] {
  const { containerId, containerName, networks: on } = current;
  // Nobody knows where it is.
  if (on === undefined) return [];
  const subject = { host, containerId, containerName, entity };
  const own = ownNames(application);
  const isOnOwn = own.some((name) => on.includes(name));
  const wanted = networks.filter(({ networkId }) => networkId !== undefined || !isOnOwn);
  const leaves = isOnOwn && networks.every(({ networkId }) => networkId !== undefined);
  const shared = observed.hosts.find((one) => one.host === host)?.networks?.filter(({ networkId, networkName }) => networkId !== undefined || (leaves && own.includes(networkName))) ?? [];
  const disconnects = shared.flatMap(({ networkName, networkId = networkName }): Action[] =>
    on.includes(networkName) && !wanted.some((network) => network.networkName === networkName) ? [{ kind: 'disconnect', ...subject, networkName, networkId }] : []);
  const connects = wanted.flatMap((attachment): Action[] => {
    const { networkName, address } = attachment;
    if (!on.includes(networkName)) return [{ kind: 'connect', ...subject, attachment }];
    const held = current.owner?.addresses?.[networkName];
    const instead = current.state === 'running' ? (current.addresses[networkName] ?? held) : current.standsBy?.includes(networkName) === true ? 'any' : held;
    return address === undefined || instead === undefined || instead === address ? [] : [{ kind: 'connect', ...subject, attachment, instead }];
  });
  return [...disconnects, ...connects];
}

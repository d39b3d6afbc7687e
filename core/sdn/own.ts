// An application's own network: which it is, and who is on it. Everybody is, unless the cloud or the blueprint wants no such
// network (sdn.applicationNetwork.create), or a person took a container off it.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { networkName, type Attachment } from '#core/cluster/network.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import type { Assignment } from '#core/record/revision.ts';
import { isSpanning, spans } from '#core/sdn/swarm.ts';

/** By which it is known on the engines: on one host, and across hosts. */
export function ownNames(application: string): readonly string[] {
  return [networkName(application, 'bridge'), networkName(application, 'overlay')];
}

/** Whether what a person calls a network is the application's own. A network that is joined by that id comes first. */
export function isOwnNetwork(called: string, application: string, { hosts }: Observed): boolean {
  if (ownNames(application).includes(called)) return true;
  return called === application && !hosts.some(({ networks = [] }) => networks.some(({ networkId }) => networkId === called));
}

/** As it is where the host is; undefined where it has not been made. */
export function ownNetwork(application: string, { host, swarm }: ObservedHost, { hosts }: Observed): Pick<Attachment, 'networkName' | 'driver'> | undefined {
  const driver = isSpanning(swarm) ? 'overlay' : 'bridge';
  const name = networkName(application, driver);
  const near = driver === 'bridge' ? [host] : (spans(hosts).find((names) => names.includes(host)) ?? [host]);
  const isThere = hosts.some((one) => near.includes(one.host) && one.networks?.some((network) => network.networkName === name) === true);
  return isThere ? { networkName: name, driver } : undefined;
}

/** Whether there is to be one for the container at all. */
export function wantsOwnNetwork({ spec, host }: Pick<DesiredContainer, 'spec' | 'host'>, { hosts, clouds = [] }: Observed): boolean {
  const cloud = hosts.find((one) => one.host === host)?.cloud;
  return spec.hasOwnNetwork ?? clouds.find(({ name }) => name === cloud)?.sdn?.['sdn.applicationNetwork.create'] !== 'false';
}

/** What a person said of the entity and its application's own network. */
export function ofOwnNetwork(assignments: readonly Assignment[], entity: string): Assignment | undefined {
  return assignments.find((one) => one.isOwn === true && one.entity === entity);
}

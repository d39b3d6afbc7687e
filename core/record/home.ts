// Where an application is at home: on the hosts of its docker clouds, or on those outside of all clouds. There its locks are taken
// and its deployments remembered; whoever looks for them looks everywhere.

import type { Application } from '#core/blueprint/application.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { isLocal } from '#core/host/endpoint.ts';
import { isWritable } from '#core/record/record.ts';

/** The hosts outside of all clouds. */
const noCloud = '';

/** Names of hosts that can be written on: of every cloud where something of the application is, or may go by its blueprint; all where that says nothing. */
export function homeOf(observed: Observed, id: string, application?: Application): readonly string[] {
  const clouds = cloudsOf(observed, id, application);
  return hostsIn(observed, application?.clouds?.some(({ name }) => bringsHosts(observed, name)) === true ? new Set([...clouds, noCloud]) : clouds);
}

/** Such hosts are not known to who does not know the cloud: what describes it is kept outside of it, too. Those in containers tell of it themselves. */
function bringsHosts({ clouds = [] }: Observed, cloud: string): boolean {
  return clouds.some(({ name, provisioner }) => name === cloud && provisioner !== undefined && provisioner.kind !== 'nested');
}

/**
 * Names of the hosts to lock: besides its home those on which its clouds make more hosts. Two who see one cloud before and after
 * its first host was made meet there.
 */
export function hostsToLock(observed: Observed, id: string, application?: Application): readonly string[] {
  const clouds = cloudsOf(observed, id, application);
  const makesHosts = (observed.clouds ?? []).some(({ name, provisioner }) => clouds.has(name) && provisioner !== undefined);
  return hostsIn(observed, makesHosts ? new Set([...clouds, noCloud]) : clouds);
}

function hostsIn(observed: Observed, clouds: ReadonlySet<string>): readonly string[] {
  const writable = observed.hosts.filter(isWritable);
  const home = writable.filter(({ cloud = noCloud }) => clouds.has(cloud));
  return (home.length > 0 ? home : writable).map(({ host }) => host);
}

function cloudsOf(observed: Observed, id: string, application: Application | undefined): ReadonlySet<string> {
  const { hosts, clouds = [] } = observed;
  const there = hosts.filter((host) => hasPartOf(host, id)).map(({ cloud = noCloud }) => cloud);
  const everywhere = [noCloud, ...clouds.map(({ name }) => name)];
  const meant = (application?.entities ?? []).flatMap(({ container, locations }) => (container === undefined ? [] : locations.length === 0 ? everywhere : locations.flatMap((location) => cloudAt(location, observed))));
  return new Set([...there, ...meant, ...(application?.clouds ?? []).map(({ name }) => name)]);
}

function hasPartOf({ containers, networks = [] }: ObservedHost, id: string): boolean {
  return containers.some(({ owner }) => owner?.application === id) || networks.some(({ application }) => application === id);
}

/** None for a location that nobody knows. */
function cloudAt(location: string, { hosts, clouds = [] }: Observed): readonly string[] {
  const [first = ''] = location.split(':');
  const host = hosts.find((one) => one.host === location) ?? (location === 'localhost' ? hosts.find(({ endpoint }) => isLocal(endpoint)) : undefined);
  if (host) return [host.cloud ?? noCloud];
  const cloud = clouds.find(({ name }) => name === first) ?? clouds.find((one) => one.id === first);
  return cloud ? [cloud.name] : [];
}

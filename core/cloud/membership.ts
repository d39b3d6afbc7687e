// Which observed hosts belong to which clouds: those that a cloud's configuration names, and those that say of themselves that
// they were made for it.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';

/** `hosts` with the cloud of each, and the clouds. */
export function inClouds(hosts: readonly ObservedHost[], clouds: readonly CloudConfig[]): Observed {
  if (clouds.length === 0) return { hosts };
  const named = new Map(clouds.flatMap((cloud) => cloud.hosts.map((host) => [host, cloud.name])));
  return {
    hosts: hosts.map((host) => {
      const cloud = named.get(host.host);
      return cloud === undefined || cloud === host.cloud ? host : withCloud(host, cloud);
    }),
    clouds,
  };
}

/** Whether the cloud's provisioner made the host, so that it may take it away again. */
export function isMadeFor({ name, hosts, provisioner }: CloudConfig, { host, cloud }: ObservedHost): boolean {
  return cloud === name && provisioner !== undefined && !hosts.includes(host);
}

function withCloud(host: ObservedHost, cloud: string): ObservedHost {
  return { ...host, cloud };
}

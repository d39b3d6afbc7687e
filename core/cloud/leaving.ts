// What goes with a docker cloud when the application that described it is deleted: machines that were joined or made for it by a
// program, which nobody would know any more. Hosts in containers tell of themselves, and stay until their cloud is deleted.

import type { SpareHost } from '#core/cloud/grow.ts';
import { isMadeFor } from '#core/cloud/membership.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { describedClouds, lastClouds } from '#core/record/clouds.ts';

export interface Leaving {
  readonly spareHosts: readonly SpareHost[];
  /** What others still have there stands against it. */
  readonly refusals: readonly Refusal[];
}

export function leavingWith(application: string, observed: Observed): Leaving {
  const { clouds = [], configured = [] } = observed;
  const mine = lastClouds(observed, application) ?? [];
  const others = describedClouds(observed.hosts.map(({ records = [] }) => ({ records: records.filter((record) => record.application !== application) })));
  const going = clouds.filter(({ name, provisioner }) => provisioner !== undefined && provisioner.kind !== 'nested' && mine.some((cloud) => cloud.name === name) && ![...others, ...configured].some((cloud) => cloud.name === name));
  const found = going.flatMap((cloud) => observed.hosts.filter((host) => isMadeFor(cloud, host) && host.state.kind === 'up' && host.isReadOnly !== true));
  const refusals = found.flatMap(({ host, cloud = '', containers }): readonly Refusal[] => {
    const names = new Set(containers.flatMap(({ owner }) => (owner !== undefined && owner.application !== application ? [owner.applicationName] : [])));
    return names.size === 0 ? [] : [{ entity: application, reason: `it describes the cloud ${cloud}, and ${[...names].join(', ')} ${names.size === 1 ? 'is' : 'are'} on its host ${host}; delete that first, or configure the cloud` }];
  });
  const empty = found.filter(({ containers }) => containers.every(({ owner }) => owner?.application === application));
  return { refusals, spareHosts: empty.map(({ host, cloud = '' }) => ({ host, cloud, because: `nothing describes ${cloud} any more` })) };
}

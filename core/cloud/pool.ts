// How much room a cloud has: what its headroom is counted from, and what the views tell of it.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';
import { defaultMaxContainers, type Pool } from '#core/placement/headroom.ts';

/** The most containers that a host of the cloud takes: the cloud's own word, then its first strategy's; undefined where nothing says. */
export function mostOnAHost({ placement }: CloudConfig): number | undefined {
  const { maxContainers, strategies } = placement;
  const first = [...strategies.filter(({ kind }) => kind === 'max-containers'), ...strategies].find((strategy) => 'maxContainers' in strategy && strategy.maxContainers !== undefined);
  return maxContainers ?? (first && 'maxContainers' in first ? first.maxContainers : undefined);
}

/** Of the hosts of the cloud that can be used. */
export function poolOf(cloud: CloudConfig, hosts: readonly ObservedHost[]): Pool {
  const usable = hosts.filter((host) => host.cloud === cloud.name && host.state.kind === 'up' && host.isReadOnly !== true);
  return { hosts: usable.length, maxContainers: mostOnAHost(cloud) ?? defaultMaxContainers, containers: usable.reduce((sum, host) => sum + ours(host), 0) };
}

/** Containers of ours. */
export function ours({ containers }: ObservedHost): number {
  return containers.filter(({ owner, state }) => owner !== undefined && state !== 'removing').length;
}

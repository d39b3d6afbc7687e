// How much room the hosts of a cloud have: for its headroom, and for the views.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';

/** The most containers that a host of the cloud takes: the cloud's own word, then its first strategy's; undefined where nothing says. */
export function mostOnAHost({ placement }: CloudConfig): number | undefined {
  const { maxContainers, strategies } = placement;
  const first = [...strategies.filter(({ kind }) => kind === 'max-containers'), ...strategies].find((strategy) => 'maxContainers' in strategy && strategy.maxContainers !== undefined);
  return maxContainers ?? (first && 'maxContainers' in first ? first.maxContainers : undefined);
}

/** Containers of ours. */
export function ours({ containers }: ObservedHost): number {
  return containers.filter(({ owner, state }) => owner !== undefined && state !== 'removing').length;
}

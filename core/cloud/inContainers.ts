// Which containers of a host are hosts of docker clouds. It is asked at every change of any host: each host's containers are gone
// through once, and among thousands of them nothing is made for those in which no host lives.

import type { NestedHost } from '#core/cloud/nestedHost.ts';
import type { ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';

export interface HostInContainer {
  readonly container: ObservedContainer;
  readonly nested: NestedHost;
}

const known = new WeakMap<readonly ObservedContainer[], readonly HostInContainer[]>();
const none: readonly HostInContainer[] = [];

/** In the order of the host's containers. */
export function inContainers({ containers }: Pick<ObservedHost, 'containers'>): readonly HostInContainer[] {
  const before = known.get(containers);
  if (before) return before;
  const found: HostInContainer[] = [];
  for (const container of containers) if (container.nested !== undefined) found.push({ container, nested: container.nested });
  const all = found.length === 0 ? none : found;
  known.set(containers, all);
  return all;
}

// Why an entity goes where it goes, and why nowhere, in words.

import type { Entity } from '#core/blueprint/application.ts';
import type { Chain } from '#core/placement/chain.ts';
import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import type { Refused } from '#core/placement/rank.ts';
import type { Request } from '#core/placement/request.ts';

/** So many hosts of one reason are named. */
const mostNames = 5;

export function reason(host: HostLoad, fitting: number, entity: Entity, { want: { locations, strategies, within } }: Request, { orders, tie }: Chain, load: CloudLoad): string {
  if (locations.length === 1 || (locations.length > 0 && strategies.length === 0)) return entity.locations.some((written) => written.split(':').at(-1) === host.name) ? `the blueprint says ${host.name}` : `${host.name} is the local host`;
  if (load.hosts.length === 1) return `${host.name} is the only host`;
  if (within !== undefined && load.hostsOfCloud(within).length === 1) return `${host.name} is the only host of the cloud ${within}`;
  return fitting === 1 ? `only ${host.name} can take it` : `${host.name} ${(orders[0] ?? tie)?.best ?? 'can take it'}`;
}

export function refusalText(refused: readonly Refused[]): string {
  const hosts = new Map<string, string[]>();
  for (const { host, reason: why } of refused) {
    const names = hosts.get(why);
    if (names) names.push(host.name);
    else hosts.set(why, [host.name]);
  }
  const reasons = [...hosts].map(([why, names]) => `${listed(names)}: ${why}`);
  return refused.length === 1 ? `it cannot go on ${reasons.join('')}` : `no host can take it; ${reasons.join('; ')}`;
}

export function listed(names: readonly string[]): string {
  return names.length <= mostNames ? names.join(', ') : `${names.slice(0, mostNames - 1).join(', ')} and ${names.length - mostNames + 1} more`;
}

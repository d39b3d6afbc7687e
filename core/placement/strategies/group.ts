// Group: keeps the children of one parent on one host, and the groups of one application on different hosts; an exclusive group
// wants a host with nothing else of ours on it, and the application's other entities keep away from there. Clocker made
// placements of one application wait for each other for that; here one after the other is decided anyway.

import type { CloudLoad, HostLoad } from '#core/placement/load.ts';
import type { Request, Want } from '#core/placement/request.ts';
import { filter, type Rule } from '#core/placement/rule.ts';

export function group({ isExclusive }: { readonly isExclusive: boolean }, { application }: Want): readonly Rule[] {
  return [
    filter(
      ({ residents, applications }) => (isExclusive ? residents.length > 0 : applications.has(application)),
      ({ residents }) => (isExclusive ? `has ${residents[0]?.name ?? ''} on it, and the group wants a host for itself` : `holds another group of the application: ${residents.find((other) => other.application === application)?.name ?? ''}`),
      // What came later, without being a group, does not drive it away.
      { isForUnbound: true, refusesToKeep: 'never' },
    ),
  ];
}

/** Where the other members of the container's group are: no other host comes into question. Undefined where nothing binds it. What is there already (`isHome`) is bound by those alone that keep to their group. */
export function boundTo({ want, resident }: Request, load: CloudLoad, isHome = false): { readonly hosts: readonly HostLoad[]; readonly reason: string } | undefined {
  if (!hasGroup(want)) return undefined;
  const hosts = load.hostsOf(resident.group, isHome);
  return hosts.length === 0 ? undefined : { hosts, reason: `the group it belongs to is on ${hosts.map(({ name }) => name).join(', ')}` };
}

/** What keeps others away from a host that an exclusive group of the same application has. Members of a group that is not bound have nobody anywhere. */
export function keptByGroup(want: Want, load: CloudLoad): readonly Rule[] {
  if (!load.hasExclusiveGroups) return [];
  const isMember = hasGroup(want);
  return [
    filter(
      ({ exclusive, groups }) => exclusive > 0 && (isMember || !groups.has(want.group)),
      ({ residents }) => `is kept for the group of ${residents.find((other) => other.isExclusive)?.name ?? ''}`,
      { refusesToKeep: 'never', ...(isMember && { isForUnbound: true }) },
    ),
  ];
}

function hasGroup({ strategies }: Want): boolean {
  return strategies.some(({ kind }) => kind === 'group');
}

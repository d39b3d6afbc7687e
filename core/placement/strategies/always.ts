// What holds for every container, whatever strategies say: the host answers and takes containers, the blueprint's locations,
// fixed ports, and memory and processors that are reserved.

import type { ObservedContainer } from '#core/cluster/observed.ts';
import { runsOn } from '#core/image/pin.ts';
import { sharesOfACore, type CloudLoad, type HostLoad } from '#core/placement/load.ts';
import type { Want } from '#core/placement/request.ts';
import { filter, type Order, type Rule } from '#core/placement/rule.ts';
import { bytes, counted, percent } from '#core/placement/words.ts';

export function availability(): readonly Rule[] {
  return [
    filter(({ observed }) => observed.state.kind !== 'up', ({ observed: { state } }) => (state.kind === 'down' ? `the host is down: ${state.problem}` : 'the host has not answered yet'), { isHard: true }),
    // What is there already may stay; whether it must change is seen when the plan is made.
    filter(({ observed }) => observed.isReadOnly === true, () => 'the host is read-only', { refusesToKeep: 'never' }),
    filter(
      ({ observed, residents }) => residents.length >= (observed.capacity?.maxContainers ?? Number.POSITIVE_INFINITY),
      ({ observed, residents }) => `has ${counted(residents.length, 'container')}, of at most ${observed.capacity?.maxContainers ?? 0} that the host takes`,
    ),
  ];
}

export function locations({ locations: names, within }: Want, { byName }: CloudLoad): readonly Rule[] {
  if (within !== undefined) return [filter(({ cloud }) => cloud?.name !== within, () => `is not in the cloud ${within}`)];
  if (names.length === 0) return [];
  const allowed = new Set(names.map((name) => byName.get(name)));
  return [filter((host) => !allowed.has(host), () => `the blueprint says ${names.join(' or ')}`)];
}

/** What its image is not for does not start there. */
export function platforms({ platforms: made }: Want): readonly Rule[] {
  if (made === undefined) return [];
  return [filter(({ observed: { platform } }) => platform !== undefined && !runsOn(platform, made), ({ observed: { platform = '' } }) => `is ${platform}, and the image is for ${made.join(', ')} only`)];
}

/** A host keeps its own cloud's limits for what goes there without being sent to that cloud. */
export function limitsOfClouds({ cloud: own }: Want): readonly Rule[] {
  if (own !== undefined) return [];
  const most = ({ cloud }: HostLoad): number => cloud?.placement.maxContainers ?? Number.POSITIVE_INFINITY;
  const mostCpu = ({ cloud }: HostLoad): number => cloud?.placement.maxCpu ?? Number.POSITIVE_INFINITY;
  return [
    filter((host) => host.residents.length >= most(host), (host) => `has ${counted(host.residents.length, 'container')}, of at most ${most(host)} in the cloud ${host.cloud?.name ?? ''}`),
    filter(
      (host) => mostCpu(host) < Number.POSITIVE_INFINITY && !((host.cpuUsage ?? Number.NaN) < mostCpu(host)),
      (host) => `uses ${host.cpuUsage === undefined ? 'an unknown share' : percent(host.cpuUsage)} of its CPU, and must be below ${percent(mostCpu(host))} in the cloud ${host.cloud?.name ?? ''}`,
      { refusesToKeep: 'never' },
    ),
  ];
}

/** The first that can take it, in the blueprint's order. */
export function preferredLocation({ locations: names }: Want, { byName }: CloudLoad): readonly Order[] {
  const places = new Map(names.toReversed().map((name, index) => [byName.get(name), names.length - index]));
  return [{ kind: 'order', key: (host) => places.get(host) ?? 0, shows: (host) => `${places.get(host) ?? 0}. of the blueprint's locations`, best: 'is the first of its locations that can take it' }];
}

/** A port that the same application holds already is no obstacle: what holds it is replaced or goes. */
export function hostPorts({ hostPorts: ports }: Want): readonly Rule[] {
  return ports.map((port) => {
    const number = port.slice(0, port.indexOf('/'));
    return filter(
      (host) => host.foreignPorts.has(port) || host.comingPorts.has(port),
      (host) => {
        const sibling = host.comingPorts.get(port);
        if (sibling !== undefined) return `port ${number} of the host is already taken by ${sibling.id} of this application; choose another port for one of them`;
        const holder = host.foreignPorts.get(port);
        return `port ${number} of the host is already taken by container ${holder?.containerName ?? ''}, ${holder ? madeBy(holder) : ''}; choose another port or stop that container`;
      },
      { isHard: true },
    );
  });
}

/** Containers of ours reserve what they ask for, so that the host has it when they need it. What others use is not known. */
export function resources({ memoryBytes: memory, cpuShares: shares }: Want): readonly Rule[] {
  const rules: Rule[] = [];
  if (memory > 0) {
    rules.push(
      filter(
        (host) => host.memoryReserved + memory > (host.memoryBytes ?? 0),
        (host) => `has ${bytes(Math.max(0, (host.memoryBytes ?? 0) - host.memoryReserved))} of ${bytes(host.memoryBytes ?? 0)} memory left to reserve, ${bytes(memory)} are asked for`,
      ),
    );
  }
  if (shares > 0) {
    rules.push(
      filter(
        (host) => host.sharesReserved + shares > (host.cores ?? 0) * sharesOfACore,
        (host) => `has ${Math.max(0, (host.cores ?? 0) * sharesOfACore - host.sharesReserved)} of ${(host.cores ?? 0) * sharesOfACore} CPU shares left to reserve, ${shares} are asked for`,
      ),
    );
  }
  return rules;
}

export function madeBy(container: ObservedContainer): string {
  return container.owner === undefined ? 'which Clocker did not make' : `which belongs to application ${container.owner.applicationName}`;
}

// Placement in clouds that grow: where no host can take a container, or room runs out, hosts are added as far as their cloud may
// make some, and everything is placed again with them, with all strategies. Also which hosts may go. Nothing is made here.

import type { Application } from '#core/blueprint/application.ts';
import type { CloudConfig, HostRequest } from '#core/cloud/cloud.ts';
import { isMadeFor } from '#core/cloud/membership.ts';
import { mostOnAHost } from '#core/cloud/pool.ts';
import { nextName, predicted, requestFor } from '#core/cloud/request.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { defaultMaxContainers, headroomState, type HeadroomState } from '#core/placement/headroom.ts';
import { cloudsMeant, explain, place } from '#core/placement/place.ts';
import type { PlaceOptions } from '#core/placement/placing.ts';
import type { WantedHost } from '#core/placement/wantedHost.ts';
import { counted } from '#core/placement/words.ts';
import type { Refusal } from '#core/plan/refusal.ts';

/** A host to be made. */
export interface NewHost {
  readonly request: HostRequest;
  /** Why: one clause for people. */
  readonly because: string;
}

/** A host to be taken away. */
export interface SpareHost {
  readonly host: string;
  readonly cloud: string;
  readonly because: string;
}

export interface Grown {
  readonly containers: readonly DesiredContainer[];
  readonly refusals: readonly Refusal[];
  readonly newHosts: readonly NewHost[];
  readonly spareHosts: readonly SpareHost[];
  /** What the containers were placed on: with the new hosts as they may be expected, but for those that only keep room free. */
  readonly ground: Observed;
}

/** More at a time is a mistake in somebody's arithmetic. */
const mostNewHosts = 1000;

export function placeGrowing(application: Application, observed: Observed, blueprint?: string, options: PlaceOptions = {}): Grown {
  const growth = new Growth(observed);
  const described = new Set((application.clouds ?? []).map(({ name }) => name));
  const meant = (observed.clouds ?? []).filter(({ name }) => described.has(name) || cloudsMeant(application, observed).has(name));
  for (const cloud of meant) growth.toSize(cloud, cloud.initialHosts ?? 0, (count) => `${cloud.name} has ${count} of at least ${counted(cloud.initialHosts ?? 0, 'host')}`);
  let placed = place(application, growth.expected, blueprint, options);
  const notes = new Map<string, string>();
  for (let wanted = nextOf(placed.wanted, notes); wanted !== undefined; wanted = nextOf(placed.wanted, notes)) {
    const { entity } = wanted;
    const cloud = growth.cloudFor(wanted);
    const problem = growth.problemOf(cloud);
    if (cloud === undefined || problem !== undefined) {
      notes.set(entity, problem ?? '');
      continue;
    }
    const with_ = growth.tryHost(cloud, `no host of ${cloud.name} can take ${entity}`, wanted);
    const again = place(application, with_.expected, blueprint, options);
    if (again.refusals.some((refusal) => refusal.entity === entity)) {
      const why = explain(application, with_.expected, entity, options)?.find(({ host }) => host === with_.host.request.name)?.reason;
      notes.set(entity, `a new host would not do either${why === undefined ? '' : `: ${why}`}`);
      continue;
    }
    growth.take(with_);
    placed = again;
  }
  const refusals = placed.refusals.map((refusal) => withNote(refusal, notes.get(refusal.entity) ?? ''));
  if (refusals.length > 0) return { containers: placed.containers, refusals, newHosts: growth.newHosts, spareHosts: [], ground: growth.expected };
  const ground = growth.expected;
  const used = (observed.clouds ?? []).filter((cloud) => meant.includes(cloud) || growth.expected.hosts.some(({ host, cloud: of }) => of === cloud.name && placed.containers.some((container) => container.host === host)));
  for (const cloud of used) {
    const state = headroomAfter(cloud, growth.expected.hosts, application.id, placed.containers);
    if (state !== undefined) growth.toSize(cloud, state.targetHosts, () => `${cloud.name} keeps room for ${counted(state.headroom, 'more container')}, and has room for ${Math.max(0, state.available)}`);
  }
  return { containers: placed.containers, refusals, newHosts: growth.newHosts, spareHosts: spareHosts(growth.expected, application.id, placed.containers), ground };
}

/**
 * Hosts that may go once the application has these containers: empty ones that the provisioners of its clouds made, while there
 * is more room than wanted; never one in use, and never so many that less than the initial hosts, or none, are left.
 */
export function spareHosts({ hosts, clouds = [] }: Observed, application: string, containers: readonly DesiredContainer[]): readonly SpareHost[] {
  const isOurs = (host: ObservedHost): boolean => host.containers.some(({ owner }) => owner?.application === application) || containers.some((container) => container.host === host.host);
  return clouds.flatMap((cloud): readonly SpareHost[] => {
    const mine = hosts.filter((host) => host.cloud === cloud.name);
    if (cloud.isColdEnabled !== true || !mine.some(isOurs)) return [];
    const state = headroomAfter(cloud, hosts, application, containers);
    if (state !== undefined && state.event !== 'cold') return [];
    const most = mine.length - Math.max(cloud.initialHosts ?? 0, state?.targetHosts ?? 0, 1);
    const isEmpty = (host: ObservedHost): boolean => host.endpoint !== '' && host.containers.every(({ owner }) => owner?.application === application) && !containers.some((container) => container.host === host.host);
    const spare = mine.filter((host) => isMadeFor(cloud, host) && host.state.kind === 'up' && host.isReadOnly !== true && isEmpty(host)).toReversed();
    const because = state === undefined ? 'it is empty' : `it is empty, and ${cloud.name} has room for ${state.available} more containers, of which ${state.headroom} are wanted`;
    return spare.slice(0, Math.max(0, most)).map(({ host }) => ({ host, cloud: cloud.name, because }));
  });
}

/** What is observed, with those of the new hosts that are not there yet. */
export function expectedWith(newHosts: readonly NewHost[], observed: Observed): Observed {
  const missing = newHosts.flatMap(({ request }) => {
    const cloud = observed.clouds?.find(({ name }) => name === request.cloud);
    return cloud === undefined || observed.hosts.some(({ host }) => host === request.name) ? [] : [predicted(cloud, request, observed)];
  });
  return { ...observed, hosts: [...observed.hosts, ...missing] };
}

/** Undefined where the cloud keeps no room free. */
function headroomAfter(cloud: CloudConfig, hosts: readonly ObservedHost[], application: string, containers: readonly DesiredContainer[]): HeadroomState | undefined {
  if (cloud.headroom === undefined) return undefined;
  const usable = hosts.filter((host) => host.cloud === cloud.name && host.state.kind === 'up' && host.isReadOnly !== true);
  const others = usable.flatMap((host) => host.containers.filter(({ owner, state }) => owner !== undefined && owner.application !== application && state !== 'removing'));
  const own = containers.filter(({ host }) => usable.some((other) => other.host === host));
  return headroomState({ hosts: usable.length, maxContainers: mostOnAHost(cloud) ?? defaultMaxContainers, containers: others.length + own.length }, cloud.headroom);
}

function withNote(refusal: Refusal, note: string): Refusal {
  return note === '' ? refusal : { ...refusal, reason: `${refusal.reason}; ${note}` };
}

function nextOf(wanted: readonly WantedHost[], notes: ReadonlyMap<string, string>): WantedHost | undefined {
  return wanted.find(({ entity }) => !notes.has(entity));
}

interface Attempt {
  readonly host: NewHost;
  readonly expected: Observed;
}

class Growth {
  readonly newHosts: NewHost[] = [];
  expected: Observed;

  constructor(observed: Observed) {
    this.expected = observed;
  }

  /** What goes anywhere may go to any cloud that makes hosts. */
  cloudFor({ cloud }: WantedHost): CloudConfig | undefined {
    const { clouds = [] } = this.expected;
    return cloud === undefined ? clouds.find((one) => this.problemOf(one) === undefined) : clouds.find(({ name }) => name === cloud);
  }

  /** Why the cloud makes no further host; blank where there is nothing to say, undefined where it may. */
  problemOf(cloud: CloudConfig | undefined): string | undefined {
    if (this.expected.cloudProblems?.some((one) => one.cloud === cloud?.name) === true) return '';
    if (cloud?.provisioner === undefined || this.newHosts.length >= mostNewHosts) return '';
    const { name, provisioner, maxHosts = Number.POSITIVE_INFINITY } = cloud;
    const there = this.#count(cloud);
    if (there >= maxHosts) return `${name} has ${counted(there, 'host')}, and may have no more`;
    const made = this.expected.hosts.filter((host) => isMadeFor(cloud, host)).length;
    return provisioner.kind === 'byon' && made >= provisioner.endpoints.length ? `all ${counted(provisioner.endpoints.length, 'machine')} of ${name} have joined` : undefined;
  }

  tryHost(cloud: CloudConfig, because: string, wanted?: WantedHost): Attempt {
    const request = requestFor(cloud, nextName(cloud.name, this.expected), wanted);
    return { host: { request, because }, expected: { ...this.expected, hosts: [...this.expected.hosts, predicted(cloud, request, this.expected)] } };
  }

  take({ host, expected }: Attempt): void {
    this.newHosts.push(host);
    this.expected = expected;
  }

  /** Hosts that are down count: they may come back. */
  toSize(cloud: CloudConfig, size: number, because: (count: number) => string): void {
    const before = this.#count(cloud);
    while (this.#count(cloud) < size && this.problemOf(cloud) === undefined) this.take(this.tryHost(cloud, because(before)));
  }

  #count({ name }: CloudConfig): number {
    return this.expected.hosts.filter((host) => host.cloud === name).length;
  }
}

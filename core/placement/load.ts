// What is on the hosts while a placement is decided: containers that exist and those that the placement has just put there,
// counted in every way that strategies ask for. Changes are O(1) and are noted, so that indexes can follow.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import type { AffinityEntity, AffinityRule } from '#core/placement/affinity.ts';
import { mostOf, nothingAsked, type CloudPlacement, type EntityPlacement } from '#core/placement/strategy.ts';

/** A container of ours on a host, existing or to come. */
export interface Resident extends AffinityEntity {
  /** The application and the parent: members of one group are siblings. */
  readonly group: string;
  readonly memoryBytes: number;
  readonly cpuShares: number;
  /** Its own rules, which those who come must satisfy too. */
  readonly rules: readonly AffinityRule[];
  /** The most containers that it lets its host have; infinite where it does not ask. */
  readonly most: number;
  /** Its strategies keep its group together. */
  readonly isGrouped: boolean;
  /** Its group wants the host for itself. */
  readonly isExclusive: boolean;
  /** Of this placement: not yet in anything measured. */
  readonly isComing: boolean;
  /** Ports of the host it will have, as `80/tcp`. */
  readonly hostPorts: readonly string[];
}

/** Docker's weight of one processor. */
export const sharesOfACore = 1024;

/** What a container that asks for no share of the processors is taken to need until it is measured, so that a host that is idle now does not get everything. */
const coresUntilMeasured = 0.1;

export class HostLoad {
  readonly index: number;
  readonly observed: ObservedHost;
  /** The docker cloud that it belongs to. */
  readonly cloud: CloudConfig | undefined;
  readonly labels: Readonly<Record<string, string>>;
  /** Undefined while the host has not answered and nobody said. */
  readonly cores: number | undefined;
  readonly memoryBytes: number | undefined;
  readonly residents: Resident[] = [];
  /** Ports that somebody else publishes, and who. */
  readonly foreignPorts = new Map<string, ObservedContainer>();
  /** Ports that what is to come will have. */
  readonly comingPorts = new Map<string, Resident>();
  readonly applications = new Map<string, number>();
  readonly groups = new Map<string, number>();
  memoryReserved = 0;
  sharesReserved = 0;
  comingCores = 0;
  exclusive = 0;
  /** How often something was taken out: while it stays, `residents` only grows at its end. */
  removals = 0;

  constructor(index: number, observed: ObservedHost, cloud?: CloudConfig) {
    const { state, capacity } = observed;
    this.index = index;
    this.observed = observed;
    this.cloud = cloud;
    this.labels = observed.labels ?? {};
    this.cores = capacity?.cores ?? (state.kind === 'up' ? state.cores : undefined);
    this.memoryBytes = capacity?.memoryBytes ?? (state.kind === 'up' ? state.memoryBytes : undefined);
  }

  get name(): string {
    return this.observed.host;
  }

  /** Share of the processors in use, 0 to 1 and above, what is coming included; undefined where nothing was measured. */
  get cpuUsage(): number | undefined {
    const { cpuUsage } = this.observed;
    return cpuUsage === undefined ? undefined : cpuUsage + this.comingCores / Math.max(1, this.cores ?? 1);
  }

  blockPorts(container: ObservedContainer): void {
    for (const { hostPort, protocol } of container.ports) {
      const port = `${hostPort ?? ''}/${protocol}`;
      if (hostPort !== undefined && !this.foreignPorts.has(port)) this.foreignPorts.set(port, container);
    }
  }

  add(resident: Resident, by: 1 | -1): void {
    if (by === 1) this.residents.push(resident);
    else {
      this.residents.splice(this.residents.indexOf(resident), 1);
      this.removals++;
    }
    for (const port of resident.hostPorts) {
      if (by === 1) this.comingPorts.set(port, resident);
      else this.comingPorts.delete(port);
    }
    this.memoryReserved += by * resident.memoryBytes;
    this.sharesReserved += by * resident.cpuShares;
    if (resident.isComing) this.comingCores = this.residents.length === 0 ? 0 : this.comingCores + by * coresOf(resident);
    if (resident.isExclusive) this.exclusive += by;
    bump(this.applications, resident.application, by);
    bump(this.groups, resident.group, by);
  }
}

/** Where a resident is; `container` where it exists. */
export interface Stay {
  readonly host: HostLoad;
  readonly resident: Resident;
  readonly container?: ObservedContainer;
}

export class CloudLoad {
  readonly hosts: readonly HostLoad[];
  readonly byName: ReadonlyMap<string, HostLoad>;
  readonly clouds: ReadonlyMap<string, CloudConfig>;
  /** See `Observed.cloudProblems`, by cloud. */
  readonly cloudProblems: ReadonlyMap<string, string>;
  /** Positions of hosts, in the order in which they changed. */
  readonly changes: number[] = [];
  /** The host that the last container was put on; -1 for none. */
  lastHost = -1;
  /** By application and entity: where it is. */
  readonly #places = new Map<string, readonly Stay[]>();
  readonly #groups = new Map<string, Map<HostLoad, number>>();
  /** The same of those whose strategies keep their group together. */
  readonly #grouped = new Map<string, Map<HostLoad, number>>();
  /** By label, then by group and value: how many. Kept for the labels that were asked for. */
  readonly #spread = new Map<string, Map<string, number>>();
  readonly #hostsOfCloud = new Map<string, readonly HostLoad[]>();
  readonly #namesakes = new Map<string, { readonly host: HostLoad; readonly container: ObservedContainer }[]>();

  /** Whether any entity of the application wants its group to have a host for itself. */
  readonly hasExclusiveGroups: boolean;

  /** Containers of the application's entities that are no longer in it count for nothing: they go. `elsewhere` is asked outside of clouds. */
  constructor(observed: Observed, application?: Application, elsewhere: CloudPlacement = nothingAsked) {
    this.cloudProblems = new Map(observed.cloudProblems?.map(({ cloud, problem }) => [cloud, problem]));
    this.clouds = new Map(observed.clouds?.map((cloud) => [cloud.name, cloud]));
    this.hosts = observed.hosts.map((host, index) => new HostLoad(index, host, this.clouds.get(host.cloud ?? '')));
    // Of two hosts of one name the first is meant.
    this.byName = new Map(this.hosts.toReversed().map((host) => [host.name, host]));
    const entities = new Map(application?.entities.filter(({ container }) => container !== undefined).map((entity) => [entity.key, entity]));
    this.hasExclusiveGroups = [elsewhere, ...[...this.clouds.values()].map(({ placement }) => placement), ...(application?.entities.flatMap(({ placement }) => placement ?? []) ?? [])].some(({ strategies }) => strategies.some((strategy) => strategy.kind === 'group' && strategy.isExclusive));
    let newest = Number.NEGATIVE_INFINITY;
    for (const host of this.hosts) {
      for (const container of host.observed.containers) {
        const { owner, state } = container;
        const namesakes = this.#namesakes.get(container.containerName);
        if (namesakes) namesakes.push({ host, container });
        else this.#namesakes.set(container.containerName, [{ host, container }]);
        if (application === undefined || owner?.application !== application.id) host.blockPorts(container);
        if (owner === undefined || state === 'removing') continue;
        const entity = owner.application === application?.id ? entities.get(owner.entity) : undefined;
        if (owner.application === application?.id && entity === undefined) continue;
        this.#move({ host, resident: residentOf(container, entity, host.cloud?.placement ?? elsewhere), container }, 1);
        if (container.createdAtMs > newest) [newest, this.lastHost] = [container.createdAtMs, host.index];
      }
    }
    this.changes.length = 0;
  }

  /** Takes an entity's containers out, wherever they are, while its place is decided; `put` brings them back. */
  take(application: string, entity: string): readonly Stay[] {
    const places = this.#places.get(`${application}/${entity}`) ?? [];
    for (const place of places) this.#move(place, -1);
    return places;
  }

  put(...stays: readonly Stay[]): void {
    for (const stay of stays) this.#move(stay, 1);
  }

  hostsOfCloud(cloud: string): readonly HostLoad[] {
    const known = this.#hostsOfCloud.get(cloud) ?? this.hosts.filter((host) => host.cloud?.name === cloud);
    this.#hostsOfCloud.set(cloud, known);
    return known;
  }

  /** Hosts that hold a member of the group: one that keeps to its group, or, where there is none, any. */
  hostsOf(group: string, isGroupedOnly: boolean): readonly HostLoad[] {
    const grouped = this.#grouped.get(group);
    const hosts = grouped || isGroupedOnly ? grouped : this.#groups.get(group);
    return hosts === undefined ? [] : [...hosts.keys()].toSorted((a, b) => a.index - b.index);
  }

  /** Containers that have the name already. */
  namesakes(containerName: string): readonly { readonly host: HostLoad; readonly container: ObservedContainer }[] {
    return this.#namesakes.get(containerName) ?? [];
  }

  /** How many members of the group are on hosts whose label has that value. */
  countWith(label: string, group: string, value: string | undefined): number {
    let counts = this.#spread.get(label);
    if (counts === undefined) {
      counts = new Map();
      this.#spread.set(label, counts);
      for (const host of this.hosts) for (const [of, count] of host.groups) bump(counts, spreadKey(of, host.labels[label]), count);
    }
    return counts.get(spreadKey(group, value)) ?? 0;
  }

  #move(place: Stay, by: 1 | -1): void {
    const { host, resident } = place;
    host.add(resident, by);
    const key = `${resident.application}/${resident.id}`;
    const places = this.#places.get(key) ?? [];
    this.#places.set(key, by === 1 ? [...places, place] : places.filter((other) => other.resident !== resident));
    bumpHost(this.#groups, resident.group, host, by);
    if (resident.isGrouped) bumpHost(this.#grouped, resident.group, host, by);
    for (const [label, counts] of this.#spread) bump(counts, spreadKey(resident.group, host.labels[label]), by);
    this.changes.push(host.index);
  }
}

export function groupOf(application: string, parent: string | undefined): string {
  return `${application}/${parent ?? ''}`;
}

export type Held = Pick<Resident, 'rules' | 'most' | 'isGrouped' | 'isExclusive'>;

/** What a container on a host asks of those that come after it. Of other applications only what the cloud asks is known. */
export function heldTo({ strategies: ofCloud }: CloudPlacement, { strategies: own, affinityRules }: EntityPlacement): Held {
  const strategies = [...ofCloud, ...own];
  return {
    rules: [...affinityRules, ...own.flatMap((strategy) => (strategy.kind === 'affinity-rules' ? strategy.rules : []))],
    most: mostOf(strategies),
    isGrouped: strategies.some(({ kind }) => kind === 'group'),
    isExclusive: strategies.some((strategy) => strategy.kind === 'group' && strategy.isExclusive),
  };
}

/** `entity` is the blueprint's, where the container is of the application being placed; of other applications only labels are known. */
function residentOf({ owner, reserved, image }: ObservedContainer, entity: Entity | undefined, cloud: CloudPlacement): Resident {
  const application = owner?.application ?? '';
  const id = owner?.entity ?? '';
  return {
    id,
    name: entity?.name ?? owner?.entityName ?? id,
    type: entity?.type ?? owner?.entityType ?? `docker:${image}`,
    application,
    group: groupOf(application, entity ? entity.parent : owner?.entityParent),
    memoryBytes: reserved?.memoryBytes ?? 0,
    cpuShares: reserved?.cpuShares ?? 0,
    ...heldTo(cloud, entity?.placement ?? nothingAsked),
    isComing: false,
    hostPorts: [],
  };
}

function coresOf({ cpuShares }: Resident): number {
  return cpuShares > 0 ? cpuShares / sharesOfACore : coresUntilMeasured;
}

function spreadKey(group: string, value: string | undefined): string {
  return `${group}\n${value ?? ''}`;
}

function bumpHost(groups: Map<string, Map<HostLoad, number>>, group: string, host: HostLoad, by: number): void {
  const hosts = groups.get(group) ?? new Map<HostLoad, number>();
  bump(hosts, host, by);
  if (hosts.size === 0) groups.delete(group);
  else groups.set(group, hosts);
}

function bump<K>(counts: Map<K, number>, key: K, by: number): void {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
}

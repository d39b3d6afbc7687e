// What one container asks of its host. `Want` is what many containers have in common, so that what was worked out for one
// serves them all; `Request` adds who it is.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { AffinityEntity, AffinityRule } from '#core/placement/affinity.ts';
import { groupOf, heldTo, type CloudLoad, type Held, type HostLoad, type Resident } from '#core/placement/load.ts';
import { nothingAsked, type CloudPlacement, type EntityPlacement, type Strategy } from '#core/placement/strategy.ts';
import { canonical } from '#core/text/canonical.ts';

export interface Want {
  /** Those of the cloud, then those of the entity. */
  readonly strategies: readonly Strategy[];
  readonly affinityRules: readonly AffinityRule[];
  /** Those of them that hold for everything in the cloud. */
  readonly commonRules: readonly AffinityRule[];
  /** The entity as rules without a parameter compare with it; what none of them asks for is blank. */
  readonly identity: AffinityEntity;
  /** The entity as the rules of others see it: of its name and id only what these ask for. Absent where nobody has rules. */
  readonly guest?: AffinityEntity;
  readonly application: string;
  /** Blank where nothing asks for it. */
  readonly group: string;
  /** Names of the only hosts that come into question, the preferred first; empty means any. */
  readonly locations: readonly string[];
  /** Fixed ports of the host, as `80/tcp`. */
  readonly hostPorts: readonly string[];
  readonly memoryBytes: number;
  readonly cpuShares: number;
  readonly minCores: number;
  readonly minMemoryBytes: number;
  /** Of the cloud. */
  readonly maxContainers?: number;
  readonly maxCpu?: number;
}

/** Another entity of this placement that the container must be beside. */
export interface Company {
  readonly host: HostLoad;
  readonly entity: string;
  /** One clause: why. */
  readonly because: string;
}

export interface Request {
  readonly want: Want;
  /** Equal wants have equal keys. */
  readonly wantKey: string;
  readonly containerName: string;
  readonly resident: Resident;
  readonly company?: Company;
  /** Of the whole placement: chance comes from it and from who the entity is. */
  readonly seed: number;
}

function strategyRules(strategies: readonly Strategy[]): readonly AffinityRule[] {
  return strategies.flatMap((strategy) => (strategy.kind === 'affinity-rules' ? strategy.rules : []));
}

/** Makes the requests of one application; `locationsOf` gives the names of hosts that an entity's locations mean. */
export class Requests {
  readonly #application: Application;
  readonly #cloud: CloudPlacement;
  readonly #seed: number;
  readonly #load: CloudLoad;
  /** Of the cloud and of its hosts. */
  readonly #rules: readonly AffinityRule[];
  readonly #isComparing: boolean;
  /** Words of names, and ids, that rules of anybody compare with. */
  readonly #names: readonly string[];
  readonly #ids: ReadonlySet<string>;
  readonly #held = new WeakMap<EntityPlacement, Held>();
  /** Placements are often shared by the members of a group. */
  readonly #keys = new WeakMap<object, string>();

  constructor(application: Application, load: CloudLoad, cloud: CloudPlacement, seed: number) {
    this.#application = application;
    this.#cloud = cloud;
    this.#seed = seed;
    this.#load = load;
    this.#rules = [...cloud.affinityRules, ...load.hosts.flatMap(({ observed }) => observed.affinityRules ?? [])];
    const all = [...this.#rules, ...strategyRules(cloud.strategies), ...application.entities.flatMap(({ placement }) => (placement ? this.#heldTo(placement).rules : []))];
    this.#names = [...new Set(all.flatMap((rule) => (rule.verb === 'NAME' ? [rule.parameter] : [])))];
    this.#ids = new Set(all.flatMap((rule) => (rule.verb === 'ID' ? (rule.parameter ?? []) : [])));
    this.#isComparing = all.length > 0;
  }

  of(entity: Entity, locations: readonly string[], containerName: string): Request {
    const { id: application } = this.#application;
    const { container, placement = nothingAsked } = entity;
    const cloud = this.#cloud;
    const strategies = [...cloud.strategies, ...placement.strategies];
    const common = [...cloud.affinityRules, ...strategyRules(cloud.strategies)];
    const affinityRules = [...this.#heldTo(placement).rules, ...common];
    const group = groupOf(application, entity.parent);
    const hostPorts = (container?.publishedPorts ?? []).flatMap(({ hostPort, protocol }) => (hostPort === undefined ? [] : [`${hostPort}/${protocol}`]));
    const compared = new Set([...this.#rules, ...affinityRules].filter((rule) => rule.verb !== 'EMPTY' && rule.parameter === undefined).map(({ verb }) => verb));
    const needsGroup = this.#load.hasExclusiveGroups && !strategies.some(({ kind }) => kind === 'group');
    const want: Want = {
      strategies,
      affinityRules,
      commonRules: common,
      identity: { id: compared.has('ID') ? entity.key : '', name: '', type: compared.has('TYPE') ? entity.type : '', application },
      ...(this.#isComparing && { guest: this.#guest(entity) }),
      application,
      group: needsGroup ? group : '',
      locations,
      hostPorts,
      memoryBytes: container?.memoryBytes ?? 0,
      cpuShares: container?.cpuShares ?? 0,
      minCores: placement.minCores ?? 0,
      minMemoryBytes: placement.minMemoryBytes ?? 0,
      ...(cloud.maxContainers !== undefined && { maxContainers: cloud.maxContainers }),
      ...(cloud.maxCpu !== undefined && { maxCpu: cloud.maxCpu }),
    };
    const resident: Resident = {
      id: entity.key,
      name: entity.name,
      type: entity.type,
      application,
      group,
      memoryBytes: want.memoryBytes,
      cpuShares: want.cpuShares,
      ...this.#heldTo(placement),
      isComing: true,
      hostPorts,
    };
    return { want, wantKey: this.#keyOf(want, placement), containerName, resident, seed: this.#seed };
  }

  /** Equal for entities of which no rule can tell one from the other. */
  #guest({ key, name, type }: Entity): AffinityEntity {
    const found = this.#names.filter((word) => name.toLowerCase().includes(word.toLowerCase()));
    return { id: this.#ids.has(key) ? key : '', name: found.join('\n'), type, application: this.#application.id };
  }

  #heldTo(placement: EntityPlacement): Held {
    const known = this.#held.get(placement) ?? heldTo(this.#cloud, placement);
    this.#held.set(placement, known);
    return known;
  }

  /** The cloud is the same for all, so that the entity's part tells wants apart. */
  #keyOf(want: Want, placement: object): string {
    let key = this.#keys.get(placement);
    if (key === undefined) this.#keys.set(placement, (key = canonical(placement)));
    const { identity, guest, group, locations, hostPorts, memoryBytes, cpuShares } = want;
    return [identity.id, identity.type, guest?.id, guest?.name, guest?.type, group, locations.join(','), hostPorts.join(','), memoryBytes, cpuShares, key].join('\n');
  }
}

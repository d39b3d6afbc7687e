// What one container asks of its host. `Want` is what many containers have in common, so that what was worked out for one
// serves them all; `Request` adds who it is.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { AffinityEntity, AffinityRule } from '#core/placement/affinity.ts';
import { groupOf, heldTo, type CloudLoad, type Held, type HostLoad, type Resident } from '#core/placement/load.ts';
import type { Target } from '#core/placement/target.ts';
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
  /** As in `Target`. */
  readonly locations: readonly string[];
  readonly within?: string;
  readonly cloud?: string;
  /** Fixed ports of the host, as `80/tcp`. */
  readonly hostPorts: readonly string[];
  readonly memoryBytes: number;
  readonly cpuShares: number;
  readonly minCores: number;
  readonly minMemoryBytes: number;
  /** What its image is for; absent where that is not known. */
  readonly platforms?: readonly string[];
  /** Of the cloud. */
  readonly maxContainers?: number;
  readonly maxCpu?: number;
}

/** Another entity of this placement that the container must be beside. */
export interface Company {
  /** Where that entity is. */
  readonly host: HostLoad;
  /** Where the container may be: there, or also on hosts that share networks with it. */
  readonly hosts: readonly HostLoad[];
  readonly entity: string;
  /** One clause: why. */
  readonly because: string;
  /** A person wants it there. */
  readonly isAsked?: boolean;
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

/** Makes the requests of one application. */
export class Requests {
  readonly #application: Application;
  readonly #seed: number;
  readonly #load: CloudLoad;
  /** Of the clouds and of the hosts. */
  readonly #rules: readonly AffinityRule[];
  readonly #isComparing: boolean;
  /** Words of names, and ids, that rules of anybody compare with. */
  readonly #names: readonly string[];
  readonly #ids: ReadonlySet<string>;
  readonly #held = new WeakMap<CloudPlacement, WeakMap<EntityPlacement, Held>>();
  /** Placements are often shared by the members of a group. */
  readonly #keys = new WeakMap<object, string>();

  /** `elsewhere` is asked outside of clouds. */
  constructor(application: Application, load: CloudLoad, elsewhere: CloudPlacement, seed: number) {
    this.#application = application;
    this.#seed = seed;
    this.#load = load;
    const clouds = [elsewhere, ...[...load.clouds.values()].map(({ placement }) => placement)];
    this.#rules = [...clouds.flatMap(({ affinityRules }) => affinityRules), ...load.hosts.flatMap(({ observed }) => observed.affinityRules ?? [])];
    const all = [...this.#rules, ...clouds.flatMap(({ strategies }) => strategyRules(strategies)), ...application.entities.flatMap(({ placement }) => (placement ? this.#heldTo(placement, elsewhere).rules : []))];
    this.#names = [...new Set(all.flatMap((rule) => (rule.verb === 'NAME' ? [rule.parameter] : [])))];
    this.#ids = new Set(all.flatMap((rule) => (rule.verb === 'ID' ? (rule.parameter ?? []) : [])));
    this.#isComparing = all.length > 0;
  }

  of(entity: Entity, target: Target, containerName: string): Request {
    const { id: application } = this.#application;
    const { container, placement = nothingAsked } = entity;
    const { placement: cloud, locations, within } = target;
    const strategies = [...cloud.strategies, ...placement.strategies];
    const common = [...cloud.affinityRules, ...strategyRules(cloud.strategies)];
    const held = this.#heldTo(placement, cloud);
    const affinityRules = [...held.rules, ...common];
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
      ...(within !== undefined && { within }),
      ...(target.cloud !== undefined && { cloud: target.cloud }),
      hostPorts,
      memoryBytes: container?.memoryBytes ?? 0,
      cpuShares: container?.cpuShares ?? 0,
      minCores: placement.minCores ?? 0,
      minMemoryBytes: placement.minMemoryBytes ?? 0,
      ...(entity.platforms && { platforms: entity.platforms }),
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
      ...held,
      isComing: true,
      hostPorts,
    };
    return { want, wantKey: this.#keyOf(want, placement, target), containerName, resident, seed: this.#seed };
  }

  /** Equal for entities of which no rule can tell one from the other. */
  #guest({ key, name, type }: Entity): AffinityEntity {
    const found = this.#names.filter((word) => name.toLowerCase().includes(word.toLowerCase()));
    return { id: this.#ids.has(key) ? key : '', name: found.join('\n'), type, application: this.#application.id };
  }

  #heldTo(placement: EntityPlacement, cloud: CloudPlacement): Held {
    const inCloud = this.#held.get(cloud) ?? new WeakMap<EntityPlacement, Held>();
    this.#held.set(cloud, inCloud);
    const known = inCloud.get(placement) ?? heldTo(cloud, placement);
    inCloud.set(placement, known);
    return known;
  }

  /** What clouds ask is known by the target's key. */
  #keyOf(want: Want, placement: object, target: Target): string {
    let key = this.#keys.get(placement);
    if (key === undefined) this.#keys.set(placement, (key = canonical(placement)));
    const { identity, guest, group, hostPorts, memoryBytes, cpuShares, platforms = [] } = want;
    return [identity.id, identity.type, guest?.id, guest?.name, guest?.type, group, target.key, hostPorts.join(','), memoryBytes, cpuShares, platforms.join(','), key].join('\n');
  }
}

// An entity that is a docker cloud (`DockerInfrastructure`, under any name it had) -> the cloud it describes: name, size, what it
// asks of placement, room to keep free, what each host must have. Where its hosts come from is decided with what is configured.

import type { HostSpec } from '#core/cloud/cloud.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import { unwrapMap } from '#core/coerce/jsonish.ts';
import { coerceBoolean, coerceFloating, coerceInteger } from '#core/coerce/numbers.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import { isMap, valueOf, type Outcome, type Value } from '#core/coerce/value.ts';
import { asData, isMap as isMapOrThing, isThing, type Value as Given } from '#core/dsl/value.ts';
import { parseLocation, type Place } from '#core/location/location.ts';
import { headroomOf, type Headroom } from '#core/placement/headroom.ts';
import { looksSecret } from '#core/blueprint/mask.ts';
import { expressionOf, type Config } from '#core/resolve/effective.ts';
import type { Draft } from '#core/resolve/draft.ts';
import { cloudPlacementOf, type PlacementWorld } from '#core/resolve/placement.ts';
import { sourceOf } from '#core/resolve/source.ts';
import { coerceCores, coerceRam } from '#core/resolve/strategy.ts';

export function isDockerCloud({ members }: Draft): boolean {
  return members?.lineage.some(({ id }) => id === 'docker-infrastructure') === true;
}

export function describedCloudOf(entity: Draft, config: Config, world: PlacementWorld): DescribedCloud {
  const values = new CloudValues(config, world);
  const headroom = headroomIn(values);
  const hostSpec = hostSpecOf(values, world);
  const { places, identityFile } = placesOf(entity);
  const initialHosts = values.coerced('docker.host.cluster.initial.size', coerceSize);
  const isColdEnabled = [values.coerced('docker.container.cluster.cold.enabled', coerceBoolean), values.coerced('docker.host.removeEmpty', coerceBoolean)].includes(true);
  const sdn = sdnOf(config, values);
  const source = sourceOf({ text: (key) => values.text(key), complain: (key, message) => values.complain(key, message) });
  return {
    name: nameOf(entity, values),
    id: entity.spec.id?.value ?? entity.key,
    placement: cloudPlacementOf(config, world),
    places,
    ...(identityFile !== undefined && { identityFile }),
    ...(headroom !== undefined && { headroom }),
    ...(isColdEnabled && { isColdEnabled }),
    ...(hostSpec !== undefined && { hostSpec }),
    ...(initialHosts !== undefined && { initialHosts }),
    ...(source !== undefined && { source }),
    ...(Object.keys(sdn).length > 0 && { sdn }),
  };
}

function nameOf({ key }: Draft, values: CloudValues): string {
  const given = values.text('entity.dynamicLocation.name') ?? values.text('location.name');
  return given ?? `${values.text('entity.dynamicLocation.prefix') ?? ''}${key}${values.text('entity.dynamicLocation.suffix') ?? ''}`;
}

function headroomIn(values: CloudValues): Headroom | undefined {
  const count = values.coerced('docker.container.cluster.headroom.count', (value) => plainNumber(coerceInteger(value, 'integer')));
  const percent = values.coerced('docker.container.cluster.headroom.percent', (value) => plainNumber(coerceFloating(value, 'double')));
  // Zero switches it off.
  const read = headroomOf(count === 0 ? undefined : count, percent === 0 ? undefined : percent);
  if (typeof read !== 'string') return read;
  values.complain(count === undefined ? 'docker.container.cluster.headroom.percent' : 'docker.container.cluster.headroom.count', read);
  return undefined;
}

/** From the flags of the cloud, of its hosts' description and of that one's type, the nearest first. */
function hostSpecOf(values: CloudValues, { catalog }: PlacementWorld): HostSpec | undefined {
  const spec = values.spec('docker.host.spec');
  const type = spec?.get('type');
  const found = typeof type === 'string' ? catalog.find(type) : undefined;
  const ofType = found ? catalog.membersOf(found.type).lineage.map(({ config }) => config['docker.host.flags']).find((flags) => flags !== undefined) : undefined;
  const own = spec?.get('brooklyn.config');
  const maps = [
    values.map('provisioning.properties'),
    values.map('docker.host.flags'),
    own !== undefined && isMapOrThing(own) ? mapOf(own.get('docker.host.flags')) : undefined,
    mapOf(spec?.get('docker.host.flags')),
    ofType === undefined ? undefined : values.plain(ofType),
  ];
  const flag = (name: string, coerce: (value: Value) => Outcome<number>): number | undefined => {
    const value = maps.map((map) => map?.get(name)).find((given) => given !== undefined && given !== null);
    const outcome = value === undefined ? undefined : coerce(value);
    if (outcome?.ok === false) values.complain(values.has('docker.host.spec') ? 'docker.host.spec' : 'docker.host.flags', `${name}: ${outcome.problem}`);
    return outcome?.ok === true ? outcome.value : undefined;
  };
  const [minCores, minMemoryBytes] = [flag('minCores', coerceCores), flag('minRam', coerceRam)];
  if (minCores === undefined && minMemoryBytes === undefined) return undefined;
  return { ...(minCores !== undefined && { minCores }), ...(minMemoryBytes !== undefined && { minMemoryBytes }) };
}

/** What the blueprint or its type say of the network, for those who make it. */
function sdnOf(config: Config, values: CloudValues): Readonly<Record<string, string>> {
  const keys = [...config.values()].filter(({ key, from }) => /^(?:sdn|weave|calico|etcd)\./.test(key) && from !== 'default' && !looksSecret(key)).map(({ key }) => key);
  const provider = values.spec('sdn.provider.spec');
  const settings = provider?.get('brooklyn.config');
  // What the provider itself is told counts where the cloud says nothing.
  const ofProvider = [...(provider ?? []), ...(settings !== undefined && isMapOrThing(settings) ? (mapOf(settings) ?? []) : [])].flatMap(([key, value]): [string, string][] =>
    typeof key === 'string' && key.startsWith('sdn.') && !looksSecret(key) && !isMapOrThing(value) ? [[key, textOf(value)]] : []);
  const own = keys.flatMap((key): [string, string][] => {
    const text = key.endsWith('.spec') ? values.spec(key)?.get('type') : values.text(key);
    return typeof text === 'string' ? [[key, text]] : [];
  });
  return Object.fromEntries([...ofProvider, ...own]);
}

function textOf(value: Given): string {
  const data = asData(value);
  return data === undefined ? '' : (printCoerced(data) ?? '');
}

function placesOf(entity: Draft): { readonly places: readonly Place[]; readonly identityFile?: string } {
  for (let current: Draft | undefined = entity; current; current = current.parent) {
    const locations = current.spec.locations.flatMap((node) => parseLocation(valueOf(node)).location ?? []);
    if (locations.length === 0) continue;
    const key = locations.map(({ config }) => config.get('privateKeyFile') ?? config.get('identityFile')).find((file) => typeof file === 'string');
    return { places: locations.map(({ place }) => place), ...(typeof key === 'string' && { identityFile: key }) };
  }
  return { places: [] };
}

class CloudValues {
  readonly #config: Config;
  readonly #world: PlacementWorld;

  constructor(config: Config, world: PlacementWorld) {
    this.#config = config;
    this.#world = world;
  }

  has(key: string): boolean {
    return this.#config.has(key);
  }

  complain(key: string, message: string): void {
    const effective = this.#config.get(key);
    if (effective) this.#world.complain(effective, message);
  }

  text(key: string): string | undefined {
    const value = this.#data(key);
    return value === undefined || value === null ? undefined : printCoerced(value) || undefined;
  }

  map(key: string): ReadonlyMap<Value, Value> | undefined {
    return mapOf(this.#given(key));
  }

  /** The entity that the value describes. */
  spec(key: string): ReadonlyMap<Given, Given> | undefined {
    const given = this.#given(key);
    return given !== undefined && isThing(given) && given.kind === 'spec' ? given.spec : undefined;
  }

  plain(value: Parameters<typeof expressionOf>[0]): ReadonlyMap<Value, Value> | undefined {
    const [some] = this.#config.values();
    return some && mapOf(this.#world.evaluated({ ...some, value: expressionOf(value) }));
  }

  coerced<T>(key: string, coerce: (value: Value) => Outcome<T>): T | undefined {
    const value = this.#data(key);
    const outcome = value === undefined || value === null ? undefined : coerce(value);
    if (outcome?.ok === false) this.complain(key, outcome.problem);
    return outcome?.ok === true ? outcome.value : undefined;
  }

  #given(key: string): Given | undefined {
    const effective = this.#config.get(key);
    return effective && this.#world.evaluated(effective);
  }

  #data(key: string): Value | undefined {
    const given = this.#given(key);
    return given === undefined ? undefined : asData(given);
  }
}

function mapOf(given: Given | undefined): ReadonlyMap<Value, Value> | undefined {
  const value = given === undefined ? undefined : asData(given);
  if (typeof value === 'string') return unwrapMap(value);
  return value !== undefined && isMap(value) ? value : undefined;
}

function coerceSize(value: Value): Outcome<number> {
  const whole = plainNumber(coerceInteger(value, 'integer'));
  return whole.ok && whole.value < 0 ? { ok: false, problem: `a cloud has at least 0 hosts, not ${whole.value}.` } : whole;
}

function plainNumber(outcome: Outcome<number | bigint>): Outcome<number> {
  return outcome.ok ? { ...outcome, value: Number(outcome.value) } : outcome;
}

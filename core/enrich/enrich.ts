// Enrichers: which of an entity's sensors they give, and what each is made of. Evaluated when somebody asks for the sensor;
// what they do with values is in gather.ts.

import { coerceQuorum } from '#core/coerce/quorum.ts';
import { applied, gather, gatheringNamed, join, numberOf } from '#core/enrich/gather.ts';
import { asData, asText, isList, isMap, isThing, type Value } from '#core/dsl/value.ts';
import { isA, type Adjunct } from '#core/resolve/adjuncts.ts';
import type { Draft } from '#core/resolve/draft.ts';

export interface EnricherWorld {
  /** The value of a sensor of any entity; undefined where it has none (yet). */
  readonly sensor: (entity: Draft, name: string) => Value | undefined;
  /** The value of a sensor without what enrichers make of it. */
  readonly bare: (entity: Draft, name: string) => Value | undefined;
  /** The value of a config entry of the enricher; undefined where there is none, or none yet. */
  readonly config: (enricher: Adjunct, key: string) => Value | undefined;
  readonly named: (key: string) => Draft | undefined;
  /** The sensors that an entity may have, without those that an enricher copies because it copies all. */
  readonly names: (entity: Draft) => readonly string[];
}

/** Sensors that tell how an entity is: who shows all sensors of another does not become it. */
const ofState = /^(?:service\.|entity\.|application\.|catalog\.)/;

/** The value that one of the enrichers gives the entity's sensor; undefined where none gives it, or not yet. The last one wins. */
export function enriched(entity: Draft, name: string, enrichers: readonly Adjunct[], world: EnricherWorld): Value | undefined {
  for (const enricher of enrichers.toReversed()) {
    const value = givenBy(enricher, entity, name, world);
    if (value !== undefined && value !== null) return value;
  }
  return undefined;
}

/** The sensors that an enricher gives its entity, or the members of its entity. */
export function targetsOf(enricher: Adjunct, world: EnricherWorld): readonly string[] {
  if (isA(enricher, 'propagator') || isA(enricher, 'propagate-to-members')) return [...mappingOf(enricher, world).keys()];
  const target = sensorName(world.config(enricher, 'enricher.targetSensor'));
  return target === undefined ? [] : [target];
}

/** Whether an enricher copies whatever another entity has. */
export function copiesAll({ config }: Adjunct): boolean {
  return config.has('enricher.propagating.propagatingAll') || config.has('enricher.propagating.propagatingAllBut');
}

function givenBy(enricher: Adjunct, entity: Draft, name: string, world: EnricherWorld): Value | undefined {
  const producer = producerOf(enricher, world);
  const from = (source: string): Value | undefined => (producer === entity && source === name ? world.bare(entity, name) : producer && world.sensor(producer, source));
  if (isA(enricher, 'propagator')) {
    const source = mappingOf(enricher, world).get(name);
    return source === undefined || (producer === entity && source === name) ? undefined : from(source);
  }
  if (!targetsOf(enricher, world).includes(name)) return undefined;
  if (isA(enricher, 'transformer')) return transformed(enricher, from, world);
  if (isA(enricher, 'joiner')) return joined(enricher, from, world);
  if (isA(enricher, 'aggregator')) return aggregated(enricher, producer, world);
  if (isA(enricher, 'map-aggregator')) return mapped(enricher, producer, world);
  if (isA(enricher, 'percentage-enricher')) return share(enricher, from, world);
  return undefined;
}

/** What the enrichers of a group show on its member. */
export function shownOnMember(group: Draft, name: string, enrichers: readonly Adjunct[], world: EnricherWorld): Value | undefined {
  const shows = enrichers.some((enricher) => isA(enricher, 'propagate-to-members') && mappingOf(enricher, world).has(name));
  return shows ? world.sensor(group, name) : undefined;
}

function transformed(enricher: Adjunct, from: (source: string) => Value | undefined, world: EnricherWorld): Value | undefined {
  if (enricher.config.has('enricher.targetValue')) return world.config(enricher, 'enricher.targetValue');
  const source = sensorName(world.config(enricher, 'enricher.sourceSensor'));
  const value = source === undefined ? undefined : from(source);
  const transformation = world.config(enricher, 'enricher.transformation');
  return value === undefined || transformation === undefined ? undefined : applied(transformation, value);
}

function joined(enricher: Adjunct, from: (source: string) => Value | undefined, world: EnricherWorld): Value | undefined {
  const source = sensorName(world.config(enricher, 'enricher.sourceSensor'));
  const value = source === undefined ? undefined : from(source);
  if (value === undefined) return undefined;
  const text = (key: string): string => asText(world.config(enricher, `enricher.joiner.${key}`) ?? '');
  const count = (key: string): number | undefined => numberOf(world.config(enricher, `enricher.joiner.${key}`) ?? null);
  const [minimum, maximum] = [count('minimum'), count('maximum')];
  return join(value, {
    separator: text('separator'),
    keyValueSeparator: text('keyValueSeparator'),
    joinsEntries: text('joinMapEntries') === 'true',
    quotes: text('quote') !== 'false',
    ...(minimum !== undefined && { minimum }),
    ...(maximum !== undefined && { maximum }),
  });
}

function aggregated(enricher: Adjunct, producer: Draft | undefined, world: EnricherWorld): Value | undefined {
  const source = sensorName(world.config(enricher, 'enricher.sourceSensor'));
  const how = gatheringNamed(asText(world.config(enricher, 'enricher.transformation.untyped') ?? 'list'));
  if (source === undefined || how === undefined || producer === undefined) return undefined;
  const fallback = world.config(enricher, 'enricher.defaultMemberValue');
  const noBlanks = asText(world.config(enricher, 'enricher.aggregator.excludeBlank') ?? false) === 'true';
  const producers = producersOf(enricher, producer, world);
  const values = producers.flatMap((one) => world.sensor(one, source) ?? fallback ?? []).filter((value) => value !== null && !(noBlanks && asText(value).trim() === ''));
  const quorum = coerceQuorum(asData(world.config(enricher, 'quorum.check.type') ?? 'allAndAtLeastOne') ?? 'allAndAtLeastOne');
  const total = numberOf(world.config(enricher, 'quorum.total.size') ?? 1) ?? 1;
  return quorum.ok ? gather(how, values, quorum.value, Math.max(total, producers.length)) : undefined;
}

function mapped(enricher: Adjunct, producer: Draft | undefined, world: EnricherWorld): Value | undefined {
  const [keySensor, valueSensor] = ['enricher.keySensor', 'enricher.valueSensor'].map((key) => sensorName(world.config(enricher, key)));
  if (keySensor === undefined || valueSensor === undefined || producer === undefined) return undefined;
  return new Map(
    producersOf(enricher, producer, world).flatMap((one): [Value, Value][] => {
      const [key, value] = [world.sensor(one, keySensor), world.sensor(one, valueSensor)];
      return key === undefined || value === undefined ? [] : [[key, value]];
    }),
  );
}

function share(enricher: Adjunct, from: (source: string) => Value | undefined, world: EnricherWorld): Value | undefined {
  const [part, whole] = ['enricher.sourceCurrentSensor', 'enricher.sourceTotalSensor'].map((key) => {
    const source = sensorName(world.config(enricher, key));
    return source === undefined ? undefined : numberOf(from(source) ?? null);
  });
  return part === undefined || whole === undefined || whole === 0 ? undefined : Math.min(part / whole, 1);
}

function producerOf(enricher: Adjunct, world: EnricherWorld): Draft | undefined {
  if (!enricher.config.has('enricher.producer')) return enricher.at;
  return entityIn(world.config(enricher, 'enricher.producer'), world);
}

/** The entities whose values are gathered: those named, or else members, or children where there can be no members. */
function producersOf(enricher: Adjunct, producer: Draft, world: EnricherWorld): readonly Draft[] {
  const given = world.config(enricher, 'enricher.aggregating.fromHardcodedProducers');
  if (given !== undefined && given !== null && isList(given)) return given.flatMap((one) => entityIn(one, world) ?? []);
  const says = (key: string): boolean | undefined => {
    const value = world.config(enricher, key);
    return value === undefined || value === null ? undefined : asText(value) === 'true';
  };
  const fromChildren = says('enricher.aggregating.fromChildren');
  const fromMembers = says('enricher.aggregating.fromMembers') ?? (fromChildren === undefined && producer.describedMembers.length > 0);
  return [...(fromMembers ? producer.describedMembers : []), ...((fromChildren ?? !fromMembers) ? producer.children : [])];
}

/** Target names to source names. */
function mappingOf(enricher: Adjunct, world: EnricherWorld): ReadonlyMap<string, string> {
  const mapping = new Map<string, string>();
  const names = (key: string): readonly string[] => {
    const value = world.config(enricher, key) ?? null;
    return isList(value) ? value.flatMap((one) => sensorName(one) ?? []) : [];
  };
  const others = enricher.config.has('enricher.propagating.propagatingAllBut');
  const producer = producerOf(enricher, world);
  if (producer && (others || asText(world.config(enricher, 'enricher.propagating.propagatingAll') ?? false) === 'true')) {
    const left = new Set(names('enricher.propagating.propagatingAllBut'));
    for (const name of world.names(producer)) if (!left.has(name) && !ofState.test(name)) mapping.set(name, name);
  }
  for (const name of names('enricher.propagating.inclusions')) mapping.set(name, name);
  const given = world.config(enricher, 'enricher.propagating.sensorMapping') ?? null;
  for (const [source, target] of isMap(given) ? given : []) {
    const [sourceName, targetName] = [sensorName(source), sensorName(target)];
    if (sourceName !== undefined && targetName !== undefined) mapping.set(targetName, sourceName);
  }
  return mapping;
}

/** A sensor is given by its name or as `$brooklyn:sensor("name")`. */
function sensorName(value: Value | undefined): string | undefined {
  if (value === undefined || value === null) return undefined;
  if (isThing(value)) return value.kind === 'sensor' ? value.name : undefined;
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function entityIn(value: Value | undefined, world: EnricherWorld): Draft | undefined {
  if (value === undefined || value === null) return undefined;
  if (isThing(value)) return value.kind === 'entity' ? world.named(value.entity.key) : undefined;
  return typeof value === 'string' ? world.named(value) : undefined;
}

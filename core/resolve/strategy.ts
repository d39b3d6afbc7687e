// One element of `docker.container.strategies` -> a strategy as data. The catalog knows every name a strategy ever had and what
// its config keys and flags are called; here stands what their values must be.

import { parameterFor, type Catalog } from '#core/catalog/catalog.ts';
import type { PlainValue } from '#core/catalog/plain.ts';
import { printCoerced } from '#core/coerce/coerce.ts';
import { unwrapStrings } from '#core/coerce/jsonish.ts';
import { coerceBoolean, coerceFloating, coerceInteger } from '#core/coerce/numbers.ts';
import { coerceSize } from '#core/coerce/size.ts';
import { accepted, describe, isList, isMap, refused, type Outcome, type Value } from '#core/coerce/value.ts';
import { describeObject } from '#core/dsl/object.ts';
import { compile } from '#core/dsl/regex.ts';
import { asData, isMap as isMapOrThing, isThing, kindOf, type DescribedObject, type Value as Given } from '#core/dsl/value.ts';
import { parseAffinityRules, type AffinityRule } from '#core/placement/affinity.ts';
import type { Geography, Point, Strategy } from '#core/placement/strategy.ts';

/** Reads the config of one kind of strategy; throws a `Wrong` where a value does not do. */
type Reader = (config: StrategyConfig) => Strategy;

/** By the id in the catalog. */
const readers: ReadonlyMap<string, Reader> = new Map<string, Reader>([
  ['depth-first-placement', (config) => ({ kind: 'depth-first', ...ownMost(config) })],
  ['breadth-first-placement', (config) => ({ kind: 'breadth-first', ...ownMost(config) })],
  ['least-containers-placement', () => ({ kind: 'least-containers' })],
  ['lowest-cpu-placement', () => ({ kind: 'lowest-cpu' })],
  ['random-placement', seededRandom],
  ['max-containers-placement', (config) => ({ kind: 'max-containers', maxContainers: config.need('docker.container.cluster.maxSize', coerceMost) })],
  ['max-cpu-placement', (config) => ({ kind: 'max-cpu', maxCpu: config.need('docker.container.cluster.maxCpu', coerceShare) })],
  ['provisioning-flags-placement', flagsOf],
  ['affinity-rule-placement', (config) => ({ kind: 'affinity-rules', rules: config.get('affinity.rules', coerceAffinityRules) ?? [] })],
  ['group-placement', (config) => ({ kind: 'group', isExclusive: config.get('docker.constraint.exclusive', coerceBoolean) ?? false })],
  ['label-placement', (config) => ({ kind: 'labels', labels: config.get('docker.constraint.labels', coerceTexts) ?? [] })],
  ['hostname-placement', (config) => ({ kind: 'hostname', pattern: config.need('docker.constraint.hostname', coercePattern) })],
  ['geography-placement', geographyOf],
]);

/** The strategy that an element of the list describes: an object, a map with a type, or the name of a type. */
export function readStrategy(written: Given, catalog: Catalog): Outcome<Strategy> {
  const object = objectOf(written);
  if (typeof object === 'string') return refused(object);
  const found = catalog.find(object.type);
  if (!found) return refused(`The type ${object.type} is a placement strategy that Clocker does not know; use one of the built-in ones, for example least-containers-placement.`);
  const members = catalog.membersOf(found.type);
  const reader = members.lineage.map(({ id }) => readers.get(id)).find((known) => known !== undefined);
  if (!reader) return refused(`The type ${object.type} is no placement strategy that chooses a host; use for example least-containers-placement.`);
  const values = new Map<string, Value>();
  const add = (written: string, value: Value | undefined): void => {
    const key = parameterFor(members, written)?.name ?? written;
    if (value !== undefined && value !== null && !values.has(key)) values.set(key, value);
  };
  for (const [key, value] of [...object.config, ...object.fields]) add(key, asData(value));
  for (const type of members.lineage) for (const [key, value] of Object.entries(type.config)) add(key, ofPlain(value));
  for (const { name, default: value } of members.parameters.values()) if (value !== undefined) add(name, ofPlain(value));
  try {
    return accepted(reader(new StrategyConfig(object.type, values)));
  } catch (error) {
    if (error instanceof Wrong) return refused(error.message);
    throw error;
  }
}

function seededRandom(config: StrategyConfig): Strategy {
  const seed = config.get('docker.placement.seed', (value) => coerceInteger(value, 'integer'));
  return { kind: 'random', ...(seed !== undefined && { seed: Number(seed) }) };
}

/** A list of rules, or a text of several. */
export function coerceAffinityRules(value: Value): Outcome<readonly AffinityRule[]> {
  const texts = isList(value) ? value.map((item) => printCoerced(item) ?? '') : [printCoerced(value) ?? ''];
  if (isMap(value)) return refused(`affinity rules are a list of texts, not ${describe(value)}; write for example [NOT TYPE].`);
  const read = texts.flatMap(parseAffinityRules);
  const problem = read.flatMap(({ problems }) => problems)[0]?.problem;
  return problem === undefined ? accepted(read.flatMap(({ rule }) => rule ?? [])) : refused(problem);
}

/** A whole number from 1. */
export function coerceMost(value: Value): Outcome<number> {
  const whole = coerceInteger(value, 'integer');
  if (!whole.ok) return whole;
  return whole.value >= 1 ? accepted(Number(whole.value)) : refused(`a host takes at least 1 container, not ${whole.value}.`);
}

/** Above 0; 1 is everything. */
export function coerceShare(value: Value): Outcome<number> {
  const share = coerceFloating(value, 'double');
  if (!share.ok || (share.value > 0 && share.value <= 1)) return share;
  return refused(`a share of the processors is above 0 and at most 1, not ${share.value}${share.value > 1 && share.value <= 100 ? `; write ${share.value / 100} for ${share.value} %` : ''}.`);
}

export function coerceCores(value: Value): Outcome<number> {
  const cores = coerceFloating(value, 'double');
  return cores.ok && cores.value < 0 ? refused(`a number of processors is at least 0, not ${cores.value}.`) : cores;
}

/** Bytes; a number alone is megabytes, as jclouds counts memory. */
export function coerceRam(value: Value): Outcome<number> {
  const size = coerceSize(value, 'm');
  return size.ok && size.value < 0 ? refused(`an amount of memory is at least 0, not ${size.value}.`) : size;
}

class Wrong extends Error {}

class StrategyConfig {
  readonly #type: string;
  readonly #values: ReadonlyMap<string, Value>;

  constructor(type: string, values: ReadonlyMap<string, Value>) {
    this.#type = type;
    this.#values = values;
  }

  get<T>(key: string, coerce: (value: Value) => Outcome<T>): T | undefined {
    const value = this.#values.get(key);
    if (value === undefined) return undefined;
    const outcome = coerce(value);
    if (outcome.ok) return outcome.value;
    throw new Wrong(`The strategy ${this.#type}: ${key}: ${outcome.problem}`);
  }

  need<T>(key: string, coerce: (value: Value) => Outcome<T>): T {
    const value = this.get(key, coerce);
    if (value === undefined) throw new Wrong(`The strategy ${this.#type} needs ${key}.`);
    return value;
  }
}

/** As clouds were written before there was a strategy for that. */
function ownMost(config: StrategyConfig): { readonly maxContainers?: number } {
  const maxContainers = config.get('docker.container.cluster.maxSize', coerceMost);
  return maxContainers === undefined ? {} : { maxContainers };
}

function flagsOf(config: StrategyConfig): Strategy {
  const minCores = config.get('minCores', coerceCores);
  const minMemoryBytes = config.get('minRam', coerceRam);
  return { kind: 'provisioning-flags', ...(minCores !== undefined && { minCores }), ...(minMemoryBytes !== undefined && { minMemoryBytes }) };
}

function geographyOf(config: StrategyConfig): Geography {
  const regions = config.get('docker.constraint.region', coerceTexts);
  const zones = config.get('docker.constraint.zone', coerceTexts);
  const near = config.get('docker.constraint.near', coercePlace);
  const withinKm = config.get('docker.constraint.within', coerceKilometres);
  const spreadOver = config.get('docker.constraint.spread', (value) => accepted(printCoerced(value) ?? ''));
  if (withinKm !== undefined && near === undefined) throw new Wrong('A distance needs docker.constraint.near: a point or the name of a host.');
  return {
    kind: 'geography',
    ...(regions && { regions }),
    ...(zones && { zones }),
    ...(near !== undefined && { near }),
    ...(withinKm !== undefined && { withinKm }),
    ...(spreadOver !== undefined && { spreadOver }),
  };
}

function objectOf(written: Given): DescribedObject | string {
  if (isThing(written)) return written.kind === 'object' ? written : `A placement strategy is an object, not ${kindOf(written)}.`;
  if (typeof written !== 'string' && !isMapOrThing(written)) return `A placement strategy is given by $brooklyn:object with a type; this is ${kindOf(written)}.`;
  return describeObject(written);
}

function coerceTexts(value: Value): Outcome<readonly string[]> {
  if (isMap(value)) return refused(`${describe(value)} is no list of texts.`);
  const items = isList(value) ? value : typeof value === 'string' ? unwrapStrings(value) : [value];
  return accepted(items.flatMap((item) => printCoerced(item) ?? []).filter((item) => item !== ''));
}

function coercePattern(value: Value): Outcome<string> {
  const text = printCoerced(value) ?? '';
  const compiled = compile(`^(?:${text})$`);
  return compiled.ok ? accepted(text) : refused(compiled.problem);
}

/** `52.5, 13.4`, a list of the two, or the name of a host. */
function coercePlace(value: Value): Outcome<Point | string> {
  const texts = isList(value) ? value.map((item) => printCoerced(item) ?? '') : (printCoerced(value) ?? '').split(/[,\s]+/);
  const numbers = texts.map((text) => (text.trim() === '' ? Number.NaN : Number(text)));
  if (numbers.some(Number.isNaN)) return typeof value === 'string' ? accepted(value) : refused(`${describe(value)} is no place; write latitude and longitude in degrees, for example "52.5, 13.4", or the name of a host.`);
  const [latitude = Number.NaN, longitude = Number.NaN] = numbers;
  if (numbers.length !== 2 || Math.abs(latitude) > 90 || Math.abs(longitude) > 180) return refused('a point is a latitude from -90 to 90 and a longitude from -180 to 180, for example "52.5, 13.4".');
  return accepted({ latitude, longitude });
}

function coerceKilometres(value: Value): Outcome<number> {
  const [, number = ''] = /^\s*([0-9.]+)\s*(?:km)?\s*$/i.exec(printCoerced(value) ?? '') ?? [];
  const km = Number(number);
  return number !== '' && Number.isFinite(km) ? accepted(km) : refused(`${describe(value)} is no distance; write kilometres, for example 500 or "500 km".`);
}

function ofPlain(value: PlainValue): Value {
  if (Array.isArray(value)) return value.map(ofPlain);
  if (typeof value !== 'object' || value === null) return typeof value === 'object' ? null : value;
  return new Map(Object.entries(value).map(([key, item]) => [key, ofPlain(item)]));
}

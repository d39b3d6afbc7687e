// How the host of an entity is chosen, and what a cloud asks of everything placed on it, from the effective config: strategies,
// affinity rules, and what the host must have.

import type { Catalog } from '#core/catalog/catalog.ts';
import { unwrapMap } from '#core/coerce/jsonish.ts';
import { isMap, type Outcome, type Value } from '#core/coerce/value.ts';
import { asData, isList, type Value as Given } from '#core/dsl/value.ts';
import type { Config, Effective } from '#core/resolve/effective.ts';
import { coerceAffinityRules, coerceCores, coerceMost, coerceRam, coerceShare, readStrategy } from '#core/resolve/strategy.ts';
import type { AffinityRule } from '#core/placement/affinity.ts';
import type { CloudPlacement, EntityPlacement, Strategy } from '#core/placement/strategy.ts';

export interface PlacementWorld {
  /** What the expressions of a config entry give; undefined where that is known only at run time (and has been complained about). */
  readonly evaluated: (effective: Effective) => Given | undefined;
  /** Says that a value does not do. */
  readonly complain: (effective: Effective, message: string) => void;
  readonly catalog: Catalog;
}

/** Undefined where nothing is asked. */
export function placementOf(config: Config, world: PlacementWorld): EntityPlacement | undefined {
  const strategies = strategiesOf(config, world);
  const affinityRules = affinityRulesOf(config, world);
  const properties = mapOf(coerced(config, world, 'provisioning.properties', (value) => ({ ok: true, notes: [], value })));
  const minCores = property(config, world, properties, 'minCores', coerceCores);
  const minMemoryBytes = property(config, world, properties, 'minRam', coerceRam);
  if (strategies.length === 0 && affinityRules.length === 0 && minCores === undefined && minMemoryBytes === undefined) return undefined;
  return { strategies, affinityRules, ...(minCores !== undefined && { minCores }), ...(minMemoryBytes !== undefined && { minMemoryBytes }) };
}

/** Of an entity that is a docker cloud. */
export function cloudPlacementOf(config: Config, world: PlacementWorld): CloudPlacement {
  const maxContainers = coerced(config, world, 'docker.container.cluster.maxSize', coerceMost);
  const maxCpu = coerced(config, world, 'docker.container.cluster.maxCpu', coerceShare);
  return { strategies: strategiesOf(config, world), affinityRules: affinityRulesOf(config, world), ...(maxContainers !== undefined && { maxContainers }), ...(maxCpu !== undefined && { maxCpu }) };
}

/** A list, or one alone as the key `docker.container.strategy` had it. */
function strategiesOf(config: Config, { evaluated, complain, catalog }: PlacementWorld): readonly Strategy[] {
  const effective = config.get('docker.container.strategies');
  const given = effective && evaluated(effective);
  if (effective === undefined || given === undefined || given === null) return [];
  return (isList(given) ? given : [given]).flatMap((item) => {
    const strategy = readStrategy(item, catalog);
    if (strategy.ok) return [strategy.value];
    complain(effective, strategy.problem);
    return [];
  });
}

function affinityRulesOf(config: Config, world: PlacementWorld): readonly AffinityRule[] {
  return coerced(config, world, 'affinity.rules', coerceAffinityRules) ?? [];
}

function property(config: Config, { complain }: PlacementWorld, properties: ReadonlyMap<Value, Value> | undefined, name: string, coerce: (value: Value) => Outcome<number>): number | undefined {
  const value = properties?.get(name);
  if (value === undefined || value === null) return undefined;
  const outcome = coerce(value);
  if (outcome.ok) return outcome.value;
  const effective = config.get('provisioning.properties');
  if (effective) complain(effective, `${name}: ${outcome.problem}`);
  return undefined;
}

function coerced<T>(config: Config, { evaluated, complain }: PlacementWorld, key: string, coerce: (value: Value) => Outcome<T>): T | undefined {
  const effective = config.get(key);
  const given = effective && evaluated(effective);
  const value = given === undefined ? undefined : asData(given);
  if (effective === undefined || value === undefined || value === null) return undefined;
  const outcome = coerce(value);
  if (outcome.ok) return outcome.value;
  complain(effective, `${key}: ${outcome.problem}`);
  return undefined;
}

function mapOf(value: Value | undefined): ReadonlyMap<Value, Value> | undefined {
  if (typeof value === 'string') return unwrapMap(value);
  return value !== undefined && isMap(value) ? value : undefined;
}

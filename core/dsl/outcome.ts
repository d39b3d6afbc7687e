// What evaluating comes to. One of four things, so that a plan can say "waits for the address of db" or "needs a secret"
// and go on; nothing here throws, and a secret's value never appears in it.

import type { ScopeEntity } from '#core/dsl/scope.ts';
import type { Value } from '#core/dsl/value.ts';
import type { WhenReady } from '#core/dsl/whenReady.ts';
import type { Span } from '#core/text/span.ts';

/** A sensor that has to have a value first. */
export interface Wait {
  readonly entity: ScopeEntity;
  readonly sensor: string;
  readonly options: WhenReady;
}

/** A secret that is read only when the value is used. */
export interface SecretReference {
  readonly provider: string;
  readonly key: string;
}

export type Outcome =
  | { readonly state: 'value'; readonly value: Value }
  /** `secrets` may be needed besides; evaluate again when the sensors are there. */
  | { readonly state: 'waiting'; readonly waits: readonly Wait[]; readonly secrets: readonly SecretReference[] }
  /** All that is missing are secrets; evaluate again with them, and then keep the result to yourself. */
  | { readonly state: 'secret'; readonly secrets: readonly SecretReference[] }
  | Failure;

export interface Failure {
  readonly state: 'error';
  readonly kind: 'noEntity' | 'outOfScope' | 'recursive' | 'noFunction' | 'arguments' | 'nothing' | 'mayNotWait' | 'noSecret' | 'template' | 'syntax';
  readonly message: string;
  /** The part of the expression that failed. */
  readonly span: Span;
}

export function value(given: Value): Outcome {
  return { state: 'value', value: given };
}

export function failure(kind: Failure['kind'], span: Span, message: string): Failure {
  return { state: 'error', kind, message, span };
}

/** All values, or everything that stands in their way: the first error, else all sensors and secrets together. */
export function all(outcomes: readonly Outcome[]): { readonly state: 'value'; readonly values: readonly Value[] } | Exclude<Outcome, { state: 'value' }> {
  const values: Value[] = [];
  const waits: Wait[] = [];
  const secrets: SecretReference[] = [];
  for (const outcome of outcomes) {
    if (outcome.state === 'error') return outcome;
    if (outcome.state === 'value') values.push(outcome.value);
    if (outcome.state === 'waiting') waits.push(...outcome.waits);
    if (outcome.state === 'waiting' || outcome.state === 'secret') secrets.push(...outcome.secrets);
  }
  const missing = distinctSecrets(secrets);
  if (waits.length > 0) return { state: 'waiting', waits: distinctWaits(waits), secrets: missing };
  if (missing.length > 0) return { state: 'secret', secrets: missing };
  return { state: 'value', values };
}

/** Goes on with the value when there is one. */
export function andThen(outcome: Outcome, next: (value: Value) => Outcome): Outcome {
  return outcome.state === 'value' ? next(outcome.value) : outcome;
}

function distinctWaits(waits: readonly Wait[]): readonly Wait[] {
  const seen = new Map<ScopeEntity, Set<string>>();
  return waits.filter(({ entity, sensor }) => {
    const sensors = seen.get(entity) ?? new Set<string>();
    const isNew = !sensors.has(sensor);
    seen.set(entity, sensors.add(sensor));
    return isNew;
  });
}

function distinctSecrets(secrets: readonly SecretReference[]): readonly SecretReference[] {
  return [...new Map(secrets.map((secret) => [JSON.stringify([secret.provider, secret.key]), secret])).values()];
}

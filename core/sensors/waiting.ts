// How long attributeWhenReady waits: its options as limits, and the decision to give up. Time is told by whoever waits.

import { coerceDuration, printDuration } from '#core/coerce/duration.ts';
import { asData, type Value } from '#core/dsl/value.ts';
import type { WhenReady } from '#core/dsl/whenReady.ts';
import type { ServiceState } from '#core/sensors/condition.ts';

/** All in milliseconds; absent means no limit. */
export interface WaitLimits {
  readonly timeoutMs?: number;
  readonly ifDownMs?: number;
  readonly ifDownInitiallyMs?: number;
  readonly ifOnFireMs?: number;
  readonly ifOnFireInitiallyMs?: number;
  readonly endsOnFire: boolean;
}

export interface Waited {
  readonly elapsedMs: number;
  /** How the entity that is waited for is doing, and for how long. */
  readonly state: ServiceState;
  readonly inStateMs: number;
  /** It was in that state when the waiting began. */
  readonly wasSoAtFirst: boolean;
}

export function limitsOf(options: WhenReady): WaitLimits {
  const duration = (name: string): number | undefined => {
    const given: Value | undefined = options.get(name);
    const data = given === undefined ? undefined : asData(given);
    const read = data === undefined ? undefined : coerceDuration(data);
    return read?.ok === true ? read.value?.ms : undefined;
  };
  const named = { timeoutMs: duration('timeout'), ifDownMs: duration('timeout_if_down'), ifDownInitiallyMs: duration('timeout_if_down_initial'), ifOnFireMs: duration('timeout_if_on_fire'), ifOnFireInitiallyMs: duration('timeout_if_on_fire_initial') };
  return { endsOnFire: options.get('abort_if_on_fire') !== false, ...Object.fromEntries(Object.entries(named).filter(([, ms]) => ms !== undefined)) };
}

/** Why to give up, as a clause; undefined while there is hope. */
export function givesUp(limits: WaitLimits, { elapsedMs, state, inStateMs, wasSoAtFirst }: Waited): string | undefined {
  const { timeoutMs, ifDownMs, ifDownInitiallyMs = ifDownMs, ifOnFireMs, ifOnFireInitiallyMs = ifOnFireMs, endsOnFire } = limits;
  const shown = (ms: number): string => printDuration({ kind: 'duration', ms });
  if (timeoutMs !== undefined && elapsedMs >= timeoutMs) return `it was not there within ${shown(timeoutMs)}`;
  if (state === 'on-fire') {
    const limit = (wasSoAtFirst ? ifOnFireInitiallyMs : ifOnFireMs) ?? (endsOnFire ? 0 : Infinity);
    if (inStateMs >= limit) return limit === 0 ? 'the entity has failed' : `the entity has failed, and did not recover within ${shown(limit)}`;
  }
  if (state === 'stopped' || state === 'stopping') {
    const limit = (wasSoAtFirst ? ifDownInitiallyMs : ifDownMs) ?? Infinity;
    if (inStateMs >= limit) return `the entity is ${state}, and was not up again within ${shown(limit)}`;
  }
  return undefined;
}

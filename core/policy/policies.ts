// The policies of entities that Clocker follows, read from the blueprint as data. What they decide is in decide.ts.

import { durationMs } from '#core/effectors/effector.ts';
import { numberOf } from '#core/enrich/gather.ts';
import { asText, type Value } from '#core/dsl/value.ts';
import { isA, type Adjunct } from '#core/resolve/adjuncts.ts';

export type Policy =
  /** A container that has failed is started again; failing again so soon after that, it is left alone. */
  | { readonly kind: 'restarter'; readonly recurringMs: number }
  /** A member that has failed is made anew; not more than so many in that time. */
  | { readonly kind: 'replacer'; readonly recurringMs: number; readonly mostFailures: number }
  /** A failure counts only when it has lasted so long, a recovery likewise. */
  | { readonly kind: 'failureDetector'; readonly stabilizationMs: number; readonly recoveredMs: number };

/** Undefined for what is none of these. */
export function policyOf(adjunct: Adjunct, config: (key: string) => Value | undefined): Policy | undefined {
  const number = (key: string): number | undefined => numberOf(config(key) ?? null);
  if (isA(adjunct, 'service-restarter')) return { kind: 'restarter', recurringMs: durationMs(config('failOnRecurringFailuresInThisDuration')) ?? 180_000 };
  if (isA(adjunct, 'service-replacer')) {
    return { kind: 'replacer', recurringMs: durationMs(config('failOnRecurringFailuresInThisDuration')) ?? 300_000, mostFailures: number('failOnNumRecurringFailures') ?? 5 };
  }
  if (isA(adjunct, 'service-failure-detector')) {
    return { kind: 'failureDetector', stabilizationMs: durationMs(config('entityFailed.stabilizationDelay')) ?? 0, recoveredMs: durationMs(config('entityRecovered.stabilizationDelay')) ?? 0 };
  }
  return undefined;
}

/** The name of a policy that the blueprint has and nobody follows here; undefined for those that are followed, and for enrichers that give sensors. */
export function unfollowed(adjunct: Adjunct): string | undefined {
  if (adjunct.kind !== 'policy') return undefined;
  const isKnown = ['service-restarter', 'service-replacer', 'service-failure-detector'].some((type) => isA(adjunct, type));
  return isKnown ? undefined : asText(adjunct.lineage[0] ?? '');
}

// What policies decide: (how the entities are doing, what was done before, now) => what to do, and what to remember. Pure; the
// engine looks, carries out, and asks again when something changes or when `againMs` is over.

import type { Policy } from '#core/policy/policies.ts';
import type { ServiceState } from '#core/sensors/condition.ts';

export interface Watched {
  readonly entity: string;
  readonly state: ServiceState;
  readonly policies: readonly Policy[];
  /** For a member: the policies of its cluster. */
  readonly cluster?: { readonly entity: string; readonly policies: readonly Policy[] };
}

/** Per entity, all times in milliseconds of one clock. */
export interface Memory {
  /** Since when it has failed; absent while it has not. */
  readonly failedSinceMs?: number;
  /** Since when it runs again after it failed; absent while it does not, and once that counts as recovered. */
  readonly recoveringSinceMs?: number;
  /** It was up once: what never was cannot fail. */
  readonly wasUp?: boolean;
  /** Times at which it was restarted. */
  readonly restartedAtMs: readonly number[];
  /** Times at which members of the cluster were replaced; kept at the cluster's own key. */
  readonly replacedAtMs: readonly number[];
  /** This failure was told of as one that nobody mends. */
  readonly isGivenUp?: boolean;
}

export type Memories = ReadonlyMap<string, Memory>;

export type Decision =
  | { readonly kind: 'restart' | 'replace'; readonly entity: string; readonly reason: string }
  /** Nothing more is done about it. */
  | { readonly kind: 'giveUp'; readonly entity: string; readonly reason: string }
  | { readonly kind: 'recovered'; readonly entity: string };

export interface Decided {
  readonly decisions: readonly Decision[];
  readonly memories: Memories;
  /** When to ask again though nothing changes; absent where nothing is pending. */
  readonly againInMs?: number;
}

const fresh: Memory = { restartedAtMs: [], replacedAtMs: [] };

export function decide(watched: readonly Watched[], before: Memories, nowMs: number): Decided {
  const memories = new Map(before);
  const decisions: Decision[] = [];
  let againInMs: number | undefined;
  for (const one of watched) {
    const memory = memories.get(one.entity) ?? fresh;
    const { decision, next, waitMs } = about(one, memory, memories, nowMs);
    memories.set(one.entity, next);
    if (decision) decisions.push(decision);
    if (decision?.kind === 'replace' && one.cluster) {
      const cluster = memories.get(one.cluster.entity) ?? fresh;
      memories.set(one.cluster.entity, { ...cluster, replacedAtMs: [...cluster.replacedAtMs, nowMs] });
    }
    if (waitMs !== undefined) againInMs = Math.min(againInMs ?? Infinity, waitMs);
  }
  return { decisions, memories, ...(againInMs !== undefined && { againInMs }) };
}

interface About {
  readonly decision?: Decision;
  readonly next: Memory;
  /** A failure, or a recovery, that must last so much longer to count. */
  readonly waitMs?: number;
}

function about({ entity, state, policies, cluster }: Watched, memory: Memory, memories: Memories, nowMs: number): About {
  const detector = policies.find((policy) => policy.kind === 'failureDetector');
  if (state === 'running') return aboutRunning(entity, memory, detector?.recoveredMs ?? 0, nowMs);
  // Stopped is what somebody wanted, and what starts is on its way.
  if (state !== 'on-fire') return { next: memory };
  const failedSinceMs = memory.failedSinceMs ?? nowMs;
  const { recoveringSinceMs: _, ...known } = memory;
  const next = { ...known, failedSinceMs };
  if (memory.isGivenUp === true) return { next };
  const leftMs = failedSinceMs + (detector?.stabilizationMs ?? 0) - nowMs;
  if (leftMs > 0) return { next, waitMs: leftMs };
  const restarter = policies.find((policy) => policy.kind === 'restarter');
  const recent = (times: readonly number[], withinMs: number): number => times.filter((at) => nowMs - at < withinMs).length;
  if (restarter && recent(memory.restartedAtMs, restarter.recurringMs) === 0) {
    const { failedSinceMs: __, ...calm } = next;
    return { next: { ...calm, restartedAtMs: [...memory.restartedAtMs.filter((at) => nowMs - at < restarter.recurringMs), nowMs] }, decision: { kind: 'restart', entity, reason: 'it has failed' } };
  }
  const replacer = cluster?.policies.find((policy) => policy.kind === 'replacer');
  if (replacer && cluster) {
    const count = recent(memories.get(cluster.entity)?.replacedAtMs ?? [], replacer.recurringMs);
    if (count < replacer.mostFailures) {
      const { failedSinceMs: __, ...calm } = next;
      return { next: { ...calm, restartedAtMs: [] }, decision: { kind: 'replace', entity, reason: restarter ? 'it has failed again after a restart' : 'it has failed' } };
    }
    return { next: { ...next, isGivenUp: true }, decision: { kind: 'giveUp', entity, reason: `${count} members of ${cluster.entity} were replaced within ${seconds(replacer.recurringMs)}, which is the most that service-replacer allows` } };
  }
  if (!restarter) return { next };
  return { next: { ...next, isGivenUp: true }, decision: { kind: 'giveUp', entity, reason: `it failed again within ${seconds(restarter.recurringMs)} of a restart, so service-restarter leaves it` } };
}

/** A failure is over once the entity has run for so long; failing before that goes on with the same failure. */
function aboutRunning(entity: string, memory: Memory, recoveredMs: number, nowMs: number): About {
  const { failedSinceMs, recoveringSinceMs = nowMs, isGivenUp, ...rest } = memory;
  if (failedSinceMs === undefined) return { next: { ...rest, wasUp: true } };
  const leftMs = recoveringSinceMs + recoveredMs - nowMs;
  if (leftMs > 0) return { next: { ...rest, failedSinceMs, recoveringSinceMs, wasUp: true, ...(isGivenUp === true && { isGivenUp }) }, waitMs: leftMs };
  return { next: { ...rest, wasUp: true }, decision: { kind: 'recovered', entity } };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}

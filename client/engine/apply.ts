// Carries a plan out: up to four actions at a time on each host, in the plan's order, each reported as it goes. What fails is
// told with the container's last words; what depends on it is skipped, everything else goes on.

import { dependencies } from '#core/plan/dependencies.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import pLimit from 'p-limit';
import { runAction, type Workbench } from './actions.ts';
import type { Outcome, Step, StepState } from './cloud.ts';
import { Failure } from './failure.ts';

const atATimeOnOneHost = 4;

export interface ApplyOptions {
  readonly onStep?: (steps: readonly Step[]) => void;
  /** Running engine calls are finished, what has not begun is skipped. */
  readonly signal?: AbortSignal;
}

export async function apply(plan: Plan, workbench: Workbench, { onStep, signal = new AbortController().signal }: ApplyOptions = {}): Promise<Outcome> {
  if (plan.refusals.length > 0) throw new Error('a plan with refusals is not applied');
  const states: StepState[] = plan.actions.map(() => ({ kind: 'waiting' }));
  const steps = (): readonly Step[] => plan.actions.map((action, index) => ({ action, state: states[index] ?? { kind: 'waiting' } }));
  const set = (index: number, state: StepState): void => {
    states[index] = state;
    onStep?.(steps());
  };
  const slots = new Map(plan.actions.map((action) => [action.host, pLimit(atATimeOnOneHost)]));
  const order = dependencies(plan.actions);
  const ends: Promise<void>[] = [];
  for (const [index, action] of plan.actions.entries()) {
    const { needs, after } = order[index] ?? { needs: [], after: [] };
    ends.push(
      (async () => {
        await Promise.all([...needs, ...after].map(async (earlier) => ends[earlier]));
        if (needs.some((earlier) => states[earlier]?.kind !== 'done')) return set(index, { kind: 'skipped' });
        const limit = slots.get(action.host) ?? pLimit(1);
        await carryOut(action, (state) => set(index, state), limit, workbench, signal);
      })(),
    );
  }
  await Promise.all(ends);
  const ended = (kind: StepState['kind']): boolean => states.some((state) => state.kind === kind);
  const isCancelled = signal.aborted && ended('skipped');
  return { kind: isCancelled ? 'cancelled' : ended('failed') ? 'failed' : 'done', steps: steps() };
}

type Limit = ReturnType<typeof pLimit>;

async function carryOut(action: Action, set: (state: StepState) => void, limit: Limit, workbench: Workbench, signal: AbortSignal): Promise<void> {
  let beganMs = 0;
  try {
    const check = await limit(async () => {
      if (signal.aborted) return undefined;
      beganMs = performance.now();
      set({ kind: 'running' });
      return runAction(action, workbench, { signal, onDetail: (detail) => set({ kind: 'running', detail }) });
    });
    if (check === undefined) return set({ kind: 'skipped' });
    // Watching what was started keeps nobody else waiting.
    await check();
    set({ kind: 'done', tookMs: Math.round(performance.now() - beganMs) });
  } catch (error) {
    if (signal.aborted && action.kind === 'pull') return set({ kind: 'skipped' });
    const { problem, logTail } = Failure.from(error);
    set({ kind: 'failed', problem, logTail });
  }
}

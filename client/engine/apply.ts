// Carries a plan out: some actions at a time on each host, in the plan's order, each reported as it goes. What fails is
// told with the container's last words; what depends on it is skipped, everything else goes on.

import type { EntityWait } from '#core/blueprint/application.ts';
import { printDuration } from '#core/coerce/duration.ts';
import { dependencies, entityOf, isStart, makes } from '#core/plan/dependencies.ts';
import type { Moment } from '#core/lifecycle/moments.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import { actionTitle } from '#core/plan/render.ts';
import pLimit from 'p-limit';
import type { Workbench } from './acting.ts';
import { runAction } from './actions.ts';
import type { ApplyOptions, Outcome, Step, StepState } from './cloud.ts';
import { Failure } from './failure.ts';
import { passGates, placeIn, type GateWorld } from './gates.ts';
import { tolerated } from './quarantine.ts';

/** Of a host: starting a container is work for its processors most of the time, but not all of it. */
const atATime = { perCore: 3, least: 4, most: 16 };
/** What a timer can hold; about 25 days. */
const longestTimerMs = 2 ** 31 - 1;

/** Nothing of it was begun. */
export function untouched({ actions }: Plan): readonly Step[] {
  return actions.map((action) => ({ action, state: { kind: 'skipped' } }));
}

export async function apply(plan: Plan, workbench: Workbench, { onStep, signal = new AbortController().signal }: ApplyOptions = {}): Promise<Outcome> {
  if (plan.refusals.length > 0) throw new Error('a plan with refusals is not applied');
  const states: StepState[] = plan.actions.map(() => ({ kind: 'waiting' }));
  const steps = (): readonly Step[] => plan.actions.map((action, index) => ({ action, state: states[index] ?? { kind: 'waiting' } }));
  const set = (index: number, state: StepState): void => {
    states[index] = state;
    onStep?.(steps());
  };
  const slots = new Map<string, Limit>();
  // A host that the plan makes is known when its first container is made.
  const slotsOf = (host: string): Limit => {
    const limit = slots.get(host) ?? pLimit(Math.min(atATime.most, Math.max(atATime.least, workbench.cores(host) * atATime.perCore)));
    slots.set(host, limit);
    return limit;
  };
  const order = dependencies(plan.actions);
  const ends: Promise<void>[] = [];
  /** Resolved when the action's container runs, or will not. */
  const begun = plan.actions.map(() => Promise.withResolvers<boolean>());
  /** Those of the entities that did not start, when that is known. */
  const others = async (entities: readonly string[]): Promise<readonly string[]> => {
    const starts = plan.actions.flatMap((other, index) => (isStart(other) && entities.includes(other.container.entity) ? [{ entity: other.container.entity, index }] : []));
    await Promise.all(starts.map(async ({ index }) => ends[index]));
    const spared = tolerated(plan.actions, states);
    return starts.flatMap(({ entity, index }) => (states[index]?.kind === 'done' || spared.has(index) ? [] : [entity]));
  };
  for (const [index, action] of plan.actions.entries()) {
    const { needs, there, after } = order[index] ?? { needs: [], there: [], after: [] };
    ends.push(
      (async () => {
        const waits = waitsAmong(action, [...needs, ...there].map((earlier) => plan.actions[earlier]));
        if (waits.length > 0) set(index, { kind: 'waiting', detail: `waiting for ${[...new Set(waits.map(({ shown }) => shown))].join(', ')}` });
        const earlierOnes = Promise.all([...[...needs, ...after].map(async (earlier) => ends[earlier]), ...there.map(async (earlier) => begun[earlier]?.promise)]);
        const tooLong = await firstOver(earlierOnes, waits);
        if (tooLong !== undefined) return set(index, { kind: 'failed', problem: `${actionTitle(action).slice(2)}: ${tooLong}`, logTail: [] });
        const spared = tolerated(plan.actions, states);
        if (needs.some((earlier) => states[earlier]?.kind !== 'done' && !spared.has(earlier))) return set(index, { kind: 'skipped' });
        for (const earlier of there) if ((await begun[earlier]?.promise) === false) return set(index, { kind: 'skipped' });
        await carryOut(action, { set: (state) => set(index, state), limit: action.kind === 'addHost' ? pLimit(1) : slotsOf(action.host), workbench, signal, others, onThere: () => begun[index]?.resolve(true) });
      })().finally(() => begun[index]?.resolve(states[index]?.kind === 'done')),
    );
  }
  await Promise.all(ends);
  const spared = tolerated(plan.actions, states);
  const ended = (kind: StepState['kind']): boolean => states.some((state, index) => state.kind === kind && !spared.has(index));
  const isCancelled = signal.aborted && (ended('skipped') || ended('failed'));
  return { kind: isCancelled ? 'cancelled' : ended('failed') ? 'failed' : 'done', steps: steps() };
}

/** The waits of an action for what earlier actions make. */
function waitsAmong(action: Action, earlier: readonly (Action | undefined)[]): readonly EntityWait[] {
  if (!('container' in action)) return [];
  return (action.container.waits ?? []).filter(({ entity }) => earlier.some((other) => other !== undefined && entityOf(other) === entity));
}

/** Undefined when `others` are over; a clause when one of the waits gave up before. */
async function firstOver(others: Promise<unknown>, waits: readonly EntityWait[]): Promise<string | undefined> {
  const timers: NodeJS.Timeout[] = [];
  const limits = waits.flatMap(({ shown, timeoutMs }) =>
    timeoutMs === undefined || timeoutMs > longestTimerMs
      ? []
      : [new Promise<string>((resolve) => timers.push(setTimeout(() => resolve(`it waits for ${shown}, which was not there within ${printDuration({ kind: 'duration', ms: timeoutMs })}`), timeoutMs)))],
  );
  const over = await Promise.race([others.then(() => undefined), ...limits]);
  for (const timer of timers) clearTimeout(timer);
  return over;
}

/** The action with the values that its container waits for; undefined where they change nothing. */
async function settle(action: Action, set: (state: StepState) => void, workbench: Workbench, signal: AbortSignal): Promise<Action | undefined> {
  if (!makes(action) || action.container.pending === undefined || signal.aborted) return action;
  set({ kind: 'waiting', detail: `waiting for ${action.container.pending.join(', ')}` });
  const container = await workbench.settle(action.container, signal);
  if (action.kind !== 'replace') return { ...action, container };
  const isSame = workbench.specHashOf(action.host, action.containerId) === container.specHash && workbench.isFinished(action.host, action.containerId);
  if (!isSame) return { ...action, container };
  if (workbench.isRunning(action.host, action.containerId)) return undefined;
  return { kind: 'start', host: action.host, container, containerId: action.containerId, containerName: container.containerName, entity: container.entity };
}

type Limit = ReturnType<typeof pLimit>;

interface Ground extends Pick<GateWorld, 'others'> {
  readonly set: (state: StepState) => void;
  readonly limit: Limit;
  readonly workbench: Workbench;
  readonly signal: AbortSignal;
  readonly onThere: () => void;
}

async function carryOut(action: Action, { set, limit, workbench, signal, others, onThere }: Ground): Promise<void> {
  let beganMs = performance.now();
  try {
    const settled = await settle(action, set, workbench, signal);
    if (settled === undefined) return set({ kind: 'done', tookMs: 0 });
    const place = await placeIn(limit);
    const check = await (async () => {
      if (signal.aborted) return undefined;
      beganMs = performance.now();
      set({ kind: 'running' });
      const onDetail = (detail: string): void => set({ kind: 'running', detail });
      const atMoment = async (before: Moment): Promise<void> => {
        if (!isStart(settled)) return;
        const { container } = settled;
        await passGates(container, before, place, { others, firstOver, onDetail, values: () => workbench.passGates(container, before, signal) });
      };
      return runAction(settled, workbench, { signal, onDetail, onThere, atMoment });
    })().finally(() => place.leave());
    if (check === undefined) return set({ kind: 'skipped' });
    // Watching what was started keeps nobody else waiting.
    const note = await check();
    set({ kind: 'done', tookMs: Math.round(performance.now() - beganMs), ...(note !== undefined && { note }) });
  } catch (error) {
    if (signal.aborted && (action.kind === 'pull' || action.kind === 'build')) return set({ kind: 'skipped' });
    const { problem, logTail } = Failure.from(error);
    set({ kind: 'failed', problem, logTail });
  }
}

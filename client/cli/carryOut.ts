// What `deploy` and `delete` share: the plan shown, the question, progress line by line, the outcome.

import { changesNothing, type Plan } from '#core/plan/plan.ts';
import { actionTitle } from '#core/plan/render.ts';
import { lockedSentence } from '#core/record/lock.ts';
import type { Cloud, Outcome, Step } from '../engine/cloud.ts';
import { UsageError, type ExitCode, type Invocation } from './command.ts';
import { printPlan } from './plan.ts';
import { actionJson, planJson } from './planJson.ts';
import type { Terminal } from './terminal.ts';

/** Before anything is looked at: nobody is there who could say yes. */
export function needsConsent({ isYes, terminal }: Invocation): void {
  if (!isYes && !terminal.isInteractive) throw new UsageError('nobody can be asked here (stdin is not a terminal); give --yes to go ahead without asking');
}

/** `question` begins the question: "Deploy Shop". Gives 0 when everything was done. */
export async function carryOut(plan: Plan, cloud: Cloud, question: string, invocation: Invocation, note?: string): Promise<ExitCode> {
  const { terminal, isJson, isYes } = invocation;
  if (isJson && plan.refusals.length > 0) terminal.print(JSON.stringify({ outcome: 'refused', ...planJson(plan) }, undefined, 2));
  if (!isJson) printPlan(plan, terminal);
  if (plan.refusals.length > 0) return 1;
  if (!changesNothing(plan) && !isYes) {
    const hosts = [...new Set(plan.actions.map((action) => action.host))].join(', ');
    if (!(await terminal.confirm(`${question}${hosts === '' ? '' : ` on ${hosts}`}?`))) {
      terminal.complain('nothing was done');
      return 1;
    }
  }
  const outcome = await applyWithProgress(plan, cloud, terminal, note);
  for (const sentence of notesOf(outcome)) terminal.tell(`  note: ${sentence}.`);
  if (isJson) terminal.print(JSON.stringify(outcomeJson(outcome), undefined, 2));
  else if (outcome.kind === 'outdated') printPlan(outcome.plan, terminal);
  if (!isJson && outcome.kind !== 'done') terminal.complain(verdict(outcome));
  return outcome.kind === 'done' ? 0 : 1;
}

function applyWithProgress(plan: Plan, cloud: Cloud, terminal: Terminal, note: string | undefined): Promise<Outcome> {
  const told: string[] = plan.actions.map(() => 'waiting');
  const onStep = (steps: readonly Step[]): void => {
    for (const [index, step] of steps.entries()) {
      const news = `${step.state.kind} ${lasting(step.state)}`.trim();
      if (told[index] === news) continue;
      told[index] = news;
      for (const line of progressLines(step, terminal)) terminal.tell(line);
    }
  };
  return terminal.cancellable(
    () => terminal.complain('cancelling: what has begun is finished, the rest is left'),
    (signal) => cloud.apply(plan, { onStep, signal, ...(note !== undefined && { note }) }),
  );
}

/** Details that last long enough to be told in a line of their own: what is waited for, and phases. */
function lasting(state: Step['state']): string {
  if (state.kind === 'waiting') return state.detail ?? '';
  return state.kind === 'running' && /^(?:(?:pre|post)-)?(?:install|customize|launch)$|^waiting/.test(state.detail ?? '') ? (state.detail ?? '') : '';
}

function progressLines({ action, state }: Step, terminal: Terminal): string[] {
  // As many as there are hosts, and nobody waits for it.
  if (action.kind === 'forget' && state.kind !== 'failed') return [];
  const title = actionTitle(action).slice(2);
  const mark = (style: 'green' | 'red' | 'gray', text: string): string => terminal.paint(style, text, 'stderr');
  switch (state.kind) {
    case 'waiting':
      return state.detail === undefined ? [] : [`  ${mark('gray', '-- ')} ${title}: ${state.detail}`];
    case 'running':
      return [`  ... ${title}${lasting(state) === '' ? '' : `: ${lasting(state)}`}`];
    case 'done':
      return [`  ${mark('green', 'ok ')} ${title} (${(state.tookMs / 1000).toFixed(1)} s)${state.note === undefined ? '' : `; ${state.note}`}`];
    case 'skipped':
      return [`  ${mark('gray', '-- ')} ${title}: not begun`];
    case 'failed':
      return [`  ${mark('red', 'failed')} ${state.problem}`, ...(state.logTail.length === 0 ? [] : ['    its last words:', ...state.logTail.map((line) => `    | ${line}`)])];
  }
}

function notesOf(outcome: Outcome): readonly string[] {
  return 'notes' in outcome ? (outcome.notes ?? []) : [];
}

function outcomeJson(outcome: Outcome): object {
  const { kind, steps } = outcome;
  const notes = notesOf(outcome);
  const more = kind === 'outdated' ? { plan: planJson(outcome.plan) } : kind === 'locked' ? { locks: outcome.locks.map(({ host, by, processId, ageMs, what }) => ({ host, by, processId, ageMs, what })) } : {};
  return { outcome: kind, ...more, ...(notes.length > 0 && { notes }), steps: steps.map(({ action, state }) => ({ action: actionJson(action), state })) };
}

function verdict(outcome: Outcome): string {
  const { kind, steps } = outcome;
  if (kind === 'outdated') return 'the hosts have changed since; nothing was done. This is the new plan';
  if (kind === 'locked') return lockedSentence(outcome.locks, `break the lock: clocker unlock ${outcome.locks[0]?.application ?? 'APP'}`);
  const count = (state: Step['state']['kind']): number => steps.filter((step) => step.state.kind === state).length;
  const counts = `${count('done')} done, ${count('failed')} failed, ${count('skipped')} not begun`;
  return kind === 'cancelled' ? `cancelled: ${counts}; deploy again to go on` : `failed: ${counts}; what was made stays and can be deployed again or deleted`;
}

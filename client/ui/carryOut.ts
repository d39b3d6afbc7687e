// Carries a plan out before a person's eyes: progress with cancel, every step in the output, one last word.

import { type LogOutputChannel, ProgressLocation, window } from 'vscode';
import type { Plan } from '#core/plan/plan.ts';
import { lockedSentence, type ObservedLock } from '#core/record/lock.ts';
import { type Deed, finished, gerund, outcomeSentence, plainTitle, progressLine } from '#core/view/words.ts';
import type { Cloud, Outcome, Step } from '../engine/cloud.ts';
import { breakLock } from './locks.ts';
import { offer } from './offer.ts';
import type { StatusBar } from './statusBar.ts';

export interface Stage {
  readonly log: LogOutputChannel;
  readonly statusBar: StatusBar;
  /** Brings the application to the front in its view. */
  readonly reveal: (application: string) => Promise<void>;
}

const inProgress = new Set<string>();

/** Resolves when the plan was carried out, failed or was cancelled; the last word stays on screen after that. That a plan is outdated is for the caller to say. */
export async function carryOut(cloud: Cloud, plan: Plan, deed: Deed, stage: Stage, note?: string): Promise<Outcome | { readonly kind: 'refused' }> {
  const { applicationName, application } = plan;
  if (inProgress.has(application)) {
    offer.warning(`Clocker is already working on ${applicationName}. Wait for it, or cancel it first.`);
    return { kind: 'refused' };
  }
  inProgress.add(application);
  const title = `${gerund(deed)} ${applicationName}`;
  stage.log.info(title);
  try {
    const diary = diaryOf(stage.log);
    const outcome = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      return cloud.apply(plan, {
        signal: stop.signal,
        ...(note !== undefined && { note }),
        onStep: (steps) => {
          const done = finished(steps);
          progress.report({ message: progressLine(steps), increment: ((done - shown) / steps.length) * 100 });
          shown = done;
          stage.statusBar.show({ applicationName, done, total: steps.length });
          diary(steps);
        },
      });
    });
    if (outcome.kind === 'locked') sayLocked(outcome.locks, cloud, application, stage);
    else if (outcome.kind !== 'outdated') {
      diary(outcome.steps);
      say(outcome, deed, plan, stage);
    }
    return outcome;
  } finally {
    inProgress.delete(application);
    stage.statusBar.show(undefined);
  }
}

function sayLocked(locks: readonly ObservedLock[], cloud: Cloud, application: string, { log }: Stage): void {
  const sentence = lockedSentence(locks, 'break the lock.');
  log.warn(sentence);
  offer.warning(sentence, { 'Break Lock': () => breakLock(cloud, application, locks[0]?.applicationName ?? application, log) });
}

type Ended = Extract<Outcome, { kind: 'done' | 'failed' | 'cancelled' }>;

function say({ kind, steps, notes = [] }: Ended, deed: Deed, plan: Plan, { log, reveal }: Stage): void {
  const sentence = outcomeSentence(deed, plan, kind, steps);
  const show = (): Promise<void> => reveal(plan.application);
  for (const note of notes) {
    log.warn(note);
    offer.warning(`${note}.`);
  }
  if (kind === 'failed') {
    log.error(sentence);
    offer.error(sentence, { 'Show Output': () => log.show(true), Show: show });
  } else {
    log.info(sentence);
    offer.information(sentence, deed === 'delete' && kind === 'done' ? {} : { Show: show });
  }
}

/** Writes each step into the output once it has ended, with the last log lines of a container that died. */
function diaryOf(log: LogOutputChannel): (steps: readonly Step[]) => void {
  const written = new Set<number>();
  return (steps) => {
    for (const [index, { action, state }] of steps.entries()) {
      if (written.has(index)) continue;
      const what = plainTitle(action);
      switch (state.kind) {
        case 'waiting':
        case 'running':
          continue;
        case 'done':
          log.info(`${what}: done after ${(state.tookMs / 1000).toFixed(1)} s${state.note === undefined ? '' : `; ${state.note}`}`);
          break;
        case 'skipped':
          log.warn(`${what}: not begun`);
          break;
        case 'failed':
          log.error(`${what}: ${state.problem}`);
          for (const line of state.logTail) log.error(`  | ${line}`);
          break;
      }
      written.add(index);
    }
  };
}

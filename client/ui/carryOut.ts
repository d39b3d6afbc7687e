// Carries a plan out before a person's eyes: progress with cancel, every step in the output, one last word.

import { type LogOutputChannel, ProgressLocation, window } from 'vscode';
import type { Plan } from '#core/plan/plan.ts';
import { type Deed, finished, outcomeSentence, plainTitle, progressLine } from '#core/view/words.ts';
import type { Cloud, Outcome, Step } from '../engine/cloud.ts';
import { offer } from './offer.ts';
import type { StatusBar } from './statusBar.ts';

export interface Stage {
  readonly log: LogOutputChannel;
  readonly statusBar: StatusBar;
  /** Brings the application to the front in its view. */
  readonly reveal: (application: string) => Promise<void>;
}

const inProgress = new Set<string>();

/** Resolves when the plan was carried out, failed or was cancelled; the last word stays on screen after that. */
export async function carryOut(cloud: Cloud, plan: Plan, deed: Deed, stage: Stage): Promise<Outcome['kind'] | 'refused'> {
  const { applicationName, application } = plan;
  if (inProgress.has(application)) {
    offer.warning(`Clocker is already working on ${applicationName}. Wait for it, or cancel it first.`);
    return 'refused';
  }
  inProgress.add(application);
  const title = `${deed === 'delete' ? 'Deleting' : 'Deploying'} ${applicationName}`;
  stage.log.info(title);
  try {
    const diary = diaryOf(stage.log);
    const outcome = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, (progress, token) => {
      const stop = new AbortController();
      token.onCancellationRequested(() => stop.abort());
      let shown = 0;
      return cloud.apply(plan, {
        signal: stop.signal,
        onStep: (steps) => {
          const done = finished(steps);
          progress.report({ message: progressLine(steps), increment: ((done - shown) / steps.length) * 100 });
          shown = done;
          stage.statusBar.show({ applicationName, done, total: steps.length });
          diary(steps);
        },
      });
    });
    diary(outcome.steps);
    say(outcome, deed, plan, stage);
    return outcome.kind;
  } finally {
    inProgress.delete(application);
    stage.statusBar.show(undefined);
  }
}

function say({ kind, steps }: Outcome, deed: Deed, plan: Plan, { log, reveal }: Stage): void {
  const sentence = outcomeSentence(deed, plan, kind, steps);
  const show = (): Promise<void> => reveal(plan.application);
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
          log.info(`${what}: done after ${(state.tookMs / 1000).toFixed(1)} s`);
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

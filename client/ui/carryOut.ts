// Carries a plan out before a person's eyes: progress with cancel, every step in the output, one last word.

import { type LogOutputChannel, ProgressLocation, window } from 'vscode';
import type { Plan } from '#core/plan/plan.ts';
import { type Deed, finished, outcomeSentence, plainTitle, progressLine } from '#core/view/words.ts';
import type { Cloud, Outcome, Step } from '../engine/cloud.ts';
import type { StatusBar } from './statusBar.ts';

export interface Stage {
  readonly log: LogOutputChannel;
  readonly statusBar: StatusBar;
  /** Brings the application to the front in its view. */
  readonly reveal: (application: string) => Promise<void>;
}

const inProgress = new Set<string>();

/** Resolves when the plan was carried out, failed or was cancelled; the last word stays on screen after that. */
export async function carryOut(cloud: Cloud, plan: Plan, deed: Deed, stage: Stage): Promise<Outcome | undefined> {
  const { applicationName, application } = plan;
  if (inProgress.has(application)) {
    void window.showWarningMessage(`Clocker is already working on ${applicationName}. Wait for it, or cancel it first.`);
    return undefined;
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
    const sentence = outcomeSentence(deed, plan, outcome.kind, outcome.steps);
    void say(outcome, sentence, deed, plan, stage);
    return outcome;
  } finally {
    inProgress.delete(application);
    stage.statusBar.show(undefined);
  }
}

/** Not waited for: the person may leave the message on screen as long as they like. */
async function say(outcome: Outcome, sentence: string, deed: Deed, { application }: Plan, stage: Stage): Promise<void> {
  if (outcome.kind === 'failed') {
    stage.log.error(sentence);
    const choice = await window.showErrorMessage(sentence, 'Show Output', 'Show');
    if (choice === 'Show Output') stage.log.show(true);
    if (choice === 'Show') await stage.reveal(application);
    return;
  }
  stage.log.info(sentence);
  if (deed === 'delete' && outcome.kind === 'done') {
    await window.showInformationMessage(sentence);
    return;
  }
  if ((await window.showInformationMessage(sentence, 'Show')) === 'Show') await stage.reveal(application);
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

// Follows the policies of a running application as long as somebody wants it: looks when something changes and every few
// seconds, has core decide, and carries out what is decided, under the same lock as every deployment.

import type { Application, LiveEntity } from '#core/blueprint/application.ts';
import { checkCommand } from '#core/lifecycle/scripts.ts';
import { decide, type Decision, type Memories } from '#core/policy/decide.ts';
import { followedLines, unfollowedLines, watchedOf } from '#core/policy/watched.ts';
import { Bell } from './bell.ts';
import type { Cloud, CommandEffector, Outcome } from './cloud.ts';
import { messageOf } from './failure.ts';

const lookEveryMs = 10_000;
/** Events come in swarms. */
const calmMs = 200;

export interface Watching {
  /** The application as it is deployed now; undefined once it is gone. */
  readonly deployed: () => { readonly application: Application; readonly whole: () => Promise<Application> } | undefined;
  /** A sentence for people about what happened; `isProblem` where somebody should look. */
  readonly onNews: (sentence: string, isProblem: boolean) => void;
  readonly signal: AbortSignal;
}

/** Ends when the signal aborts, or when the application is gone. */
export async function watch(cloud: Cloud, { deployed, onNews, signal }: Watching): Promise<void> {
  const bell = new Bell();
  const forget = cloud.onChange(() => bell.ring());
  let memories: Memories = new Map();
  let followed = '';
  try {
    while (!signal.aborted) {
      const present = deployed();
      if (present === undefined) return;
      const { entities } = await cloud.sense(present.application, { maxAgeMs: lookEveryMs, signal });
      const lines = [...followedLines(entities), ...unfollowedLines(entities)];
      if (lines.join('\n') !== followed) for (const line of lines) onNews(line, false);
      followed = lines.join('\n');
      const decided = decide(watchedOf(entities, await failingOf(cloud, present.application, entities, signal)), memories, performance.now());
      ({ memories } = decided);
      for (const decision of decided.decisions) {
        if (signal.aborted) return;
        await carryOut(decision, cloud, present, onNews);
      }
      await bell.heard(signal, Math.min(lookEveryMs, decided.againInMs ?? lookEveryMs));
      await new Bell().heard(signal, calmMs);
    }
  } finally {
    forget();
  }
}

async function carryOut(decision: Decision, cloud: Cloud, { application, whole }: NonNullable<ReturnType<Watching['deployed']>>, onNews: Watching['onNews']): Promise<void> {
  const { entity } = decision;
  switch (decision.kind) {
    case 'recovered':
      return onNews(`${entity} has recovered`, false);
    case 'giveUp':
      return onNews(`${entity} has failed and is left alone: ${decision.reason}`, true);
    case 'restart':
    case 'replace': {
      const verb = decision.kind === 'restart' ? 'restarted' : 'made anew';
      onNews(`${entity} is ${verb}: ${decision.reason}`, true);
      try {
        const plan = decision.kind === 'restart' ? await cloud.planOperation('restart', application, [entity]) : await cloud.plan(await whole(), { anew: [entity] });
        const refusal = plan.refusals[0];
        if (refusal !== undefined) return onNews(`${entity} cannot be ${verb}: ${refusal.reason}`, true);
        const outcome = await cloud.apply(plan, { note: `policy of ${entity}` });
        onNews(outcome.kind === 'done' ? `${entity} was ${verb}` : `${entity} could not be ${verb}: ${problemOf(outcome)}`, outcome.kind !== 'done');
      } catch (error) {
        onNews(`${entity} could not be ${verb}: ${messageOf(error)}`, true);
      }
    }
  }
}

function problemOf(outcome: Outcome): string {
  if (outcome.kind === 'locked') return 'somebody else is working on the application';
  if (outcome.kind === 'outdated') return 'the hosts have changed meanwhile';
  return outcome.steps.flatMap(({ state }) => (state.kind === 'failed' ? [state.problem] : []))[0] ?? outcome.kind;
}

/** Entities whose container runs while their checkRunning.command fails. Only those are asked whose policies need it. */
async function failingOf(cloud: Cloud, application: Application, entities: readonly LiveEntity[], signal: AbortSignal): Promise<ReadonlySet<string>> {
  const watched = new Set(watchedOf(entities, new Set()).flatMap(({ entity, state }) => (state === 'running' ? [entity] : [])));
  const asked = application.entities.flatMap(({ key, container }) => (watched.has(key) && container?.lifecycle?.course?.check !== undefined ? [key] : []));
  if (asked.length === 0) return new Set();
  const ends = await cloud.invoke(application.id, check, {}, asked, { signal: AbortSignal.any([signal, AbortSignal.timeout(lookEveryMs)]) });
  return new Set(ends.flatMap(({ entity, end }) => (end.kind === 'ended' && end.code !== 0 ? [entity] : [])));
}

const check: CommandEffector = { kind: 'command', name: 'checkRunning', description: '', parameters: [], env: {}, target: 'entity', command: checkCommand.at(-1) ?? '' };

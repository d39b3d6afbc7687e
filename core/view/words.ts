// What Clocker asks and tells a person about a plan and its outcome: whole sentences, the same for every way of showing them.

import { downHosts } from '#core/plan/lost.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import { actionTitle, cloudTitle, render, summary } from '#core/plan/render.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { counted } from '#core/view/node.ts';

/** `change` is what an effector does. */
export type Deed = 'deploy' | 'delete' | 'change';

const participles = { deploy: 'deployed', delete: 'deleted', change: 'changed' } as const;
const gerunds = { deploy: 'Deploying', delete: 'Deleting', change: 'Changing' } as const;

/** "Deploying", to stand before the application's name. */
export function gerund(deed: Deed): string {
  return gerunds[deed];
}

export interface Question {
  readonly message: string;
  readonly detail: string;
}

/** More lines than this in a dialog hide its buttons on a small screen. */
const dialogLines = 14;

export function deployQuestion(plan: Plan): Question {
  const titles = [...(plan.clouds ?? []).map(cloudTitle), ...plan.actions.map(actionTitle)];
  return { message: `Deploy ${plan.applicationName}${onHosts(plan)}?`, detail: detailOf(titles, plan) };
}

/** `what` is what somebody wants: "restart Web". */
export function changeQuestion(what: string, plan: Plan): Question {
  return { message: `${what.charAt(0).toUpperCase()}${what.slice(1)} of ${plan.applicationName} on ${hostsOf(plan.actions)}?`, detail: detailOf(plan.actions.map(actionTitle), plan) };
}

/** `what` is a request itself: "Connect web to network back". */
export function requestOf(what: string, plan: Plan): Question {
  return { message: `${what} on ${hostsOf(plan.actions)}?`, detail: detailOf(plan.actions.map(actionTitle), plan) };
}

/** With what stays though the blueprint does not say so, and what else one should know. */
function detailOf(titles: readonly string[], plan: Plan): string {
  const told = [...(plan.keeps ?? []), ...(plan.notes ?? [])].map((sentence) => `* ${sentence}`);
  return [...shortened(titles), ...(told.length === 0 ? [] : ['', ...shortened(told)]), '', summary(plan)].join('\n');
}

export function deleteQuestion(plan: Plan): Question {
  const containers = plan.actions.flatMap((action) => (action.kind === 'remove' ? [`- ${action.containerName} on ${action.host}`] : []));
  const detail = [`${counted(containers.length, 'container')} will be stopped and removed, with what was written inside. Named volumes stay.`, '', ...shortened(containers)];
  return { message: `Delete application ${plan.applicationName} from ${hostsOf(plan.actions)}?`, detail: detail.join('\n') };
}

/** The plan as a document for an editor; its lines begin with `+`, `~`, `-` or `!`. */
export function planDocument(plan: Plan): string {
  const [last, ...before] = render(plan).toReversed();
  return [`# Plan of ${plan.applicationName}`, '', ...before.toReversed(), '', `# ${last ?? ''}`, ''].join('\n');
}

/** Why the plan cannot be carried out, in one sentence; undefined when it can. */
export function refusalSentence(deed: Deed, { applicationName, refusals }: Plan): string | undefined {
  const [first] = refusals;
  if (first === undefined) return undefined;
  const others = refusals.length > 1 ? ` (and ${counted(refusals.length - 1, 'other problem')})` : '';
  return `${applicationName} cannot be ${participles[deed]}: ${first.entity}: ${first.reason}${others}`;
}

/** Hosts that a refused plan could do without, and what a button says that gives them up; undefined where that would not help. */
export function withoutOffer(deed: Deed, { refusals, without = [] }: Plan): { readonly label: string; readonly without: readonly string[] } | undefined {
  const down = downHosts(refusals);
  if (down.length === 0) return undefined;
  return { label: `${deed === 'delete' ? 'Delete' : 'Deploy'} without ${down.join(', ')}`, without: [...without, ...down] };
}

/** Why the blueprint cannot be deployed as it is written; undefined when it has no error. */
export function errorSentence(fileName: string, diagnostics: readonly Diagnostic[]): string | undefined {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const [first] = errors;
  if (first === undefined) return undefined;
  return `${fileName} has ${counted(errors.length, 'error')}${errors.length > 1 ? '; the first' : ''}: ${first.message}`;
}

/** How far an action of the plan is; the engine's step, without what only the engine needs. */
export interface StepLike {
  readonly action: Action;
  readonly state: { readonly kind: 'done'; readonly note?: string } | { readonly kind: 'skipped' } | { readonly kind: 'waiting' | 'running'; readonly detail?: string } | { readonly kind: 'failed'; readonly problem: string };
}

/** The line under the title of a running deployment: how many steps are done, and what is being done. */
export function progressLine(steps: readonly StepLike[]): string {
  const running = steps.flatMap(({ action, state }) => (state.kind === 'running' || (state.kind === 'waiting' && state.detail !== undefined) ? [`${plainTitle(action)}${state.detail ? ` (${state.detail})` : ''}`] : []));
  return [`${finished(steps)}/${steps.length}`, ...running.slice(0, 1), ...(running.length > 1 ? [`and ${running.length - 1} more`] : [])].join(' · ');
}

/** Blank where nothing is done on any: a docker cloud alone is described anew. */
function onHosts({ actions }: Plan): string {
  return actions.length === 0 ? '' : ` on ${hostsOf(actions)}`;
}

/** How many steps are behind us, well or badly. */
export function finished(steps: readonly StepLike[]): number {
  return steps.filter(({ state }) => state.kind === 'done' || state.kind === 'failed').length;
}

/** The last word on a deployment or deletion. */
export function outcomeSentence(deed: Deed, plan: Plan, kind: 'done' | 'failed' | 'cancelled', steps: readonly StepLike[]): string {
  switch (kind) {
    case 'done':
      if (plan.actions.length > 0 && plan.actions.every((action) => action.kind === 'addHost')) return `${plan.applicationName} is there: ${counted(plan.actions.length, 'host')} made.`;
      return deed === 'delete'
        ? `${plan.applicationName} is deleted: ${counted(plan.actions.filter((action) => action.kind === 'remove').length, 'container')} removed from ${hostsOf(plan.actions)}.`
        : `${plan.applicationName} is ${participles[deed]}${onHosts(plan)}: ${[done(summary(plan)), ...steps.flatMap(({ state }) => (state.kind === 'done' ? (state.note ?? []) : []))].join('; ')}.`;
    case 'cancelled':
      return `${gerunds[deed]} ${plan.applicationName} was cancelled after ${finished(steps)} of ${counted(steps.length, 'step')}. What was begun is shown as it is.`;
    case 'failed': {
      const problems = steps.flatMap(({ action, state }) => (state.kind === 'failed' ? [couldNot(plainTitle(action), state.problem)] : []));
      const others = problems.length > 1 ? ` (and ${counted(problems.length - 1, 'other problem')})` : '';
      return `${plan.applicationName}: ${problems[0] ?? 'something failed'}${others}`;
    }
  }
}

const pasts: Readonly<Record<string, string>> = { 'to stop': 'stopped', 'to take away': 'taken away', 'to forget': 'forgotten' };

/** What was to be done as what was done, without its full stop: "1 to replace, 2 unchanged." is "1 replaced, 2 unchanged". */
function done(text: string): string {
  const clause = text.replace(/^A /, 'a ').replace(/\.$/, '');
  return clause.replaceAll(/\bto (?:take away|\w+)/g, (words) => pasts[words] ?? words.slice(3).replace(/e?$/, 'ed'));
}

/** The problem often begins with what was being done; then that is not said twice. */
function couldNot(title: string, problem: string): string {
  return problem.startsWith(title) ? `could not ${problem}` : `could not ${title}: ${problem}`;
}

/** The action without its symbol: "create shop-web on localhost". */
export function plainTitle(action: Action): string {
  return actionTitle(action).replace(/^\S+ /, '');
}

function hostsOf(actions: readonly Action[]): string {
  return [...new Set(actions.map(({ host }) => host))].join(', ');
}

function shortened(lines: readonly string[]): readonly string[] {
  return lines.length <= dialogLines ? lines : [...lines.slice(0, dialogLines - 1), `and ${lines.length - dialogLines + 1} more`];
}

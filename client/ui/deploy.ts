// From a blueprint to its application on the hosts: read, plan, show the plan, and only after a yes carry it out.

import { dirname } from 'node:path';
import { commands, ProgressLocation, type TextDocument, type Uri, window, workspace } from 'vscode';
import type { Application } from '#core/blueprint/application.ts';
import { changesNothing, type Plan } from '#core/plan/plan.ts';
import { deployQuestion, errorSentence, planDocument, refusalSentence, withoutOffer } from '#core/view/words.ts';
import type { Cloud, Outcome, Understand } from '../engine/cloud.ts';
import { catalogsFor, chooseBlueprint } from './blueprints.ts';
import { carryOut, type Stage } from './carryOut.ts';
import type { Connection } from './connection.ts';
import { offer } from './offer.ts';
import { type PlanDocuments, sourceOf } from './planDocument.ts';
import { settings } from './settings.ts';

export interface Deploying extends Stage {
  readonly connection: Connection;
  readonly understand: Understand;
  readonly plans: PlanDocuments;
}

/** How a command ended: `invalid` for a blueprint with errors, `refused` for a plan that cannot be carried out, `unchanged` when there was nothing to do. */
export type Ending = Outcome['kind'] | 'invalid' | 'refused' | 'unchanged' | 'declined';

/** `uri` may be a blueprint's or that of a plan that was made of one; without it, the active editor's is taken. */
export async function deployBlueprint(uri: Uri | undefined, deploying: Deploying): Promise<Ending> {
  const planned = await planBlueprint(uri, deploying);
  if (typeof planned === 'string') return planned;
  const { cloud, plan, document, planAgain } = planned;
  return approveAndCarryOut(cloud, plan, deploying, { source: document.uri, planAgain });
}

export interface Approving {
  /** Where the blueprint is. */
  readonly source?: Uri;
  /** What is done besides deploying, for the history. */
  readonly note?: string;
  /** Said before the plan: that it is the second one. Then it is always asked about. */
  readonly because?: string;
  /** The plan in which these hosts count as lost. */
  readonly planAgain?: (without: readonly string[]) => Promise<Plan>;
}

/** Shows the plan and carries it out after a yes. Where the hosts have changed in between, the new plan is shown and asked about. */
export async function approveAndCarryOut(cloud: Cloud, plan: Plan, deploying: Deploying, approving: Approving): Promise<Ending> {
  const showThisPlan = (): Promise<void> => deploying.plans.show(plan.applicationName, planDocument(plan), approving.source);
  const refusal = refusalSentence('deploy', plan);
  if (refusal !== undefined) {
    const lost = withoutOffer('deploy', plan);
    const { planAgain } = approving;
    const giveUp = lost && planAgain ? { [lost.label]: async (): Promise<void> => void (await approveAndCarryOut(cloud, await planAgain(lost.without), deploying, { ...approving, because: '' })) } : {};
    offer.error(refusal, { ...giveUp, 'Show Plan': showThisPlan });
    return 'refused';
  }
  if (changesNothing(plan)) {
    offer.information(`${plan.applicationName} is already as its blueprint says; there is nothing to do.`, { Show: () => deploying.reveal(plan.application) });
    return 'unchanged';
  }
  if (settings().confirmDeploy || approving.because !== undefined) {
    const { message, detail } = deployQuestion(plan);
    const choice = await window.showInformationMessage(`${approving.because ?? ''}${message}`, { modal: true, detail }, 'Deploy', 'Show Plan');
    if (choice === 'Show Plan') await showThisPlan();
    if (choice !== 'Deploy') return 'declined';
  }
  const outcome = await carryOut(cloud, plan, 'deploy', deploying, approving.note);
  if (outcome.kind !== 'outdated') return outcome.kind;
  return approveAndCarryOut(cloud, outcome.plan, deploying, { ...approving, because: 'The hosts have changed since that plan; nothing was done yet. ' });
}

export async function showPlan(uri: Uri | undefined, deploying: Deploying): Promise<void> {
  const planned = await planBlueprint(uri, deploying);
  if (typeof planned !== 'string') await deploying.plans.show(planned.plan.applicationName, planDocument(planned.plan), planned.document.uri);
}

interface Planned {
  readonly cloud: Cloud;
  readonly plan: Plan;
  readonly document: TextDocument;
  readonly planAgain: (without: readonly string[]) => Promise<Plan>;
}

/** The application of a blueprint; the text in the editor counts, saved or not. What is wrong with it has been said. */
export async function understandActive(uri: Uri | undefined, { understand }: Pick<Deploying, 'understand'>): Promise<{ readonly application: Application; readonly document: TextDocument } | Ending> {
  const active = window.activeTextEditor?.document.uri;
  const document = await chooseBlueprint((uri && (sourceOf(uri) ?? uri)) ?? (active && sourceOf(active)));
  if (document === undefined) return 'declined';
  const { application, diagnostics } = await understand(document.getText(), await catalogsFor(document));
  const name = workspace.asRelativePath(document.uri);
  const error = errorSentence(name, diagnostics);
  if (error !== undefined || application === undefined) {
    offer.error(error ?? `${name} has no services to deploy.`, { 'Show Problems': () => showProblems(document) });
    return 'invalid';
  }
  return { application: document.uri.scheme === 'file' ? { ...application, folder: dirname(document.uri.fsPath) } : application, document };
}

async function planBlueprint(uri: Uri | undefined, deploying: Deploying): Promise<Planned | Ending> {
  const understood = await understandActive(uri, deploying);
  if (typeof understood === 'string') return understood;
  const { application, document } = understood;
  const cloud = await deploying.connection.open();
  const plan = await window.withProgress({ location: ProgressLocation.Window, title: `Planning ${application.name}` }, () => cloud.plan(application));
  return { cloud, plan, document, planAgain: (without) => cloud.plan(application, { without }) };
}

async function showProblems(document: TextDocument): Promise<void> {
  await window.showTextDocument(document);
  await commands.executeCommand('workbench.actions.view.problems');
}

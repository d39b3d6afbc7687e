// From a blueprint to its application on the hosts: read, plan, show the plan, and only after a yes carry it out.

import { commands, ProgressLocation, type TextDocument, type Uri, window, workspace } from 'vscode';
import type { Application } from '#core/blueprint/application.ts';
import type { Plan } from '#core/plan/plan.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { deployQuestion, errorSentence, planDocument, refusalSentence } from '#core/view/words.ts';
import type { Cloud } from '../engine/cloud.ts';
import { chooseBlueprint } from './blueprints.ts';
import { carryOut, type Stage } from './carryOut.ts';
import type { Connection } from './connection.ts';
import { type PlanDocuments, sourceOf } from './planDocument.ts';
import { settings } from './settings.ts';

/** Reads a text as a blueprint; without an application where its errors leave none. */
export type Understand = (text: string) => Promise<{ readonly application?: Application | undefined; readonly diagnostics: readonly Diagnostic[] }>;

export interface Deploying extends Stage {
  readonly connection: Connection;
  readonly understand: Understand;
  readonly plans: PlanDocuments;
}

/** `uri` may be a blueprint's or that of a plan that was made of one; without it, the active editor's is taken. */
export async function deployBlueprint(uri: Uri | undefined, deploying: Deploying): Promise<void> {
  const planned = await planBlueprint(uri, deploying);
  if (planned === undefined) return;
  const { cloud, plan, document } = planned;
  const refusal = refusalSentence('deploy', plan);
  if (refusal !== undefined) {
    if (await window.showErrorMessage(refusal, 'Show Plan')) await deploying.plans.show(plan.applicationName, planDocument(plan), document.uri);
    return;
  }
  if (plan.actions.length === 0) {
    const choice = await window.showInformationMessage(`${plan.applicationName} is already as its blueprint says; there is nothing to do.`, 'Show');
    if (choice) await deploying.reveal(plan.application);
    return;
  }
  if (settings().confirmDeploy) {
    const { message, detail } = deployQuestion(plan);
    const choice = await window.showInformationMessage(message, { modal: true, detail }, 'Deploy', 'Show Plan');
    if (choice === 'Show Plan') await deploying.plans.show(plan.applicationName, planDocument(plan), document.uri);
    if (choice !== 'Deploy') return;
  }
  await carryOut(cloud, plan, 'deploy', deploying);
}

export async function showPlan(uri: Uri | undefined, deploying: Deploying): Promise<void> {
  const planned = await planBlueprint(uri, deploying);
  if (planned) await deploying.plans.show(planned.plan.applicationName, planDocument(planned.plan), planned.document.uri);
}

interface Planned {
  readonly cloud: Cloud;
  readonly plan: Plan;
  readonly document: TextDocument;
}

/** Undefined when there is nothing to plan; the person knows why. The text in the editor counts, saved or not. */
async function planBlueprint(uri: Uri | undefined, { connection, understand }: Deploying): Promise<Planned | undefined> {
  const active = window.activeTextEditor?.document.uri;
  const document = await chooseBlueprint((uri && (sourceOf(uri) ?? uri)) ?? (active && sourceOf(active)));
  if (document === undefined) return undefined;
  const { application, diagnostics } = await understand(document.getText());
  const name = workspace.asRelativePath(document.uri);
  const error = errorSentence(name, diagnostics) ?? (application === undefined ? `${name} has no services to deploy.` : undefined);
  if (error !== undefined || application === undefined) {
    if (await window.showErrorMessage(error ?? name, 'Show Problems')) {
      await window.showTextDocument(document);
      await commands.executeCommand('workbench.actions.view.problems');
    }
    return undefined;
  }
  const cloud = await connection.open();
  const plan = await window.withProgress({ location: ProgressLocation.Window, title: `$(sync~spin) Planning ${application.name}` }, () => cloud.plan(application));
  return { cloud, plan, document };
}

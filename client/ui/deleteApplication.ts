// Takes an application off its hosts, after a question that names it, its containers and the hosts.

import { window } from 'vscode';
import type { Plan } from '#core/plan/plan.ts';
import { applicationsView } from '#core/view/applications.ts';
import { deleteQuestion, planDocument, refusalSentence, withoutOffer } from '#core/view/words.ts';
import type { Cloud } from '../engine/cloud.ts';
import { carryOut } from './carryOut.ts';
import type { Deploying, Ending } from './deploy.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

/** A host that has not answered by then has nothing to choose from. */
const patienceMs = 15_000;

/** `application` is its id; without one the person picks it. */
export async function deleteApplication(application: string | undefined, deploying: Deploying): Promise<Ending> {
  const cloud = await deploying.connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const chosen = application ?? (await chooseApplication(cloud, 'Delete Application'));
  if (chosen === undefined) return 'declined';
  return approveDeletion(cloud, await cloud.planDelete(chosen), deploying);
}

async function approveDeletion(cloud: Cloud, plan: Plan, deploying: Deploying): Promise<Ending> {
  const refusal = refusalSentence('delete', plan);
  if (refusal !== undefined) {
    const lost = withoutOffer('delete', plan);
    const giveUp = lost ? { [lost.label]: async (): Promise<void> => void (await approveDeletion(cloud, await cloud.planDelete(plan.application, lost), deploying)) } : {};
    offer.error(refusal, { ...giveUp, 'Show Plan': () => deploying.plans.show(plan.applicationName, planDocument(plan), undefined) });
    return 'refused';
  }
  if (plan.actions.length === 0) {
    offer.information(`${plan.applicationName} is not on any host; there is nothing to delete.`);
    return 'unchanged';
  }
  if (settings().confirmDelete) {
    const { message, detail } = deleteQuestion(plan);
    if ((await window.showWarningMessage(message, { modal: true, detail }, 'Delete')) !== 'Delete') return 'declined';
  }
  const outcome = await carryOut(cloud, plan, 'delete', deploying);
  if (outcome.kind !== 'outdated') return outcome.kind;
  offer.warning(`The hosts have changed since the plan to delete ${plan.applicationName} was made; nothing was done.`, { 'Delete Application': async () => void (await approveDeletion(cloud, outcome.plan, deploying)) });
  return 'outdated';
}

/** The id of an application on the hosts, chosen by the person. */
export async function chooseApplication(cloud: Cloud, title: string): Promise<string | undefined> {
  const items = applicationsView(cloud.observed).flatMap(({ subject, label, description }) => (subject.kind === 'application' ? [{ label, description, application: subject.application }] : []));
  if (items.length === 0) {
    offer.information('No application is deployed on your hosts.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title, placeHolder: 'Applications on your hosts' }))?.application;
}

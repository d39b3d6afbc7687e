// The history of an application, and the way back: who deployed what and when, and a revision deployed again.

import { type QuickPickItem, window, workspace } from 'vscode';
import type { Revision } from '#core/record/revision.ts';
import { historyText, whenText } from '#core/view/history.ts';
import type { Cloud } from '../engine/cloud.ts';
import { breakLock } from './locks.ts';
import { chooseApplication } from './deleteApplication.ts';
import { approveAndCarryOut, type Deploying, type Ending } from './deploy.ts';
import { offer } from './offer.ts';

/** A host that has not answered by then has nothing to tell. */
const patienceMs = 15_000;

export async function showHistory(application: string | undefined, deploying: Deploying): Promise<void> {
  const found = await choose(application, 'Show History', deploying);
  if (found === undefined) return;
  const document = await workspace.openTextDocument({ content: historyText(found.history, Date.now()) });
  await window.showTextDocument(document, { preview: true });
}

/** `revision` is picked by the person where it is not given; the plan is shown before anything is done. */
export async function rollBack(application: string | undefined, revision: number | undefined, deploying: Deploying): Promise<Ending> {
  const found = await choose(application, 'Roll Back', deploying);
  if (found === undefined) return 'declined';
  const { cloud, history, chosen } = found;
  const target = history.find((one) => one.revision === revision) ?? (await pick(history));
  if (target === undefined) return 'declined';
  const recalled = await cloud.recall(chosen, target.revision, deploying.understand);
  return approveAndCarryOut(cloud, await cloud.plan(recalled), deploying, { note: `rollback to revision ${target.revision}`, planAgain: (without) => cloud.plan(recalled, { without }) });
}

export async function unlockApplication(application: string | undefined, deploying: Deploying): Promise<void> {
  const cloud = await deploying.connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const locks = await cloud.locks();
  const items = [...new Map(locks.map((lock) => [lock.application, { label: lock.applicationName, description: `${lock.by}: ${lock.what}`, lock }])).values()];
  if (items.length === 0) {
    offer.information('Nobody is working on any application.');
    return;
  }
  const lock = application === undefined ? (await window.showQuickPick(items, { title: 'Unlock Application', placeHolder: 'Applications that somebody is working on' }))?.lock : locks.find((one) => one.application === application);
  if (lock === undefined) {
    if (application !== undefined) offer.information(`Nobody is working on ${application}.`);
    return;
  }
  await breakLock(cloud, lock.application, lock.applicationName, deploying.log);
}

interface Chosen {
  readonly cloud: Cloud;
  readonly chosen: string;
  readonly history: readonly Revision[];
}

async function choose(application: string | undefined, title: string, { connection }: Deploying): Promise<Chosen | undefined> {
  const cloud = await connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const chosen = application ?? (await chooseApplication(cloud, title));
  if (chosen === undefined) return undefined;
  const history = await cloud.history(chosen);
  if (history.length === 0) {
    offer.information(`No host remembers a deployment of ${chosen}.`);
    return undefined;
  }
  return { cloud, chosen, history };
}

async function pick(history: readonly Revision[]): Promise<Revision | undefined> {
  const items = history.map((revision): QuickPickItem & { readonly revision: Revision } => ({ label: `Revision ${revision.revision}`, description: `${whenText(revision, Date.now())} by ${revision.by}, ${revision.outcome}`, detail: revision.what, revision }));
  return (await window.showQuickPick(items, { title: 'Roll Back', placeHolder: 'The revision to deploy again', matchOnDescription: true, matchOnDetail: true }))?.revision;
}

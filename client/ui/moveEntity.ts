// `Clocker: Move to Host`: which entity, to which host, and then the plan to be approved.

import { window } from 'vscode';
import { entitiesOn, findEntity, type FoundEntity } from '#core/cluster/find.ts';
import { planDocument, refusalSentence, requestOf } from '#core/view/words.ts';
import type { Cloud } from '../engine/cloud.ts';
import { carryOut } from './carryOut.ts';
import type { Ending } from './deploy.ts';
import type { Invoking } from './invoke.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

/** What is known of the wish; the rest is asked for. */
export interface MoveWish {
  readonly application?: string | undefined;
  readonly entity?: string | undefined;
  /** The host's name. */
  readonly to?: string | undefined;
}

const patienceMs = 15_000;

export async function moveEntity(wish: MoveWish, invoking: Invoking): Promise<Ending> {
  const cloud = await invoking.connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  const found = await chooseEntity(cloud, wish, 'Move to Host');
  if (found === undefined) return 'declined';
  const to = wish.to ?? (await chooseHost(cloud, found));
  if (to === undefined) return 'declined';
  const { whole } = await invoking.readDeployed(cloud, found.application);
  const plan = await cloud.plan(await whole(cloud), { to: new Map([[found.entity, to]]) });
  const refusal = refusalSentence('change', plan);
  if (refusal !== undefined) {
    offer.error(refusal, { 'Show Plan': () => invoking.plans.show(plan.applicationName, planDocument(plan), undefined) });
    return 'refused';
  }
  const what = `Move ${found.entityName} of ${plan.applicationName} to ${to}`;
  if (plan.actions.length === 0) {
    offer.information(`${found.entityName} is on ${to} already; there is nothing to do.`);
    return 'unchanged';
  }
  if (settings().confirmDeploy) {
    const { detail } = requestOf(what, plan);
    if ((await window.showInformationMessage(`${what}?`, { modal: true, detail }, 'Move')) !== 'Move') return 'declined';
  }
  const outcome = await carryOut(cloud, plan, 'change', invoking, what);
  if (outcome.kind === 'outdated') offer.warning(`The hosts have changed since this was planned; nothing was done: ${what}.`, { 'Plan Again': async () => void (await moveEntity({ application: found.application, entity: found.entity, to }, invoking)) });
  return outcome.kind;
}

/** The entity of a wish, or one that the person picks. Fails with an Error where there is none of that name. */
export async function chooseEntity({ observed }: Cloud, { application, entity }: { readonly application?: string | undefined; readonly entity?: string | undefined }, title: string, placeHolder = 'Entities on your hosts'): Promise<FoundEntity | undefined> {
  if (entity !== undefined) {
    const found = findEntity(observed, application === undefined ? entity : `${application}/${entity}`);
    if (typeof found === 'string') throw new Error(found);
    return found;
  }
  const items = entitiesOn(observed).map((found) => ({ label: found.entityName, description: `${found.application} on ${found.host.host}`, found }));
  if (items.length === 0) {
    offer.information('Nothing is deployed on your hosts.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.found;
}

async function chooseHost({ observed }: Cloud, { entityName, host }: FoundEntity): Promise<string | undefined> {
  const items = observed.hosts.filter((other) => other.host !== host.host && other.state.kind === 'up' && other.isReadOnly !== true).map((other) => ({ label: other.host, description: other.cloud ?? '' }));
  if (items.length === 0) {
    offer.information(`There is no other host to move ${entityName} to.`);
    return undefined;
  }
  return (await window.showQuickPick(items, { title: `Move ${entityName} to Host`, placeHolder: `It is on ${host.host}` }))?.label;
}

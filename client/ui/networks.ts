// Networks from the palette, the menus of the view "Networks" and by drag and drop: made, removed, joined and left, each as a
// plan that a person approves. What is not said is asked for.

import { window } from 'vscode';
import { entitiesOn } from '#core/cluster/find.ts';
import type { Driver } from '#core/cluster/network.ts';
import type { NetworkChange } from '#core/plan/networkChange.ts';
import { readAddress, readBlock } from '#core/sdn/address.ts';
import type { Subject } from '#core/view/node.ts';
import { networkCalled, seenNetworks, type SeenNetwork } from '#core/view/networks.ts';
import { planDocument, refusalSentence, requestOf } from '#core/view/words.ts';
import type { Cloud } from '../engine/cloud.ts';
import { carryOut } from './carryOut.ts';
import type { Deploying, Ending } from './deploy.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

/** What is known of the wish. */
export interface NetworkWish {
  /** The id by which it is joined, or the name on the engines of an application's own. */
  readonly network?: string | undefined;
  readonly application?: string | undefined;
  /** All of the application where absent. */
  readonly entity?: string | undefined;
  readonly address?: string | undefined;
  readonly cidr?: string | undefined;
  readonly driver?: Driver | undefined;
  /** Nothing is asked but whether to do it. */
  readonly isWhole?: boolean;
}

const patienceMs = 15_000;

/** From a node of a tree, or from a key binding or another extension: `{ network: 'back', application: 'shop', entity: 'web', address: '10.1.0.7' }`. */
export function networkWishOf(argument: unknown, subject: Subject | undefined): NetworkWish {
  if (subject?.kind === 'network') return { network: subject.network, ...(!subject.isShared && { application: subject.application }) };
  if (subject?.kind === 'member') return { network: subject.network, application: subject.application, entity: subject.entity };
  if (subject?.kind === 'application') return { application: subject.application, isWhole: true };
  if (subject?.kind === 'entity') return { application: subject.application, entity: subject.entity };
  if (typeof argument !== 'object' || argument === null) return {};
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(argument, name);
    return typeof value === 'string' ? value : undefined;
  };
  const driver = text('driver');
  const application = text('application');
  return { network: text('network'), application, entity: text('entity'), address: text('address'), cidr: text('cidr'), driver: driver === 'overlay' || driver === 'bridge' || driver === 'macvlan' ? driver : undefined, isWhole: application !== undefined };
}

export async function createNetwork(wish: NetworkWish, deploying: Deploying): Promise<Ending> {
  const cloud = await opened(deploying);
  const isAsked = wish.network === undefined;
  const network = wish.network ?? (await window.showInputBox({ title: 'Create Network', prompt: 'The name by which containers join it', placeHolder: 'backend' }));
  if (network === undefined || network === '') return 'declined';
  const cidr = isAsked ? await window.showInputBox({ title: `Create Network ${network}`, prompt: 'Its block of addresses; the next free one if left empty', placeHolder: '10.1.0.0/24', validateInput: (text) => (text === '' || readBlock(text) ? undefined : 'A block is written like 10.1.0.0/24.') }) : (wish.cidr ?? '');
  if (cidr === undefined) return 'declined';
  return carriedOut({ kind: 'create', network, settings: cidr === '' ? {} : { cidr }, ...(wish.driver && { driver: wish.driver }) }, `Create network ${network}`, cloud, deploying);
}

export async function removeNetwork(wish: NetworkWish, deploying: Deploying): Promise<Ending> {
  const cloud = await opened(deploying);
  const network = wish.network ?? (await chooseNetwork(cloud, 'Remove Network', ({ isShared }) => isShared));
  return network === undefined ? 'declined' : carriedOut({ kind: 'remove', network }, `Remove network ${network}`, cloud, deploying);
}

export async function connectToNetwork(wish: NetworkWish, deploying: Deploying): Promise<Ending> {
  const cloud = await opened(deploying);
  const who = await chooseMembers(wish, cloud, 'Connect to Network');
  if (who === undefined) return 'declined';
  const name = nameOf(who);
  const network = wish.network ?? (await chooseNetwork(cloud, `Connect ${name} to Network`, ({ isShared, application }) => isShared || application === who.application));
  if (network === undefined) return 'declined';
  const isAsked = who.entity !== undefined && (wish.network === undefined || wish.application === undefined);
  const called = networkCalled(network, cloud.observed);
  const address = wish.address ?? (isAsked ? await window.showInputBox({ title: `Connect ${name} to ${called}`, prompt: 'Its address there; its own or the next free one if left empty', validateInput: (text) => (text === '' || readAddress(text) !== undefined ? undefined : 'An address is written like 10.1.0.20.') }) : '');
  if (address === undefined) return 'declined';
  return carriedOut({ kind: 'connect', network, ...members(who), ...(address !== '' && { address }) }, `Connect ${name} to ${called}`, cloud, deploying);
}

export async function disconnectFromNetwork(wish: NetworkWish, deploying: Deploying): Promise<Ending> {
  const cloud = await opened(deploying);
  const network = wish.network ?? (await chooseNetwork(cloud, 'Disconnect from Network', ({ members: on }) => on.some(({ application, entity }) => application !== undefined && (wish.application ?? application) === application && (wish.entity ?? entity) === entity)));
  if (network === undefined) return 'declined';
  const called = networkCalled(network, cloud.observed);
  const who = await chooseMembers(wish, cloud, `Disconnect from ${called}`, network);
  if (who === undefined) return 'declined';
  return carriedOut({ kind: 'disconnect', network, ...members(who) }, `Disconnect ${nameOf(who)} from ${called}`, cloud, deploying);
}

async function opened({ connection }: Deploying): Promise<Cloud> {
  const cloud = await connection.open();
  await cloud.settled(AbortSignal.timeout(patienceMs));
  return cloud;
}

/** `what` as a request: "Connect web to network back". */
async function carriedOut(change: NetworkChange, what: string, cloud: Cloud, deploying: Deploying): Promise<Ending> {
  const plan = await cloud.planNetwork(change);
  const refusal = refusalSentence('change', plan);
  if (refusal !== undefined) {
    offer.error(refusal, { 'Show Plan': () => deploying.plans.show(plan.applicationName, planDocument(plan), undefined) });
    return 'refused';
  }
  if (plan.actions.length === 0) {
    offer.information(`${what}: that is so already; there is nothing to do.`);
    return 'unchanged';
  }
  if (settings().confirmDeploy) {
    const { message, detail } = requestOf(what, plan);
    const [verb = 'Do'] = what.split(' ');
    if ((await window.showInformationMessage(message, { modal: true, detail }, verb)) !== verb) return 'declined';
  }
  const outcome = await carryOut(cloud, plan, 'change', deploying, what);
  if (outcome.kind === 'outdated') offer.warning(`The hosts have changed since this was planned; nothing was done: ${what}.`, { 'Plan Again': async () => void (await carriedOut(change, what, cloud, deploying)) });
  return outcome.kind;
}

interface Who {
  readonly application: string;
  readonly entity?: string;
}

function members({ application, entity }: Who): { readonly application: string; readonly entities?: readonly string[] } {
  return { application, ...(entity !== undefined && { entities: [entity] }) };
}

function nameOf({ application, entity }: Who): string {
  return entity ?? application;
}

/** Those on `network`, where one is given. */
async function chooseMembers({ application, entity, isWhole }: NetworkWish, { observed }: Cloud, title: string, network?: string): Promise<Who | undefined> {
  if (application !== undefined && (entity !== undefined || isWhole === true)) return { application, ...(entity !== undefined && { entity }) };
  const on = network === undefined ? undefined : seenNetworks(observed).filter(({ id, isShared, networkName }) => (isShared ? id : networkName) === network).flatMap((one) => one.members);
  const fits = (one: { readonly application: string; readonly entity: string }): boolean => (application ?? one.application) === one.application && (on === undefined || on.some((member) => member.application === one.application && member.entity === one.entity));
  const items = entitiesOn(observed).filter(fits).map((found) => ({ label: found.entityName, description: `${found.application} on ${found.host.host}`, who: { application: found.application, entity: found.entity } }));
  const whole = [...new Set(items.map(({ who }) => who.application))].map((one) => ({ label: `All of ${one}`, description: '', who: { application: one } }));
  if (items.length === 0) {
    offer.information(network === undefined ? 'Nothing is deployed on your hosts.' : `Nothing of yours is on ${networkCalled(network, observed)}.`);
    return undefined;
  }
  return (await window.showQuickPick<{ readonly label: string; readonly description: string; readonly who: Who }>([...items, ...whole], { title, placeHolder: 'Entities on your hosts', matchOnDescription: true }))?.who;
}

async function chooseNetwork({ observed }: Cloud, title: string, fits: (network: SeenNetwork) => boolean): Promise<string | undefined> {
  const items = seenNetworks(observed).filter(fits).map(({ id, isShared, application, networkName, subnets, driver }) => ({ label: isShared ? id : `${application}'s own network`, description: [driver, ...subnets].join(', '), called: isShared ? id : networkName }));
  if (items.length === 0) {
    offer.information('There is no such network on your hosts.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title, placeHolder: 'Networks on your hosts', matchOnDescription: true }))?.called;
}

// Making and deleting docker clouds whose hosts live in containers of one host: what is asked, the progress, the last word.

import { type LogOutputChannel, ProgressLocation, window } from 'vscode';
import { deletionOf, localCloud, mostHosts, possibleParents, usualCloudName } from '#core/cloud/localCloud.ts';
import { foundClouds } from '#core/cloud/nested.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { counted } from '#core/view/node.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { Connection } from './connection.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

export interface CloudWorld {
  readonly connection: Connection;
  readonly log: LogOutputChannel;
}

export type CloudEnding = 'done' | 'cancelled' | 'declined';

/** A host that has not answered by then cannot carry others. */
const patienceMs = 15_000;
const usualHosts = '3';

interface Wish {
  readonly name: string;
  readonly hosts: number;
  readonly on: string;
  readonly image?: string;
}

/** Other extensions and key bindings may give everything: `{ name: 'local', hosts: 3, on: 'localhost' }`. */
export async function createLocalCloud(argument: unknown, { connection, log }: CloudWorld): Promise<CloudEnding> {
  const engine = await connection.open();
  await engine.settled(AbortSignal.timeout(patienceMs));
  const wish = wishOf(argument) ?? (await askForWish(engine.observed));
  if (wish === undefined) return 'declined';
  const cloud = localCloud(wish, engine.observed);
  if (typeof cloud === 'string') throw new Error(`The cloud ${wish.name} cannot be made: ${cloud}.`);
  const title = `Making docker cloud ${wish.name}`;
  log.info(`${title} with ${counted(wish.hosts, 'host')} on ${wish.on}`);
  const made = await window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const onHost = (host: string, detail: string): void => {
      if (detail === 'up') log.info(`Host ${host} is up`);
      progress.report({ message: `${host}: ${detail}`, ...(detail === 'up' && { increment: 100 / wish.hosts }) });
    };
    return engine.createCloud(cloud, { onHost, signal: stop.signal }).catch((error: unknown) => {
      if (stop.signal.aborted) return undefined;
      throw error;
    });
  });
  const say = made === undefined ? `Cancelled; the cloud ${wish.name} is as it was before.` : `The docker cloud ${wish.name} has ${counted(made.hosts.length, 'host')}. Blueprints name it as their location: ${wish.name}.`;
  log.info(say);
  if (made?.apart === undefined) offer.information(say);
  else offer.warning(`${say} No network spans them, so containers that reach one another go on one host: ${made.apart}.`);
  return made === undefined ? 'cancelled' : 'done';
}

/** Its hosts, with all that is on them, after a question that says what that is. */
export async function deleteCloud(argument: unknown, name: string | undefined, { connection, log }: CloudWorld): Promise<CloudEnding> {
  const engine = await connection.open();
  await engine.settled(AbortSignal.timeout(patienceMs));
  const chosen = name ?? wishedName(argument) ?? (await chooseCloud(engine.observed));
  if (chosen === undefined) return 'declined';
  const deletion = deletionOf(chosen, engine.observed);
  if (typeof deletion === 'string') throw new Error(`The cloud ${chosen} cannot be deleted: ${deletion}.`);
  const { hosts, objections, strangers } = deletion;
  const detail = [
    `${counted(hosts.length, 'host')} with all that is on them, volumes too: ${hosts.join(', ')}.`,
    ...objections.map((objection) => `${capital(objection)}.`),
    ...(strangers.length === 0 ? [] : [`Not made by Clocker: ${strangers.join(', ')}.`]),
  ].join('\n');
  const isLoss = objections.length > 0 || strangers.length > 0;
  if (isLoss || settings().confirmDelete) {
    const button = isLoss ? 'Delete All of It' : 'Delete';
    if ((await window.showWarningMessage(`Delete docker cloud ${chosen}?`, { modal: true, detail }, button)) !== button) return 'declined';
  }
  const title = `Deleting docker cloud ${chosen}`;
  log.info(title);
  await window.withProgress({ location: ProgressLocation.Notification, title }, (progress) => removeAll(engine, chosen, (message) => progress.report({ message, increment: 50 / hosts.length })));
  log.info(`The docker cloud ${chosen} is deleted`);
  offer.information(`The docker cloud ${chosen} is deleted.`);
  return 'done';
}

async function removeAll(engine: Cloud, name: string, onMessage: (message: string) => void): Promise<void> {
  await engine.deleteCloud(name, { onHost: (host, detail) => onMessage(`${host}: ${detail}`) });
}

async function askForWish(observed: Observed): Promise<Wish | undefined> {
  const parents = possibleParents(observed);
  if (parents.length === 0) throw new Error('A cloud in containers needs a host that is up and may be changed. Add one first.');
  const items = parents.map(({ host, endpoint, state }) => ({ label: host, description: endpoint, detail: state.kind === 'up' ? `${counted(state.cores, 'core')}, ${(state.memoryBytes / 2 ** 30).toFixed(1)} GiB of memory` : '' }));
  const on = items.length === 1 ? items[0] : await window.showQuickPick(items, { title: 'Create Local Docker Cloud: Host', placeHolder: 'On which host shall the cloud live?', ignoreFocusOut: true });
  if (on === undefined) return undefined;
  const taken = new Set([...observed.hosts.map(({ host }) => host), ...(observed.clouds ?? []).map(({ name }) => name)]);
  const name = await window.showInputBox({
    title: 'Create Local Docker Cloud: Name',
    prompt: 'Its name, which blueprints use as location',
    value: firstFree(usualCloudName, taken),
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(localCloud({ name: text.trim(), hosts: 1, on: on.label }, observed)),
  });
  if (name === undefined) return undefined;
  const hosts = await window.showInputBox({
    title: 'Create Local Docker Cloud: Hosts',
    prompt: `How many hosts, 1 to ${mostHosts}? Each is a container with a Docker Engine in it`,
    value: usualHosts,
    ignoreFocusOut: true,
    validateInput: (text) => problemOf(localCloud({ name: name.trim(), hosts: /^\d+$/.test(text.trim()) ? Number(text) : Number.NaN, on: on.label }, observed)),
  });
  return hosts === undefined ? undefined : { name: name.trim(), hosts: Number(hosts), on: on.label };
}

function problemOf(answer: ReturnType<typeof localCloud>): string | undefined {
  return typeof answer === 'string' ? `${capital(answer)}.` : undefined;
}

async function chooseCloud(observed: Observed): Promise<string | undefined> {
  const items = foundClouds(observed).map(({ name, hosts }) => ({ label: name, description: `${counted(hosts.length, 'host')} on ${hosts[0]?.parent ?? ''}` }));
  if (items.length === 0) {
    offer.information('No docker cloud lives on your hosts.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title: 'Delete Docker Cloud', placeHolder: 'Docker clouds on your hosts' }))?.label;
}

function wishOf(argument: unknown): Wish | undefined {
  if (typeof argument !== 'object' || argument === null || !('name' in argument) || !('hosts' in argument) || !('on' in argument)) return undefined;
  const { name, hosts, on } = argument;
  const image = 'image' in argument && typeof argument.image === 'string' ? { image: argument.image } : {};
  return typeof name === 'string' && typeof hosts === 'number' && typeof on === 'string' ? { name, hosts, on, ...image } : undefined;
}

function wishedName(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'cloud' in argument && typeof argument.cloud === 'string' ? argument.cloud : undefined;
}

function firstFree(name: string, taken: ReadonlySet<string>): string {
  for (let number = 1; ; number += 1) {
    const candidate = number === 1 ? name : `${name}${number}`;
    if (!taken.has(candidate)) return candidate;
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

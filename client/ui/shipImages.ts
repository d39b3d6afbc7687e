// Clocker: Push Image, Pull Image, Transfer Image to Host: what is to go where is asked, what is done is shown in bytes, and can be
// cancelled. Each gives back 'done' once it is.

import { type LogOutputChannel, ProgressLocation, window } from 'vscode';
import { registryName } from '#core/image/known.ts';
import { parseReference, printReference } from '#core/image/reference.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { Connection } from './connection.ts';
import { offer } from './offer.ts';
import { settings } from './settings.ts';

export interface ShipWorld {
  readonly connection: Connection;
  readonly log: LogOutputChannel;
}

/** From a view, a key binding or another extension: `{ image, host, to, as }`, all of them optional; what is absent is asked. */
interface Wish {
  readonly image?: string;
  /** Where it is, or where it goes when it is pulled. */
  readonly host?: string;
  readonly to?: readonly string[];
  readonly as?: string;
}

export async function pushImage(argument: unknown, world: ShipWorld): Promise<'done' | undefined> {
  const wish = wishOf(argument);
  const cloud = await opened(world);
  const image = wish.image ?? (await askImage('Push Image', cloud));
  if (image === undefined) return undefined;
  const host = wish.host ?? (await cloud.hostWith(image, AbortSignal.timeout(askMs)));
  if (host === undefined) throw new Error(`image ${image} is on none of the hosts that are up`);
  const as = wish.as ?? (await window.showInputBox({ title: `Push ${image}`, prompt: 'The name that it gets, with its registry', value: nameInRegistry(image), ignoreFocusOut: true, validateInput: problemOf }));
  if (as === undefined) return undefined;
  await shown(`Pushing ${as} from ${host}`, world, async (tell, signal) => cloud.pushImage(host, image, as, { signal, onDetail: tell }));
  return said(`${as} is pushed.`, world);
}

export async function pullImage(argument: unknown, world: ShipWorld): Promise<'done' | undefined> {
  const wish = wishOf(argument);
  const cloud = await opened(world);
  const image = wish.image ?? (await window.showInputBox({ title: 'Pull Image', prompt: 'Like redis:8-alpine or registry.example:5000/shop/web:1', ignoreFocusOut: true, validateInput: problemOf }));
  if (image === undefined) return undefined;
  const hosts = wish.host === undefined ? (wish.to ?? (await askHosts(`Pull ${image}`, changeable(cloud)))) : [wish.host];
  if (hosts.length === 0) return undefined;
  const told = new Map<string, string>();
  const failed = await shown(`Pulling ${image}`, world, (tell, signal) => Promise.all(hosts.map(async (host) => {
    try {
      await cloud.pullImage(host, image, { signal, onDetail: (detail) => tell(line(told, host, detail)) });
      return [];
    } catch (error) {
      signal.throwIfAborted();
      return [`${host}: ${error instanceof Error ? error.message : String(error)}`];
    }
  })));
  if (failed.flat().length > 0) throw new Error(failed.flat().join('; '));
  return said(`${image} is on ${hosts.join(', ')}.`, world);
}

export async function transferImage(argument: unknown, world: ShipWorld): Promise<'done' | undefined> {
  const wish = wishOf(argument);
  const cloud = await opened(world);
  const image = wish.image ?? (await askImage('Transfer Image to Host', cloud));
  if (image === undefined) return undefined;
  const from = wish.host ?? (await cloud.hostWith(image, AbortSignal.timeout(askMs)));
  const to = wish.to ?? (await askHosts(`Transfer ${image} to`, changeable(cloud).filter((host) => host !== from)));
  if (to.length === 0) return undefined;
  const told = new Map<string, string>();
  const sent = await shown(`Transferring ${image}`, world, async (tell, signal) => cloud.transferImage(image, from, to, { signal, onDetail: (host, detail) => tell(line(told, host, detail)) }));
  const failed = sent.flatMap((one) => (one.kind === 'failed' ? [`${one.host}: ${one.problem}`] : []));
  if (failed.length > 0) throw new Error(failed.join('; '));
  return said(`${image} is on ${to.join(', ')}: ${sent.map((one) => (one.kind === 'sent' ? `${(one.bytes / 1e6).toFixed(1)} MB sent` : 'it was there')).join(', ')}.`, world);
}

const askMs = 10_000;

async function opened({ connection }: ShipWorld): Promise<Cloud> {
  const cloud = await connection.open();
  await cloud.settled();
  return cloud;
}

/** Gives what the work gives; fails with "cancelled" once a person has cancelled. */
function shown<T>(title: string, { log }: ShipWorld, work: (tell: (detail: string) => void, signal: AbortSignal) => Promise<T>): Thenable<T> {
  log.info(title);
  return window.withProgress({ location: ProgressLocation.Notification, title, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      return await work((message) => progress.report({ message }), stop.signal);
    } catch (error) {
      throw stop.signal.aborted ? new Error(`${title}: cancelled`, { cause: error }) : error;
    }
  });
}

function line(told: Map<string, string>, host: string, detail: string): string {
  told.set(host, detail);
  return [...told].map(([one, what]) => `${one}: ${what}`).join(', ');
}

function said(sentence: string, { log }: ShipWorld): 'done' {
  log.info(sentence);
  offer.information(sentence);
  return 'done';
}

async function askImage(title: string, cloud: Cloud): Promise<string | undefined> {
  const images = await cloud.images(AbortSignal.timeout(askMs));
  const where = Map.groupBy(images, ({ image }) => image);
  const items = [...where].map(([label, found]) => ({ label, description: found.map((one) => one.where).join(', ') }));
  if (items.length === 0) throw new Error('there is no image on the hosts that are up');
  return (await window.showQuickPick(items, { title, placeHolder: 'Images on your hosts', matchOnDescription: true }))?.label;
}

async function askHosts(title: string, hosts: readonly string[]): Promise<readonly string[]> {
  if (hosts.length === 0) throw new Error('there is no other host that is up and may be changed');
  if (hosts.length === 1) return hosts;
  return (await window.showQuickPick(hosts.map((label) => ({ label, picked: true })), { title, placeHolder: 'Hosts', canPickMany: true }))?.map(({ label }) => label) ?? [];
}

function changeable({ observed }: Cloud): readonly string[] {
  return observed.hosts.filter(({ state, isReadOnly }) => state.kind === 'up' && isReadOnly !== true).map(({ host }) => host);
}

/** In the first registry that is configured, where the name says none. */
function nameInRegistry(image: string): string {
  const parsed = parseReference(image);
  const [address] = settings().registries;
  return !parsed.ok || parsed.value.registry !== undefined || address === undefined ? image : printReference({ ...parsed.value, registry: registryName(address) });
}

function problemOf(text: string): string | undefined {
  const parsed = parseReference(text.trim());
  return parsed.ok ? undefined : parsed.problem;
}

function wishOf(argument: unknown): Wish {
  if (typeof argument !== 'object' || argument === null) return {};
  const found: unknown = Reflect.get(argument, 'to');
  const text = (name: 'image' | 'host' | 'as'): { readonly [key in typeof name]?: string } => {
    const value: unknown = Reflect.get(argument, name);
    return typeof value === 'string' ? { [name]: value } : {};
  };
  return { ...text('image'), ...text('host'), ...text('as'), ...(Array.isArray(found) && { to: found.filter((host) => typeof host === 'string') }) };
}

// The commands a person can run, each guarded: a failure costs one message, never the extension. Deploying and deleting give back how they ended. From a tree a command gets
// the id of the node it was run on; from the palette it gets nothing and asks.

import { commands, type Disposable, env, type LogOutputChannel, Uri, window, workspace } from 'vscode';
import type { ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import type { Subject, ViewNode } from '#core/view/node.ts';
import { addressesOf } from '#core/view/address.ts';
import { buildDockerfile, type Building, buildWishOf } from './build.ts';
import { deleteApplication } from './deleteApplication.ts';
import { deployBlueprint, showPlan } from './deploy.ts';
import { rollBack, showHistory, unlockApplication } from './history.ts';
import { addHost, type HostWorld, removeHost } from './hosts.ts';
import { createLocalCloud, deleteCloud } from './localClouds.ts';
import { explainPlacement } from './explain.ts';
import type { Logs } from './logs.ts';
import { invokeEffector, type Invoking, type Wish } from './invoke.ts';
import { moveEntity } from './moveEntity.ts';
import { connectToNetwork, createNetwork, disconnectFromNetwork, networkWishOf, removeNetwork } from './networks.ts';
import { newBlueprint } from './newBlueprint.ts';
import { offer } from './offer.ts';
import { logIn, logOut, type RegistryWorld } from './registryLogins.ts';
import { packageDockerfile, type Packaging } from './packageDockerfile.ts';
import { openPort } from './ports.ts';
import type { OpenPorts } from './forwardPort.ts';
import { whyNot } from './whyNot.ts';
import { pullImage, pushImage, transferImage } from './shipImages.ts';
import { showReferences } from './showReferences.ts';
import { unlockHost } from './unlock.ts';

export interface Commanded extends Invoking, HostWorld, RegistryWorld, Building, Packaging {
  readonly logs: Logs;
  readonly ports: OpenPorts;
  readonly extensionUri: Uri;
  /** The node of either tree with this id. */
  readonly node: (id: string) => ViewNode | undefined;
}

export function registerCommands(world: Commanded): Disposable[] {
  const { connection, log } = world;
  const on = (argument: unknown): ViewNode | undefined => (typeof argument === 'string' ? world.node(argument) : undefined);
  const table: Readonly<Record<string, (argument: unknown) => Promise<unknown>>> = {
    'clocker.deployBlueprint': (argument) => deployBlueprint(uriOf(argument), world),
    'clocker.buildDockerfile': (argument) => buildDockerfile(buildWishOf(argument), world),
    'clocker.packageDockerfile': (argument) => packageDockerfile(argument, world),
    'clocker.showPlan': (argument) => showPlan(uriOf(argument), world),
    'clocker.explainPlacement': (argument) => explainPlacement(uriOf(argument), world),
    'clocker.deleteApplication': (argument) => deleteApplication(namedApplication(argument) ?? applicationOf(on(argument)?.subject), world),
    'clocker.showHistory': (argument) => showHistory(namedApplication(argument) ?? applicationOf(on(argument)?.subject), world),
    'clocker.rollBack': (argument) => rollBack(namedApplication(argument) ?? applicationOf(on(argument)?.subject), namedRevision(argument), world),
    'clocker.unlockApplication': (argument) => unlockApplication(namedApplication(argument) ?? applicationOf(on(argument)?.subject), world),
    'clocker.invokeEffector': (argument) => invokeEffector(wishOf(argument, on(argument)?.subject), world),
    'clocker.start': (argument) => invokeEffector({ ...wishOf(argument, on(argument)?.subject), effector: 'start' }, world),
    'clocker.stop': (argument) => invokeEffector({ ...wishOf(argument, on(argument)?.subject), effector: 'stop' }, world),
    'clocker.restart': (argument) => invokeEffector({ ...wishOf(argument, on(argument)?.subject), effector: 'restart' }, world),
    'clocker.moveToHost': (argument) => moveEntity({ ...wishOf(argument, on(argument)?.subject), to: textIn(argument, 'to') }, world),
    'clocker.newBlueprint': () => newBlueprint(world.extensionUri),
    'clocker.addHost': (argument) => addHost(argument, world),
    'clocker.removeHost': (argument) => removeHost(hostOf(on(argument)?.subject), world),
    'clocker.createLocalCloud': (argument) => createLocalCloud(argument, world),
    'clocker.createNetwork': (argument) => createNetwork(networkWishOf(argument, on(argument)?.subject), world),
    'clocker.removeNetwork': (argument) => removeNetwork(networkWishOf(argument, on(argument)?.subject), world),
    'clocker.connectToNetwork': (argument) => connectToNetwork(networkWishOf(argument, on(argument)?.subject), world),
    'clocker.disconnectFromNetwork': (argument) => disconnectFromNetwork(networkWishOf(argument, on(argument)?.subject), world),
    'clocker.deleteCloud': (argument) => deleteCloud(argument, cloudOf(on(argument)?.subject), world),
    'clocker.unlockHost': (argument) => unlockHost(hostOf(on(argument)?.subject), world),
    'clocker.pushImage': (argument) => pushImage(on(argument)?.subject ?? argument, world),
    'clocker.pullImage': (argument) => pullImage(on(argument)?.subject ?? argument, world),
    'clocker.transferImage': (argument) => transferImage(on(argument)?.subject ?? argument, world),
    'clocker.logInToRegistry': (argument) => logIn(on(argument)?.subject ?? argument, world),
    'clocker.logOutOfRegistry': (argument) => logOut(on(argument)?.subject ?? argument, world),
    'clocker.refresh': async () => (await connection.open()).refresh(),
    'clocker.showLogs': async (argument) => {
      const found = await chooseContainer(world, on(argument)?.subject, 'Show Logs', () => true);
      if (found) await world.logs.show(found.container);
    },
    'clocker.openInBrowser': async (argument) => {
      const found = await chooseContainer(world, on(argument)?.subject, 'Open in Browser', ({ container, host }) => container.state === 'running' && addressesOf(container, host).length > 0);
      if (found) await openPort(found.container, found.host);
    },
    'clocker.openPort': (argument) => world.ports.open({ ...entityOf(argument, on(argument), world), port: numberIn(argument, 'port') }),
    'clocker.whyNot': (argument) => whyNot({ ...entityOf(argument, on(argument), world), other: textIn(argument, 'other'), port: numberIn(argument, 'port') }, world),
    'clocker.refreshRegistries': async () => world.registriesChanged(),
    'clocker.showReferences': showReferences,
    'clocker.copyName': async (argument) => {
      const node = on(argument);
      await env.clipboard.writeText(node?.subject.kind === 'sensor' ? node.subject.value : node?.subject.kind === 'image' ? node.subject.image : (node?.label ?? ''));
    },
    'clocker.revealOutput': async () => log.show(),
    'clocker.quickActions': quickActions,
  };
  return Object.entries(table).map(([id, run]) => commands.registerCommand(id, (argument: unknown) => guarded(() => run(argument), log)));
}

/** Runs it; a failure becomes one sentence for the person, and its stack a few lines in the output. */
export async function guarded<T>(run: () => Promise<T>, log: LogOutputChannel): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    const sentence = error instanceof Error ? error.message : String(error);
    log.error(error instanceof Error ? error : sentence);
    offer.error(sentence, { 'Show Output': () => log.show(true) });
    return undefined;
  }
}

interface Found {
  readonly container: ObservedContainer;
  readonly host: ObservedHost;
}

async function chooseContainer({ connection }: Commanded, subject: Subject | undefined, title: string, fits: (found: Found) => boolean): Promise<Found | undefined> {
  const { hosts } = (await connection.open()).observed;
  const every = hosts.flatMap((host) => host.containers.map((container) => ({ host, container })));
  if (subject?.kind === 'container') return every.find(({ container, host }) => container.containerId === subject.containerId && host.host === subject.host);
  const items = every.filter(fits).map((found) => ({ label: found.container.containerName, description: `${found.container.image} on ${found.host.host}`, found }));
  if (items.length === 0) {
    offer.information('There is no such container on your hosts.');
    return undefined;
  }
  return (await window.showQuickPick(items, { title, placeHolder: 'Containers on your hosts', matchOnDescription: true }))?.found;
}

async function quickActions(): Promise<void> {
  const always = [{ label: '$(new-file) New Blueprint', command: 'clocker.newBlueprint' }, { label: '$(output) Show Output', command: 'clocker.revealOutput' }];
  const trusted = [
    { label: '$(rocket) Deploy Blueprint', command: 'clocker.deployBlueprint' },
    { label: '$(diff) Show Plan', command: 'clocker.showPlan' },
    { label: '$(tools) Build Dockerfile', command: 'clocker.buildDockerfile' },
    { label: '$(layers) Show Applications', command: 'clocker.applications.focus' },
    { label: '$(server) Show Hosts', command: 'clocker.hosts.focus' },
    { label: '$(add) Add Host', command: 'clocker.addHost' },
    { label: '$(cloud) Create Local Docker Cloud', command: 'clocker.createLocalCloud' },
    { label: '$(refresh) Refresh', command: 'clocker.refresh' },
    { label: '$(history) Show History', command: 'clocker.showHistory' },
    { label: '$(discard) Roll Back', command: 'clocker.rollBack' },
    { label: '$(trash) Delete Application', command: 'clocker.deleteApplication' },
  ];
  const restricted = [{ label: '$(shield) Manage Workspace Trust', command: 'workbench.trust.manage' }];
  const picked = await window.showQuickPick([...(workspace.isTrusted ? trusted : restricted), ...always], { title: 'Clocker', placeHolder: 'What would you like to do?' });
  if (picked) await commands.executeCommand(picked.command);
}

/** As an editor gives it, or as its text: the language server has no other. */
function uriOf(argument: unknown): Uri | undefined {
  return argument instanceof Uri ? argument : typeof argument === 'string' && /^(?:[a-z][\w+.-]+:\/\/|untitled:)/i.test(argument) ? Uri.parse(argument) : undefined;
}

/** For key bindings and other extensions: `{ application: 'shop' }`. */
function namedApplication(argument: unknown): string | undefined {
  return typeof argument === 'object' && argument !== null && 'application' in argument && typeof argument.application === 'string' ? argument.application : undefined;
}

/** `{ application: 'shop', revision: 3 }`. */
function namedRevision(argument: unknown): number | undefined {
  return typeof argument === 'object' && argument !== null && 'revision' in argument && typeof argument.revision === 'number' ? argument.revision : undefined;
}

/** For key bindings and other extensions: `{ application: 'shop', entity: 'web', to: 'box' }`. */
function textIn(argument: unknown, name: string): string | undefined {
  const value: unknown = typeof argument === 'object' && argument !== null ? Reflect.get(argument, name) : undefined;
  return typeof value === 'string' ? value : undefined;
}

function numberIn(argument: unknown, name: string): number | undefined {
  const value: unknown = typeof argument === 'object' && argument !== null ? Reflect.get(argument, name) : undefined;
  return typeof value === 'number' ? value : undefined;
}

/** The entity, also of a container. */
function entityOf(argument: unknown, node: ViewNode | undefined, { connection }: Commanded): { readonly application?: string | undefined; readonly entity?: string | undefined } {
  const subject = node?.subject;
  if (subject?.kind !== 'container') return wishOf(argument, subject);
  return connection.observed?.hosts.find(({ host }) => host === subject.host)?.containers.find(({ containerId }) => containerId === subject.containerId)?.owner ?? {};
}

function applicationOf(subject: Subject | undefined): string | undefined {
  return subject && 'application' in subject ? subject.application : undefined;
}

/** From a tree, or from a key binding or another extension: `{ application: 'shop', entity: 'web', effector: 'restart', given: {} }`. */
function wishOf(argument: unknown, subject: Subject | undefined): Wish {
  if (subject?.kind === 'application') return { application: subject.application, isWhole: true };
  if (subject?.kind === 'entity' || subject?.kind === 'sensors' || subject?.kind === 'sensor') return { application: subject.application, entity: subject.entity };
  if (typeof argument !== 'object' || argument === null) return {};
  const text = (name: string): string | undefined => {
    const value: unknown = Reflect.get(argument, name);
    return typeof value === 'string' ? value : undefined;
  };
  const given: unknown = Reflect.get(argument, 'given');
  return {
    application: text('application'),
    entity: text('entity'),
    effector: text('effector'),
    given: typeof given === 'object' && given !== null ? Object.fromEntries(Object.entries(given).map(([name, value]) => [name, String(value)])) : undefined,
  };
}

function cloudOf(subject: Subject | undefined): string | undefined {
  return subject?.kind === 'cloud' ? subject.cloud : undefined;
}

function hostOf(subject: Subject | undefined): string | undefined {
  return subject?.kind === 'host' || subject?.kind === 'container' ? subject.host : undefined;
}

// How each kind of action is done with a host's port. An action gives back a last check to wait for outside the host's queue:
// a container that exits with an error moments after its start has not been started.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { followFile, type Follow } from '#core/lifecycle/follow.ts';
import { isCaughtName } from '#core/image/key.ts';
import { stoppedFile } from '#core/lifecycle/scripts.ts';
import { specHash, specParts } from '#core/cluster/specHash.ts';
import type { Action } from '#core/plan/plan.ts';
import type { Vantage } from '#core/sdn/vantage.ts';
import { Failure, messageOf } from './failure.ts';
import { install, putScripts, reload, untilRunning, type Site } from './lifecycle.ts';
import { changeWithinMs, within } from './patience.ts';
import type { HostPort } from './ports.ts';
import { madeWithTries } from './quarantine.ts';
import { handOver, portsOf, reconnect, standingBy, untilReady } from './sdn/handOver.ts';
import { watchMove } from './sdn/watchMove.ts';
import { takenAddress, type Addressing } from './sdn/addressing.ts';

/** How long a container must stay up to count as started. */
const momentsMs = 1000;
const lastLines = 20;
/** So often another address is tried. */
const mostAddresses = 8;
/** A Swarm tells all its hosts by then where an address is. */
const answersWithinMs = 3000;

export interface Workbench {
  /** The id of the application that is worked on. */
  readonly application: string;
  readonly addressing: Addressing;
  /** Undefined when the host is not configured any more. */
  port(host: string): HostPort | undefined;
  /** From a host nearby or from its registry. */
  bringImage(image: string, host: string, running: Running, digest?: string): Promise<void>;
  /** From its Dockerfile. Throws a Failure. */
  buildImage(action: Extract<Action, { kind: 'build' }>, running: Running): Promise<void>;
  /** The image of what the container's commands install, on its host; undefined where they have to be run. */
  installedImage(container: DesiredContainer, running: { readonly signal: AbortSignal; readonly onDetail: (detail: string) => void }): Promise<string | undefined>;
  isRunning(host: string, containerId: string): boolean;
  /** From where a container can be watched that moves `from` a host; undefined where from nowhere. */
  vantage(container: DesiredContainer, from: string): Vantage | undefined;
  /** False for a container that was made and never started. */
  hasRun(host: string, containerId: string): boolean;
  /** Whether an entity that commands install is installed to the end. */
  isFinished(host: string, containerId: string): boolean;
  /** Has the cloud's provisioner make the host, and looks whether it can take what is to go there. Throws a Failure; the host is released then. */
  addHost(action: Extract<Action, { kind: 'addHost' }>, running: Running): Promise<void>;
  /** Has it taken away, if nothing is on it. */
  removeHost(action: Extract<Action, { kind: 'removeHost' }>, running: Running): Promise<void>;
  /** What a container is compared by: see `Ownership.specHash`. */
  specHashOf(host: string, containerId: string): string | undefined;
  /** The container with the values that it waits for; resolves when all are there. Throws a Failure when they do not come. */
  settle(container: DesiredContainer, signal: AbortSignal): Promise<DesiredContainer>;
  /** What follows other entities in a container, as they are now, and the state to keep with it; undefined where nothing does. */
  following(container: DesiredContainer): Promise<{ readonly follow: Follow; readonly state: string } | undefined>;
  /** The code with which the container exits within `withinMs`; undefined when it does not, or when `signal` aborts. Throws when the host goes down. */
  exitOf(host: string, containerId: string, withinMs: number, signal: AbortSignal): Promise<number | undefined>;
}

export interface Running {
  readonly signal: AbortSignal;
  readonly onDetail: (detail: string) => void;
}

/** Gives a clause to tell a person, where there is something to tell. */
type LastCheck = () => Promise<string | undefined>;
const nothingMore: LastCheck = async () => undefined;

export async function runAction(action: Action, workbench: Workbench, running: Running): Promise<LastCheck> {
  if (action.kind === 'addHost') {
    await workbench.addHost(action, running);
    return nothingMore;
  }
  const port = workbench.port(action.host);
  if (port === undefined) throw new Failure(`host ${action.host} is not configured any more`);
  switch (action.kind) {
    case 'pull':
      // A host that was made meanwhile may have come with it.
      if (action.digest === undefined && (await port.hasImage(action.image, running.signal).catch(() => false))) return nothingMore;
      try {
        await doing(`pull image ${action.image} on ${action.host}`, () => workbench.bringImage(action.image, action.host, running, action.digest), Infinity);
      } catch (error) {
        if (!isCaughtName(action.image) || running.signal.aborted) throw error;
        // What could have been had from it is installed then.
        running.onDetail(messageOf(error));
      }
      return nothingMore;
    case 'build':
      await workbench.buildImage(action, running);
      return nothingMore;
    case 'create':
      return create(action, port, workbench, running);
    case 'start':
      await unmark(action.containerId, port);
      try {
        return await start({ ...action, isFinished: workbench.isFinished(action.host, action.containerId) }, port, workbench, running);
      } catch (error) {
        return startAnew(action, error, port, workbench, running);
      }
    case 'createNetwork':
      await doing(`create network ${action.network.networkName} on ${action.host}`, () => workbench.addressing.make(action.network, action.host, port));
      return nothingMore;
    case 'connect': {
      const { attachment, containerId, containerName } = action;
      const network = attachment.networkId ?? attachment.networkName;
      await doing(`connect container ${containerName} to network ${network} on ${action.host}`, async () => {
        if (action.instead !== undefined) await port.sdn.disconnect(containerId, attachment.networkName);
        await port.sdn.connect(containerId, attachment);
      });
      return nothingMore;
    }
    case 'disconnect':
      await doing(`disconnect container ${action.containerName} from network ${action.networkId} on ${action.host}`, () => port.sdn.disconnect(action.containerId, action.networkName));
      return nothingMore;
    case 'reload': {
      const { containerId, containerName } = action;
      // Only what the program has taken counts as its state.
      const keepState = await putFollowing({ containerId, port }, action.container, workbench);
      await doing(`reload ${containerName} on ${action.host}`, () => reload({ host: action.host, containerId, containerName, port, signal: running.signal }));
      await keepState();
      return nothingMore;
    }
    case 'stop':
      await stop(action, port, running);
      return nothingMore;
    case 'removeNetwork':
      await doing(`remove network ${action.networkName} on ${action.host}`, () => port.removeNetwork(action.networkName));
      return nothingMore;
    case 'forget':
      for (const revision of action.revisions) await doing(`forget revision ${revision} on ${action.host}`, () => port.records.remove(workbench.application, revision));
      return nothingMore;
    case 'removeHost':
      await doing(`take host ${action.host} of ${action.cloud} away`, () => workbench.removeHost(action, running));
      return nothingMore;
    case 'remove':
      await remove(action, port, running);
      return nothingMore;
    case 'move':
      return move(action, port, workbench, running);
    case 'replace':
      return replace(action, port, workbench, running);
  }
}

/** Where another container turns out to have its address, it gets the next one, if it has not had its own before. */
async function create({ host, container: wanted }: Extract<Action, { kind: 'create' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { containerName, quarantine } = wanted;
  const what = `create container ${containerName} on ${host}`;
  return madeWithTries(quarantine, containerName, port, running, async (onMade) => {
    const image = await workbench.installedImage(wanted, running);
    let container = await doing(what, () => workbench.addressing.prepare(wanted, port));
    for (let tries = mostAddresses; ; tries--) {
      const containerId = await doing(what, () => port.create(container, image));
      onMade(containerId);
      running.onDetail('starting');
      try {
        const staysUp = await start({ host, containerName, containerId, container, isFinished: false }, port, workbench, running);
        if (quarantine === undefined) return staysUp;
        await staysUp();
        return nothingMore;
      } catch (error) {
        const address = takenAddress(error);
        const other = address === undefined || tries === 0 ? undefined : await workbench.addressing.readdress(container, address);
        if (other === undefined) throw error;
        running.onDetail(`address ${address ?? ''} is taken, trying the next`);
        await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
        container = other;
      }
    }
  });
}

interface Subject {
  readonly host: string;
  readonly containerId: string;
  readonly containerName: string;
}

interface Startable extends Subject {
  readonly container: DesiredContainer;
  readonly isFinished: boolean;
}

async function start(subject: Startable, port: HostPort, workbench: Workbench, { signal, onDetail }: Running): Promise<LastCheck> {
  const { host, containerId, containerName, container, isFinished } = subject;
  const what = `start container ${containerName} on ${host}`;
  const course = container.spec.lifecycle?.course;
  try {
    if (course !== undefined && !isFinished) await doing(`put files into container ${containerName} on ${host}`, () => putScripts({ containerId, port }, course));
    if (isFinished) await doing(`put files into container ${containerName} on ${host}`, () => putAllFollowing({ containerId, port }, container, workbench));
    await doing(what, () => port.start(containerId));
  } catch (error) {
    throw new Failure(messageOf(error), { logTail: await logTail(port, containerId), cause: error });
  }
  onDetail('started');
  if (course !== undefined) {
    const ended = async () => ({ exitCode: await workbench.exitOf(host, containerId, momentsMs, new AbortController().signal), logTail: await logTail(port, containerId) });
    const site = { host, containerId, containerName, port, signal, onDetail, ended };
    // Who is followed may have gone on while it was installed.
    const beforeLaunch = (): Promise<void> => putAllFollowing(site, container, workbench);
    await (isFinished ? untilRunning(site, course) : install(site, course, beforeLaunch));
    return nothingMore;
  }
  return async () => {
    const exitCode = await doing(what, () => workbench.exitOf(host, containerId, momentsMs, signal));
    if (exitCode === undefined || exitCode === 0) return undefined;
    throw new Failure(`${what}: it exited at once with code ${exitCode}${meaningOf(exitCode)}`, { logTail: await logTail(port, containerId) });
  };
}

/** What was made and never ran may have been made by half, as on a full disk: then it is made again, as nothing is in it. Where it cannot be made as it is, `error` stands. */
async function startAnew(action: Extract<Action, { kind: 'start' }>, error: unknown, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { host, containerId, containerName } = action;
  if (workbench.hasRun(host, containerId) || running.signal.aborted) throw error;
  const container = action.container.pending === undefined ? action.container : await workbench.settle(action.container, running.signal);
  if (specHash(specParts(container.application, container.entity, container.spec)) !== workbench.specHashOf(host, containerId)) throw error;
  running.onDetail('creating');
  await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
  const newId = await doing(`create container ${containerName} on ${host}`, () => port.create(container));
  running.onDetail('starting');
  return start({ host, containerId: newId, containerName, container, isFinished: false }, port, workbench, running);
}

/** Puts the files that follow others; gives how to note what they were made from. */
async function putFollowing({ containerId, port }: Pick<Site, 'containerId' | 'port'>, container: DesiredContainer, workbench: Workbench): Promise<() => Promise<void>> {
  const following = await workbench.following(container);
  if (following === undefined) return async () => {};
  const { follow, state } = following;
  await port.put(containerId, follow.files.map(({ path, base64 }) => ({ path, content: { base64 } })));
  return () => port.put(containerId, [{ path: followFile, content: { text: state } }]);
}

/** The same before a launch, which takes them as they are. */
async function putAllFollowing(...args: Parameters<typeof putFollowing>): Promise<void> {
  const keepState = await putFollowing(...args);
  await keepState();
}

/** That it was wanted is known from a file in it: exit codes alone do not tell. */
async function stop({ host, containerId, containerName }: Subject, port: HostPort, { onDetail }: Pick<Running, 'onDetail'>): Promise<void> {
  onDetail('stopping');
  await doing(`stop container ${containerName} on ${host}`, async () => {
    await port.put(containerId, [{ path: stoppedFile, content: { text: 'stopped' } }]);
    await port.stop(containerId);
  });
}

async function unmark(containerId: string, port: HostPort): Promise<void> {
  if ((await port.read(containerId, stoppedFile).catch(() => undefined)) === 'stopped') await port.put(containerId, [{ path: stoppedFile, content: { text: '' } }]);
}

async function remove({ host, containerId, containerName }: Subject, port: HostPort, { onDetail }: Pick<Running, 'onDetail'>): Promise<void> {
  onDetail('stopping');
  await doing(`stop container ${containerName} on ${host}`, () => port.stop(containerId));
  onDetail('removing');
  await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
}

/**
 * The old container lends its name to the new one and is removed when the new one stays up. Where they hand over side by side it
 * runs until then; otherwise it is stopped when the new one has been made. Until it is removed whatever fails puts it back; only
 * an old one that did not run anyway makes way for a new one that was made and does not run either. Both carry the entity's
 * labels throughout, so a deployment that is cut short is found and finished by the next one.
 */
async function replace(action: Extract<Action, { kind: 'replace' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { host, container, containerId: oldId, handover } = action;
  const { containerName } = container;
  const aside = `${containerName}.replaced-${oldId.slice(0, 6)}`;
  const wasRunning = workbench.isRunning(host, oldId);
  const isSideBySide = handover.kind === 'startFirst';
  let newId: string | undefined;
  let isStopped = false;
  const dropOld = (): Promise<void> => remove({ host, containerId: oldId, containerName: aside }, port, { onDetail: () => {} });
  const putBack = async (error: unknown): Promise<never> => {
    const failure = Failure.from(error);
    if (newId !== undefined && !wasRunning) {
      await dropOld();
      throw failure;
    }
    const back = await undo({ port, oldId, newId, containerName, wasRunning, isStopped });
    throw new Failure(`${failure.problem}; ${back}`, { logTail: failure.logTail, cause: error });
  };
  try {
    // The old one runs on while the new one is installed.
    const image = await workbench.installedImage(container, running);
    const stopOld = async (): Promise<void> => {
      if (handover.kind !== 'stopFirst' || isStopped) return;
      running.onDetail('stopping the old container');
      isStopped = true;
      await doing(`stop the old container ${containerName} on ${host}`, () => port.stop(oldId));
    };
    // What runs on a network across hosts has to leave it to be renamed.
    if (container.networks.some(({ driver }) => driver === 'overlay')) await stopOld();
    await doing(`set container ${containerName} on ${host} aside`, () => port.rename(oldId, aside));
    running.onDetail('creating');
    const prepared = await doing(`create container ${containerName} on ${host}`, () => workbench.addressing.prepare(container, port));
    const madeId = await doing(`create container ${containerName} on ${host}`, () => port.create(isSideBySide ? standingBy(prepared, true) : prepared, image));
    newId = madeId;
    await stopOld();
    running.onDetail('starting');
    const staysUp = await start({ host, containerId: madeId, containerName, container, isFinished: false }, port, workbench, running);
    return async () => {
      try {
        await staysUp();
        if (isSideBySide) {
          const neu = { containerId: madeId, port };
          const old = { containerId: oldId, port };
          await doing(`wait for container ${containerName} on ${host}`, () => untilReady(prepared, neu, old, running.signal));
          await doing(`give container ${containerName} on ${host} its address`, () => handOver(prepared, neu, old, true));
        }
      } catch (error) {
        return putBack(error);
      }
      await dropOld();
      return undefined;
    };
  } catch (error) {
    return putBack(error);
  }
}

/** As a replacement, over two hosts: whatever fails, the old container runs again. Says how long the entity did not answer. */
async function move({ host, container, from, handover }: Extract<Action, { kind: 'move' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
  const { containerName } = container;
  const { signal, onDetail } = running;
  const oldPort = workbench.port(from.host);
  if (oldPort === undefined) throw new Failure(`host ${from.host} is not configured any more`);
  const wasRunning = workbench.isRunning(from.host, from.containerId);
  const isSideBySide = handover.kind === 'startFirst';
  const image = await workbench.installedImage(container, running);
  const prepared = await doing(`create container ${containerName} on ${host}`, () => workbench.addressing.prepare(container, port));
  const vantage = wasRunning ? workbench.vantage(prepared, from.host) : undefined;
  const watcher = vantage && workbench.port(vantage.host);
  const watch = vantage && watcher ? await watchMove(vantage, portsOf(prepared)[0], watcher) : undefined;
  const old = { containerId: from.containerId, port: oldPort };
  let newId: string | undefined;
  const putBack = async (error: unknown): Promise<never> => {
    void watch?.stop();
    const failure = Failure.from(error);
    if (newId === undefined) throw failure;
    const back = await takeBack({ port, newId, oldPort, oldId: from.containerId, wasRunning, host: from.host });
    throw new Failure(`${failure.problem}; ${back}`, { logTail: failure.logTail, cause: error });
  };
  try {
    const madeId = await doing(`create container ${containerName} on ${host}`, () => port.create(isSideBySide ? standingBy(prepared, false) : prepared, image));
    newId = madeId;
    if (!isSideBySide) {
      onDetail(`stopping it on ${from.host}`);
      await doing(`stop container ${from.containerName} on ${from.host}`, () => oldPort.stop(from.containerId));
    }
    onDetail('starting');
    const staysUp = await start({ host, containerId: madeId, containerName, container, isFinished: false }, port, workbench, running);
    return async () => {
      try {
        await staysUp();
        if (isSideBySide) {
          await doing(`wait for container ${containerName} on ${host}`, () => untilReady(prepared, { containerId: madeId, port }, old, signal));
          await doing(`give container ${containerName} on ${host} its address`, () => handOver(prepared, { containerId: madeId, port }, old, false));
        }
      } catch (error) {
        return putBack(error);
      }
      await remove({ ...from }, oldPort, running);
      if (isSideBySide && (await watch?.answers(answersWithinMs)) === false) await reconnect(prepared, { containerId: madeId, port });
      return watch?.stop();
    };
  } catch (error) {
    return putBack(error);
  }
}

interface TakeBack {
  readonly port: HostPort;
  readonly newId: string;
  readonly oldPort: HostPort;
  readonly oldId: string;
  readonly wasRunning: boolean;
  /** Of the old container. */
  readonly host: string;
}

/** A sentence about how that went. */
async function takeBack({ port, newId, oldPort, oldId, wasRunning, host }: TakeBack): Promise<string> {
  try {
    await port.stop(newId);
    await port.remove(newId);
    if (!wasRunning) return `it stays on ${host}, where it does not run`;
    await oldPort.start(oldId);
    return `it runs on ${host} again`;
  } catch (error) {
    return `it could not be put back on ${host}: ${messageOf(error)}`;
  }
}

interface Undo {
  readonly port: HostPort;
  readonly oldId: string;
  readonly newId: string | undefined;
  readonly containerName: string;
  readonly wasRunning: boolean;
  readonly isStopped: boolean;
}

/** A sentence about how that went. */
async function undo({ port, oldId, newId, containerName, wasRunning, isStopped }: Undo): Promise<string> {
  try {
    if (newId !== undefined) {
      await port.stop(newId);
      await port.remove(newId);
    }
    await port.rename(oldId, containerName);
    if (!wasRunning) return 'the container that was there before is untouched';
    if (!isStopped) return 'the container that was there before still runs';
    await port.start(oldId);
    return 'the container that was there before runs again';
  } catch (error) {
    return `the container that was there before could not be put back: ${messageOf(error)}`;
  }
}

/** Pulling has no limit. */
async function doing<T>(what: string, work: () => Promise<T>, limitMs = changeWithinMs): Promise<T> {
  try {
    return await (limitMs === Infinity ? work() : within(limitMs, work));
  } catch (error) {
    throw new Failure(`${what}: ${messageOf(error)}`, { cause: error });
  }
}

async function logTail(port: HostPort, containerId: string): Promise<string[]> {
  const lines: string[] = [];
  await port.logs(containerId, { tail: lastLines, follow: false, signal: AbortSignal.timeout(5000) }, (line) => lines.push(line.text)).catch(() => {});
  return lines.slice(-lastLines);
}

function meaningOf(exitCode: number): string {
  if (exitCode === 126) return ' (its program may not be executed)';
  if (exitCode === 127) return ' (its program was not found)';
  if (exitCode === 137) return ' (killed: out of memory, or by somebody)';
  return '';
}

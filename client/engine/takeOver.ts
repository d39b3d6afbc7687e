// One container takes the place of another: on the same host, where what it is made of has changed, or on another one.

import type { Action } from '#core/plan/plan.ts';
import { doing, type LastCheck, type Running, type Workbench } from './acting.ts';
import { Failure, messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';
import { startWithOwn } from './sdn/addressing.ts';
import { handOver, portsOf, reconnect, standingBy, untilReady } from './sdn/handOver.ts';
import { watchMove } from './sdn/watchMove.ts';
import { doneBy, start } from './startContainer.ts';
import { remove } from './stopContainer.ts';

/** A Swarm tells all its hosts by then where an address is. */
const answersWithinMs = 3000;

/**
 * The old container lends its name to the new one and is removed when the new one stays up. Where they hand over side by side it
 * runs until then; otherwise it is stopped when the new one has been made. Until it is removed whatever fails puts it back; only
 * an old one that did not run anyway makes way for a new one that was made and does not run either. Both carry the entity's
 * labels throughout, so a deployment that is cut short is found and finished by the next one.
 */
export async function replace(action: Extract<Action, { kind: 'replace' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
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
    const staysUp = await start({ host, containerId: madeId, containerName, container, isFinished: false, done: doneBy(image, container) }, port, workbench, running);
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
export async function move({ host, container, from, handover }: Extract<Action, { kind: 'move' }>, port: HostPort, workbench: Workbench, running: Running): Promise<LastCheck> {
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
    const staysUp = await start({ host, containerId: madeId, containerName, container, isFinished: false, done: doneBy(image, container) }, port, workbench, running);
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
    await startWithOwn(oldPort, oldId);
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
    await startWithOwn(port, oldId);
    return 'the container that was there before runs again';
  } catch (error) {
    return `the container that was there before could not be put back: ${messageOf(error)}`;
  }
}

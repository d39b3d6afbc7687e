// Hosts that live in containers of one engine: made, started again, removed with everything that is theirs. That they are there
// is known from their labels alone.

import type Docker from 'dockerode';
import { nestedContainerName, type NestedHost } from '#core/cloud/nestedHost.ts';
import type { NestedHosts } from '../../engine/ports.ts';
import { statusCode } from '../problems.ts';
import { dialNested } from './dial.ts';
import { ensureHostImage } from './image.ts';
import { nestedHostOf, nestedLabels } from './labels.ts';
import { machineOptions } from './machine.ts';
import { cloudNetworkName, ensureNetwork, freeAddress, removeNetwork } from './network.ts';

/** A slow machine with cold disks; a new host answers within two seconds on others. */
const answerWithinMs = 60_000;
const askAgainMs = 100;

/** Runs with a connection; what goes wrong becomes an Error with a sentence. */
export type Ask = <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

export class NestedEngines implements NestedHosts {
  readonly #ask: Ask;
  /** Two that are made at once must not get one address, nor pull the image twice. */
  #before: Promise<unknown> = Promise.resolve();
  /** Known once a host was made: whether the engine makes privileged containers. */
  #isPrivileged: boolean | undefined;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  make(host: NestedHost, image: string | undefined, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
    return this.#ask(async (docker) => {
      const name = nestedContainerName(host.host);
      const isNew = await this.#inTurn(async () => {
        signal.throwIfAborted();
        if (await isThere(docker, host)) return false;
        const found = await ensureHostImage(docker, image, onDetail, signal);
        onDetail('creating');
        return this.#create(docker, host, found, signal);
      });
      try {
        signal.throwIfAborted();
        onDetail('starting');
        await start(docker, name);
        onDetail('waiting for its Docker Engine');
        await answers(docker, name, signal);
      } catch (error) {
        if (isNew) await remove(docker, host.host);
        throw error;
      }
    });
  }

  remove(host: string): Promise<void> {
    return this.#ask((docker) => remove(docker, host));
  }

  /** True: it was made here. Tried with all privileges first; whether the engine allows them shows when it is started. */
  async #create(docker: Docker, host: NestedHost, image: string, signal: AbortSignal): Promise<boolean> {
    const name = nestedContainerName(host.host);
    const info: unknown = await docker.info();
    const cgroupVersion = typeof info === 'object' && info !== null && Reflect.get(info, 'CgroupVersion') === '2' ? '2' : '1';
    const prefix = await ensureNetwork(docker, host.cloud);
    const address = await freeAddress(docker, host.cloud, host.host, prefix);
    const machine = { host, image, network: cloudNetworkName(host.cloud), address, cgroupVersion } as const;
    await docker.createVolume({ Name: name, Labels: volumeLabels(host) });
    try {
      for (const isPrivileged of this.#isPrivileged === undefined ? [true, false] : [this.#isPrivileged]) {
        signal.throwIfAborted();
        const container = await docker.createContainer(machineOptions({ ...machine, isPrivileged }));
        try {
          await container.start();
          this.#isPrivileged = isPrivileged;
          return true;
        } catch (error) {
          await removeContainer(docker, name);
          if (!isPrivileged || this.#isPrivileged === true) throw error;
        }
      }
      return true;
    } catch (error) {
      await remove(docker, host.host);
      throw error;
    }
  }

  async #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const mine = this.#before.then(work);
    this.#before = mine.catch(() => undefined);
    return mine;
  }
}

/** Throws where a container has the name that is something else. One that never ran is what a process left that was killed: it goes. */
async function isThere(docker: Docker, host: NestedHost): Promise<boolean> {
  const name = nestedContainerName(host.host);
  try {
    const { Config, State } = await docker.getContainer(name).inspect();
    const found = nestedHostOf(Config.Labels);
    if (found?.cloud !== host.cloud) {
      throw new Error(found === undefined ? `a container named ${name} is there, and no host lives in it; remove or rename it` : `the cloud ${found.cloud} has a host ${host.host} already; take another name`);
    }
    if (State.Status !== 'created') return true;
  } catch (error) {
    if (statusCode(error) !== 404) throw error;
    return false;
  }
  await removeContainer(docker, name);
  return false;
}

/** The definition would make them long, and is on the container. */
function volumeLabels({ cloud, host }: NestedHost): Record<string, string> {
  return { [nestedLabels.cloud]: cloud, [nestedLabels.host]: host };
}

async function start(docker: Docker, name: string): Promise<void> {
  const container = docker.getContainer(name);
  const { State } = await container.inspect();
  if (State.Paused) await container.unpause();
  else if (!State.Running) await container.start();
}

/** Throws with the engine's last words where it ends in place of answering. */
async function answers(docker: Docker, name: string, signal: AbortSignal): Promise<void> {
  const container = docker.getContainer(name);
  const limit = AbortSignal.timeout(answerWithinMs);
  const restartsBefore = (await container.inspect()).RestartCount;
  for (;;) {
    signal.throwIfAborted();
    const { State, RestartCount } = await container.inspect();
    const hasEnded = (!State.Running && !State.Restarting) || RestartCount > restartsBefore;
    if (hasEnded || limit.aborted) {
      const words = String(await container.logs({ stdout: true, stderr: true, tail: 3 }).catch(() => '')).replaceAll(/[^\P{C}\n]/gu, '').trim();
      throw new Error(`its Docker Engine ${hasEnded ? 'ended' : `did not answer within ${answerWithinMs / 1000} seconds`}: ${words.replaceAll(/\s*\n\s*/g, ' | ')}`);
    }
    if (State.Running && (await ping(docker, name))) return;
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
}

async function ping(docker: Docker, name: string): Promise<boolean> {
  const stream = await dialNested(docker, name, 'the host').catch(() => undefined);
  if (stream === undefined) return false;
  return new Promise((resolve) => {
    const end = (isUp: boolean): void => {
      clearTimeout(timer);
      stream.destroy();
      resolve(isUp);
    };
    const timer = setTimeout(() => end(false), 5000);
    stream.once('data', (bytes: Buffer) => end(bytes.toString('latin1').startsWith('HTTP/1.1 200')));
    stream.once('error', () => end(false)).once('close', () => end(false));
    stream.write('GET /_ping HTTP/1.1\r\nHost: docker\r\nConnection: close\r\n\r\n');
  });
}

/** Resolves when it is gone, whoever removes it. */
async function removeContainer(docker: Docker, name: string): Promise<void> {
  const container = docker.getContainer(name);
  const limit = AbortSignal.timeout(answerWithinMs);
  for (;;) {
    try {
      return await container.remove({ force: true, v: true }).then(() => undefined);
    } catch (error) {
      if (statusCode(error) === 404) return;
      if (statusCode(error) !== 409 || limit.aborted) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, askAgainMs));
  }
}

/** Whatever of it is there: the container, the volume, and with the last host of a cloud its network. */
async function remove(docker: Docker, host: string): Promise<void> {
  const name = nestedContainerName(host);
  const gone = (error: unknown): void => {
    if (statusCode(error) !== 404) throw error;
  };
  const labels = await docker.getContainer(name).inspect().then(({ Config }) => Config.Labels, () => undefined);
  const volume = await docker.getVolume(name).inspect().then(({ Labels }) => Labels, () => undefined);
  const cloud = labels?.[nestedLabels.cloud] ?? volume?.[nestedLabels.cloud];
  if (labels?.[nestedLabels.host] === host) await removeContainer(docker, name);
  if (volume?.[nestedLabels.host] === host) await docker.getVolume(name).remove().catch(gone);
  if (cloud === undefined) return;
  const left = await docker.listContainers({ all: true, filters: { label: [`${nestedLabels.cloud}=${cloud}`] } });
  if (left.length === 0) await removeNetwork(docker, cloud);
}

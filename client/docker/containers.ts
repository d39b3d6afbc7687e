// The containers of a host as they are observed. What an engine does not list is asked for of those containers alone that it
// matters for, and but once where it cannot change.

import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import pLimit from 'p-limit';
import type { ObservedContainer, Ownership } from '#core/cluster/observed.ts';
import { doneFile, stoppedFile } from '#core/lifecycle/scripts.ts';
import { isCatching } from './caught.ts';
import { observedContainer } from './convert.ts';
import { readFile } from './inContainer.ts';
import { isInsider } from './insider/insider.ts';
import { hasLifecycle, isOurs, labels, ownership, type InspectedConfig } from './labels.ts';
import { isLock } from './locks.ts';
import { statusCode } from './problems.ts';
import { isReadingRoutes } from './routes.ts';

const inspectedAtATime = 8;

export class Containers {
  readonly #host: string;
  /** By container id, for those of ours: a container's labels and configuration never change. */
  readonly #finished = new Set<string>();
  readonly #owners = new Map<string, { readonly owner: Ownership | undefined; readonly isInspected: boolean }>();
  readonly #attended = new Set<string>();

  constructor(host: string) {
    this.#host = host;
  }

  attend(application: string): void {
    this.#attended.add(application);
  }

  async list(docker: Docker, containerIds: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ObservedContainer[]> {
    const filters = containerIds === undefined ? {} : { filters: { id: [...containerIds] } };
    const infos = (await docker.listContainers({ all: true, ...filters, abortSignal: signal })).filter(({ Labels }) => !isHelper(Labels));
    const limit = pLimit(inspectedAtATime);
    const observed = await Promise.all(infos.map((info) => limit(() => this.#observe(docker, info))));
    if (containerIds === undefined) this.#forgetAllBut(infos);
    return observed.filter((container) => container !== undefined);
  }

  async #observe(docker: Docker, info: ContainerInfo): Promise<ObservedContainer | undefined> {
    const owner = await this.#ownerOf(docker, info);
    if (owner === 'gone') return undefined;
    const seen = observedContainer(this.#host, info, owner);
    const hasEnded = owner !== undefined && seen.state === 'exited';
    const observed = hasEnded && (await readFile(docker.getContainer(info.Id), stoppedFile)) === 'stopped' ? { ...seen, isStopped: true } : seen;
    return (await this.#isFinished(docker, info)) ? observed : { ...observed, isUnfinished: true };
  }

  async #ownerOf(docker: Docker, info: ContainerInfo): Promise<Ownership | undefined | 'gone'> {
    if (!isOurs(info.Labels)) return undefined;
    const isInspected = this.#attended.has(info.Labels[labels.application] ?? '');
    const known = this.#owners.get(info.Id);
    if (known !== undefined && (known.isInspected || !isInspected)) return known.owner;
    try {
      const owner = ownership(info.Labels, isInspected ? await inspect(docker, info.Id) : undefined);
      this.#owners.set(info.Id, { owner, isInspected });
      return owner;
    } catch (error) {
      if (statusCode(error) === 404) return 'gone';
      throw error;
    }
  }

  /** Once its commands were all carried out, they were for the container's whole life. */
  async #isFinished(docker: Docker, { Id, Labels }: ContainerInfo): Promise<boolean> {
    if (this.#finished.has(Id) || !isOurs(Labels) || !hasLifecycle(Labels)) return true;
    try {
      const answer: unknown = await docker.getContainer(Id).infoArchive({ path: doneFile });
      // It is a stream without anything in it; unread it would keep its connection open.
      if (answer instanceof Readable) answer.resume();
    } catch (error) {
      if (statusCode(error) === 404) return false;
      throw error;
    }
    this.#finished.add(Id);
    return true;
  }

  #forgetAllBut(infos: readonly ContainerInfo[]): void {
    const there = new Set(infos.map((info) => info.Id));
    for (const id of this.#finished) if (!there.has(id)) this.#finished.delete(id);
    for (const id of this.#owners.keys()) if (!there.has(id)) this.#owners.delete(id);
  }
}

/** What is made for a moment, and belongs to no application. */
function isHelper(containerLabels: ContainerInfo['Labels']): boolean {
  return [isLock, isCatching, isReadingRoutes, isInsider].some((is) => is(containerLabels));
}

async function inspect(docker: Docker, containerId: string): Promise<InspectedConfig> {
  const { Config } = await docker.getContainer(containerId).inspect();
  return { env: Config.Env ?? [], entrypoint: listOf(Config.Entrypoint), command: listOf(Config.Cmd) };
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? [value] : value;
}

// The containers of a host as they are observed. What an engine does not list is asked for of those containers alone that it
// matters for, and but once where it cannot change.

import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import pLimit from 'p-limit';
import type { ObservedContainer, Ownership } from '#core/cluster/observed.ts';
import { doneFile, stoppedFile } from '#core/lifecycle/scripts.ts';
import { unless } from './calls.ts';
import { isCatching } from './caught.ts';
import { type Known, observedContainer } from './convert.ts';
import { readFile } from './inContainer.ts';
import { isOurs, labels, ownership, type InspectedConfig, type Told, toldBy } from './labels.ts';
import { eachListed } from './listing.ts';
import { isLock } from './locks.ts';
import { isOfAMoment } from './moments.ts';
import { nestedHostOf } from './nested/labels.ts';
import { statusCode } from './problems.ts';

const inspectedAtATime = 8;

/** What is known of a container for its whole life: its labels and its configuration never change, and its commands are carried out once. */
interface Life extends Known {
  readonly isInspected: boolean;
  isFinished: boolean;
}

export class Containers {
  readonly #host: string;
  /** By container id. */
  readonly #lives = new Map<string, Life>();
  readonly #attended = new Set<string>();

  constructor(host: string) {
    this.#host = host;
  }

  attend(application: string): void {
    this.#attended.add(application);
  }

  async list(docker: Docker, containerIds: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ObservedContainer[]> {
    const once = new Once();
    const same = (text: string): string => once.text(text);
    const there = new Set<string>();
    const seen: ObservedContainer[] = [];
    const asked: ContainerInfo[] = [];
    await eachListed(docker, containerIds, signal, (info) => {
      if (isHelper(info.Labels)) return;
      there.add(info.Id);
      const life = this.#lifeOf(info, once);
      if (life === undefined || !life.isFinished || hasEnded(info, life)) asked.push(info);
      else seen.push(observedContainer(this.#host, info, life, same));
    });
    if (containerIds === undefined) for (const id of this.#lives.keys()) if (!there.has(id)) this.#lives.delete(id);
    const limit = pLimit(inspectedAtATime);
    const answers = await Promise.all(asked.map((info) => limit(() => this.#ask(docker, info, once))));
    return [...seen, ...answers.filter((container) => container !== undefined)];
  }

  /** Undefined where the engine has to be asked. */
  #lifeOf({ Id, Labels }: ContainerInfo, once: Once): Life | undefined {
    const known = this.#lives.get(Id);
    const mustInspect = isOurs(Labels) && this.#attended.has(Labels[labels.application] ?? '');
    if (known !== undefined && (known.isInspected || !mustInspect)) return known;
    return mustInspect ? undefined : this.#begin(Id, Labels, undefined, once);
  }

  #begin(id: string, found: ContainerInfo['Labels'], config: InspectedConfig | undefined, once: Once): Life {
    const owner = ownership(found, config);
    const told = isOurs(found) ? once.told(found) : notOurs;
    const isFinished = !told.hasLifecycle || this.#lives.get(id)?.isFinished === true;
    const life = { told, owner: owner && once.owner(owner), nested: nestedHostOf(found), isInspected: config !== undefined, isFinished };
    this.#lives.set(id, life);
    return life;
  }

  /** Undefined for a container that is gone meanwhile. */
  async #ask(docker: Docker, info: ContainerInfo, once: Once): Promise<ObservedContainer | undefined> {
    const { Id, Labels } = info;
    const container = docker.getContainer(Id);
    try {
      const life = this.#lifeOf(info, once) ?? this.#begin(Id, Labels, await inspect(container), once);
      const seen = observedContainer(this.#host, info, life, (text) => once.text(text));
      const isStopped = hasEnded(info, life) && (await readFile(container, stoppedFile)) === 'stopped';
      life.isFinished ||= await isDone(container);
      return { ...seen, ...(isStopped && { isStopped }), ...(!life.isFinished && { isUnfinished: true }) };
    } catch (error) {
      if (statusCode(error) === 404 || (await isGoing(container))) return undefined;
      throw error;
    }
  }
}

/** Looked into while it is being removed, a container makes an engine fail in many ways. */
async function isGoing(container: Docker.Container): Promise<boolean> {
  const found = await container.inspect().catch(unless(404));
  return found === undefined || found.State.Status === 'removing';
}

const notOurs: Told = { hasLifecycle: false };

/** What containers of one listing have in common is made and kept once. */
class Once {
  readonly #texts = new Map<string, string>();
  readonly #told = new Map<string, Told>();

  text(text: string): string {
    const known = this.#texts.get(text);
    if (known === undefined) this.#texts.set(text, text);
    return known ?? text;
  }

  told(found: ContainerInfo['Labels']): Told {
    const label = found[labels.spec] ?? '';
    const told = this.#told.get(label) ?? toldBy(found);
    this.#told.set(label, told);
    return told;
  }

  owner(owner: Ownership): Ownership {
    const { application, applicationName, entity, entityName, blueprint, entityType, entityParent } = owner;
    return {
      ...owner,
      application: this.text(application),
      applicationName: this.text(applicationName),
      entityName: entityName === entity ? entity : entityName,
      ...(blueprint !== undefined && { blueprint: this.text(blueprint) }),
      ...(entityType !== undefined && { entityType: this.text(entityType) }),
      ...(entityParent !== undefined && { entityParent: this.text(entityParent) }),
    };
  }
}

function hasEnded({ State }: ContainerInfo, { owner }: Known): boolean {
  return owner !== undefined && State === 'exited';
}

/** Whether all its commands were carried out. */
async function isDone(container: Docker.Container): Promise<boolean> {
  const answer: unknown = await container.infoArchive({ path: doneFile }).catch(unless(404));
  // It is a stream without anything in it; unread it would keep its connection open.
  if (answer instanceof Readable) answer.resume();
  return answer !== undefined;
}

/** What is made for a moment, and belongs to no application. */
function isHelper(containerLabels: ContainerInfo['Labels']): boolean {
  return [isLock, isCatching, isOfAMoment].some((is) => is(containerLabels));
}

async function inspect(container: Docker.Container): Promise<InspectedConfig> {
  const { Config } = await container.inspect();
  return { env: Config.Env ?? [], entrypoint: listOf(Config.Entrypoint), command: listOf(Config.Cmd) };
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? [value] : value;
}

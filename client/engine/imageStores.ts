// Images that were caught, kept in the registry of their cloud: its own (`DockerRegistry`), or one that may be written to. Pushed once,
// besides the deployment; pulled by hosts that lack them. Whatever is wrong with a registry is told in a sentence and fails nobody:
// images go from host to host then.

import { certifyCommand, keptIn, ownRegistry, registryAddress, tidyCommand, type OwnRegistry, type Tidying } from '#core/cloud/registry.ts';
import { sourceFor } from '#core/cloud/sources.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { usualKeep, type Keep } from '#core/image/caught.ts';
import { storedName } from '#core/image/key.ts';
import type { Told } from '#core/image/pin.ts';
import { messageOf } from './failure.ts';
import type { HostPort, RegistryTexts } from './ports.ts';
import type { Shipping } from './shippingPort.ts';

/** One that does not answer is as good as none. */
const answerWithinMs = 2500;
/** For so long one that did not help is not asked again. */
const restMs = 60_000;

export interface StoreWorld {
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

interface Store {
  /** With the folder in which the images are. */
  readonly address: string;
  /** Where it is tidied. */
  readonly own?: { readonly host: string; readonly containerId: string };
  readonly texts?: RegistryTexts;
}

/** What a cloud's own registry has and need not keep. */
export interface Stored {
  /** For people: the registry's container. */
  readonly registry: string;
  readonly images: readonly string[];
}

export class ImageStores {
  readonly #world: StoreWorld;
  /** What containers of own registries hold, by their ids and addresses. */
  readonly #known = new Map<string, Promise<Store>>();
  /** Until when a host asks nothing of a registry. */
  readonly #resting = new Map<string, number>();
  /** Images that are being fetched or pushed. */
  readonly #underway = new Map<string, Promise<boolean>>();
  readonly #pushing = new Set<Promise<void>>();
  readonly #notes = new Set<string>();

  constructor(world: StoreWorld) {
    this.#world = world;
  }

  /** Whether a registry had the image, and the host has it now. */
  fetch(image: string, container: Pick<DesiredContainer, 'host' | 'spec'>, { signal, onDetail }: Shipping): Promise<boolean> {
    return this.#once(`fetch ${container.host} ${image}`, () => this.#with(container, signal, async ({ address }, port) => {
      const { shipping } = port;
      const name = storedName(image, address);
      const told = await this.#ask(name, shipping, address, signal);
      if (!('digest' in told)) return false;
      onDetail(`from ${address}`);
      await shipping.pull(name, { signal, onDetail: (detail) => onDetail(`${detail} from ${address}`) });
      // Somebody else may have been quicker and have taken the name away again.
      await shipping.tag(name, image).catch(async (error: unknown) => {
        if ((await port.imageId(image, signal)) === undefined) throw error;
      });
      await shipping.untag(name);
      return true;
    }));
  }

  /** Pushes the image that the host has, besides what is going on. */
  keep(image: string, container: Pick<DesiredContainer, 'host' | 'spec'>, signal: AbortSignal): void {
    const work = this.#once(`keep ${container.host} ${image}`, () => this.#with(container, signal, async ({ address, own }, { shipping }) => {
      const name = storedName(image, address);
      if ('digest' in (await this.#ask(name, shipping, address, signal))) return true;
      const isNew = await shipping.tag(image, name);
      try {
        await shipping.push(name, { signal, onDetail: () => {} });
      } finally {
        if (isNew) await shipping.untag(name);
      }
      // Old ones make room, as on hosts; that fails nobody.
      if (own !== undefined) await this.#tidied(own, usualKeep, 'remove', signal).catch(() => []);
      return true;
    })).then(() => undefined);
    this.#pushing.add(work);
    void work.finally(() => this.#pushing.delete(work));
  }

  /** Of the registries that clouds run themselves. One that does not serve has nothing. */
  async tidy(keep: Keep, tidying: Tidying, signal: AbortSignal): Promise<readonly Stored[]> {
    const observed = this.#world.observed();
    const clouds = new Set(observed.hosts.flatMap(({ cloud }) => cloud ?? []));
    const own = [...clouds].flatMap((cloud) => ownRegistry(cloud, observed) ?? []).filter((one) => 'containerId' in one);
    const found = await Promise.all(own.map(async (one) => ({ registry: `${one.containerName} on ${one.host}`, images: await this.#tidied(one, keep, tidying, signal).catch(() => []) })));
    return found.filter(({ images }) => images.length > 0);
  }

  async #tidied({ host, containerId }: { readonly host: string; readonly containerId: string }, keep: Keep, tidying: Tidying, signal: AbortSignal): Promise<readonly string[]> {
    const lines: string[] = [];
    await this.#world.port(host)?.exec(containerId, tidyCommand(keep, tidying), (line) => lines.push(line), signal);
    return lines.filter((line) => line.startsWith('clocker-caught/'));
  }

  /** Resolves when everything is pushed, with what there is to tell: sentences without their full stop, each once. */
  async settled(): Promise<readonly string[]> {
    while (this.#pushing.size > 0) await Promise.all(this.#pushing);
    const notes = [...this.#notes];
    this.#notes.clear();
    return notes;
  }

  /** Several who want the same at once get it once. */
  #once(what: string, work: () => Promise<boolean>): Promise<boolean> {
    const known = this.#underway.get(what);
    if (known !== undefined) return known;
    const mine = work().finally(() => this.#underway.delete(what));
    this.#underway.set(what, mine);
    return mine;
  }

  /** False where there is no registry, or it does not help. Fails only when the signal aborts. */
  async #with(container: Pick<DesiredContainer, 'host' | 'spec'>, signal: AbortSignal, work: (store: Store, port: HostPort) => Promise<boolean>): Promise<boolean> {
    const { host } = container;
    const port = this.#world.port(host);
    if ((this.#resting.get(host) ?? 0) > this.#world.nowMs()) return false;
    try {
      const store = await this.#storeFor(container, signal);
      if (store === undefined || port === undefined) return false;
      return await work(store, port);
    } catch (error) {
      if (signal.aborted) return false;
      this.#resting.set(host, this.#world.nowMs() + restMs);
      this.#notes.add(`the registry of the cloud is not used, and what was installed goes from host to host: ${messageOf(error)}`);
      return false;
    }
  }

  /** What the registry says of an image. Fails with an Error where it says nothing of use, for that it does not have it is of use. */
  async #ask(name: string, shipping: HostPort['shipping'], address: string, signal: AbortSignal): Promise<Told> {
    const told = await shipping.ask(name, AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]));
    if ('problem' in told && told.why !== 'absent') throw new Error(told.problem.replaceAll(`registry of image ${name}`, `registry ${address}`).replaceAll(`registry of ${name}`, `registry ${address}`));
    return told;
  }

  async #storeFor(container: Pick<DesiredContainer, 'host' | 'spec'>, signal: AbortSignal): Promise<Store | undefined> {
    const observed = this.#world.observed();
    const cloud = observed.hosts.find(({ host }) => host === container.host)?.cloud;
    const own = cloud === undefined ? undefined : ownRegistry(cloud, observed);
    if (own === undefined) {
      const source = sourceFor(container, observed);
      return source?.isWriteable === true ? { address: source.address } : undefined;
    }
    if ('problem' in own) throw new Error(own.problem);
    return this.#open(own, signal);
  }

  /** What lets one into a registry of this name that a cloud runs itself; undefined where it is none. */
  async textsOf(registry: string): Promise<RegistryTexts | undefined> {
    const observed = this.#world.observed();
    for (const cloud of new Set(observed.hosts.flatMap((host) => host.cloud ?? []))) {
      const own = ownRegistry(cloud, observed);
      if (own === undefined || 'problem' in own || own.hostAddress === undefined || registryAddress(own.hostAddress, own.port) !== registry) continue;
      return (await this.#open(own, new AbortController().signal).catch(() => undefined))?.texts;
    }
    return undefined;
  }

  /** Its certificate names the address then. Fails with an Error. */
  async #open({ host, containerId, containerName, hostAddress, port }: OwnRegistry, signal: AbortSignal): Promise<Store> {
    if (hostAddress === undefined) throw new Error(`it runs in ${containerName} on ${host}, and under which address other hosts reach that one is not known; give the host an endpoint with an address, like ssh://10.0.0.5`);
    const key = `${containerId} ${hostAddress}`;
    const known = this.#known.get(key) ?? this.#read(host, containerId, { hostAddress, port, signal });
    this.#known.set(key, known);
    known.catch(() => this.#known.delete(key));
    return known;
  }

  async #read(host: string, containerId: string, { hostAddress, port: number, signal }: { readonly hostAddress: string; readonly port: number; readonly signal: AbortSignal }): Promise<Store> {
    const port = this.#world.port(host);
    const [username, password, ca] = await Promise.all([keptIn.login, keptIn.password, keptIn.ca].map(async (path) => port?.read(containerId, path)));
    if (port === undefined || username === undefined || password === undefined || ca === undefined) throw new Error(`its container on ${host} does not hold what lets one in`);
    if (!/^[\w.:-]+$/.test(hostAddress)) throw new Error(`${hostAddress} is no address`);
    const code = await port.exec(containerId, certifyCommand(hostAddress), () => {}, signal);
    if (code !== 0) throw new Error(`no certificate for ${hostAddress} could be made in its container on ${host} (exit code ${code})`);
    const address = registryAddress(hostAddress, number);
    return { address, own: { host, containerId }, texts: { username, password, ca, isOurs: true } };
  }
}

// Images that are caught: finds the image of what an entity's commands install, on its host or near it; where there is none yet,
// has it installed once and keeps it. Several that want the same wait for the one that installs it; when that fails, each installs
// for itself, in its own container, as if no images were kept.

import { sourceFor } from '#core/cloud/sources.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { goingByThemselves, prunable, usualKeep, type Keep } from '#core/image/caught.ts';
import { isUnread } from '#core/image/imageBuild.ts';
import { imageKey, caughtName, type Installation } from '#core/image/key.ts';
import type { MissingImage } from '#core/plan/diff.ts';
import { catchable, caughtImage, imageNeeded, withInstallations, type ImageSight } from '#core/plan/installed.ts';
import type { HostImages } from './cloud.ts';
import { messageOf } from './failure.ts';
import { bringImage, nearHosts, takeFromNearby, type ImageGround, type Meant } from './images.ts';
import { carryOutPhases, leaveNoTrace, putScripts, type Site } from './lifecycle.ts';
import type { ImageStores } from './imageStores.ts';
import type { HostPort } from './ports.ts';

/** An image appears a moment after its installation ends, where somebody else makes it. */
const appearsWithin = { tries: 12, pauseMs: 250 };

export interface CaughtWorld {
  readonly stores: ImageStores;
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
}

export interface Asking {
  readonly signal: AbortSignal;
  readonly onDetail: (detail: string) => void;
}

export class CaughtImages {
  readonly #world: CaughtWorld;
  /** What is being installed, by cloud and image. It resolves to whether that went well. */
  readonly #installing = new Map<string, Promise<boolean>>();

  constructor(world: CaughtWorld) {
    this.#world = world;
  }

  /** The containers with how each comes by what it installs, and the images that hosts lack for them. */
  async plan(containers: readonly DesiredContainer[], signal: AbortSignal): Promise<{ readonly containers: readonly DesiredContainer[]; readonly missing: readonly MissingImage[] }> {
    const observed = this.#world.observed();
    const ids = new Map<string, string | undefined>();
    const holders = new Map<string, string | undefined>();
    for (const container of containers) {
      const installation = catchable(container, observed);
      // What somebody else gives it may be a part of what is installed.
      if (installation === undefined || container.pending !== undefined) continue;
      const { host, spec } = container;
      const place = `${host} ${spec.image}`;
      if (!ids.has(place)) ids.set(place, await this.#idNear(host, spec.image, signal));
      const baseId = ids.get(place);
      if (baseId === undefined) continue;
      const image = caughtImage(installation, baseId);
      if (!holders.has(`${host} ${image}`)) holders.set(`${host} ${image}`, await this.#nearest(host, image, signal));
    }
    const sight: ImageSight = { idOf: (host, image) => ids.get(`${host} ${image}`), nearest: (host, image) => holders.get(`${host} ${image}`) };
    const known = withInstallations(containers, observed, sight);
    const needs = new Map(known.flatMap((container) => {
      const image = imageNeeded(container);
      // Built ones are seen to elsewhere.
      return image === undefined || image === container.spec.build?.image || isUnread(image) ? [] : [[`${container.host} ${image}`, { host: container.host, image, ...(container.installed?.kind === 'caught' && { from: container.installed.host }) }] as const];
    }));
    const asked = await Promise.all([...needs.values()].map((need) => this.#missing(need, signal)));
    return { containers: known, missing: asked.flat() };
  }

  /** What hosts that are up have, and what of it is more than `keep`. */
  async list(keep: Keep | undefined, signal: AbortSignal): Promise<readonly HostImages[]> {
    const up = this.#world.observed().hosts.filter(({ state }) => state.kind === 'up');
    return Promise.all(up.map(async ({ host }): Promise<HostImages> => {
      try {
        const images = (await this.#world.port(host)?.caught.list(signal)) ?? [];
        return { host, images, prunable: prunable(images, keep ?? usualKeep, this.#world.nowMs()) };
      } catch (error) {
        return { host, images: [], prunable: [], problem: messageOf(error) };
      }
    }));
  }

  /** Old ones make room for a new one. That is for the sake of the host and fails nobody. */
  async tidy(host: string, image: string): Promise<void> {
    const port = this.#world.port(host);
    const images = (await port?.caught.list(new AbortController().signal).catch(() => [])) ?? [];
    for (const { image: old } of goingByThemselves(images, this.#world.nowMs())) if (old.image !== image) await port?.caught.remove(old.image).catch(() => {});
  }

  /** Whether the registry of the cloud, or a host nearby, had the image, and the host has it now. */
  async bring(image: string, container: Pick<DesiredContainer, 'host' | 'spec'>, asking: Asking): Promise<boolean> {
    const { stores } = this.#world;
    if (await stores.fetch(image, container, asking)) return true;
    const isThere = await takeFromNearby(image, container.host, this.#ground(), asking.onDetail, asking.signal);
    // The registry may have come after it.
    if (isThere) stores.keep(image, container, asking.signal);
    return isThere;
  }

  /** See `Workbench.installedImage`. */
  async imageFor(container: DesiredContainer, { signal, onDetail }: Asking): Promise<string | undefined> {
    const { host, spec } = container;
    const port = this.#world.port(host);
    const installation = catchable(container, this.#world.observed());
    if (installation === undefined || port === undefined) return undefined;
    try {
      const found = await this.#found(container, installation, port, { signal, onDetail });
      if (found !== undefined) return found;
    } catch (error) {
      if (signal.aborted) throw error;
      onDetail(`no image is caught: ${messageOf(error)}`);
    }
    // The plan may have counted on the image.
    if ((await port.imageId(spec.image, signal)) === undefined) await bringImage(spec.image, host, this.#ground(), { signal, onDetail }, this.#meant(container));
    return undefined;
  }

  async #found(container: DesiredContainer, installation: Installation, port: HostPort, asking: Asking): Promise<string | undefined> {
    const { host, spec } = container;
    const { signal, onDetail } = asking;
    let baseId = await this.#idNear(host, spec.image, signal);
    if (baseId === undefined) {
      await bringImage(spec.image, host, this.#ground(), asking, this.#meant(container));
      baseId = await port.imageId(spec.image, signal);
    }
    if (baseId === undefined) return undefined;
    const key = imageKey(installation, baseId);
    const image = caughtName(installation, key);
    const group = `${this.#cloudOf(host)} ${image}`;
    for (;;) {
      if ((await port.imageId(image, signal)) !== undefined || (await this.bring(image, container, asking))) return image;
      const other = this.#installing.get(group);
      if (other === undefined) break;
      onDetail('waiting for the same installation of another container');
      if (!(await unlessAborted(other, signal))) return undefined;
    }
    const work = this.#catch(container, installation, { key, image }, asking);
    this.#installing.set(group, work.then(() => true, () => false));
    try {
      const at = await work;
      return at === host || (await takeFromNearby(image, host, this.#ground(), onDetail, signal)) ? image : undefined;
    } finally {
      this.#installing.delete(group);
    }
  }

  /** Installs, or joins whoever installs the same in the cloud already; gives the host that has the image then. */
  async #catch(container: DesiredContainer, installation: Installation, { key, image }: { readonly key: string; readonly image: string }, { signal, onDetail }: Asking): Promise<string> {
    const { host, containerName, spec } = container;
    const at = (await this.#busyNear(host, image, signal)) ?? host;
    const port = this.#world.port(at);
    if (port === undefined) throw new Error(`host ${at} is not configured any more`);
    if ((await port.imageId(spec.image, signal)) === undefined) await bringImage(spec.image, at, this.#ground(), { signal, onDetail }, this.#meant(container));
    const { containerId, isNew } = await port.caught.begin(installation, image, key);
    const site: Site = { host: at, containerId, containerName, port, signal, onDetail, ended: () => port.caught.ended(containerId) };
    // Whoever installed it may have been done between the look for the image and now.
    const isDone = isNew && (await port.imageId(image, signal)) !== undefined;
    if (!isDone) await this.#install(site, installation, { image, isNew });
    if (!isDone && isNew) this.#world.stores.keep(image, { host: at, spec }, signal);
    await port.remove(containerId).catch(() => {});
    if (!isDone) await this.tidy(at, image);
    return at;
  }

  async #install(site: Site, { course }: Installation, { image, isNew }: { readonly image: string; readonly isNew: boolean }): Promise<void> {
    const { port, containerId, signal, onDetail } = site;
    try {
      await putScripts(site, course);
      await carryOutPhases(site, course, isNew ? new Set() : undefined);
      if (isNew || !(await this.#appears(image, port, signal))) {
        onDetail('keeping what was installed as an image');
        await leaveNoTrace(site);
        await port.caught.commit(containerId, image);
      }
    } catch (error) {
      // Whoever is joined may be at the end of it.
      if (!isNew && (await this.#appears(image, port, signal))) return;
      // The next deployment goes on with one that was cancelled.
      if (!signal.aborted) await port.remove(containerId).catch(() => {});
      throw error;
    }
  }

  async #appears(image: string, port: HostPort, signal: AbortSignal): Promise<boolean> {
    for (let tries = appearsWithin.tries; tries > 0 && !signal.aborted; tries--) {
      if ((await port.imageId(image, signal)) !== undefined) return true;
      await new Promise((resolve) => setTimeout(resolve, appearsWithin.pauseMs));
    }
    return false;
  }


  async #missing(need: MissingImage, signal: AbortSignal): Promise<readonly MissingImage[]> {
    if (need.from !== undefined) return need.from === need.host ? [] : [need];
    return (await this.#world.port(need.host)?.imageId(need.image, signal)) === undefined ? [need] : [];
  }

  async #idNear(host: string, image: string, signal: AbortSignal): Promise<string | undefined> {
    for (const one of this.#near(host)) {
      const id = await this.#world.port(one)?.imageId(image, signal).catch(() => undefined);
      if (id !== undefined) return id;
    }
    return undefined;
  }

  async #nearest(host: string, image: string, signal: AbortSignal): Promise<string | undefined> {
    for (const one of this.#near(host)) if ((await this.#world.port(one)?.imageId(image, signal).catch(() => undefined)) !== undefined) return one;
    return undefined;
  }

  async #busyNear(host: string, image: string, signal: AbortSignal): Promise<string | undefined> {
    for (const one of this.#near(host)) if ((await this.#world.port(one)?.caught.isBusy(image, signal).catch(() => false)) === true) return one;
    return undefined;
  }

  /** The host itself first. */
  #near(host: string): readonly string[] {
    return [host, ...nearHosts(host, this.#world.observed())];
  }

  #cloudOf(host: string): string {
    return this.#world.observed().hosts.find((one) => one.host === host)?.cloud ?? `host ${host}`;
  }

  #meant(container: DesiredContainer): Meant {
    return { source: sourceFor(container, this.#world.observed())?.address };
  }

  #ground(): ImageGround {
    return { observed: this.#world.observed(), port: (host) => this.#world.port(host) };
  }
}

async function unlessAborted(work: Promise<boolean>, signal: AbortSignal): Promise<boolean> {
  const stop = new AbortController();
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('cancelled')), { once: true, signal: stop.signal });
    if (signal.aborted) reject(new Error('cancelled'));
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.abort();
  }
}

// Images that are built for entities: reads what they are built from, finds out which hosts lack them, and has them built. An
// image gets its name when it is whole.

import type { Application } from '#core/blueprint/application.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { basesOf, isBuiltName, isUnread, shownSource, type DockerfileSource, type ImageBuild, type KeptBuild } from '#core/image/imageBuild.ts';
import { endedLine, type BuildNews } from '#core/image/buildNews.ts';
import { readPlace, shownPlace } from '#core/image/buildSource.ts';
import { hasPinned, listedAs, pullPolicies, type PullPolicy } from '#core/image/pin.ts';
import { imagesToBuild } from '#core/plan/builds.ts';
import type { MissingImage } from '#core/plan/diff.ts';
import type { Action } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { runningContainer } from '#core/plan/wanted.ts';
import { canonical } from '#core/text/canonical.ts';
import type { Running } from './acting.ts';
import type { BuildMaterial, SourceReader } from './sourceReader.ts';
import { Failure, messageOf } from './failure.ts';
import { bringImage, nearHosts } from './images.ts';
import { answerWithinMs } from './patience.ts';
import type { ImagePins } from './pins.ts';
import type { HostPort } from './ports.ts';

export interface BuildsWorld {
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
}

/** What was found of the sources of an application. */
export type Materials = (source: DockerfileSource) => BuildMaterial | KeptBuild | undefined;

export const noMaterials: Materials = () => undefined;

type BuildAction = Extract<Action, { kind: 'build' }>;

export class BuiltImages {
  readonly #world: BuildsWorld;
  readonly #reader: SourceReader | undefined;

  constructor(world: BuildsWorld, reader: SourceReader | undefined) {
    this.#world = world;
    this.#reader = reader;
  }

  /** A source that cannot be read is refused, except where nobody here has the blueprint's folder: then the image is the one of the deployment that is gone back to, or the one that runs. */
  async read(application: Application, pins: ImagePins): Promise<{ readonly materials: Materials; readonly refusals: readonly Refusal[] }> {
    const found = new Map<string, BuildMaterial | KeptBuild>();
    const refusals: Refusal[] = [];
    for (const { source, entities } of application.builds ?? []) {
      const kept = application.folder === undefined && isRelative(source) ? keptImage(this.#world.observed(), application, entities) : undefined;
      if (kept !== undefined) {
        if (kept.isRunning || (await this.#isThere(kept.image))) found.set(canonical(source), { keptImage: kept.image });
        else refusals.push({ entity: entities[0] ?? application.id, reason: `its image was built from ${shownSource(source)}, which was not kept with the deployment, and no host that is up has image ${kept.image} of then any more; deploy the blueprint of then from its own folder` });
        continue;
      }
      await (this.#reader?.read(source, application.folder) ?? Promise.reject(new Error('nobody here can build images'))).then(
        async (material) => found.set(canonical(source), { ...material, ...(await this.#around(material, application, entities, pins)) }),
        (error: unknown) => refusals.push({ entity: entities[0] ?? application.id, reason: `its image cannot be built from ${shownSource(source)}: ${messageOf(error)}` }),
      );
    }
    return { materials: (source) => found.get(canonical(source)), refusals };
  }

  /** What decides about its image besides what was read. */
  async #around({ text }: BuildMaterial, { id, entities: all }: Application, entities: readonly string[], pins: ImagePins): Promise<Pick<BuildMaterial, 'baseDigests' | 'running'>> {
    const observed = this.#world.observed();
    const wanted = new Set(all.flatMap(({ key, container }) => (entities.includes(key) ? (container?.pullPolicy ?? cloudsPolicy(observed)) : [])));
    const policy = pullPolicies.find((one) => wanted.has(one)) ?? 'missing';
    const running = entities.flatMap((entity) => runningContainer(observed, id, entity)?.image ?? []);
    return { baseDigests: await pins.digests(new Map(basesOf(text).map((base) => [base, policy]))), running };
  }

  /** What hosts lack; `expected` has the hosts that are still to be made. */
  async plan(containers: readonly DesiredContainer[], expected: Observed): Promise<readonly MissingImage[]> {
    const holders = new Map<string, string | undefined>();
    for (const { host, spec: { build } } of containers) {
      if (build === undefined || holders.has(`${host} ${build.image}`)) continue;
      holders.set(`${host} ${build.image}`, await this.#nearest(host, build.image));
    }
    return imagesToBuild(containers, expected, (host, image) => holders.get(`${host} ${image}`));
  }

  /** Throws a Failure with the Dockerfile's own line and the builder's last words. */
  async build({ host, image, build }: BuildAction, materials: Materials, { signal, onDetail }: Pick<Running, 'signal' | 'onDetail'>): Promise<void> {
    const port = this.#world.port(host);
    if (port === undefined) throw new Failure(`host ${host} is not configured any more`);
    if ((await port.imageId(image, signal)) !== undefined) return;
    const material = materials(build.source);
    if (material === undefined || 'keptImage' in material) throw new Failure(`build image ${image} on ${host}: what it is built from is not there any more; plan again`);
    try {
      for (const base of build.bases) await this.#bring(base, host, build.pins[base], { signal, onDetail });
      const context = { packed: () => material.open(build.text) };
      const request = { context, dockerfile: build.dockerfile, dockerfileText: build.text, names: [image], options: { args: build.args } };
      const built = await port.builder.build(request, (news) => tell(news, onDetail), signal);
      if (built.kind === 'failed') throw new Failure(`${placeOf(build, built.line)}: ${built.problem}`, { logTail: built.logTail });
    } catch (error) {
      const { problem, logTail } = Failure.from(error);
      throw new Failure(`build image ${image} on ${host}: ${problem}`, { logTail, cause: error });
    }
  }

  /**
   * From nearby or with the log-in that pulls have. What cannot be brought is asked for by the builder, who knows the line that wants
   * it; but where certain bytes are meant, no others will do.
   */
  async #bring(base: string, host: string, digest: string | undefined, { signal, onDetail }: Pick<Running, 'signal' | 'onDetail'>): Promise<void> {
    const port = (name: string): HostPort | undefined => this.#world.port(name);
    if (isBuiltName(base) || (digest === undefined ? await port(host)?.hasImage(base, signal) : await this.#hasBytes(base, host, digest, signal)) === true) return;
    await bringImage(base, host, { observed: this.#world.observed(), port }, { onDetail, signal }, { digest }).catch((error: unknown) => {
      if (signal.aborted || digest !== undefined) throw error;
      onDetail(messageOf(error));
    });
  }

  async #hasBytes(base: string, host: string, digest: string, signal: AbortSignal): Promise<boolean> {
    const held = await Promise.all([host, ...nearHosts(host, this.#world.observed())].map(async (near) => (await this.#world.port(near)?.shipping.held(signal).catch(() => undefined))?.get(listedAs(base))));
    return hasPinned(held[0], digest, held);
  }

  async #isThere(image: string): Promise<boolean> {
    const up = this.#world.observed().hosts.filter(({ state }) => state.kind === 'up');
    const ids = await Promise.all(up.map(async ({ host }) => this.#world.port(host)?.imageId(image, AbortSignal.timeout(answerWithinMs)).catch(() => undefined)));
    return ids.some((id) => id !== undefined);
  }

  async #nearest(host: string, image: string): Promise<string | undefined> {
    for (const near of [host, ...nearHosts(host, this.#world.observed())]) {
      const id = await this.#world.port(near)?.imageId(image, AbortSignal.timeout(answerWithinMs)).catch(() => undefined);
      if (id !== undefined) return near;
    }
    return undefined;
  }
}

/** Where a base's host is not known yet: what all clouds say alike. */
function cloudsPolicy({ clouds = [] }: Observed): PullPolicy {
  const [policy = 'missing', ...others] = new Set(clouds.map((cloud) => cloud.pullPolicy ?? 'missing'));
  return others.length === 0 ? policy : 'missing';
}

/** Entities whose image nobody can build yet, though its source was read. */
export function unbuildable(containers: readonly DesiredContainer[], refused: readonly Refusal[]): readonly Refusal[] {
  const known = new Set(refused.map(({ entity }) => entity));
  const left = containers.filter(({ entity, spec }) => isUnread(spec.image) && !known.has(entity));
  return left.flatMap(({ entity, pending = [] }) => {
    const reasons = pending.filter((reason) => reason.startsWith('docker.dockerfile.'));
    const all = reasons.length > 0 ? reasons : pending;
    // Where its source cannot be read, that has been said of the first that needs it.
    return all.length === 0 ? [] : [{ entity, reason: `its image cannot be built yet: ${all.join('; ')}` }];
  });
}

function isRelative({ dockerfile, context, entrypoint }: DockerfileSource): boolean {
  return [dockerfile, context, entrypoint].some((written) => {
    if (written === undefined) return false;
    const read = readPlace(written);
    return 'place' in read && read.place.kind === 'path' && !/^(?:file:|[\\/]|[a-z]:[\\/])/i.test(read.place.path);
  });
}

/** The image of an earlier deployment that is gone back to, else the one that runs. */
function keptImage(observed: Observed, { id, built = {} }: Application, entities: readonly string[]): { readonly image: string; readonly isRunning: boolean } | undefined {
  const running = entities.flatMap((entity) => runningContainer(observed, id, entity)?.image ?? []).filter((image) => isBuiltName(image) && !isUnread(image));
  const [image] = [...entities.flatMap((entity) => built[entity] ?? []), ...running];
  return image === undefined ? undefined : { image, isRunning: running.includes(image) };
}

function tell(news: BuildNews, onDetail: (detail: string) => void): void {
  if (news.kind === 'began') onDetail(`step ${news.step} ${news.text}`);
  else if (news.kind === 'ended') onDetail(`step ${endedLine(news)}`);
}

/** `web/Dockerfile:3`. */
function placeOf({ source, dockerfile }: ImageBuild, line: number | undefined): string {
  const shown = shownPlace(source.dockerfile);
  const read = readPlace(source.dockerfile);
  const isPath = 'place' in read && read.place.kind === 'path';
  const path = isPath ? (shown.split(/[\\/]/).at(-1) === dockerfile.split('/').at(-1) ? shown : `${shown.replace(/\/$/, '')}/${dockerfile}`) : dockerfile;
  return `${path}${line === undefined ? '' : `:${line}`}${isPath ? '' : ` of ${shown}`}`;
}

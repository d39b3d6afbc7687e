// Images to and from a Docker Engine: by registries, with the log-ins that are known here, and as archives.

import { Readable } from 'node:stream';
import type Docker from 'dockerode';
import pLimit from 'p-limit';
import { fullReference } from '#core/cluster/imageName.ts';
import type { HeldImage, Told } from '#core/image/pin.ts';
import type { LockOwner } from '#core/record/lock.ts';
import { parseReference, printReference, type ImageReference } from '#core/image/reference.ts';
import type { Credentials } from '../engine/ports.ts';
import type { Sending, Shipping, ShippingPort } from '../engine/shippingPort.ts';
import { messageOf } from '../engine/failure.ts';
import { raced, unless } from './calls.ts';
import { fanOut } from './fanOut.ts';
import { field } from './field.ts';
import { withoutLayers } from './missingLayers.ts';
import { askProblem, isDisbelief, pullProblem, pushProblem } from './problems.ts';
import { accessTo, type RegistryAccess } from './registryAccess.ts';
import { ShippingProgress } from './shippingProgress.ts';
import { drain, jsonObject, LineSplitter } from './streams.ts';
import { trust } from './trust.ts';

const inspectedAtATime = 8;

export interface ShippingHost {
  readonly endpoint: string;
  readonly credentials: Credentials;
  readonly owner: LockOwner;
  /** Fails as the library does. */
  readonly connection: () => Promise<Docker>;
  /** Whatever goes wrong becomes an Error with a sentence. */
  readonly ask: <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;
}

export class DockerShipping implements ShippingPort {
  readonly #host: ShippingHost;

  constructor(host: ShippingHost) {
    this.#host = host;
  }

  async pull(image: string, { signal, onDetail }: Shipping, digest?: string): Promise<void> {
    const { endpoint, credentials, connection } = this.#host;
    const { tag, digest: written, ...name } = referenceOf(image);
    const access = await accessTo(name.registry, credentials);
    const { login } = access;
    const exact = digest ?? written;
    try {
      const docker = await connection();
      // A digest goes where a tag would: the engine then asks for exactly that image.
      await this.#believing(name.registry, access, docker, async () => followed(await docker.createImage(login, { fromImage: printReference(name), tag: exact ?? tag ?? 'latest', abortSignal: signal }), onDetail));
      if (digest !== undefined) await docker.getImage(printReference({ ...name, digest })).tag({ repo: printReference(name), tag: tag ?? 'latest' });
    } catch (error) {
      throw new Error(pullProblem(error, image, { endpoint, hasLogin: login !== undefined }), { cause: error });
    }
  }

  held(signal: AbortSignal): Promise<ReadonlyMap<string, HeldImage>> {
    return this.#host.ask(async (docker) => {
      const found = await raced(docker.listImages(), signal);
      return new Map(found.flatMap(({ Id, RepoTags, RepoDigests }) => {
        const digests = namesIn(RepoDigests).map((name) => name.slice(name.indexOf('@') + 1));
        const held: HeldImage = { imageId: Id, digests: [...new Set(digests)] };
        return [Id, ...namesIn(RepoTags).map(fullReference)].map((name) => [name, held] as const);
      }));
    });
  }

  async ask(image: string, signal: AbortSignal): Promise<Told> {
    const { endpoint, credentials, connection } = this.#host;
    const reference = referenceOf(image);
    const access = accessTo(reference.registry, credentials);
    try {
      const { login } = await access;
      const docker = await connection();
      const ask = (): Promise<unknown> => raced(docker.getImage(printReference({ ...reference, tag: reference.tag ?? 'latest' })).distribution(login === undefined ? {} : { authconfig: login }), signal);
      const told = await this.#believing(reference.registry, await access, docker, ask);
      const digest = field(field(told, 'Descriptor'), 'digest');
      const platforms = field(told, 'Platforms');
      if (typeof digest !== 'string') return { problem: `the registry of ${image} told no digest` };
      // What is signed along with an image is listed as for no platform.
      const named = (Array.isArray(platforms) ? platforms : []).map((one: unknown) => ['os', 'architecture', 'variant'].map((name) => field(one, name)).filter((part) => typeof part === 'string' && part !== '').join('/'));
      return { digest, platforms: [...new Set(named.filter((one) => one !== '' && !one.startsWith('unknown')))] };
    } catch (error) {
      const { login } = await access.catch(() => ({ login: undefined }));
      return signal.aborted ? { problem: `the registry of ${image} did not answer in time` } : askProblem(error, image, { endpoint, hasLogin: login !== undefined });
    }
  }

  async push(image: string, { signal, onDetail }: Shipping): Promise<void> {
    const { endpoint, credentials, connection } = this.#host;
    const { tag = 'latest', digest, ...name } = referenceOf(image);
    if (digest !== undefined) throw new Error(`image ${image} is named by its digest; push it by a name and a tag`);
    const access = await accessTo(name.registry, credentials);
    const { login } = access;
    try {
      const docker = await connection();
      // An engine wants a log-in even where the registry wants none.
      const authconfig = login ?? { username: '', password: '', serveraddress: name.registry ?? '' };
      await this.#believing(name.registry, access, docker, async () => followed(await docker.getImage(printReference(name)).push({ authconfig, tag, abortSignal: signal }), onDetail));
    } catch (error) {
      throw new Error(pushProblem(error, image, { endpoint, hasLogin: login !== undefined }), { cause: error });
    }
  }

  /** A registry that Clocker made for a docker cloud is believed by a host as soon as that is asked of it. */
  async #believing<T>(registry: string | undefined, { ca, isOurs }: RegistryAccess, docker: Docker, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (registry === undefined || ca === undefined || isOurs !== true || !isDisbelief(error)) throw error;
      await trust(docker, registry, ca, this.#host.owner);
      return work();
    }
  }

  tag(image: string, name: string): Promise<boolean> {
    return this.#host.ask(async (docker) => {
      const [found, other] = await Promise.all([docker.getImage(image).inspect(), docker.getImage(name).inspect().catch(unless(404))]);
      if (found.Id === other?.Id) return false;
      const { tag = 'latest', ...rest } = referenceOf(name);
      await docker.getImage(image).tag({ repo: printReference(rest), tag });
      return true;
    });
  }

  async untag(name: string): Promise<void> {
    await this.#host.ask((docker) => docker.getImage(name).remove().catch(unless(404)));
  }

  layers(image: string, signal: AbortSignal): Promise<readonly string[]> {
    return this.#host.ask(async (docker) => layersOf(await raced(docker.getImage(image).inspect().catch(unless(404)), signal)));
  }

  allLayers(signal: AbortSignal): Promise<readonly (readonly string[])[]> {
    return this.#host.ask(async (docker) => {
      const limit = pLimit(inspectedAtATime);
      const images = await raced(docker.listImages(), signal);
      return raced(Promise.all(images.map(({ Id }) => limit(async () => layersOf(await docker.getImage(Id).inspect().catch(unless(404)))))), signal);
    });
  }

  save(image: string, signal: AbortSignal, without: readonly string[] = []): Promise<NodeJS.ReadableStream> {
    return this.#host.ask(async (docker) => {
      const archive = await docker.getImage(image).get();
      // Whoever reads it hears of it as of any break.
      signal.addEventListener('abort', () => archive instanceof Readable && archive.destroy(new Error('cancelled')), { once: true });
      return without.length === 0 ? archive : withoutLayers(archive, without);
    });
  }

  async send(image: string, receivers: readonly ShippingPort[], { without, signal, onBytes }: Sending): Promise<readonly (string | undefined)[]> {
    const streams = fanOut(await this.save(image, signal, without), receivers.length);
    return Promise.all(streams.map(async (stream, index) => {
      let bytes = 0;
      stream.on('data', (piece: Uint8Array) => onBytes(index, (bytes += piece.length)));
      // It flows when the engine takes it.
      stream.pause();
      try {
        await receivers[index]?.load(stream, signal);
        return undefined;
      } catch (error) {
        return messageOf(error);
      } finally {
        stream.destroy();
      }
    }));
  }

  load(archive: NodeJS.ReadableStream, signal: AbortSignal): Promise<void> {
    return this.#host.ask(async (docker) => {
      // Nobody else hears when the archive breaks off, and the engine would wait for the rest of it.
      const stop = new AbortController();
      let broken: unknown;
      archive.once('error', (error: unknown) => stop.abort((broken = error)));
      try {
        await followed(await docker.loadImage(archive, { quiet: true, abortSignal: AbortSignal.any([signal, stop.signal]) }));
      } catch (error) {
        throw broken ?? error;
      }
    });
  }
}

function referenceOf(image: string): ImageReference {
  const parsed = parseReference(image);
  if (!parsed.ok) throw new Error(parsed.problem);
  return parsed.value;
}

/** An engine may say null where an image has none. */
function namesIn(names: readonly string[] | null | undefined): readonly string[] {
  return (names ?? []).filter((name) => !name.includes('<none>'));
}

function layersOf(found: { readonly RootFS?: { readonly Layers?: readonly string[] | undefined } } | undefined): readonly string[] {
  return found?.RootFS?.Layers ?? [];
}

/** Reads a stream of JSON lines to its end; throws what the engine reports inside it. */
async function followed(stream: NodeJS.ReadableStream, onDetail: (detail: string) => void = () => {}): Promise<void> {
  let problem: unknown;
  const progress = new ShippingProgress();
  const lines = new LineSplitter((line) => {
    const event = jsonObject(line);
    if (event === undefined) return;
    problem ??= event['error'];
    onDetail(progress.take(event));
  });
  const broken = await drain(stream, (bytes) => lines.write(bytes));
  lines.end();
  if (problem !== undefined || broken !== undefined) throw problem ?? broken;
}

// Images that are caught, on a Docker Engine, and the list of all that deployments made there. An installation runs in a container of its own, because an engine writes a whole
// container's configuration into the image that it makes of it: this one's holds nothing of an entity. Its name says what is
// installed, so whoever installs the same joins.

import type Docker from 'dockerode';
import { fullReference } from '#core/cluster/imageName.ts';
import type { KeptImage } from '#core/image/caught.ts';
import { builtImages, isBuiltName, partsOfBuilt } from '#core/image/imageBuild.ts';
import type { Installation } from '#core/image/key.ts';
import { entrypoint } from '#core/lifecycle/scripts.ts';
import { canonical } from '#core/text/canonical.ts';
import type { CaughtPort, Installer } from '../engine/caughtPort.ts';
import { raced, unless } from './calls.ts';
import { labels, prefix, toldBy } from './labels.ts';
import { statusCode } from './problems.ts';
import { jsonObject, LogSplitter } from './streams.ts';

/** On the container in which it is installed, on the image, and so on every container made from it. */
const keyLabel = `${prefix}caught`;
const fromLabel = `${prefix}caught.from`;
const lastLines = 20;
/** How long a container may take to go. */
const goneWithin = { tries: 40, pauseMs: 250 };

/** True for a container that only installs. */
export function isCatching(found: Readonly<Record<string, string>>): boolean {
  return found[keyLabel] !== undefined && found[labels.application] === undefined;
}

type Ask = <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

export class DockerCaught implements CaughtPort {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  begin(installation: Installation, image: string, key: string): Promise<Installer> {
    return this.#ask(async (docker) => {
      const name = installerName(image);
      for (let tries = goneWithin.tries; ; tries--) {
        const isNew = await docker.createContainer(installerOptions(installation, name, key)).then(() => true, (error: unknown) => {
          if (statusCode(error) === 409) return false;
          throw error;
        });
        const container = docker.getContainer(name);
        // Whoever made it may have ended before starting it, or may be done and take it away just now.
        const found = await container.inspect().catch(unless(404));
        const isStarted = found !== undefined && (await container.start().then(() => true, (error: unknown) => {
          if (tries > 0 && [404, 409].includes(statusCode(error) ?? 0)) return false;
          return unless(304)(error) ?? true;
        }));
        if (isStarted) return { containerId: found.Id, isNew };
        if (tries === 0) throw new Error(`container ${name} cannot be removed by the engine`);
        await new Promise((resolve) => setTimeout(resolve, goneWithin.pauseMs));
      }
    });
  }

  isBusy(image: string, signal: AbortSignal): Promise<boolean> {
    return this.#ask(async (docker) => (await raced(docker.getContainer(installerName(image)).inspect().catch(unless(404)), signal)) !== undefined);
  }

  ended(containerId: string): ReturnType<CaughtPort['ended']> {
    return this.#ask(async (docker) => {
      const container = docker.getContainer(containerId);
      const found = await container.inspect().catch(unless(404));
      const logTail: string[] = [];
      if (found !== undefined) {
        const lines = new LogSplitter(false, ({ text }) => logTail.push(text));
        lines.write(await container.logs({ stdout: true, stderr: true, tail: lastLines, follow: false }));
        lines.end();
      }
      return { exitCode: found?.State.Running === true ? undefined : (found?.State.ExitCode ?? 137), logTail };
    });
  }

  async commit(containerId: string, image: string): Promise<void> {
    await this.#ask((docker) => docker.getContainer(containerId).commit({ ...nameAndTag(image), comment: 'what Clocker installed' }));
  }

  list(signal: AbortSignal): Promise<readonly KeptImage[]> {
    return this.#ask(async (docker) => [...(await caughtOn(docker, signal)), ...(await builtOn(docker, signal))]);
  }

  async remove(image: string): Promise<void> {
    await this.#ask((docker) => docker.getImage(image).remove().catch(unless(404)));
  }
}

async function caughtOn(docker: Docker, signal: AbortSignal): Promise<readonly KeptImage[]> {
  const [images, containers] = await raced(Promise.all([docker.listImages({ filters: { label: [keyLabel] } }), docker.listContainers({ all: true, filters: { label: [keyLabel] } })]), signal);
  return images.flatMap(({ Id, RepoTags, Labels, Created, Size }): KeptImage[] => {
    const from = jsonObject(Labels[fromLabel] ?? '') ?? {};
    const text = (name: string): string => (typeof from[name] === 'string' ? from[name] : '');
    const usedBy = containers.filter(({ ImageID }) => ImageID === Id).map(({ Names }) => (Names[0] ?? '').replace(/^\//, ''));
    // One without a name was caught twice at a time; it can be removed by its id.
    const names = (RepoTags ?? []).filter((name) => !name.includes('<none>'));
    return (names.length === 0 ? [Id] : names).map((image) => ({
      kind: 'caught', image, imageId: Id, key: Labels[keyLabel] ?? '', type: text('type'), base: text('base'), createdAtMs: Created * 1000, sizeBytes: Size, usedBy,
    }));
  });
}

/** A container is made of such an image, or of what was caught on top of it: its label says which image the blueprint wants. */
async function builtOn(docker: Docker, signal: AbortSignal): Promise<readonly KeptImage[]> {
  const images = await raced(docker.listImages({ filters: { reference: [builtImages] } }), signal);
  if (images.length === 0) return [];
  const containers = await raced(docker.listContainers({ all: true }), signal);
  const found = await Promise.all(
    images.flatMap(({ Id, RepoTags, Created, Size }) =>
      (RepoTags ?? []).filter(isBuiltName).map(async (image): Promise<KeptImage> => {
        const usedBy = containers.filter(({ ImageID, Image, Labels }) => ImageID === Id || Image === image || toldBy(Labels).image === image || wasCaughtOn(Labels, image)).map(({ Names }) => (Names[0] ?? '').replace(/^\//, ''));
        const { type, key } = partsOfBuilt(image);
        return { kind: 'built', image, imageId: Id, key, type, base: '', createdAtMs: Math.max(Created * 1000, await taggedAtMs(docker, Id, signal)), sizeBytes: Size, usedBy };
      }),
    ),
  );
  return found;
}

function wasCaughtOn(found: Readonly<Record<string, string>>, image: string): boolean {
  return jsonObject(found[fromLabel] ?? '')?.['base'] === fullReference(image);
}

/** A builder that knows all steps gives an image the time of the first build; its name it has from now on. 0 where the engine does not say. */
async function taggedAtMs(docker: Docker, imageId: string, signal: AbortSignal): Promise<number> {
  const found: unknown = await raced(docker.getImage(imageId).inspect().catch(unless(404)), signal);
  const metadata: unknown = typeof found === 'object' && found !== null ? Reflect.get(found, 'Metadata') : undefined;
  const at: unknown = typeof metadata === 'object' && metadata !== null ? Reflect.get(metadata, 'LastTagTime') : undefined;
  const atMs = typeof at === 'string' ? Date.parse(at) : NaN;
  return Number.isNaN(atMs) ? 0 : Math.max(0, atMs);
}

function installerName(image: string): string {
  return `clocker-catch-${nameAndTag(image).tag}`;
}

function nameAndTag(image: string): { readonly repo: string; readonly tag: string } {
  const at = image.lastIndexOf(':');
  return { repo: image.slice(0, at), tag: image.slice(at + 1) };
}

/** It installs as the entity's own container would: as root, with the same main program, which waits. */
function installerOptions({ type, base, course, env }: Installation, name: string, key: string): Docker.ContainerCreateOptions {
  return {
    name,
    Image: base,
    Entrypoint: [...entrypoint],
    Cmd: [],
    User: '0:0',
    Env: Object.entries(env).map(([variable, value]) => `${variable}=${value}`),
    Labels: { [keyLabel]: key, [fromLabel]: canonical({ type, base, phases: course.phases.map((phase) => phase.name) }) },
  };
}

// What images are built from, wherever it lies: read, fetched, unpacked, and ready to be sent to a builder. What is fetched lies
// in a temporary folder until it is closed; what is on this machine stays where it is.

import { createHash } from 'node:crypto';
import { createReadStream, rmSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import type { DockerfileSource } from '#core/image/imageBuild.ts';
import { readPlace, shownPlace, type BuildPlace } from '#core/image/buildSource.ts';
import { bytes as shownBytes } from '#core/placement/words.ts';
import { canonical } from '#core/text/canonical.ts';
import type { BuildMaterial, SourceReader } from '../engine/sourceReader.ts';
import { kindOf, unpack, usualUnpacking, type UnpackLimits } from './unpack.ts';
import { contextOf, digestOf, isBelow, packed, textBelow, type BuildContext } from './context.ts';
import { download, matches, usualDownload, type DownloadLimits } from './download.ts';
import { fetchRepository } from './repository.ts';
import { textFile } from './walk.ts';

/** A Dockerfile is written by hand; a script is, too. */
const mostTextBytes = 1024 * 1024;
const entrypointName = 'entrypoint.sh';

type Found =
  | { readonly kind: 'folder'; readonly path: string }
  /** A file that is no archive; `isOurs` where it lies among files that belong to it. */
  | { readonly kind: 'file'; readonly path: string; readonly isOurs: boolean };

export interface SourceLimits {
  readonly download: DownloadLimits;
  readonly unpacking: UnpackLimits;
}

export class EntitySources implements SourceReader {
  readonly #limits: SourceLimits;
  readonly #known = new Map<string, { readonly digest: string; readonly material: BuildMaterial }>();
  #root: Promise<string> | undefined;
  #rootPath: string | undefined;
  #count = 0;

  constructor(limits: SourceLimits = { download: usualDownload, unpacking: usualUnpacking }) {
    this.#limits = limits;
  }

  async read(source: DockerfileSource, folder = '.'): Promise<BuildMaterial> {
    const fetched: string[] = [];
    try {
      const context = await this.#contextOf(source, folder, fetched);
      const digest = await digestOf(context);
      const known = this.#known.get(canonical([source, folder]));
      if (known?.digest === digest && known.material.text === context.dockerfileText) {
        // What was fetched before is still there.
        if (fetched.length > 0) await drop(fetched);
        return known.material;
      }
      const material: BuildMaterial = { dockerfile: context.dockerfile, text: context.dockerfileText, digest, open: (dockerfileText) => packed({ ...context, dockerfileText }, digest) };
      this.#known.set(canonical([source, folder]), { digest, material });
      return material;
    } catch (error) {
      await drop(fetched);
      throw error;
    }
  }

  close(): void {
    if (this.#rootPath !== undefined) rmSync(this.#rootPath, { recursive: true, force: true });
    this.#root = undefined;
    this.#rootPath = undefined;
    this.#known.clear();
  }

  async #contextOf({ dockerfile, context, entrypoint }: DockerfileSource, folder: string, fetched: string[]): Promise<BuildContext> {
    const main = await this.#find(dockerfile, folder, fetched);
    const around = context === undefined ? undefined : await this.#find(context, folder, fetched);
    if (around?.kind === 'file') throw new Error(`${shownPlace(context ?? '')} is neither a folder nor an archive, so nothing can be copied from it`);
    const built = around === undefined ? await alone(main, () => this.#newFolder(fetched)) : await together(main, around.path);
    if (entrypoint === undefined) return built;
    const script = await this.#find(entrypoint, folder, fetched);
    if (script.kind === 'folder') throw new Error(`${shownPlace(entrypoint)} is no script`);
    return { ...built, added: [{ ...textFile(entrypointName, await textOf(script.path, 'script')), mode: 0o755 }] };
  }

  async #find(written: string, folder: string, fetched: string[]): Promise<Found> {
    const read = readPlace(written);
    if ('problem' in read) throw new Error(read.problem);
    const { place } = read;
    if (place.kind === 'git') {
      const into = await this.#newFolder(fetched);
      await fetchRepository(place, into);
      return { kind: 'folder', path: await below(into, place) };
    }
    const file = place.kind === 'web' ? join(await this.#newFolder(fetched), 'download') : resolve(folder, /^file:/i.test(place.path) ? fileURLToPath(place.path) : place.path);
    if (place.kind === 'web') await download(place.url, file, { limits: this.#limits.download, ...(place.checksum !== undefined && { checksum: place.checksum }) });
    else {
      const found = await stat(file).catch((error: unknown) => {
        throw new Error(`there is no file or folder ${file}`, { cause: error });
      });
      if (found.isDirectory()) {
        if (place.checksum !== undefined) throw new Error(`${file} is a folder, and a checksum is of a file`);
        return { kind: 'folder', path: file };
      }
      if (!found.isFile()) throw new Error(`${file} is neither a file nor a folder`);
      if (place.checksum !== undefined) matches(await checksumOf(file), place.checksum);
    }
    return this.#unpacked(file, place, fetched);
  }

  async #unpacked(file: string, place: Exclude<BuildPlace, { kind: 'git' }>, fetched: string[]): Promise<Found> {
    const kind = await kindOf(file);
    const name = place.kind === 'web' ? place.url.replace(/[?#].*$/, '') : place.path;
    switch (kind) {
      case 'gzip':
      case 'tar':
      case 'zip': {
        const into = await this.#newFolder(fetched);
        await unpack(file, kind, into, this.#limits.unpacking);
        return { kind: 'folder', path: await top(into) };
      }
      case 'other archive':
        throw new Error('it is an archive of a kind that is not read here; take .tgz, .tar or .zip');
      case 'empty':
      case 'binary':
        throw new Error(kind === 'empty' ? 'it is empty' : 'it is neither text nor an archive');
      case 'text':
        if (/\.(?:tgz|tar|tar\.gz|zip)$/i.test(name)) throw new Error('it is named like an archive, and is none');
        return { kind: 'file', path: file, isOurs: place.kind === 'path' };
    }
  }

  async #newFolder(fetched: string[]): Promise<string> {
    this.#root ??= mkdtemp(join(tmpdir(), 'clocker-build-'));
    const root = await this.#root;
    this.#rootPath = root;
    const path = join(root, String(this.#count++));
    await mkdir(path);
    fetched.push(path);
    return realpath(path);
  }
}

/** The Dockerfile and what lies around it. One from the web lies nowhere. */
async function alone(main: Found, newFolder: () => Promise<string>): Promise<BuildContext> {
  if (main.kind === 'folder') return inFolder(main.path);
  const dockerfileText = await textOf(main.path, 'Dockerfile');
  if (main.isOurs) return contextOf(main.path);
  return { folder: await newFolder(), dockerfile: 'Dockerfile', dockerfileText, ignoreText: undefined };
}

/** The Dockerfile takes the place of one that lies there. */
async function together(main: Found, folder: string): Promise<BuildContext> {
  const dockerfileText = main.kind === 'file' ? await textOf(main.path, 'Dockerfile') : (await inFolder(main.path)).dockerfileText;
  const root = await realpath(folder);
  return { folder: root, dockerfile: 'Dockerfile', dockerfileText, ignoreText: await textBelow(join(root, '.dockerignore'), root) };
}

async function inFolder(folder: string): Promise<BuildContext> {
  await lstat(join(folder, 'Dockerfile')).catch((error: unknown) => {
    throw new Error('there is no Dockerfile in it', { cause: error });
  });
  return contextOf(folder);
}

/** An archive of a repository has everything in one folder. */
async function top(folder: string): Promise<string> {
  const entries = await readdir(folder, { withFileTypes: true });
  const [only] = entries;
  return entries.length === 1 && only?.isDirectory() === true ? join(folder, only.name) : folder;
}

async function below(repository: string, { folder = '', ref }: Extract<BuildPlace, { kind: 'git' }>): Promise<string> {
  const path = await realpath(join(repository, folder)).catch((error: unknown) => {
    throw new Error(`there is no folder ${folder} in it${ref === undefined ? '' : ` at ${ref}`}`, { cause: error });
  });
  if (!isBelow(path, await realpath(repository))) throw new Error(`the folder ${folder} is a link that leads out of the repository`);
  return path;
}

async function textOf(file: string, what: 'Dockerfile' | 'script'): Promise<string> {
  const { size } = await stat(file);
  if (size > mostTextBytes) throw new Error(`it is larger than ${shownBytes(mostTextBytes)}, so it is no ${what}`);
  const text = await readFile(file, 'utf8');
  if (/^\s*<(?:!doctype\s+html|html)\b/i.test(text)) throw new Error(`it is a web page and no ${what}; give the address of the file itself, or of a git repository with .git at its end`);
  return text;
}

async function checksumOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

async function drop(folders: readonly string[]): Promise<void> {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true })));
}

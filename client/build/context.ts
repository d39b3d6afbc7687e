// A build context: a folder with a Dockerfile, as a tar that is made while the folder is read, or file by file. The same files give
// the same tar, whoever wrote them and when.

import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, isAbsolute, join, posix, relative, resolve, sep } from 'node:path';
import { Readable } from 'node:stream';
import { readDockerignore } from '#core/image/dockerignore.ts';
import type { BuildFolder, SeenFile } from '../engine/builderPort.ts';
import { tarOf } from './tar.ts';
import { textFile, walk } from './walk.ts';

export interface BuildContext {
  readonly folder: string;
  /** Of the Dockerfile, relative to the folder, with slashes. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** What the file says that says what to leave out, where there is one. */
  readonly ignoreText: string | undefined;
  /** What comes to the folder's files, or takes their place. */
  readonly added?: readonly SeenFile[];
}

const ignoreFile = '.dockerignore';

/** `path` is a folder with a Dockerfile, or a Dockerfile; `file` another Dockerfile of the folder. Fails with an Error whose message is a sentence. */
export async function contextOf(path: string, file?: string): Promise<BuildContext> {
  const found = await lookAt(path);
  const folder = await realpath(found.isDirectory() ? path : dirname(resolve(path)));
  const dockerfilePath = found.isDirectory() ? resolve(folder, file ?? 'Dockerfile') : join(folder, basename(path));
  const dockerfile = relative(folder, dockerfilePath).replaceAll('\\', '/');
  if (dockerfile.startsWith('../') || dockerfile === '') throw new Error(`${file ?? path} is not in the folder ${folder}, which is all that a build sees`);
  const realPath = await realpath(dockerfilePath).catch((error: unknown) => {
    throw new Error(`there is no Dockerfile ${dockerfilePath}`, { cause: error });
  });
  if (!isBelow(realPath, folder)) throw new Error(`${dockerfilePath} is a link that leads out of its folder, which is all that a build sees`);
  const dockerfileText = await readFile(realPath, 'utf8').catch((error: unknown) => {
    throw new Error(`the Dockerfile ${dockerfilePath} cannot be read`, { cause: error });
  });
  const ignoreText = (await textBelow(`${dockerfilePath}${ignoreFile}`, folder)) ?? (await textBelow(join(folder, ignoreFile), folder));
  // What makes no sense is said before anything begins.
  readDockerignore(ignoreText ?? '');
  return { folder, dockerfile, dockerfileText, ignoreText };
}

/** The folder for an engine that may want but a part of it. */
export function folderOf(context: BuildContext): BuildFolder {
  const { folder, dockerfile, dockerfileText } = context;
  return {
    key: createHash('sha256').update(`${hostname()}\0${folder}`).digest('hex'),
    files: () => withText(walk(folder, context.ignoreText ?? ''), dockerfile, dockerfileText),
    dockerfileAlone: () => alone(dockerfile, dockerfileText),
    packed: () => packed(context),
  };
}

/** The tar; reading it reads the files. An error on the way breaks the stream, with a sentence. With `digest` it breaks, too, where what was read is not what that was made of. */
export async function packed(context: BuildContext, digest?: string): Promise<Readable> {
  if (digest === undefined) return tarOf(packedFiles(context));
  const contents = new ContentHash(context.dockerfile);
  return Readable.from(untilChecked(tarOf(contents.of(packedFiles(context))), () => {
    if (contents.digest() !== digest) throw new Error('what it is built from has changed meanwhile; plan again');
  }), { objectMode: false });
}

/** Hash of all that the build sees but the text of the Dockerfile. */
export async function digestOf(context: BuildContext): Promise<string> {
  const contents = new ContentHash(context.dockerfile);
  // Reading is what makes the hash.
  for await (const _ of tarOf(contents.of(packedFiles(context))));
  return contents.digest();
}

/** A tar without its end is no tar. */
async function* untilChecked(pieces: AsyncIterable<Buffer>, check: () => void): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  for await (const piece of pieces) {
    if (last !== undefined) yield last;
    last = piece;
  }
  check();
  if (last !== undefined) yield last;
}

/** Files may be read in any order, and several at a time. */
class ContentHash {
  readonly #dockerfile: string;
  readonly #heads: string[] = [];
  readonly #hashes: string[] = [];

  constructor(dockerfile: string) {
    this.#dockerfile = dockerfile;
  }

  async *of(files: AsyncIterable<SeenFile>): AsyncGenerator<SeenFile> {
    for await (const file of files) {
      const { path, kind, mode, size, target = '' } = file;
      const index = this.#heads.length;
      this.#heads.push(JSON.stringify(path === this.#dockerfile ? [path] : [path, kind, mode, size, target]));
      this.#hashes.push('');
      yield path === this.#dockerfile ? file : { ...file, read: () => this.#read(file.read(), index) };
    }
  }

  /** When all has been read. */
  digest(): string {
    const hash = createHash('sha256');
    for (const [index, head] of this.#heads.entries()) hash.update(`${head} ${this.#hashes[index] ?? ''}\n`);
    return hash.digest('hex');
  }

  async *#read(pieces: AsyncIterable<Buffer>, index: number): AsyncGenerator<Buffer> {
    const hash = createHash('sha256');
    for await (const piece of pieces) {
      hash.update(piece);
      yield piece;
    }
    this.#hashes[index] = hash.digest('hex');
  }
}

/** All that a build is sent. */
export async function* packedFiles({ folder, dockerfile, dockerfileText, ignoreText, added = [] }: BuildContext): AsyncGenerator<SeenFile> {
  // The classic builder takes these two out again where they are left out; it needs them to know.
  if (ignoreText !== undefined) yield textFile(ignoreFile, ignoreText);
  yield textFile(dockerfile, dockerfileText);
  yield* added;
  const sent = new Set([dockerfile, ...(ignoreText === undefined ? [] : [ignoreFile]), ...added.map(({ path }) => path)]);
  for await (const file of walk(folder, ignoreText ?? '')) if (!sent.has(file.path)) yield file;
}

/** What was read of the Dockerfile is what counts, also where it was written to since. */
async function* withText(files: AsyncIterable<SeenFile>, dockerfile: string, text: string): AsyncGenerator<SeenFile> {
  for await (const file of files) yield file.path === dockerfile && file.kind === 'file' ? { ...textFile(dockerfile, text), mode: file.mode } : file;
}

async function* alone(dockerfile: string, text: string): AsyncGenerator<SeenFile> {
  const parts = dockerfile.split('/');
  for (const index of parts.keys()) {
    const path = posix.join(...parts.slice(0, index + 1));
    yield index === parts.length - 1 ? textFile(path, text) : { ...textFile(path, ''), kind: 'folder', mode: 0o755 };
  }
}

async function lookAt(path: string): Promise<Stats> {
  return lstat(await realpath(path).catch((error: unknown) => {
    throw new Error(`there is no file or folder ${path}`, { cause: error });
  }));
}

/** Undefined where there is no such file, or a link leads out of the folder, whose own links are resolved. */
export async function textBelow(path: string, folder: string): Promise<string | undefined> {
  const realPath = await realpath(path).catch(() => undefined);
  return realPath !== undefined && isBelow(realPath, folder) ? readFile(realPath, 'utf8').catch(() => undefined) : undefined;
}

/** Both with all links resolved. */
export function isBelow(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way);
}

// A build context: a folder with a Dockerfile, as a tar that is made while the folder is read, or file by file. The same files give
// the same tar, whoever wrote them and when.

import { createHash } from 'node:crypto';
import type { Stats } from 'node:fs';
import { lstat, readFile, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { basename, dirname, join, posix, relative, resolve } from 'node:path';
import type { Readable } from 'node:stream';
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
}

const ignoreFile = '.dockerignore';

/** `path` is a folder with a Dockerfile, or a Dockerfile; `file` another Dockerfile of the folder. Fails with an Error whose message is a sentence. */
export async function contextOf(path: string, file?: string): Promise<BuildContext> {
  const found = await lookAt(path);
  const folder = await realpath(found.isDirectory() ? path : dirname(resolve(path)));
  const dockerfilePath = found.isDirectory() ? resolve(folder, file ?? 'Dockerfile') : join(folder, basename(path));
  const dockerfile = relative(folder, dockerfilePath).replaceAll('\\', '/');
  if (dockerfile.startsWith('../') || dockerfile === '') throw new Error(`${file ?? path} is not in the folder ${folder}, which is all that a build sees`);
  const dockerfileText = await readFile(dockerfilePath, 'utf8').catch((error: unknown) => {
    throw new Error(`there is no Dockerfile ${dockerfilePath}`, { cause: error });
  });
  const ignoreText = (await textOf(`${dockerfilePath}${ignoreFile}`)) ?? (await textOf(join(folder, ignoreFile)));
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

/** The tar; reading it reads the files. An error on the way breaks the stream, with a sentence. */
export async function packed(context: BuildContext): Promise<Readable> {
  return tarOf(packedFiles(context));
}

/** All that a build is sent. */
export async function* packedFiles({ folder, dockerfile, dockerfileText, ignoreText }: BuildContext): AsyncGenerator<SeenFile> {
  // The classic builder takes these two out again where they are left out; it needs them to know.
  if (ignoreText !== undefined) yield textFile(ignoreFile, ignoreText);
  yield textFile(dockerfile, dockerfileText);
  for await (const file of walk(folder, ignoreText ?? '')) if (file.path !== dockerfile && (file.path !== ignoreFile || ignoreText === undefined)) yield file;
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

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

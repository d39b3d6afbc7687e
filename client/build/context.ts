// A build context as a tar, made from a folder while it is read: what .dockerignore leaves out is not read, symbolic links stay
// links and are never followed, modes stay. The same files give the same bytes, whoever wrote them and when.

import { constants, type Stats } from 'node:fs';
import { lstat, open, readdir, readFile, readlink, realpath } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { PassThrough, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import { readDockerignore, type Ignoring } from '#core/image/dockerignore.ts';

export interface BuildContext {
  readonly folder: string;
  /** Of the Dockerfile, relative to the folder, with slashes. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
  /** The file that says what to leave out, where there is one. */
  readonly ignoreText: string | undefined;
}

const ignoreFile = '.dockerignore';
/** Read and handed on at once. */
const pieceBytes = 1024 * 1024;
/** In every archive: what is in it says when it was made. */
const mtime = new Date('1980-01-01T00:00:00Z');

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
  return { folder, dockerfile, dockerfileText, ignoreText };
}

/** The tar; reading it reads the files. An error on the way breaks the stream, with a sentence. */
export async function packed(context: BuildContext): Promise<Readable> {
  const { pack } = await import('tar-stream');
  const ignoring = readDockerignore(context.ignoreText ?? '');
  const archive = pack();
  void fill(archive, context, ignoring).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  const bytes = new PassThrough({ highWaterMark: pieceBytes });
  // Whoever reads the bytes hears of what breaks them.
  pipeline(archive, bytes).catch(() => {});
  return bytes;
}

async function fill(archive: Pack, context: BuildContext, ignoring: Ignoring): Promise<void> {
  // The engine takes these two out again where they are left out; it needs them to know.
  if (context.ignoreText !== undefined) await entry(archive, { name: ignoreFile, mode: 0o644 }, context.ignoreText);
  await entry(archive, { name: context.dockerfile, mode: 0o644 }, context.dockerfileText);
  const isSent = (path: string): boolean => path === context.dockerfile || (path === ignoreFile && context.ignoreText !== undefined);
  await fillFolder(archive, context.folder, '', ignoring, isSent);
}

async function fillFolder(archive: Pack, root: string, folder: string, ignoring: Ignoring, isSent: (path: string) => boolean): Promise<void> {
  const names = (await readdir(join(root, folder))).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (const name of names) {
    const path = folder === '' ? name : `${folder}/${name}`;
    if (isSent(path)) continue;
    const isIgnored = ignoring.ignores(path);
    const stats = await lstat(join(root, path));
    if (stats.isDirectory()) {
      if (!isIgnored) await entry(archive, { name: path, mode: stats.mode & 0o7777, type: 'directory' });
      if (!isIgnored || ignoring.mayHold(path)) await fillFolder(archive, root, path, ignoring, isSent);
    } else if (!isIgnored) await fillFile(archive, join(root, path), path, stats);
  }
}

async function fillFile(archive: Pack, file: string, name: string, stats: Stats): Promise<void> {
  const mode = stats.mode & 0o7777;
  if (stats.isSymbolicLink()) return entry(archive, { name, mode: 0o777, type: 'symlink', linkname: await readlink(file) });
  // Sockets and pipes are of a running system.
  if (!stats.isFile()) return;
  // Whatever is put in its place meanwhile, no link is followed.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw new Error(`${file} cannot be read; give yourself the right to read it, or leave it out in ${ignoreFile}`, { cause: error });
  });
  try {
    const { size } = await handle.stat();
    if (size <= pieceBytes) {
      const content = Buffer.alloc(size);
      const { bytesRead } = await handle.read(content, 0, size, 0);
      if (bytesRead < size) throw new Error('it became shorter');
      return await entry(archive, { name, mode }, content);
    }
    // What is written to it meanwhile is not in it; what is taken away from it breaks the archive.
    await pipeline(handle.createReadStream({ autoClose: false, end: size - 1, highWaterMark: pieceBytes }), archive.entry({ name, mode, mtime, size }));
  } catch (error) {
    throw new Error(`${file} was changed while it was read; build again`, { cause: error });
  } finally {
    await handle.close();
  }
}

async function entry(archive: Pack, header: { readonly name: string; readonly mode: number; readonly type?: 'directory' | 'symlink'; readonly linkname?: string }, content?: string | Buffer): Promise<void> {
  await new Promise<void>((done, fail) => archive.entry({ ...header, mtime }, content ?? '', (error) => (error ? fail(error) : done())));
}

async function lookAt(path: string): Promise<Stats> {
  return lstat(await realpath(path).catch((error: unknown) => {
    throw new Error(`there is no file or folder ${path}`, { cause: error });
  }));
}

async function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

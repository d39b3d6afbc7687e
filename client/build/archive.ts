// Archives of build contexts: made from a folder, and given to a build as they are, after a look at everything in them. Only the
// Dockerfile is read out of one; the engine unpacks the rest, inside its own walls.

import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { PassThrough, type Readable, type Transform } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGunzip, createGzip } from 'node:zlib';
import type { Header } from 'tar-stream';
import { readDockerignore } from '#core/image/dockerignore.ts';
import type { PackedContext, SeenFile } from '../engine/builderPort.ts';
import { messageOf } from '../engine/failure.ts';
import { type BuildContext, packedFiles } from './context.ts';
import { tarOf } from './tar.ts';
import { kindOf } from './unpack.ts';
import { OddEntry, openZip } from './zip.ts';

export interface BuildArchive extends PackedContext {
  /** Its path in the archive. */
  readonly dockerfile: string;
  readonly dockerfileText: string;
}

/** Beyond these nobody means well. */
const most = { entries: 500_000, bytes: 20 * 2 ** 30, textBytes: 2 ** 20 } as const;

/** Undefined for what is no archive. Fails with an Error whose message is a sentence: no Dockerfile at its root, anything that leads out of it, more than there may be. */
export async function archiveOf(path: string, file = 'Dockerfile'): Promise<BuildArchive | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    throw new Error(`there is no file or folder ${path}`, { cause: error });
  });
  const kind = found.isFile() ? await kindOf(path) : 'text';
  if (kind === 'other archive') throw new Error(`${path} is neither .tar nor .tgz nor .zip; unpack it and build the folder`);
  if (kind === 'zip') return zippedArchive(path, file);
  if (kind !== 'gzip' && kind !== 'tar') return undefined;
  const { extract } = await import('tar-stream');
  const entries = extract();
  const wanted = cleaned(file);
  let [count, bytes] = [0, 0];
  const texts = new Map<string, string>();
  const read = new Set([wanted, `${wanted}.dockerignore`, '.dockerignore']);
  const names: string[] = [];
  entries.on('entry', (header, content, next) => {
    // The whole archive breaks, and says why.
    content.on('error', () => {});
    count++;
    bytes += header.size ?? 0;
    const problem = problemIn(header) ?? tooMuch(count, bytes);
    const name = cleaned(header.name);
    if (problem !== undefined) return next(new Error(problem));
    names.push(name);
    const isRead = read.has(name) && header.type === 'file';
    if (isRead && (header.size ?? 0) > most.textBytes) return next(new Error(`has a ${name} of more than 1 MB`));
    if (!isRead) content.resume();
    const taken = isRead ? buffer(content).then((text) => void texts.set(name, text.toString())) : new Promise<void>((done) => content.once('end', done));
    taken.then(() => next(), next);
  });
  const stream = createReadStream(path);
  await (kind === 'gzip' ? pipeline(stream, createGunzip(), entries) : pipeline(stream, entries)).catch((error: unknown) => {
    throw new Error(`${path} ${messageOf(error).startsWith('has ') ? messageOf(error) : `is no whole archive (${messageOf(error)})`}`, { cause: error });
  });
  const dockerfileText = texts.get(wanted);
  if (dockerfileText === undefined) throw new Error(`${path} has no file ${wanted} at its root`);
  const ignoring = readDockerignore(texts.get(`${wanted}.dockerignore`) ?? texts.get('.dockerignore') ?? '');
  const isLeftOut = (name: string): boolean => !read.has(name) && ignoring.ignores(name);
  const archived = (): Readable => createReadStream(path, { highWaterMark: 2 ** 20 });
  // One that clocker made has nothing in it that is left out.
  const packed = names.some(isLeftOut) ? () => without(kind === 'gzip' ? [archived(), createGunzip()] : [archived()], isLeftOut) : async () => archived();
  return { dockerfile: wanted, dockerfileText, packed };
}

/** An engine takes no zip: it gets a tar that is made while the zip is read. */
async function zippedArchive(path: string, file: string): Promise<BuildArchive> {
  const wanted = cleaned(file);
  const texts = new Map<string, string>();
  const read = new Set([wanted, `${wanted}.dockerignore`, '.dockerignore']);
  let [count, bytes] = [0, 0];
  const refused = (problem: string, cause?: unknown): Error => new Error(`${path} ${problem}`, { cause });
  const zip = await openZip(path).catch((error: unknown) => {
    throw refused(`is no whole archive (${messageOf(error)})`, error);
  });
  try {
    for await (const seen of zip.files()) {
      count++;
      bytes += seen.size;
      const problem = problemIn({ name: seen.path, type: 'file', linkname: '' }) ?? tooMuch(count, bytes);
      if (problem !== undefined) throw new OddEntry(problem);
      const name = cleaned(seen.path);
      if (!read.has(name) || seen.kind !== 'file') continue;
      if (seen.size > most.textBytes) throw new OddEntry(`has a ${name} of more than 1 MB`);
      texts.set(name, (await buffer(seen.read())).toString());
    }
  } catch (error) {
    throw refused(error instanceof OddEntry ? error.message : `is no whole archive (${messageOf(error)})`, error);
  } finally {
    zip.close();
  }
  const dockerfileText = texts.get(wanted);
  if (dockerfileText === undefined) throw refused(`has no file ${wanted} at its root`);
  const ignoring = readDockerignore(texts.get(`${wanted}.dockerignore`) ?? texts.get('.dockerignore') ?? '');
  const kept = async function* kept(files: AsyncIterable<SeenFile>): AsyncGenerator<SeenFile> {
    for await (const seen of files) {
      const name = cleaned(seen.path);
      if (read.has(name) || !ignoring.ignores(name)) yield { ...seen, path: name };
    }
  };
  const packed = async (): Promise<Readable> => {
    const again = await openZip(path);
    return tarOf(kept(again.files())).once('close', () => again.close());
  };
  return { dockerfile: wanted, dockerfileText, packed };
}

function tooMuch(count: number, bytes: number): string | undefined {
  return count > most.entries ? `has more than ${most.entries} entries` : bytes > most.bytes ? 'has more than 20 GB in it' : undefined;
}

/** The tar without some of its entries. What breaks it breaks the stream. */
async function without(tar: readonly (Readable | Transform)[], isLeftOut: (name: string) => boolean): Promise<Readable> {
  const { extract, pack } = await import('tar-stream');
  const [entries, kept] = [extract(), pack()];
  entries.on('entry', (header, content, next) => {
    content.on('error', () => {});
    if (isLeftOut(cleaned(header.name))) {
      content.once('end', next);
      content.resume();
    } else pipeline(content, kept.entry(header)).then(() => next(), next);
  });
  const bytes = new PassThrough();
  pipeline(kept, bytes).catch(() => {});
  pipeline([...tar, entries]).then(() => kept.finalize(), (error: unknown) => kept.destroy(error instanceof Error ? error : new Error(String(error))));
  return bytes;
}

function problemIn({ name, type, linkname }: Pick<Header, 'name' | 'type' | 'linkname'>): string | undefined {
  const leadsOut = (path: string): boolean => /^[/\\]|^[A-Za-z]:/.test(path) || path.split(/[/\\]/).includes('..');
  if (leadsOut(name)) return `has an entry ${JSON.stringify(name)}, which leads out of it`;
  // A symbolic link is but a text, which the engine follows inside the context alone.
  if (type === 'link' && leadsOut(linkname ?? '')) return `has a link ${JSON.stringify(name)} to ${JSON.stringify(linkname)}, which leads out of it`;
  return ['file', 'contiguous-file', 'directory', 'symlink', 'link', 'pax-header', 'pax-global-header'].includes(type ?? 'file') ? undefined : `has an entry ${JSON.stringify(name)} that is no file, folder or link`;
}

function cleaned(path: string): string {
  return path.replaceAll('\\', '/').replace(/^(?:\.\/+)+/, '').replace(/\/$/, '');
}

export interface PackagedArchive {
  /** Of the tar before it was compressed: the same for the same files. */
  readonly digest: string;
  readonly bytes: number;
}

/** Writes the context as a compressed tar; `file` is there only when it is whole. The history of a checkout stays out (`.git`), as does `file` itself. */
export async function packageContext(context: BuildContext, file: string, signal?: AbortSignal): Promise<PackagedArchive> {
  const part = `${resolve(file)}.part`;
  const own = new Set([part, resolve(file)].map((path) => relative(context.folder, path).replaceAll('\\', '/')));
  const hash = createHash('sha256');
  let bytes = 0;
  async function* kept(): ReturnType<typeof packedFiles> {
    for await (const one of packedFiles(context)) if (!own.has(one.path) && one.path !== '.git' && !one.path.startsWith('.git/')) yield one;
  }
  try {
    const tar = tarOf(kept());
    tar.on('data', (piece: Buffer) => hash.update(piece));
    const packed = createGzip();
    packed.on('data', (piece: Buffer) => (bytes += piece.length));
    await pipeline(tar, packed, createWriteStream(part), { ...(signal && { signal }) });
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw new Error(`${file} cannot be written: ${messageOf(error)}`, { cause: error });
  }
  return { digest: `sha256:${hash.digest('hex')}`, bytes };
}

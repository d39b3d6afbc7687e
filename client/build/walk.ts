// What a build sees of a folder, while it is read: what .dockerignore leaves out is not read, symbolic links stay links and are
// never followed, nothing outside the folder is looked at.

import { constants, type BigIntStats } from 'node:fs';
import { lstat, open, readdir, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import { readDockerignore, type Ignoring } from '#core/image/dockerignore.ts';
import type { SeenFile } from '../engine/builderPort.ts';
import { readEarly } from '../engine/readEarly.ts';

/** Read and handed on at once. */
export const pieceBytes = 1024 * 1024;
const lookedAtAtOnce = 32;

/** A folder before what is in it, names in the order of their bytes. Fails with an Error whose message is a sentence. */
export async function* walk(root: string, ignoreText: string): AsyncGenerator<SeenFile> {
  yield* walkFolder(root, '', readDockerignore(ignoreText));
}

async function* walkFolder(root: string, folder: string, ignoring: Ignoring): AsyncGenerator<SeenFile> {
  const names = (await readdir(join(root, folder))).toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  for (let at = 0; at < names.length; at += lookedAtAtOnce) {
    const looked = await Promise.all(names.slice(at, at + lookedAtAtOnce).map(async (name) => {
      const path = folder === '' ? name : `${folder}/${name}`;
      return { path, stats: await lstat(join(root, path), { bigint: true }) };
    }));
    for (const { path, stats } of looked) {
      const isIgnored = ignoring.ignores(path);
      if (stats.isDirectory()) {
        if (!isIgnored) yield seen(path, 'folder', stats);
        if (!isIgnored || ignoring.mayHold(path)) yield* walkFolder(root, path, ignoring);
      } else if (isIgnored) continue;
      else if (stats.isSymbolicLink()) yield { ...seen(path, 'link', stats), mode: 0o777, target: await readlink(join(root, path)) };
      // Sockets and pipes are of a running system.
      else if (stats.isFile()) yield { ...seen(path, 'file', stats), read: () => contentOf(join(root, path), Number(stats.size)) };
    }
  }
}

function seen(path: string, kind: SeenFile['kind'], { mode, size, mtimeNs }: BigIntStats): SeenFile {
  return { path, kind, mode: Number(mode) & 0o7777, size: kind === 'file' ? Number(size) : 0, modifiedNs: mtimeNs, read: nothing };
}

async function* nothing(): AsyncGenerator<Buffer> {}

/** What is written to it meanwhile is not in it; what is taken away from it breaks it. */
async function* contentOf(file: string, size: number): AsyncGenerator<Buffer> {
  // Whatever is put in its place meanwhile, no link is followed.
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0)).catch((error: unknown) => {
    throw new Error(`${file} cannot be read; give yourself the right to read it, or leave it out in .dockerignore`, { cause: error });
  });
  try {
    for (let at = 0; at < size;) {
      const { bytesRead, buffer } = await handle.read(Buffer.allocUnsafe(Math.min(pieceBytes, size - at)), 0, Math.min(pieceBytes, size - at), at);
      if (bytesRead === 0) throw new Error(`${file} was changed while it was read; build again`);
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/** A file that is held in memory. */
export function textFile(path: string, text: string): SeenFile {
  const bytes = Buffer.from(text);
  return {
    path, kind: 'file', mode: 0o644, size: bytes.length, modifiedNs: BigInt(Date.now()) * 1_000_000n,
    read: async function* read() {
      yield bytes;
    },
  };
}

/** So much is read before somebody wants it. */
const ahead = { files: 16, bytes: 8 * pieceBytes, fileBytes: 2 * pieceBytes } as const;

/** The same files, each but the large ones read while those before it are on their way: a folder of many files is waited for file by file otherwise. */
export async function* readAhead(files: AsyncIterable<SeenFile>): AsyncGenerator<{ readonly file: SeenFile; readonly content: AsyncIterable<Buffer> }> {
  const waiting: { readonly file: SeenFile; readonly content: AsyncIterable<Buffer> }[] = [];
  let bytes = 0;
  const next = function* next(most: number): Generator<(typeof waiting)[number]> {
    while (waiting.length > most || bytes > (most === 0 ? 0 : ahead.bytes)) {
      const first = waiting.shift();
      if (first === undefined) return;
      bytes -= first.file.size;
      yield first;
    }
  };
  for await (const file of files) {
    waiting.push({ file, content: file.kind === 'file' && file.size <= ahead.fileBytes ? readEarly(file) : file.read() });
    bytes += file.size;
    yield* next(ahead.files);
  }
  yield* next(0);
}

// Files as a tar, made while it is read. Who owns them and when they were written is left out, so that the same files give the
// same bytes. What comes next is read meanwhile, for a stream that waits for each file in turn is what a build waits for.

import { Readable } from 'node:stream';
import type { Header, Pack } from 'tar-stream';
import type { SeenFile } from '../engine/builderPort.ts';
import { pieceBytes, readAhead } from './walk.ts';

const smallBytes = 64 * 1024;
/** In every archive: what is in it says when it was made. 1980, which every format knows. */
const written = new Date(315_532_800_000);

/** What breaks the files breaks the stream. */
export function tarOf(files: AsyncIterable<SeenFile>): Readable {
  return Readable.from(gathered(packed(files)), { objectMode: false, highWaterMark: 2 * pieceBytes });
}

async function* packed(files: AsyncIterable<SeenFile>): AsyncGenerator<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  const filled = fill(archive, files).catch((error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    for await (const piece of archive) if (Buffer.isBuffer(piece)) yield piece;
  } finally {
    archive.destroy();
    await filled;
  }
}

async function fill(archive: Pack, files: AsyncIterable<SeenFile>): Promise<void> {
  for await (const { file, content } of readAhead(files)) {
    const { promise: ended, resolve, reject } = Promise.withResolvers<void>();
    ended.catch(() => {});
    const entry = archive.entry(headerOf(file), (error) => (error ? reject(error) : resolve()));
    if (file.kind === 'file') {
      for await (const piece of content) if (!entry.write(piece)) await Promise.race([ended, new Promise<void>((drained) => entry.once('drain', () => drained()))]);
      entry.end(null);
    }
    await ended;
  }
  archive.finalize();
}

const types = { file: 'file', link: 'symlink', folder: 'directory' } as const;
/** The library takes a mode without any bit for none; this one is not written. */
const modeIsGiven = 0o100000;

function headerOf({ path, kind, mode, size, target }: SeenFile): Partial<Header> & Pick<Header, 'name'> {
  return { name: kind === 'folder' ? `${path}/` : path, type: types[kind], mode: mode | modeIsGiven, size, uid: 0, gid: 0, mtime: written, ...(target !== undefined && { linkname: target }) };
}

/** Small pieces in one: each piece on its own is sent on its own. Large ones are handed on as they are. */
async function* gathered(all: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let bytes = 0;
  for await (const piece of all) {
    const isLarge = piece.length >= smallBytes;
    if (!isLarge) {
      held.push(piece);
      bytes += piece.length;
    }
    if (bytes > 0 && (isLarge || bytes >= smallBytes)) {
      yield Buffer.concat(held);
      held = [];
      bytes = 0;
    }
    if (isLarge) yield piece;
  }
  if (bytes > 0) yield Buffer.concat(held);
}

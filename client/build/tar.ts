// Files as a tar, made while it is read. Who owns them and when they were written is left out, so that the same files give the
// same bytes.

import { PassThrough, Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Pack } from 'tar-stream';
import type { SeenFile } from '../engine/builderPort.ts';
import { pieceBytes } from './walk.ts';

/** In every archive: what is in it says when it was made. */
const mtime = new Date('1980-01-01T00:00:00Z');

/** What breaks the files breaks the stream. */
export async function tarOf(files: AsyncIterable<SeenFile>): Promise<Readable> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  void fill(archive, files).then(
    () => archive.finalize(),
    (error: unknown) => archive.destroy(error instanceof Error ? error : new Error(String(error))),
  );
  const bytes = new PassThrough({ highWaterMark: pieceBytes });
  // Whoever reads the bytes hears of what breaks them.
  pipeline(archive, bytes).catch(() => {});
  return bytes;
}

async function fill(archive: Pack, files: AsyncIterable<SeenFile>): Promise<void> {
  for await (const file of files) {
    const { path: name, mode, size } = file;
    if (file.kind === 'folder') archive.entry({ name, mode, mtime, type: 'directory' });
    else if (file.kind === 'link') archive.entry({ name, mode, mtime, type: 'symlink', linkname: file.target ?? '' });
    else await pipeline(Readable.from(file.read(), { objectMode: false, highWaterMark: pieceBytes }), archive.entry({ name, mode, mtime, size }));
  }
}

// One stream for several readers, each byte read once: as quick as the slowest of those that still read.

import { PassThrough, type Readable } from 'node:stream';

/** So much a reader may be behind the others, for a moment. */
const aheadBytes = 1024 * 1024;

/** A reader that goes away is not waited for; when all are gone, `source` is given up. What breaks it breaks them. */
export function fanOut(source: NodeJS.ReadableStream, count: number): readonly Readable[] {
  const readers = Array.from({ length: count }, () => new PassThrough({ highWaterMark: aheadBytes }));
  void pump(source, readers);
  return readers;
}

async function pump(source: NodeJS.ReadableStream, readers: readonly PassThrough[]): Promise<void> {
  try {
    for await (const piece of source) {
      const left = readers.filter((reader) => !reader.destroyed);
      // To leave the loop ends the source.
      if (left.length === 0) return;
      await Promise.all(left.filter((reader) => !reader.write(piece)).map(untilDrained));
    }
    for (const reader of readers) reader.end();
  } catch (error) {
    for (const reader of readers) reader.destroy(error instanceof Error ? error : new Error(String(error)));
  }
}

function untilDrained(reader: PassThrough): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      reader.off('drain', done).off('close', done);
      resolve();
    };
    reader.on('drain', done).on('close', done);
    if (reader.destroyed) done();
  });
}

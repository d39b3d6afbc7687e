// Files of a build that are read before somebody wants them.

import type { SeenFile } from './builderPort.ts';

/** Begins to read at once, all of it; what goes wrong is told to whoever reads the result. */
export function readEarly(file: SeenFile): AsyncIterable<Buffer> {
  const content = collected(file.read());
  content.catch(() => {});
  return (async function* whole() {
    yield* await content;
  })();
}

async function collected(pieces: AsyncIterable<Buffer>): Promise<readonly Buffer[]> {
  const all: Buffer[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

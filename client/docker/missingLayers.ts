// An image's archive without the layers that its receiver has: an engine that loads it looks for a layer among its own before it
// looks into the archive. Layers are told apart by what engines write: a name that is the layer's digest, or a chain of folders.

import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { PassThrough, type Readable } from 'node:stream';
import { jsonObject } from './streams.ts';

const pieceBytes = 1024 * 1024;

/** `layers` are the digests of the first layers, in their order: `sha256:...`. What cannot be told apart is kept. */
export async function withoutLayers(archive: NodeJS.ReadableStream, layers: readonly string[]): Promise<Readable> {
  const { extract, pack } = await import('tar-stream');
  const left = pack();
  const entries = extract();
  const blobs = new Set(layers.map((layer) => `blobs/sha256/${layer.replace(/^sha256:/, '')}`));
  /** Where in the chain a folder's layer is. */
  const positions = new Map<string, number>();
  entries.on('entry', (header, content, next) => {
    const [, folder = '', file = ''] = /^([0-9a-f]{64})\/(json|layer\.tar)$/.exec(header.name) ?? [];
    const pass = async (): Promise<void> => {
      if (blobs.has(header.name) || (file === 'layer.tar' && (positions.get(folder) ?? Infinity) < layers.length)) {
        content.resume();
        return;
      }
      if (file !== 'json') {
        await pipeline(content, left.entry(header));
        return;
      }
      const json = await text(content);
      const parent = jsonObject(json)?.['parent'];
      const before = typeof parent === 'string' ? positions.get(parent) : -1;
      if (before !== undefined) positions.set(folder, before + 1);
      await new Promise<void>((done, fail) => left.entry(header, json, (error) => (error ? fail(error) : done())));
    };
    pass().then(() => next(), (error: unknown) => next(error instanceof Error ? error : new Error(String(error))));
  });
  const bytes = new PassThrough({ highWaterMark: pieceBytes });
  pipeline(archive, entries).then(() => left.finalize(), (error: unknown) => left.destroy(error instanceof Error ? error : new Error(String(error))));
  pipeline(left, bytes).catch(() => {});
  return bytes;
}

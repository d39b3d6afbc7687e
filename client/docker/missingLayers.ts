// An image's archive without the layers that its receiver has: an engine that loads it looks for a layer among its own before it
// looks into the archive. Layers are told apart by what engines write: a name that is the layer's digest, or a folder whose name is
// a digest of what the layer is and on which it lies. A folder may come before the one that it names as its parent.

import { createHash } from 'node:crypto';
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
  const chain = chainIds(layers);
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
      const about = jsonObject(json) ?? {};
      const { parent } = about;
      const before = typeof parent === 'string' ? positions.get(parent) : -1;
      const position = before === undefined ? chain.findIndex((layer) => folderNames(about, layer).includes(folder)) : before + 1;
      if (position >= 0) positions.set(folder, position);
      await new Promise<void>((done, fail) => left.entry(header, json, (error) => (error ? fail(error) : done())));
    };
    pass().then(() => next(), (error: unknown) => next(error instanceof Error ? error : new Error(String(error))));
  });
  const bytes = new PassThrough({ highWaterMark: pieceBytes });
  pipeline(archive, entries).then(() => left.finalize(), (error: unknown) => left.destroy(error instanceof Error ? error : new Error(String(error))));
  pipeline(left, bytes).catch(() => {});
  return bytes;
}

/** The names of layers in a chain: each is a digest of itself and of those below it. */
function chainIds(layers: readonly string[]): readonly string[] {
  const ids: string[] = [];
  for (const layer of layers) ids.push(ids.length === 0 ? layer : `sha256:${sha256(`${ids.at(-1) ?? ''} ${layer}`)}`);
  return ids;
}

/** How an engine calls the folder of this layer, from what it writes into it: it adds the system to all but the last only after that. */
function folderNames(about: Readonly<Record<string, unknown>>, layer: string): readonly string[] {
  const { id: _, parent, ...whole } = about;
  const { os: __, ...withoutSystem } = whole;
  return [withoutSystem, whole].map((known) => {
    const all = { ...known, layer_id: layer, ...(typeof parent === 'string' && { parent: `sha256:${parent}` }) };
    const sorted = JSON.stringify(Object.fromEntries(Object.entries(all).toSorted(([a], [b]) => (a < b ? -1 : 1))));
    // As Go writes JSON.
    return sha256(sorted.replaceAll(/[<>&\u2028\u2029]/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`));
  });
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

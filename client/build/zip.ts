// A zip as the files that a build sees: read where it lies, each file when it is wanted, nothing of it written anywhere. Names are
// looked at by whoever takes them.

import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import type { Entry, ZipFile } from 'yauzl';
import type { SeenFile } from '../engine/builderPort.ts';

/** Its entries in their order. What they say of themselves is checked while they are read. */
export interface OpenZip {
  files(): AsyncIterable<SeenFile>;
  /** When nothing of it is read any more. */
  close(): void;
}

const types = { mask: 0o170000, file: 0o100000, folder: 0o040000, link: 0o120000 } as const;
const longestTarget = 4096;

/** An entry that nobody means well with. Its message is a clause: "has an entry ../x that leads out of it". */
export class OddEntry extends Error {}

/** What is in it is no zip to the end where anything but an OddEntry is thrown. */
export async function openZip(file: string): Promise<OpenZip> {
  const { openPromise } = await import('yauzl');
  const zip = await openPromise(file, { decodeStrings: true, strictFileNames: true, validateEntrySizes: true, autoClose: false });
  return { files: () => filesOf(zip), close: () => zip.close() };
}

async function* filesOf(zip: ZipFile): AsyncGenerator<SeenFile> {
  try {
    for await (const entry of zip.eachEntry()) yield await seen(zip, entry);
  } catch (error) {
    const [, name] = /^(?:invalid relative path|absolute path): (.*)$/s.exec(error instanceof Error ? error.message : '') ?? [];
    throw name === undefined ? error : new OddEntry(`has an entry ${name.slice(0, 100)} that leads out of it`, { cause: error });
  }
}

async function seen(zip: ZipFile, entry: Entry): Promise<SeenFile> {
  const { fileName } = entry;
  if (entry.isEncrypted()) throw new OddEntry('is encrypted');
  const unix = entry.versionMadeBy >>> 8 === 3 ? entry.externalFileAttributes >>> 16 : 0;
  const type = unix & types.mask;
  const path = fileName.replace(/\/$/, '');
  const modifiedNs = BigInt(entry.getLastModDate().getTime()) * 1_000_000n;
  if (path !== fileName || type === types.folder) return { path, kind: 'folder', mode: unix === 0 ? 0o755 : unix & 0o7777, size: 0, modifiedNs, read: nothing };
  if (type === types.link) {
    if (entry.uncompressedSize > longestTarget) throw new OddEntry(`has a link ${path} that leads nowhere`);
    return { path, kind: 'link', mode: 0o777, size: 0, modifiedNs, target: await text(await zip.openReadStreamPromise(entry)), read: nothing };
  }
  if (type !== 0 && type !== types.file) throw new OddEntry(`has ${path}, which is neither a file nor a folder nor a link`);
  return { path, kind: 'file', mode: (unix & 0o777) === 0 ? 0o644 : unix & 0o7777, size: entry.uncompressedSize, modifiedNs, read: () => contentOf(zip, entry) };
}

async function* nothing(): AsyncGenerator<Buffer> {}

async function* contentOf(zip: ZipFile, entry: Entry): AsyncGenerator<Buffer> {
  const content: Readable = await zip.openReadStreamPromise(entry);
  for await (const piece of content) {
    if (!Buffer.isBuffer(piece)) throw new Error('it has no bytes');
    yield piece;
  }
}

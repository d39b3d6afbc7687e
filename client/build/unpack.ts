// Archives of strangers, unpacked: .tar, .tgz and .zip, told apart by what is in them. What would lead out of the folder, what is
// neither file, folder nor link, and what unpacks to more than anybody means is refused, in one sentence. No link is ever followed:
// they are made when everything else is there.

import { createReadStream, createWriteStream } from 'node:fs';
import { chmod, copyFile, mkdir, open, symlink } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { bytes as shownBytes } from '#core/placement/words.ts';
import { OddEntry, openZip } from './zip.ts';

export interface UnpackLimits {
  readonly mostBytes: number;
  readonly mostEntries: number;
  /** How many times as much may come out as went in. Looked at past the first few megabytes. */
  readonly mostRatio: number;
}

export const usualUnpacking: UnpackLimits = { mostBytes: 4e9, mostEntries: 100_000, mostRatio: 200 };

export type FileKind = 'gzip' | 'tar' | 'zip' | 'other archive' | 'text' | 'empty' | 'binary';

const looksFromBytes = 10e6;

export async function kindOf(file: string): Promise<FileKind> {
  const handle = await open(file, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(1024), 0, 1024, 0);
    const head = buffer.subarray(0, bytesRead);
    const begins = (...bytes: readonly number[]): boolean => bytes.every((byte, index) => head[index] === byte);
    if (begins(0x1f, 0x8b)) return 'gzip';
    if (begins(0x50, 0x4b, 3, 4) || begins(0x50, 0x4b, 5, 6)) return 'zip';
    if (head.subarray(257, 262).toString('latin1') === 'ustar') return 'tar';
    if (begins(0x42, 0x5a, 0x68) || begins(0xfd, 0x37, 0x7a, 0x58, 0x5a) || begins(0x28, 0xb5, 0x2f, 0xfd) || begins(0x37, 0x7a, 0xbc, 0xaf)) return 'other archive';
    if (bytesRead === 0) return 'empty';
    return head.includes(0) ? 'binary' : 'text';
  } finally {
    await handle.close();
  }
}

/** `folder` is there and empty; what is in it after a failure is of no use. */
export async function unpack(file: string, kind: 'gzip' | 'tar' | 'zip', folder: string, limits: UnpackLimits = usualUnpacking): Promise<void> {
  const packedBytes = await sizeOf(file);
  const unpacking = new Unpacking(folder, limits, packedBytes);
  try {
    await (kind === 'zip' ? unzip(file, unpacking) : untar(file, kind === 'gzip', unpacking));
    await unpacking.end();
  } catch (error) {
    if (error instanceof Refused) throw new Error(error.message, { cause: error });
    throw new Error(`the archive cannot be unpacked: ${error instanceof Error ? error.message.replace(/\.$/, '') : String(error)}`, { cause: error });
  }
}

/** What the archive holds is not taken. */
class Refused extends Error {}

class Unpacking {
  readonly #folder: string;
  readonly #limits: UnpackLimits;
  readonly #packedBytes: number;
  readonly #links = new Map<string, string>();
  readonly #modes = new Map<string, number>();
  #bytes = 0;
  #entries = 0;

  constructor(folder: string, limits: UnpackLimits, packedBytes: number) {
    this.#folder = folder;
    this.#limits = limits;
    this.#packedBytes = packedBytes;
  }

  async folder(name: string, mode: number): Promise<void> {
    const path = this.#pathOf(name);
    await mkdir(join(this.#folder, path), { recursive: true });
    this.#modes.set(path, (mode & 0o777) | 0o700);
  }

  async file(name: string, mode: number, content: AsyncIterable<unknown>): Promise<void> {
    const path = this.#pathOf(name);
    if (path === '') throw new Refused('the archive has a file without a name');
    const place = join(this.#folder, path);
    await mkdir(dirname(place), { recursive: true });
    this.#links.delete(path);
    const count = (piece: Uint8Array): void => this.#count(piece.length);
    await pipeline(content, async function* counted(pieces: AsyncIterable<unknown>) {
      for await (const piece of pieces) {
        if (!(piece instanceof Uint8Array)) throw new Error('it has no bytes');
        count(piece);
        yield piece;
      }
    }, createWriteStream(place));
    await chmod(place, (mode & 0o777) | 0o400);
  }

  /** A second name of a file that came before. */
  async sameFile(name: string, of: string): Promise<void> {
    const path = this.#pathOf(name);
    const other = this.#inside(of);
    if (other === undefined) throw new Refused(`the archive has a link ${name} that leads out of it, to ${of}`);
    const place = join(this.#folder, path);
    await mkdir(dirname(place), { recursive: true });
    await copyFile(join(this.#folder, other), place);
    this.#count(await sizeOf(place));
  }

  link(name: string, target: string): void {
    const path = this.#pathOf(name);
    if (/^[\\/]|^[a-z]:/i.test(target) || this.#inside(posix.join(posix.dirname(path), target)) === undefined) throw new Refused(`the archive has a link ${name} that leads out of it, to ${target}`);
    this.#links.set(path, target);
  }

  async end(): Promise<void> {
    for (const [path, target] of this.#links) {
      await mkdir(dirname(join(this.#folder, path)), { recursive: true });
      await symlink(target, join(this.#folder, path)).catch((error: unknown) => {
        throw new Refused(`the archive has ${path} as a link and as something else`, { cause: error });
      });
    }
    for (const [path, mode] of [...this.#modes].toReversed()) await chmod(join(this.#folder, path), mode);
  }

  #pathOf(name: string): string {
    this.#entries++;
    if (this.#entries > this.#limits.mostEntries) throw new Refused(`the archive has more than ${this.#limits.mostEntries} entries`);
    const path = this.#inside(name);
    if (path === undefined) throw new Refused(`the archive has an entry ${name.slice(0, 100)} that leads out of it`);
    return path;
  }

  /** Relative to the folder, with slashes; undefined where it leads out of it. */
  #inside(name: string): string | undefined {
    if (name.includes('\0') || /^[\\/]|^[a-z]:[\\/]/i.test(name)) return undefined;
    const parts = name.split(process.platform === 'win32' ? /[\\/]/ : '/');
    // A folder may be left only if it was entered before.
    let depth = 0;
    for (const part of parts) {
      depth += part === '..' ? -1 : part === '' || part === '.' ? 0 : 1;
      if (depth < 0) return undefined;
    }
    return posix.normalize(parts.join('/')).replace(/^\.(?:\/|$)|\/$/g, '');
  }

  #count(bytes: number): void {
    const { mostBytes, mostRatio } = this.#limits;
    this.#bytes += bytes;
    if (this.#bytes > mostBytes) throw new Refused(`the archive unpacks to more than ${shownBytes(mostBytes)}`);
    if (this.#bytes > looksFromBytes && this.#bytes > this.#packedBytes * mostRatio) throw new Refused(`the archive unpacks to more than ${mostRatio} times its size, as if it were made to fill a disk`);
  }
}

async function untar(file: string, isPacked: boolean, unpacking: Unpacking): Promise<void> {
  const { extract } = await import('tar-stream');
  const entries = extract();
  const source = createReadStream(file);
  const reading = isPacked ? pipeline(source, createGunzip(), entries) : pipeline(source, entries);
  const unpacked = (async () => {
    for await (const entry of entries) {
      const { name, type, mode, linkname } = entry.header;
      switch (type) {
        case 'directory':
          await unpacking.folder(name, mode);
          break;
        case 'file':
        case 'contiguous-file':
          // A folder in archives of old.
          if (name.endsWith('/')) await unpacking.folder(name, 0o755);
          else await unpacking.file(name, mode, entry);
          continue;
        case 'symlink':
          unpacking.link(name, linkname ?? '');
          break;
        case 'link':
          await unpacking.sameFile(name, linkname ?? '');
          break;
        case 'character-device':
        case 'block-device':
        case 'fifo':
          throw new Refused(`the archive has ${name}, which is neither a file nor a folder nor a link`);
      }
      entry.resume();
    }
  })();
  await Promise.all([unpacked, reading.catch(async (error: unknown) => {
    // What was refused breaks the reading, too, and says it better.
    await unpacked;
    throw error;
  })]);
}

async function unzip(file: string, unpacking: Unpacking): Promise<void> {
  const zip = await openZip(file);
  try {
    for await (const file of zip.files()) {
      const { path, kind, mode, target = '' } = file;
      if (kind === 'folder') await unpacking.folder(path, mode);
      else if (kind === 'link') unpacking.link(path, target);
      else await unpacking.file(path, mode, file.read());
    }
  } catch (error) {
    throw error instanceof OddEntry ? new Refused(`the archive ${error.message}`, { cause: error }) : error;
  } finally {
    zip.close();
  }
}

async function sizeOf(file: string): Promise<number> {
  const handle = await open(file, 'r');
  try {
    return (await handle.stat()).size;
  } finally {
    await handle.close();
  }
}

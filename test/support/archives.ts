// Archives for tests, also such as no sane program would make.

import { buffer } from 'node:stream/consumers';
import { crc32, gzipSync } from 'node:zlib';
import { pack, type Header } from 'tar-stream';

/** Paths and contents; `-> there` is a link. A path with a slash at its end is a folder. */
export type Entries = Readonly<Record<string, string>>;

export async function tgz(entries: Entries, special: readonly Special[] = []): Promise<Buffer> {
  return gzipSync(await tar(entries, special));
}

export async function tar(entries: Entries, special: readonly Special[] = []): Promise<Buffer> {
  const archive = pack();
  for (const [name, content] of Object.entries(entries)) {
    if (content.startsWith('-> ')) archive.entry({ name, type: 'symlink', linkname: content.slice(3) });
    else if (name.endsWith('/')) archive.entry({ name, type: 'directory' });
    else archive.entry({ name, mode: name.endsWith('.sh') ? 0o755 : 0o644 }, content);
  }
  for (const header of special) archive.entry(header);
  archive.finalize();
  return buffer(archive);
}

/** What is neither file nor folder. */
export type Special = Pick<Header, 'name' | 'type'> & Partial<Header>;

/** Nothing in it is packed. Made on Unix. */
export function zip(entries: Entries): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let at = 0;
  for (const [name, written] of Object.entries(entries)) {
    const isLink = written.startsWith('-> ');
    const content = Buffer.from(isLink ? written.slice(3) : written);
    const path = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt32LE(crc32(content), 10);
    common.writeUInt32LE(content.length, 14);
    common.writeUInt32LE(content.length, 18);
    common.writeUInt16LE(path.length, 22);
    locals.push(Buffer.from('PK\u0003\u0004', 'latin1'), common, path, content);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE((isLink ? 0o120777 : name.endsWith('/') ? 0o040755 : name.endsWith('.sh') ? 0o100755 : 0o100644) * 0x10000, 6);
    rest.writeUInt32LE(at, 10);
    central.push(Buffer.from('PK\u0001\u0002\u0014\u0003', 'latin1'), common, rest, path);
    at += 30 + path.length + content.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(18);
  const count = Object.keys(entries).length;
  end.writeUInt16LE(count, 4);
  end.writeUInt16LE(count, 6);
  end.writeUInt32LE(directory.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...locals, directory, Buffer.from('PK\u0005\u0006', 'latin1'), end]);
}

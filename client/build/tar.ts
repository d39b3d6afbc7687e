// Files as a tar, made while it is read. Who owns them and when they were written is left out, so that the same files give the
// same bytes. Written here, for a stream that waits for each file in turn is what a build waits for.

import { Readable } from 'node:stream';
import type { SeenFile } from '../engine/builderPort.ts';
import { pieceBytes, readAhead } from './walk.ts';

const blockBytes = 512;
const smallBytes = 64 * 1024;
/** In every archive: what is in it says when it was made. 1980, which every format knows. */
const writtenSeconds = 315_532_800;
/** What a header's field for the size can hold. */
const mostInField = 0o77777777777;

/** What breaks the files breaks the stream. */
export function tarOf(files: AsyncIterable<SeenFile>): Readable {
  return Readable.from(gathered(pieces(files)), { objectMode: false, highWaterMark: 2 * pieceBytes });
}

async function* pieces(files: AsyncIterable<SeenFile>): AsyncGenerator<Buffer> {
  for await (const { file, content } of readAhead(files)) {
    yield headerOf(file);
    if (file.kind !== 'file') continue;
    yield* content;
    const beyond = file.size % blockBytes;
    if (beyond > 0) yield Buffer.alloc(blockBytes - beyond);
  }
  yield Buffer.alloc(2 * blockBytes);
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

const types = { file: '0', link: '2', folder: '5', extended: 'x' } as const;

/** Names, links and sizes that a plain header (ustar) cannot hold go before it in one of their own (pax). */
function headerOf({ path, kind, mode, size, target = '' }: SeenFile): Buffer {
  const name = kind === 'folder' ? `${path}/` : path;
  const beyond = [...(isPlain(name) ? [] : [record('path', name)]), ...(isPlain(target) ? [] : [record('linkpath', target)]), ...(size > mostInField ? [record('size', String(size))] : [])];
  const own = plainHeader(name, types[kind], mode, size > mostInField ? 0 : size, target);
  if (beyond.length === 0) return own;
  const content = Buffer.from(beyond.join(''));
  return Buffer.concat([plainHeader('PaxHeader', types.extended, 0o644, content.length, ''), content, Buffer.alloc((blockBytes - (content.length % blockBytes)) % blockBytes), own]);
}

function isPlain(text: string): boolean {
  return text.length <= 100 && /^[\x20-\x7e]*$/.test(text);
}

/** `LENGTH key=value\n`, where the length counts itself. */
function record(key: string, value: string): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = Buffer.byteLength(rest);
  let length = bytes + String(bytes).length;
  if (bytes + String(length).length > length) length++;
  return `${length}${rest}`;
}

function plainHeader(name: string, type: string, mode: number, size: number, target: string): Buffer {
  const header = Buffer.alloc(blockBytes);
  const octal = (value: number, at: number, digits: number): void => void header.write(value.toString(8).padStart(digits, '0'), at, 'latin1');
  header.write(name, 0, 100, 'utf8');
  octal(mode, 100, 7);
  octal(0, 108, 7);
  octal(0, 116, 7);
  octal(size, 124, 11);
  octal(writtenSeconds, 136, 11);
  header.fill(' ', 148, 156);
  header.write(type, 156, 'latin1');
  header.write(target, 157, 100, 'utf8');
  header.write('ustar\u000000', 257, 'latin1');
  octal(header.reduce((sum, byte) => sum + byte, 0), 148, 6);
  header.write('\u0000 ', 154, 'latin1');
  return header;
}

// Gives the files of a build context to BuildKit: first what there is, then the content of what the engine asks for, which is
// only what it does not have from the last build of the same folder.

import type { IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import type { BuildFolder, SeenFile } from '../../engine/builderPort.ts';
import { readEarly } from '../../engine/readEarly.ts';
import type { Service } from './session.ts';
import { fieldsOf, frame, frameBefore, FrameSplitter, message, numberOf } from './wire.ts';

export const diffCopy = '/moby.filesync.v1.FileSync/DiffCopy';

const packet = { stat: 0, request: 1, data: 2, fin: 3, error: 4 } as const;
/** An engine takes messages of up to 4 MB. */
const pieceBytes = 256 * 1024;
const readAhead = { files: 8, fileBytes: 1024 * 1024 } as const;

/** What goes wrong with a file is told to `onBroken`: the engine's own words for it are none for people. */
export function fileSync(folder: BuildFolder, onBroken: (error: unknown) => void): Service {
  return async (stream, headers) => {
    try {
      await send(stream, filesFor(folder, headers));
    } catch (error) {
      onBroken(error);
      if (!stream.destroyed) stream.write(frame(message([1, packet.error], [4, error instanceof Error ? error.message : String(error)])));
      throw error;
    }
  };
}

/** The engine asks for three things by these names: the Dockerfile, what to leave out, and the rest. What is left out we leave out ourselves. */
function filesFor(folder: BuildFolder, headers: IncomingHttpHeaders): AsyncIterable<SeenFile> {
  const wanted = textsOf(headers['followpaths']);
  if (headers['dir-name'] === 'dockerfile') return folder.dockerfileAlone();
  return wanted.length === 1 && wanted[0] === '.dockerignore' ? nothing() : folder.files();
}

async function* nothing(): AsyncGenerator<never> {}

function textsOf(header: string | readonly string[] | undefined): readonly string[] {
  return (typeof header === 'string' ? header.split(',') : (header ?? [])).map((text) => text.trim());
}

async function send(stream: ServerHttp2Stream, files: AsyncIterable<SeenFile>): Promise<void> {
  let drained = (): void => {};
  stream.on('drain', () => drained());
  stream.once('close', () => drained());
  const write = async (bytes: Buffer): Promise<void> => {
    if (stream.destroyed) throw new Error('the engine ended the session');
    if (!stream.write(bytes)) await new Promise<void>((resolve) => {
      drained = resolve;
    });
  };
  const sent: SeenFile[] = [];
  const requests: number[] = [];
  const reading = new Map<number, AsyncIterable<Buffer>>();
  let wake = (): void => {};
  let isFinished = false;
  let broken: Error | undefined;
  const frames = new FrameSplitter();
  stream.on('data', (bytes: Buffer) => {
    for (const one of frames.take(bytes)) {
      const fields = fieldsOf(one);
      const kind = numberOf(fields, 1);
      if (kind === packet.request) requests.push(numberOf(fields, 3));
      if (kind === packet.fin) isFinished = true;
      if (kind === packet.error) broken = new Error('the engine could not take the files of the build context');
    }
    wake();
  });
  stream.once('close', () => {
    isFinished = true;
    wake();
  });
  for await (const file of files) {
    sent.push(file);
    await write(frame(message([1, packet.stat], [2, statOf(file)])));
  }
  await write(frame(message([1, packet.stat])));
  for (;;) {
    if (broken !== undefined) throw broken;
    const id = requests.shift();
    if (id === undefined) {
      if (isFinished) break;
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
      continue;
    }
    // What is asked for next is read meanwhile.
    for (const one of [id, ...requests.slice(0, readAhead.files)]) if (!reading.has(one)) reading.set(one, begun(sent[one]));
    for await (const bytes of reading.get(id) ?? []) {
      for (let at = 0; at < bytes.length; at += pieceBytes) {
        const piece = bytes.subarray(at, at + pieceBytes);
        await write(frameBefore(message([1, packet.data], [3, id]), 4, piece));
        await write(piece);
      }
    }
    reading.delete(id);
    await write(frame(message([1, packet.data], [3, id])));
  }
  if (!stream.destroyed) await write(frame(message([1, packet.fin])));
}

/** Large files are read when it is their turn. */
function begun(file: SeenFile | undefined): AsyncIterable<Buffer> {
  if (file === undefined || file.size > readAhead.fileBytes) return file?.read() ?? nothing();
  return readEarly(file);
}

/** The bits are those of Go's os.FileMode, which are not those of Unix. */
const goMode = { folder: 2 ** 31, link: 2 ** 27, setuid: 2 ** 23, setgid: 2 ** 22, sticky: 2 ** 20 } as const;

function statOf({ path, kind, mode, size, modifiedNs, target }: SeenFile): Buffer {
  const kindBits = kind === 'folder' ? goMode.folder : kind === 'link' ? goMode.link : 0;
  const special = (mode & 0o4000 ? goMode.setuid : 0) + (mode & 0o2000 ? goMode.setgid : 0) + (mode & 0o1000 ? goMode.sticky : 0);
  return message([1, path], [2, kindBits + special + (mode & 0o777)], [5, kind === 'file' ? size : 0], [6, modifiedNs], [7, target]);
}

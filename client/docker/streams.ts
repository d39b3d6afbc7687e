// Docker's two stream formats: lines of JSON, and stdout and stderr in one stream with an eight-byte header before each piece.
// Both are read piece by piece as they come, characters never cut in two.

import { StringDecoder } from 'node:string_decoder';
import type { LogLine } from '../engine/ports.ts';

/** Calls `sink` for every whole line; a last line without an end counts. Lines end with `\n` or `\r\n`. */
export class LineSplitter {
  readonly #decoder = new StringDecoder('utf8');
  readonly #sink: (line: string) => void;
  #rest = '';

  constructor(sink: (line: string) => void) {
    this.#sink = sink;
  }

  write(bytes: Buffer): void {
    const lines = (this.#rest + this.#decoder.write(bytes)).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) this.#sink(line.replace(/\r$/, ''));
  }

  end(): void {
    this.#rest += this.#decoder.end();
    if (this.#rest !== '') this.#sink(this.#rest);
    this.#rest = '';
  }
}

/** Takes stdout and stderr apart, piece by piece as they come. */
export class FrameSplitter {
  readonly #sink: (bytes: Buffer, stream: LogLine['stream']) => void;
  #header = Buffer.alloc(0);
  #stream: LogLine['stream'] = 'stdout';
  #left = 0;

  constructor(sink: (bytes: Buffer, stream: LogLine['stream']) => void) {
    this.#sink = sink;
  }

  write(bytes: Buffer): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#left > 0) {
        const piece = bytes.subarray(at, at + this.#left);
        this.#left -= piece.length;
        at += piece.length;
        this.#sink(piece, this.#stream);
      } else {
        const piece = bytes.subarray(at, at + 8 - this.#header.length);
        this.#header = Buffer.concat([this.#header, piece]);
        at += piece.length;
        if (this.#header.length < 8) return;
        this.#stream = this.#header[0] === 2 ? 'stderr' : 'stdout';
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
      }
    }
  }
}

/** Splits a container's log into lines of stdout and stderr. `isRaw` for a container with a terminal: then there are no headers. */
export class LogSplitter {
  readonly #isRaw: boolean;
  readonly #lines: Readonly<Record<LogLine['stream'], LineSplitter>>;
  readonly #frames: FrameSplitter;

  constructor(isRaw: boolean, sink: (line: LogLine) => void) {
    this.#isRaw = isRaw;
    this.#lines = { stdout: new LineSplitter((text) => sink({ stream: 'stdout', text })), stderr: new LineSplitter((text) => sink({ stream: 'stderr', text })) };
    this.#frames = new FrameSplitter((bytes, stream) => this.#lines[stream].write(bytes));
  }

  write(bytes: Buffer): void {
    if (this.#isRaw) this.#lines.stdout.write(bytes);
    else this.#frames.write(bytes);
  }

  end(): void {
    this.#lines.stdout.end();
    this.#lines.stderr.end();
  }
}

/** Reads to the end, or until something breaks the stream: then gives what did. */
export async function drain(stream: NodeJS.ReadableStream, onBytes: (bytes: Buffer) => void): Promise<Error | undefined> {
  try {
    for await (const chunk of stream) onBytes(typeof chunk === 'string' ? Buffer.from(chunk) : chunk);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A line of JSON as an object; undefined for anything else, which a newer engine might send. */
export function jsonObject(line: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

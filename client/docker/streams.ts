// Docker's stream formats: lines of JSON, a list in JSON, and stdout and stderr in one stream with an eight-byte header before each
// piece. All are read piece by piece as they come, characters never cut in two.

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

const [quote, backslash, openBrace, closeBrace, openBracket, closeBracket] = Buffer.from('"\\{}[]');

/** Calls `sink` with the text of each item of a JSON list of objects as soon as it is whole. */
export class ItemSplitter {
  readonly #sink: (text: string) => void;
  /** What has come of the item that is not whole yet. */
  #pieces: Buffer[] = [];
  #depth = 0;
  #isText = false;
  #isEscaped = false;

  constructor(sink: (text: string) => void) {
    this.#sink = sink;
  }

  write(bytes: Buffer): void {
    let from = 0;
    for (let at = 0; at < bytes.length; at++) {
      const byte = bytes[at];
      if (this.#isText) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (byte === backslash) this.#isEscaped = true;
        else if (byte === quote) this.#isText = false;
      } else if (byte === quote) this.#isText = true;
      else if (byte === openBrace || byte === openBracket) {
        this.#depth++;
        if (this.#depth === 2) from = at;
      } else if (byte === closeBrace || byte === closeBracket) {
        this.#depth--;
        if (this.#depth === 1) this.#end(bytes, from, at + 1);
      }
    }
    if (this.#depth > 1) this.#pieces.push(bytes.subarray(from));
  }

  /** Throws where the list has no end. */
  end(): void {
    if (this.#depth > 0) throw new Error('the answer of the Docker Engine was cut off');
  }

  #end(bytes: Buffer, from: number, to: number): void {
    const text = this.#pieces.length === 0 ? bytes.toString('utf8', from, to) : Buffer.concat([...this.#pieces, bytes.subarray(from, to)]).toString();
    this.#pieces = [];
    this.#sink(text);
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

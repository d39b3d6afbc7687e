// The standard input and output of a program in a container as one stream that looks like a socket to Node's HTTP client.

import type { Duplex } from 'node:stream';
import { SocketLike } from '../socketLike.ts';

/** Of what a program says on standard error, so much is kept. */
const mostCharacters = 2000;

export class ExecSocket extends SocketLike {
  readonly #stream: Duplex;
  readonly #problem: (stderr: string) => Error | undefined;
  #header = Buffer.alloc(0);
  #isError = false;
  #left = 0;
  #stderr = '';
  #hasAnswered = false;
  #isOver = false;

  /** `stream` is that of a hijacked exec: in pieces with headers from there, plain to there. `problem` says what is wrong where the program ended without an answer. */
  constructor(stream: Duplex, problem: (stderr: string) => Error | undefined) {
    super(stream);
    this.#stream = stream;
    this.#problem = problem;
    stream.on('data', (bytes: Buffer) => this.#take(bytes));
    stream.on('end', () => this.#end());
    stream.on('close', () => {
      this.endWithBelow();
      this.#end();
    });
  }

  #end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    const problem = this.#hasAnswered ? undefined : this.#problem(this.#stderr);
    if (problem !== undefined) this.destroy(problem);
    else if (!this.destroyed) this.push(null);
  }

  #take(bytes: Buffer): void {
    let [at, isFull] = [0, false];
    while (at < bytes.length) {
      if (this.#left === 0) {
        const piece = bytes.subarray(at, at + 8 - this.#header.length);
        at += piece.length;
        this.#header = Buffer.concat([this.#header, piece]);
        if (this.#header.length < 8) return;
        this.#isError = this.#header[0] === 2;
        this.#left = this.#header.readUInt32BE(4);
        this.#header = Buffer.alloc(0);
      } else {
        const piece = bytes.subarray(at, at + this.#left);
        at += piece.length;
        this.#left -= piece.length;
        if (this.#isError) this.#stderr = (this.#stderr + piece.toString()).slice(-mostCharacters);
        else {
          this.#hasAnswered = true;
          isFull = !this.push(piece);
        }
      }
    }
    if (isFull) this.#stream.pause();
  }
}

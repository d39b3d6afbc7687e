// The standard input and output of a program in a container as one stream that looks like a socket to Node's HTTP client.

import type { Duplex } from 'node:stream';
import { SocketLike } from '../socketLike.ts';
import { FrameSplitter } from '../streams.ts';

/** Of what a program says on standard error, so much is kept. */
const mostCharacters = 2000;

export class ExecSocket extends SocketLike {
  readonly #problem: (stderr: string) => Error | undefined;
  #stderr = '';
  #hasAnswered = false;
  #isOver = false;

  /** `stream` is that of a hijacked exec: in pieces with headers from there, plain to there. `problem` says what is wrong where the program ended without an answer. */
  constructor(stream: Duplex, problem: (stderr: string) => Error | undefined) {
    super(stream);
    this.#problem = problem;
    let isFull = false;
    const frames = new FrameSplitter((bytes, of) => {
      if (of === 'stderr') this.#stderr = (this.#stderr + bytes.toString()).slice(-mostCharacters);
      else {
        this.#hasAnswered = true;
        isFull = !this.push(bytes);
      }
    });
    stream.on('data', (bytes: Buffer) => {
      isFull = false;
      frames.write(bytes);
      if (isFull) stream.pause();
    });
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
}

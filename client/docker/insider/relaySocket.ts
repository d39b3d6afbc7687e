// A TCP connection that a program in a container has opened, as a stream. That program tells on its standard error how it went and
// when the far side has ended its half, and after how many bytes, as the two outputs of a program may overtake each other.

import type { Duplex } from 'node:stream';
import type { Reach } from '../../engine/insiderPort.ts';
import { SocketLike } from '../socketLike.ts';
import { FrameSplitter, LineSplitter } from '../streams.ts';
import { reachOf } from './words.ts';

export class RelaySocket extends SocketLike {
  /** How the connection was answered; rejected where the program did not say. */
  readonly answered: Promise<Reach>;
  #received = 0;
  #endsAfter: number | undefined;
  #isOver = false;

  /** `stream` is that of a hijacked exec. */
  constructor(stream: Duplex) {
    super(stream);
    let answer: { readonly resolve: (reach: Reach) => void; readonly reject: (error: Error) => void } | undefined;
    this.answered = new Promise((resolve, reject) => (answer = { resolve, reject }));
    // Whoever asks for it hears of it.
    this.answered.catch(() => {});
    const told = new LineSplitter((line) => {
      const [word = '', count] = line.split(' ');
      const reach = reachOf(word);
      if (reach !== undefined) return answer?.resolve(reach);
      if (word === 'broken') this.destroy(Object.assign(new Error('the connection was reset'), { code: 'ECONNRESET' }));
      if (word === 'end') this.#endsAfter = Number(count);
      this.#endWhenRead();
    });
    let isFull = false;
    const frames = new FrameSplitter((bytes, of) => {
      if (of === 'stderr') return told.write(bytes);
      this.#received += bytes.length;
      isFull = !this.push(bytes);
      this.#endWhenRead();
    });
    stream.on('data', (bytes: Buffer) => {
      isFull = false;
      if (!this.#isOver) frames.write(bytes);
      if (isFull) stream.pause();
    });
    const cut = (): void => {
      const error = Object.assign(new Error('the connection to the host was lost'), { code: 'ECONNRESET' });
      answer?.reject(error);
      if (!this.#isOver) this.destroy(error);
      else this.endWithBelow();
    };
    stream.on('end', cut);
    stream.on('close', cut);
  }

  #endWhenRead(): void {
    if (this.#isOver || this.destroyed || this.#endsAfter === undefined || this.#received < this.#endsAfter) return;
    this.#isOver = true;
    this.push(null);
  }
}

// A stream through something else, a channel of SSH or a program in a container, that looks like a socket to Node's HTTP client.
// What comes from below and how it ends is the business of each kind.

import { Duplex } from 'node:stream';

export class SocketLike extends Duplex {
  readonly #below: Duplex;

  constructor(below: Duplex) {
    super({ allowHalfOpen: true });
    this.#below = below;
    below.on('error', (error: Error) => this.destroy(error));
  }

  /** For when what is below is closed: it takes nothing any more, so what is half open is over once it has been read. */
  protected endWithBelow(): void {
    if (this.readableEnded) this.destroy();
    else this.once('end', () => this.destroy());
  }

  override _read(): void {
    this.#below.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#below.write(bytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#below.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#below.destroy();
    done(error);
  }

  // What the HTTP client asks of a socket: the connection below looks after these.
  setKeepAlive(): this { return this; }
  setNoDelay(): this { return this; }
  setTimeout(): this { return this; }
  ref(): this { return this; }
  unref(): this { return this; }
  destroySoon(): void {
    if (this.writableFinished) this.destroy();
    else this.end(() => this.destroy());
  }
}

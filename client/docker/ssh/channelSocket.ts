// A channel of an SSH connection that looks like a socket to Node's HTTP client: it ends, breaks and is thrown away as one.

import { Duplex } from 'node:stream';
import type { ClientChannel } from 'ssh2';

export class ChannelSocket extends Duplex {
  readonly #channel: ClientChannel;

  /** With `verdict` the end waits until the channel is closed, for only then it is known how a program ended: an error takes its place. */
  constructor(channel: ClientChannel, verdict?: () => Error | undefined) {
    super({ allowHalfOpen: true });
    this.#channel = channel;
    channel.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) channel.pause();
    });
    channel.on('end', () => {
      if (verdict === undefined) this.push(null);
    });
    channel.on('error', (error: Error) => this.destroy(error));
    channel.on('close', () => {
      // A channel that is closed takes nothing any more, so what is half open is over.
      const error = verdict?.();
      if (error !== undefined) return void this.destroy(error);
      if (verdict !== undefined) this.push(null);
      if (this.readableEnded) this.destroy();
      else this.once('end', () => this.destroy());
    });
  }

  /** As when the other side of a socket is gone: whoever reads gets an error, not an end. */
  break(): void {
    this.destroy(Object.assign(new Error('the SSH connection was lost'), { code: 'ECONNRESET' }));
  }

  override _read(): void {
    this.#channel.resume();
  }

  override _write(bytes: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#channel.write(bytes, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#channel.end();
    done();
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel.close();
    done(error);
  }

  // What the HTTP client asks of a socket and a channel does not have: the connection below it looks after these.
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

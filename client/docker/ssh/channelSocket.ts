// A channel of an SSH connection that looks like a socket to Node's HTTP client: it ends, breaks and is thrown away as one.

import type { ClientChannel } from 'ssh2';
import { SocketLike } from '../socketLike.ts';

export class ChannelSocket extends SocketLike {
  readonly #channel: ClientChannel;

  /** With `verdict` the end waits until the channel is closed, for only then it is known how a program ended: an error takes its place. */
  constructor(channel: ClientChannel, verdict?: () => Error | undefined) {
    super(channel);
    this.#channel = channel;
    channel.on('data', (bytes: Buffer) => {
      if (!this.push(bytes)) channel.pause();
    });
    channel.on('end', () => {
      if (verdict === undefined) this.push(null);
    });
    channel.on('close', () => {
      const error = verdict?.();
      if (error !== undefined) return void this.destroy(error);
      if (verdict !== undefined) this.push(null);
      this.endWithBelow();
    });
  }

  /** As when the other side of a socket is gone: whoever reads gets an error, not an end. */
  break(): void {
    this.destroy(Object.assign(new Error('the SSH connection was lost'), { code: 'ECONNRESET' }));
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#channel.close();
    done(error);
  }
}

// Logs of containers, each in an output channel of its own, followed as long as somebody has it open and the container lives.

import { type Disposable, type OutputChannel, window, workspace } from 'vscode';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import type { Connection } from './connection.ts';

const tail = 1000;

interface Following {
  readonly channel: OutputChannel;
  stop: AbortController | undefined;
}

export class Logs implements Disposable {
  readonly #connection: Connection;
  readonly #channels = new Map<string, Following>();
  readonly #closed: Disposable;

  constructor(connection: Connection) {
    this.#connection = connection;
    this.#closed = workspace.onDidCloseTextDocument(({ uri }) => {
      if (uri.scheme !== 'output') return;
      for (const [name, { stop }] of this.#channels) if (uri.path.endsWith(name)) stop?.abort();
    });
  }

  /** Shows the container's log from its last lines on; again, if it was shown before and nobody looked any more. */
  async show(container: ObservedContainer): Promise<void> {
    const { containerId, containerName, host } = container;
    const cloud = await this.#connection.open();
    const name = `${containerName} on ${host}`;
    const following = this.#channels.get(name) ?? { channel: window.createOutputChannel(name, 'log'), stop: undefined };
    this.#channels.set(name, following);
    following.channel.show(true);
    if (following.stop && !following.stop.signal.aborted) return;
    const stop = new AbortController();
    following.stop = stop;
    following.channel.clear();
    const { channel } = following;
    try {
      await cloud.logs(host, containerId, { tail, follow: true, signal: stop.signal }, ({ text }) => channel.appendLine(text));
      if (!stop.signal.aborted) channel.appendLine(`— the log of ${containerName} ends here: the container stopped or is gone —`);
    } catch (error) {
      if (!stop.signal.aborted) channel.appendLine(`— the log cannot be read: ${error instanceof Error ? error.message : String(error)} —`);
    } finally {
      stop.abort();
    }
  }

  dispose(): void {
    this.#closed.dispose();
    for (const { channel, stop } of this.#channels.values()) {
      stop?.abort();
      channel.dispose();
    }
  }
}

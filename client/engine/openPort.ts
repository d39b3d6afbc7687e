// Connections into an entity's container, published or not and wherever it runs: through the engine that runs it, which is all that
// has to be reachable. When the container is replaced or moved, the next connection goes to the new one.

import type { FoundEntity } from '#core/cluster/find.ts';
import { messageOf } from './failure.ts';
import { answerWithinMs } from './patience.ts';
import type { Insider } from './insiderPort.ts';
import type { HostPort } from './ports.ts';

/** A port of this machine that leads to an entity. */
export interface Forwarding {
  readonly port: number;
  /** Ends the connections, too. */
  close(): Promise<void>;
}

/** Takes connections on this machine and joins each with what `dial` opens. `wanted` is the port, if it is free. */
export type Forward = (dial: () => Promise<NodeJS.ReadWriteStream>, wanted: number) => Promise<Forwarding>;

const localhost = '127.0.0.1';

/** The way into one entity; a container of ours is there as long as it is kept open. */
export class WayIn {
  readonly #find: () => FoundEntity | string;
  readonly #portOf: (host: string) => HostPort | undefined;
  readonly #port: number;
  #inside: { readonly containerId: string; readonly insider: Promise<Insider> } | undefined;

  /** `find` gives the entity as it is then. */
  constructor(find: () => FoundEntity | string, port: number, portOf: (host: string) => HostPort | undefined) {
    this.#find = find;
    this.#port = port;
    this.#portOf = portOf;
  }

  /** Throws an Error with a sentence. */
  async dial(): Promise<NodeJS.ReadWriteStream> {
    const found = this.#find();
    if (typeof found === 'string') throw new Error(found);
    try {
      return await this.#relay(found, await this.#enter(found));
    } catch (error) {
      if (error instanceof NobodyListens) throw error;
      // The way in may have gone with a restart of the container.
      this.#inside = undefined;
      return this.#relay(found, await this.#enter(found));
    }
  }

  async close(): Promise<void> {
    const inside = this.#inside;
    this.#inside = undefined;
    await inside?.insider.then((insider) => insider.leave(), () => {}).catch(() => {});
  }

  async #relay({ entity, container }: FoundEntity, insider: Insider): Promise<NodeJS.ReadWriteStream> {
    let answer = '';
    // Not everybody listens on all addresses.
    for (const address of [localhost, ...Object.values(container.addresses)]) {
      const stream = await insider.relay(address, this.#port, answerWithinMs);
      if (typeof stream !== 'string') return stream;
      answer = stream;
    }
    throw new NobodyListens(`port ${this.#port} of ${entity} is ${answer}`);
  }

  async #enter({ entity, host, container: { containerId } }: FoundEntity): Promise<Insider> {
    if (this.#inside?.containerId === containerId) return this.#inside.insider;
    await this.close();
    if (host.isReadOnly === true) throw new Error(`host ${host.host} is read-only, so no port of ${entity} is opened`);
    const port = this.#portOf(host.host);
    if (port === undefined) throw new Error(`host ${host.host} is not configured any more`);
    const insider = port.insider.enter({ containerId }).catch((error: unknown) => {
      this.#inside = undefined;
      throw new Error(`open a port of ${entity}: ${messageOf(error)}`, { cause: error });
    });
    this.#inside = { containerId, insider };
    return insider;
  }
}

class NobodyListens extends Error {}

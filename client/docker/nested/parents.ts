// The hosts that are connected, by name: one that lives in a container is reached through its parent, whatever way leads there.

import type { Duplex } from 'node:stream';
import { Unreachable } from '../transport/problems.ts';

export interface Parent {
  /** A stream to the engine in this container. */
  dial(containerName: string): Promise<Duplex>;
}

export class Parents {
  readonly #byName = new Map<string, Parent>();

  /** A host that is connected anew takes the place of what it was. */
  add(host: string, parent: Parent): void {
    this.#byName.set(host, parent);
  }

  remove(host: string, parent: Parent): void {
    if (this.#byName.get(host) === parent) this.#byName.delete(host);
  }

  async dial(host: string, containerName: string): Promise<Duplex> {
    const parent = this.#byName.get(host);
    if (parent === undefined) throw new Unreachable(`it lives in container ${containerName} on ${host}, and there is no host ${host}; add it`);
    return parent.dial(containerName);
  }
}

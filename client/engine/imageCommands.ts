// What a person asks for images by hand: to a registry, from one, from host to host. Any image by any name, whatever is deployed.

import { fullReference } from '#core/cluster/imageName.ts';
import type { Observed } from '#core/cluster/observed.ts';
import type { HostPort } from './ports.ts';
import type { Shipping } from './shippingPort.ts';
import { transfer, type Sent, type Transferring } from './transfer.ts';

export interface ImageWorld {
  readonly observed: () => Observed;
  /** Throws an Error with a sentence where there is no such host. */
  readonly reach: (host: string) => HostPort;
}

export class ImageCommands {
  readonly #world: ImageWorld;

  constructor(world: ImageWorld) {
    this.#world = world;
  }

  /** See `Cloud.pushImage`. A name that the image had for this alone is taken away again, whatever happens. */
  async push(host: string, image: string, as: string, shipping: Shipping): Promise<void> {
    const { shipping: port } = this.#world.reach(host);
    const isNew = fullReference(as) !== fullReference(image) && (await port.tag(image, as));
    try {
      await port.push(as, shipping);
    } finally {
      if (isNew) await port.untag(as);
    }
  }

  async pull(host: string, image: string, shipping: Shipping): Promise<void> {
    this.#changeable(host);
    await this.#world.reach(host).shipping.pull(image, shipping);
  }

  async transfer(image: string, from: string | undefined, to: readonly string[], transferring: Transferring): Promise<readonly Sent[]> {
    for (const host of to) this.#changeable(host);
    const source = from ?? (await this.holder(image, transferring.signal, to));
    if (source === undefined) throw new Error(`image ${image} is on none of the hosts that are up; pull or build it on one of them first`);
    if (!(await this.#world.reach(source).hasImage(image, transferring.signal))) throw new Error(`image ${image} is not on host ${source}`);
    return transfer(image, this.#world.reach(source), to.map((host) => ({ host, port: this.#world.reach(host) })), transferring);
  }

  /** The first host that has it, of those that are not to get it if there is one. */
  async holder(image: string, signal: AbortSignal, to: readonly string[] = []): Promise<string | undefined> {
    const up = this.#world.observed().hosts.filter(({ state }) => state.kind === 'up').map(({ host }) => host);
    for (const host of up.toSorted((a, b) => Number(to.includes(a)) - Number(to.includes(b)))) if (await this.#world.reach(host).hasImage(image, signal).catch(() => false)) return host;
    return undefined;
  }

  #changeable(host: string): void {
    if (this.#world.observed().hosts.some((one) => one.host === host && one.isReadOnly === true)) throw new Error(`host ${host} is read-only, so no image is brought there`);
  }
}

// Two containers of one entity, side by side, of which the old one has the address: the new one stands by with one for the time
// being, and takes the address over when the old one is gone.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { messageOf } from '../failure.ts';
import type { SdnPort } from './sdnPort.ts';

export function standingBy(container: DesiredContainer): DesiredContainer {
  return { ...container, networks: container.networks.map((attachment) => ({ ...attachment, isStandingBy: true })) };
}

/** Expects that nobody has the addresses any more. While a network is changed, nothing on it reaches the container. */
export async function takeOver({ networks }: DesiredContainer, containerId: string, { sdn }: { readonly sdn: SdnPort }): Promise<void> {
  for (const attachment of networks) {
    if (attachment.address === undefined) continue;
    await sdn.disconnect(containerId, attachment.networkName);
    try {
      await sdn.connect(containerId, attachment);
    } catch (error) {
      await sdn.connect(containerId, { ...attachment, isStandingBy: true });
      throw new Error(`it runs, but does not get its address ${attachment.address} (${messageOf(error)}); deploy again`, { cause: error });
    }
  }
}

// A network is removed once nothing is on it any more, on no host, and it is gone once no manager of a Swarm lists it.

import type Docker from 'dockerode';
import { unless } from './calls.ts';
import { field } from './field.ts';

/** How long a network may be in use by what was removed. */
const emptyWithin = { tries: 40, pauseMs: 250 };

/** A container that was just removed may still be on it for a moment, for other hosts hear of it later. */
export async function removeNetwork(network: Docker.Network): Promise<void> {
  for (let tries = emptyWithin.tries; ; tries--) {
    try {
      await network.remove().catch(unless(404));
      // The managers of a Swarm list it a moment longer, and with it addresses that are free.
      for (let looks = emptyWithin.tries; looks > 0 && (await network.inspect().catch(unless(404))) !== undefined; looks--) await new Promise((resolve) => setTimeout(resolve, emptyWithin.pauseMs));
      return;
    } catch (error) {
      if (!/active endpoints|in use by/i.test(String(error))) throw error;
      if (tries === 0) throw new Error(await stillOn(network), { cause: error });
      if (tries === emptyWithin.tries / 2) await dropLeftovers(network);
    }
    await new Promise((resolve) => setTimeout(resolve, emptyWithin.pauseMs));
  }
}

/** What is on a network, by the container's id and name; an end without a container has an id of its own. */
async function endsOf(network: Docker.Network): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const ends = field(await network.inspect(), 'Containers');
  return Object.entries(typeof ends === 'object' && ends !== null ? ends : {}).flatMap(([id, end]: [string, unknown]) => {
    const name = field(end, 'Name');
    return typeof name === 'string' ? [{ id, name }] : [];
  });
}

/** An engine that was interrupted may keep ends of a network whose containers are gone: nothing but force takes them away. */
async function dropLeftovers(network: Docker.Network): Promise<void> {
  for (const { id, name } of await endsOf(network)) if (id.startsWith('ep-')) await network.disconnect({ Container: name, Force: true }).catch(unless(404));
}

/** An engine that was cut off while it changed a network may count ends for ever that are not there; only its restart counts anew. */
async function stillOn(network: Docker.Network): Promise<string> {
  const names = (await endsOf(network)).map(({ name }) => name);
  return names.length > 0 ? `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} still on it; take that off first` : 'the Docker Engine counts containers on it that are not there any more; restart Docker on the host, then do this again';
}

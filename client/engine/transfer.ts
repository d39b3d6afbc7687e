// An image from one host to others, streamed through here: only the layers that a receiver lacks, read once for all that lack the
// same, to all of them at a time. One that fails holds up nobody else.

import { sharedLayers } from '#core/image/layers.ts';
import { messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';

export interface Receiver {
  readonly host: string;
  readonly port: HostPort;
}

/** Often enough for whoever looks; pieces come by the thousand. */
const toldEveryMs = 100;

/** How it went with one host. `bytes` is what was sent; none where it had the image. */
export type Sent = { readonly host: string; readonly kind: 'sent'; readonly bytes: number } | { readonly host: string; readonly kind: 'there' } | { readonly host: string; readonly kind: 'failed'; readonly problem: string };

export interface Transferring {
  readonly signal: AbortSignal;
  /** A short text, often: "12.0 MB". */
  readonly onDetail: (host: string, detail: string) => void;
}

/** In the order of `receivers`. Fails with an Error where the image cannot be had at all. */
export async function transfer(image: string, from: HostPort, receivers: readonly Receiver[], transferring: Transferring): Promise<readonly Sent[]> {
  const { signal } = transferring;
  const [imageId, layers] = await Promise.all([from.imageId(image, signal), from.shipping.layers(image, signal)]);
  if (imageId === undefined) throw new Error(`image ${image} is not on the host that it is to come from`);
  const sent = new Map<string, Sent>();
  const groups = new Map<number, Receiver[]>();
  await Promise.all(receivers.map(async (receiver) => {
    const { host, port } = receiver;
    try {
      if ((await port.imageId(image, signal)) === imageId) return void sent.set(host, { host, kind: 'there' });
      const count = sharedLayers(layers, await port.shipping.allLayers(signal)).length;
      groups.set(count, [...(groups.get(count) ?? []), receiver]);
    } catch (error) {
      sent.set(host, { host, kind: 'failed', problem: messageOf(error) });
    }
  }));
  const ground = { image, imageId, from, transferring };
  await Promise.all([...groups].map(async ([count, group]) => {
    for (const one of await send(group, layers.slice(0, count), ground)) sent.set(one.host, one);
    // An engine that has the layers may still not find them.
    const again = count === 0 || signal.aborted ? [] : group.filter(({ host }) => sent.get(host)?.kind === 'failed');
    if (again.length > 0) for (const one of await send(again, [], ground)) sent.set(one.host, one);
  }));
  return receivers.flatMap(({ host }) => sent.get(host) ?? []);
}

interface Ground {
  readonly image: string;
  readonly imageId: string;
  readonly from: HostPort;
  readonly transferring: Transferring;
}

async function send(receivers: readonly Receiver[], without: readonly string[], { image, imageId, from, transferring: { signal, onDetail } }: Ground): Promise<readonly Sent[]> {
  const bytes = receivers.map(() => 0);
  const toldMs = receivers.map(() => -Infinity);
  const onBytes = (index: number, sent: number): void => {
    bytes[index] = sent;
    const { host } = receivers[index] ?? {};
    const nowMs = performance.now();
    if (host === undefined || nowMs - (toldMs[index] ?? 0) < toldEveryMs) return;
    toldMs[index] = nowMs;
    onDetail(host, `${(sent / 1e6).toFixed(1)} MB`);
  };
  const problems = await from.shipping.send(image, receivers.map(({ port }) => port.shipping), { without, signal, onBytes });
  return Promise.all(receivers.map(async ({ host, port }, index): Promise<Sent> => {
    const problem = problems[index] ?? (await port.imageId(image, signal).then((id) => (id === imageId ? undefined : 'the engine took the image, and does not have it'), messageOf));
    if (problem === undefined) return { host, kind: 'sent', bytes: bytes[index] ?? 0 };
    return { host, kind: 'failed', problem: signal.aborted ? 'cancelled' : problem };
  }));
}

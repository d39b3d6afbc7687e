// Brings an image to a host that lacks it: from a host of the same cloud or the one that carries it, streamed through here,
// else from its registry, after the one of its cloud or entity. An image that was built on one host is in no registry.

import type { Observed } from '#core/cluster/observed.ts';
import { listedAs } from '#core/image/pin.ts';
import { nameAtSource } from '#core/image/source.ts';
import { isBuiltName } from '#core/image/imageBuild.ts';
import { isCaughtName } from '#core/image/key.ts';
import { readEndpoint } from '#core/host/endpoint.ts';
import { messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';
import type { Shipping, ShippingPort } from './shippingPort.ts';
import { transfer } from './transfer.ts';

export interface ImageGround {
  readonly observed: Observed;
  readonly port: (host: string) => HostPort | undefined;
}

export interface Meant {
  /** The bytes that the tag is to stand for. */
  readonly digest?: string | undefined;
  /** The address of a registry that is asked first. */
  readonly source?: string | undefined;
}

export async function bringImage(image: string, host: string, ground: ImageGround, { onDetail, signal }: Shipping, { digest, source }: Meant = {}): Promise<void> {
  if (await takeFromNearby(image, host, ground, onDetail, signal, digest)) return;
  if (isCaughtName(image) || isBuiltName(image)) throw new Error('no host nearby has it any more');
  const { shipping } = portOf(host, ground);
  const named = source === undefined ? undefined : nameAtSource(image, source);
  if (named === undefined || (await isAbsent(named, shipping, signal))) return shipping.pull(image, { onDetail, signal }, digest);
  await shipping.pull(named, { onDetail, signal }, digest);
  // It keeps the other name, too: by that the host knows its digest.
  await shipping.tag(named, image);
}

/** Only a registry that says so does not have it: of one that does not answer, or lets nobody in, another image of that name would not do. */
async function isAbsent(image: string, shipping: ShippingPort, signal: AbortSignal): Promise<boolean> {
  const told = await shipping.ask(image, signal);
  return 'why' in told && told.why === 'absent';
}

/** Whether a host nearby had it, with the bytes that are meant, and gave it. */
export async function takeFromNearby(image: string, host: string, ground: ImageGround, onDetail: (detail: string) => void, signal: AbortSignal, digest?: string): Promise<boolean> {
  const { observed, port } = ground;
  const to = portOf(host, ground);
  for (const near of nearHosts(host, observed)) {
    const from = port(near);
    // Whatever happens on another host, the registry is still there.
    if (from === undefined || !(await gives(from, image, signal, digest).catch(() => false))) continue;
    onDetail(`from ${near}`);
    const [sent] = await transfer(image, from, [{ host, port: to }], { signal, onDetail: (_, detail) => onDetail(`${detail} from ${near}`) }).catch((error: unknown) => [{ kind: 'failed' as const, problem: messageOf(error) }]);
    if (sent?.kind !== 'failed') return true;
    signal.throwIfAborted();
    onDetail(`not from ${near}: ${sent.problem}`);
  }
  return false;
}

async function gives(from: HostPort, image: string, signal: AbortSignal, digest: string | undefined): Promise<boolean> {
  if (digest === undefined) return from.hasImage(image, signal);
  return (await from.shipping.held(signal)).get(listedAs(image))?.digests.includes(digest) === true;
}

function portOf(host: string, { port }: ImageGround): HostPort {
  const found = port(host);
  if (found === undefined) throw new Error(`host ${host} is not configured any more`);
  return found;
}

/** Hosts that are up: the one that carries this one, then those of its cloud. */
export function nearHosts(host: string, { hosts }: Observed): readonly string[] {
  const here = hosts.find((one) => one.host === host);
  if (here?.cloud === undefined) return [];
  const read = readEndpoint(here.endpoint);
  const parent = 'endpoint' in read && read.endpoint.kind === 'nested' ? read.endpoint.parent : undefined;
  const isUp = (name: string): boolean => hosts.some((one) => one.host === name && one.state.kind === 'up');
  return [...(parent === undefined ? [] : [parent]), ...hosts.filter((one) => one.cloud === here.cloud && one.host !== host).map((one) => one.host)].filter(isUp);
}

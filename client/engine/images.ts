// Brings an image to a host that lacks it: from a host of the same cloud or the one that carries it, streamed through here,
// else from its registry. An image that was built on one host is in no registry.

import type { Observed } from '#core/cluster/observed.ts';
import { isCaughtName } from '#core/image/key.ts';
import { readEndpoint } from '#core/host/endpoint.ts';
import { messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';

export interface ImageGround {
  readonly observed: Observed;
  readonly port: (host: string) => HostPort | undefined;
}

export async function bringImage(image: string, host: string, ground: ImageGround, onDetail: (detail: string) => void, signal: AbortSignal, base?: string): Promise<void> {
  if (await takeFromNearby(image, host, ground, onDetail, signal, base)) return;
  if (isCaughtName(image)) throw new Error('no host nearby has it any more');
  await portOf(host, ground).pull(image, onDetail, signal);
}

/** Whether a host nearby had it and gave it. `base` is an image that it may have been made from: its layers need not be sent where it is. */
export async function takeFromNearby(image: string, host: string, ground: ImageGround, onDetail: (detail: string) => void, signal: AbortSignal, base?: string): Promise<boolean> {
  const { observed, port } = ground;
  const to = portOf(host, ground);
  for (const near of nearHosts(host, observed)) {
    const from = port(near);
    // Whatever happens on another host, the registry is still there.
    if (from === undefined || !(await from.hasImage(image, signal).catch(() => false))) continue;
    onDetail(`from ${near}`);
    try {
      const shared = base === undefined ? [] : await sharedLayers(image, base, from, to, signal);
      if (shared.length > 0 && (await to.loadImage(await from.saveImage(image, signal, shared), signal).then(() => true, () => false)) && (await to.hasImage(image, signal))) return true;
      await to.loadImage(await from.saveImage(image, signal), signal);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      onDetail(`not from ${near}: ${messageOf(error)}`);
    }
  }
  return false;
}

async function sharedLayers(image: string, base: string, from: HostPort, to: HostPort, signal: AbortSignal): Promise<readonly string[]> {
  const [all, there] = await Promise.all([from.layers(image, signal), to.layers(base, signal)]);
  return there.every((layer, index) => layer === all[index]) ? there : [];
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

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

export async function bringImage(image: string, host: string, ground: ImageGround, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
  if (await takeFromNearby(image, host, ground, onDetail, signal)) return;
  if (isCaughtName(image)) throw new Error('no host nearby has it any more');
  await portOf(host, ground).pull(image, onDetail, signal);
}

/** Whether a host nearby had it and gave it. */
export async function takeFromNearby(image: string, host: string, ground: ImageGround, onDetail: (detail: string) => void, signal: AbortSignal): Promise<boolean> {
  const { observed, port } = ground;
  const to = portOf(host, ground);
  for (const near of nearHosts(host, observed)) {
    const from = port(near);
    // Whatever happens on another host, the registry is still there.
    if (from === undefined || !(await from.hasImage(image, signal).catch(() => false))) continue;
    onDetail(`from ${near}`);
    try {
      await to.loadImage(await from.saveImage(image, signal), signal);
      return true;
    } catch (error) {
      if (signal.aborted) throw error;
      onDetail(`not from ${near}: ${messageOf(error)}`);
    }
  }
  return false;
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

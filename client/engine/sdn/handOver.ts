// One container of an entity hands over to another that runs beside it: the new one must do what the old one does, and then it
// gets the addresses. The old one answers what it has taken and takes nothing more; then it lets go of them while it still runs,
// so that nothing is refused meanwhile: whoever connects then tries again by itself, as TCP does, and reaches the new one.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { isAcrossHosts, type Attachment } from '#core/cluster/network.ts';
import { messageOf } from '../failure.ts';
import type { HeldBack, Insider, InsiderPort } from '../insiderPort.ts';
import type { SdnPort } from './sdnPort.ts';

/** One of the two containers, and its host. */
export interface End {
  readonly containerId: string;
  readonly port: { readonly sdn: SdnPort; readonly insider: InsiderPort };
}

const readyWithinMs = 60_000;
const lookEveryMs = 100;
/** So long nobody new is answered while the old container finishes. Whoever asks first then asks again after 1 s and 3 s. */
const drainWithinMs = 1800;
const localhost = '127.0.0.1';

/** The container with addresses for the time being where its own are another one's still. A bridge of another host knows nothing of that one. */
export function standingBy(container: DesiredContainer, isSameHost: boolean): DesiredContainer {
  return { ...container, networks: container.networks.map((attachment) => (isShared(attachment, isSameHost) ? { ...attachment, isStandingBy: true } : attachment)) };
}

function isShared({ driver }: Attachment, isSameHost: boolean): boolean {
  return isSameHost || isAcrossHosts(driver);
}

/** TCP ports on which others reach it. */
export function portsOf({ spec: { openPorts, publishedPorts } }: DesiredContainer): readonly number[] {
  return [...new Set([...openPorts, ...publishedPorts.filter(({ protocol }) => protocol === 'tcp').map(({ port }) => port)])];
}

/** Resolves when the new container takes connections on every port on which the old one does. Throws an Error with a sentence. */
export async function untilReady(container: DesiredContainer, neu: End, old: End, signal: AbortSignal): Promise<void> {
  const ports = portsOf(container);
  if (ports.length === 0) return;
  // An engine that lets nobody look is no reason to stop.
  const taken = await inside(old, async (insider) => Promise.all(ports.map(async (port) => ((await insider.connect(localhost, port, lookEveryMs)) === 'open' ? port : undefined)))).catch(() => []);
  const open = new Set(taken.flatMap((port) => port ?? []));
  if (open.size === 0) return;
  await inside(neu, async (insider) => {
    const beganMs = performance.now();
    while (open.size > 0) {
      for (const port of open) if ((await insider.connect(localhost, port, lookEveryMs)) === 'open') open.delete(port);
      if (open.size === 0) return;
      signal.throwIfAborted();
      if (performance.now() - beganMs > readyWithinMs) throw new Error(`the new container does not take connections on port ${[...open].join(', ')} within ${readyWithinMs / 1000} s, which the old one does`);
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
    }
  });
}

async function inside<T>({ containerId, port }: End, look: (insider: Insider) => Promise<T>): Promise<T> {
  const insider = await port.insider.enter({ containerId });
  try {
    return await look(insider);
  } finally {
    await insider.leave().catch(() => {});
  }
}

/** While the networks are handed over, nothing new on them reaches the entity. Whatever fails, the old container has its addresses again. */
export async function handOver(container: DesiredContainer, neu: End, old: End, isSameHost: boolean): Promise<void> {
  const shared = container.networks.filter((attachment) => attachment.address !== undefined && isShared(attachment, isSameHost));
  if (shared.length === 0) return;
  const done: Attachment[] = [];
  const keepers = await Promise.all(shared.filter(({ driver }) => isAcrossHosts(driver)).map(({ networkName }) => keep(networkName, neu)));
  const holding = holdBack(container, old);
  let { address } = shared[0] ?? {};
  try {
    for (const attachment of shared) {
      ({ address } = attachment);
      await neu.port.sdn.disconnect(neu.containerId, attachment.networkName);
    }
    await holding;
    for (const attachment of shared) {
      ({ address } = attachment);
      done.push(attachment);
      await old.port.sdn.disconnect(old.containerId, attachment.networkName);
      await neu.port.sdn.connect(neu.containerId, attachment);
    }
  } catch (error) {
    for (const one of done) await giveBack(one, neu, old).catch(() => {});
    throw new Error(`it runs, but does not get its address ${address ?? ''}: ${messageOf(error)}`, { cause: error });
  } finally {
    await (await holding)?.release();
    await Promise.all(keepers.flatMap((keeper) => (keeper === undefined ? [] : [keeper.leave().catch(() => {})])));
  }
}

/**
 * Something of ours on the network of the new host, so that this host stays on it while the new container changes its address: a host on which
 * nobody is left forgets a network across hosts, and who comes anew may be long unknown to the others. Fails never.
 */
async function keep(networkName: string, { port }: End): Promise<Insider | undefined> {
  return port.insider.enter({ networkName }).catch(() => undefined);
}

/** Undefined where it has no ports, or nobody may be held back: then what is under way at that moment is lost. Fails never. */
async function holdBack(container: DesiredContainer, { containerId, port }: End): Promise<HeldBack | undefined> {
  const ports = portsOf(container);
  return ports.length === 0 ? undefined : port.insider.holdBack(containerId, ports, drainWithinMs).catch(() => undefined);
}

async function giveBack(attachment: Attachment, neu: End, old: End): Promise<void> {
  await neu.port.sdn.disconnect(neu.containerId, attachment.networkName).catch(() => {});
  await old.port.sdn.connect(old.containerId, attachment);
}

/** On its networks across hosts once more: a Swarm may have told a host last that the old container is gone, and not that the new one is there. */
export async function reconnect({ networks }: DesiredContainer, { containerId, port }: End): Promise<void> {
  for (const attachment of networks) {
    if (attachment.address === undefined || !isShared(attachment, false)) continue;
    await port.sdn.disconnect(containerId, attachment.networkName);
    await port.sdn.connect(containerId, attachment);
  }
}

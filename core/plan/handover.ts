// How a container hands over to the one that replaces it: side by side, where nothing is in the way of both, or one after the
// other. What only one of two can have: a port of the host, a volume or directory that it writes to, a name across hosts.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import { ownAddress } from '#core/lifecycle/scripts.ts';

export type Handover =
  /** The new one runs, installed to the end, before the old one is stopped. */
  | { readonly kind: 'startFirst' }
  /** `because` is a clause: "both use port 8080 of the host". */
  | { readonly kind: 'stopFirst'; readonly because: string }
  /** The old one does not run. */
  | { readonly kind: 'none' };

export function handoverOf(desired: DesiredContainer, current: ObservedContainer): Handover {
  if (!runs(current)) return { kind: 'none' };
  const { publishedPorts } = desired.spec;
  const port = publishedPorts.find(({ hostPort, protocol }) => hostPort !== undefined && current.ports.some((held) => held.hostPort === hostPort && held.protocol === protocol));
  if (port !== undefined) return { kind: 'stopFirst', because: `both use port ${port.hostPort ?? 0} of the host` };
  const handover = handoverAnywhere(desired);
  if (handover.kind !== 'startFirst' || !isAcross(desired, current)) return handover;
  return { kind: 'stopFirst', because: 'on a network across hosts its name would go on leading to the address that the new one has meanwhile' };
}

/** The same where the new one is on another host. A directory or a volume there may still be the same, on storage that hosts share. */
export function moveHandover(desired: DesiredContainer, current: ObservedContainer | undefined): Handover {
  return current === undefined || !runs(current) ? { kind: 'none' } : handoverAnywhere(desired);
}

function runs({ state }: ObservedContainer): boolean {
  return ['running', 'restarting', 'paused'].includes(state);
}

function handoverAnywhere({ spec: { mounts, lifecycle } }: DesiredContainer): Handover {
  const written = mounts.find(({ source, readOnly }) => source !== undefined && !readOnly);
  if (written?.source !== undefined) return { kind: 'stopFirst', because: `both may write to ${written.source.startsWith('/') ? 'directory' : 'volume'} ${written.source}` };
  const { course } = lifecycle ?? {};
  if (course !== undefined && (course.ownAddressIn.length > 0 || JSON.stringify(course).includes(ownAddress))) return { kind: 'stopFirst', because: 'it is told its own address when it starts' };
  return { kind: 'startFirst' };
}

/** Engines neither rename what runs on such a network nor forget there by which address a name was found before. */
function isAcross({ networks }: DesiredContainer, { addresses }: ObservedContainer): boolean {
  return networks.some(({ driver, networkName }) => driver === 'overlay' && Object.hasOwn(addresses, networkName));
}

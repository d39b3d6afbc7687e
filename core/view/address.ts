// Where a person reaches a published port: the URL to open in a browser.

import { isNested } from '#core/cloud/nestedHost.ts';
import type { ObservedContainer, ObservedHost, ObservedPort } from '#core/cluster/observed.ts';
import { publishedPorts } from '#core/view/containerNode.ts';

export interface PortAddress {
  readonly port: ObservedPort;
  /** `http://localhost:8080/`; `https` where the container's port is one that speaks it by custom. */
  readonly url: string;
}

/** The published TCP ports of a container on this host; none where no way leads there from here. */
export function addressesOf(container: ObservedContainer, host: Pick<ObservedHost, 'endpoint' | 'address'>): readonly PortAddress[] {
  return publishedPorts(container)
    .filter(({ protocol }) => protocol === 'tcp')
    .flatMap((port) => {
      const scheme = port.port === 443 || port.port === 8443 ? 'https' : 'http';
      const machine = machineOf(port, host);
      return machine === undefined ? [] : [{ port, url: `${scheme}://${machine}:${port.hostPort}/` }];
    });
}

/** The address that the port is bound to, or the host's own where it is bound to all of them. */
function machineOf({ hostAddress }: ObservedPort, { endpoint, address }: Pick<ObservedHost, 'endpoint' | 'address'>): string | undefined {
  if (isNested(endpoint)) return address;
  const isEvery = hostAddress === undefined || hostAddress === '' || hostAddress === '0.0.0.0' || hostAddress === '::';
  if (!isEvery) return hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress;
  const machine = /^(?:tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(endpoint)?.[1];
  return machine ?? 'localhost';
}

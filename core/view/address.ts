// Where a person reaches a published port: the URL to open in a browser.

import type { ObservedContainer, ObservedPort } from '#core/cluster/observed.ts';
import { publishedPorts } from '#core/view/containerNode.ts';

export interface PortAddress {
  readonly port: ObservedPort;
  /** `http://localhost:8080/`; `https` where the container's port is one that speaks it by custom. */
  readonly url: string;
}

/** The published TCP ports of a container on a host with this endpoint (`unix:///var/run/docker.sock`, `tcp://10.0.0.2:2375`). */
export function addressesOf(container: ObservedContainer, endpoint: string): readonly PortAddress[] {
  return publishedPorts(container)
    .filter(({ protocol }) => protocol === 'tcp')
    .map((port) => {
      const scheme = port.port === 443 || port.port === 8443 ? 'https' : 'http';
      return { port, url: `${scheme}://${machineOf(port, endpoint)}:${port.hostPort}/` };
    });
}

/** The address that the port is bound to, or the host's own where it is bound to all of them. */
function machineOf({ hostAddress }: ObservedPort, endpoint: string): string {
  const isEvery = hostAddress === undefined || hostAddress === '' || hostAddress === '0.0.0.0' || hostAddress === '::';
  if (!isEvery) return hostAddress.includes(':') ? `[${hostAddress}]` : hostAddress;
  const machine = /^(?:tcp|https?|ssh):\/\/(?:[^@/]*@)?(\[[^\]]+\]|[^:/]+)/.exec(endpoint)?.[1];
  return machine ?? 'localhost';
}

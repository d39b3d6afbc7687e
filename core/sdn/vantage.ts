// From where a container can be watched while it changes its host: from inside another container on one of its networks.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import { isAcrossHosts } from '#core/cluster/network.ts';
import type { Observed } from '#core/cluster/observed.ts';

export interface Vantage {
  readonly host: string;
  /** Absent where nobody else is on the network. */
  readonly containerId?: string;
  readonly networkName: string;
  /** Of the container that is watched. */
  readonly address: string;
}

/** Undefined where no network of its reaches from one host to another. One on a third host sees what most see. */
export function vantageOf({ application, entity, host, networks }: DesiredContainer, from: string, { hosts }: Observed): Vantage | undefined {
  const network = networks.find(({ driver, address }) => isAcrossHosts(driver) && address !== undefined);
  if (network?.address === undefined) return undefined;
  const { networkName, address } = network;
  const others = hosts.flatMap(({ host: name, state, isReadOnly, containers }) =>
    state.kind === 'up' && isReadOnly !== true ? containers.filter((one) => one.state === 'running' && one.addresses[networkName] !== undefined && !(one.owner?.application === application && one.owner.entity === entity)).map(({ containerId }) => ({ host: name, containerId })) : []);
  const best = others.find((one) => one.host !== host && one.host !== from) ?? others.find((one) => one.host !== from) ?? others[0];
  return { host: best?.host ?? host, ...(best && { containerId: best.containerId }), networkName, address };
}

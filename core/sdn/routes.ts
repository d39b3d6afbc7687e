// Routes of hosts: a new subnet must not take the place of what the host reaches otherwise. Read from the kernel's own table,
// and only where a plan makes a subnet.

import type { Observed } from '#core/cluster/observed.ts';
import type { Wanted } from '#core/plan/want.ts';
import { printBlock } from '#core/sdn/address.ts';
import { spans } from '#core/sdn/swarm.ts';

/** Hosts on which the plan makes a network with a subnet; on a macvlan, the subnet is what the host reaches anyway. */
export function hostsOfNewSubnets({ containers, networks = [] }: Pick<Wanted, 'containers' | 'networks'>, observed: Observed): readonly string[] {
  const groups = spans(observed.hosts);
  const used = [...networks, ...containers.flatMap(({ host, networks: on }) => on.map(({ networkName, driver }) => ({ host, networkName, driver })))];
  const found = used.flatMap(({ host, networkName, driver }) => {
    const hosts = driver === 'overlay' ? (groups.find((names) => names.includes(host)) ?? [host]) : [host];
    const isThere = observed.hosts.some((one) => hosts.includes(one.host) && one.networks?.some((network) => network.networkName === networkName) === true);
    return driver === 'macvlan' || isThere ? [] : hosts;
  });
  return [...new Set(found)].filter((name) => observed.hosts.some(({ host, state, isReadOnly }) => host === name && state.kind === 'up' && isReadOnly !== true));
}

/** What `/proc/net/route` of a little-endian machine says, without the default route and without `networks`, the blocks of the engine itself. */
export function routesIn(table: string, networks: readonly string[]): readonly string[] {
  const found = table.split('\n').slice(1).flatMap((line) => {
    const [device = '', destination, , flags = '0', , , , mask] = line.trim().split(/\s+/);
    const [base, ones] = [numberOf(destination), numberOf(mask)];
    const isUp = Number.parseInt(flags, 16) % 2 === 1;
    if (base === undefined || ones === undefined || ones === 0 || !isUp || engineDevice.test(device)) return [];
    return [printBlock({ base, prefix: 32 - Math.log2(2 ** 32 - ones) })];
  });
  return [...new Set(found)].filter((block) => !networks.includes(block)).toSorted();
}

const engineDevice = /^(?:docker0|docker_gwbridge|br-[\da-f]{12}|veth.*)$/;

function numberOf(hex: string | undefined): number | undefined {
  if (hex === undefined || !/^[\da-fA-F]{8}$/.test(hex)) return undefined;
  return Number.parseInt((hex.match(/../g) ?? []).toReversed().join(''), 16);
}

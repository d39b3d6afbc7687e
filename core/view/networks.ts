// The networks there are, with who is on them by address and name: for the tree and for the command line.

import type { Driver, NetworkTraits } from '#core/cluster/network.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import { counted, literal, type ViewNode } from '#core/view/node.ts';

export interface SeenNetwork {
  /** The id by which containers join it; for an application's own, the application's. */
  readonly id: string;
  /** Its name on the engines. */
  readonly networkName: string;
  /** Whether containers can be connected to it and disconnected from it. */
  readonly isShared: boolean;
  readonly driver: Driver;
  /** Of different hosts they may be different. */
  readonly subnets: readonly string[];
  /** Empty for one that a person made. */
  readonly application: string;
  readonly hosts: readonly string[];
  readonly traits: NetworkTraits;
  readonly members: readonly SeenMember[];
}

export interface SeenMember {
  readonly containerId: string;
  readonly containerName: string;
  readonly host: string;
  readonly application?: string;
  readonly entity?: string;
  /** Its own there, also while it does not run; absent where it has none. */
  readonly address?: string;
  readonly state: ObservedContainer['state'];
}

/** For people: by its id, or whose it is; `called` is an id or, for an application's own, its name on the engines. */
export function networkCalled(called: string, observed: Observed): string {
  const own = seenNetworks(observed).find(({ networkName, isShared }) => !isShared && networkName === called);
  return own === undefined ? `network ${called}` : `${own.application}'s own network`;
}

/** Those that are joined by their ids first, each kind by id. */
export function seenNetworks(observed: Observed): readonly SeenNetwork[] {
  const all = observed.hosts.flatMap((host) => (host.networks ?? []).map((network) => ({ host, network })));
  const groups = Map.groupBy(all, ({ network }) => network.networkName);
  const seen = [...groups].flatMap(([networkName, group]): SeenNetwork[] => {
    const [first] = group;
    if (!first) return [];
    const { networkId, application, driver, traits = {} } = first.network;
    const hosts = group.map(({ host }) => host.host);
    return [{
      id: networkId ?? application, networkName, isShared: networkId !== undefined, driver, application, traits, hosts,
      subnets: [...new Set(group.flatMap(({ network: { subnet } }) => (subnet ? [subnet.cidr, ...(subnet.ipv6 === undefined ? [] : [subnet.ipv6])] : [])))],
      members: observed.hosts.flatMap((host) => (hosts.includes(host.host) || driver === 'overlay' ? host.containers : [])).flatMap((container) => memberOf(container, networkName) ?? []).toSorted((a, b) => (a.containerName < b.containerName ? -1 : 1)),
    }];
  });
  return seen.toSorted((a, b) => Number(b.isShared) - Number(a.isShared) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

function memberOf({ containerId, containerName, host, owner, addresses, networks = [], state }: ObservedContainer, networkName: string): SeenMember | undefined {
  if (!networks.includes(networkName)) return undefined;
  const address = addresses[networkName] ?? owner?.addresses?.[networkName];
  return { containerId, containerName, host, state, ...(owner && { application: owner.application, entity: owner.entity }), ...(address !== undefined && { address }) };
}

export function networksView(observed: Observed): readonly ViewNode[] {
  return seenNetworks(observed).map(networkNode);
}

function networkNode(network: SeenNetwork): ViewNode {
  const { id, networkName, driver, subnets, application, hosts, members, isShared } = network;
  const of = isShared ? (application === '' ? 'made by hand' : `of ${application}`) : 'its own';
  const what = [driver, ...subnets, ...traitWords(network)].join(', ');
  return {
    id: `network/${networkName}`,
    subject: { kind: 'network', network: isShared ? id : networkName, isShared, application },
    label: id,
    description: [subnets[0] ?? driver, isShared ? of : 'own network'].join(' · '),
    icon: { id: isShared ? 'type-hierarchy' : 'layers' },
    tooltip: [`**${literal(id)}** — ${literal(what)}`, '', `${literal(isShared ? `Network ${of}` : `Network of application ${application}`)}, ${counted(members.length, 'container')}, on ${hosts.map(literal).join(', ')}`, '', `\`${networkName}\``].join('\n'),
    contextValue: isShared ? 'network.shared' : 'network.own',
    accessibilityLabel: `Network ${id}, ${what}, ${counted(members.length, 'container')}`,
    isBranch: true,
    children: members.map((member) => memberNode(network, member)),
  };
}

function memberNode({ id, networkName, isShared }: SeenNetwork, { containerId, containerName, host, application, entity, address, state }: SeenMember): ViewNode {
  const isOurs = application !== undefined && entity !== undefined;
  const name = isOurs ? `${entity}.${application}` : containerName;
  return {
    id: `network/${networkName}/${host}/${containerId}`,
    subject: isOurs ? { kind: 'member', network: isShared ? id : networkName, isShared, application, entity, host, containerId, address: address ?? '' } : { kind: 'container', host, containerId },
    label: name,
    description: [address ?? 'no address', ...(state === 'running' ? [] : [state]), host].join(' · '),
    icon: { id: state === 'running' ? 'circle-filled' : 'circle-outline', ...(isOurs ? {} : { colour: 'disabledForeground' }) },
    tooltip: `**${literal(name)}** — ${literal(address ?? 'no address')}\n\nContainer ${literal(containerName)} on ${literal(host)}, ${state}`,
    contextValue: isOurs ? (isShared ? 'member.shared' : 'member.own') : 'member.stranger',
    accessibilityLabel: `${name}, ${address ?? 'no address'}, ${state}, on host ${host}`,
    isBranch: false,
    children: [],
  };
}

/** For people: "internal", "encrypted", "on eth0". */
export function traitWords({ traits: { isInternal, isEncrypted, parent } }: Pick<SeenNetwork, 'traits'>): readonly string[] {
  return [...(isInternal === true ? ['internal'] : []), ...(isEncrypted === true ? ['encrypted'] : []), ...(parent === undefined ? [] : [`on ${parent}`])];
}

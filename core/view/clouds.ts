// A docker cloud in the view "Hosts": its hosts below it, and what it asks of what is placed there. Also what strategies are
// called where people read of them.

import type { CloudConfig, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { mostOnAHost, ours } from '#core/cloud/pool.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';
import { printAffinityRule } from '#core/placement/affinity.ts';
import type { Strategy } from '#core/placement/strategy.ts';
import { percent } from '#core/placement/words.ts';
import { counted, literal, type ViewNode } from '#core/view/node.ts';

/** `hosts` are those of the cloud, `children` their nodes. */
export function cloudNode(cloud: CloudConfig, hosts: readonly ObservedHost[], children: readonly ViewNode[]): ViewNode {
  const word = cloudWord(cloud, hosts);
  const isDown = hosts.some(({ state }) => state.kind === 'down');
  return {
    id: `cloud/${cloud.name}`,
    subject: { kind: 'cloud', cloud: cloud.name },
    label: cloud.name,
    description: word,
    icon: isDown ? { id: 'warning', colour: 'list.warningForeground' } : { id: 'cloud' },
    tooltip: [`**${literal(cloud.name)}** — ${literal(word)}`, ...askedOf(cloud).map(literal)].join('\n\n'),
    contextValue: `cloud${cloud.provisioner === undefined ? '' : '.growing'}${cloud.provisioner?.kind === 'nested' ? '.nested' : ''}`,
    accessibilityLabel: `Docker cloud ${cloud.name}, ${word}`,
    isBranch: true,
    children,
  };
}

/** "2 of 3 hosts up · 5 of 24 containers". */
export function cloudWord(cloud: CloudConfig, hosts: readonly ObservedHost[]): string {
  const up = hosts.filter(({ state }) => state.kind === 'up').length;
  const most = mostOnAHost(cloud);
  const containers = hosts.reduce((sum, host) => sum + ours(host), 0);
  const room = most === undefined || hosts.length === 0 ? counted(containers, 'container') : `${containers} of ${counted(most * hosts.length, 'container')}`;
  return `${up === hosts.length ? `${counted(hosts.length, 'host')}${hosts.length > 0 ? ' up' : ''}` : `${up} of ${counted(hosts.length, 'host')} up`} · ${room}`;
}

/** What the cloud asks for, a line each. */
function askedOf({ placement, headroom, initialHosts, maxHosts, provisioner }: CloudConfig): readonly string[] {
  const { strategies, affinityRules, maxContainers, maxCpu } = placement;
  const range = [...(initialHosts === undefined ? [] : [`at least ${counted(initialHosts, 'host')}`]), ...(maxHosts === undefined ? [] : [`at most ${counted(maxHosts, 'host')}`])];
  return [
    ...(strategies.length === 0 ? [] : [`Placed by ${strategies.map(strategyWord).join(', then ')}`]),
    ...(affinityRules.length === 0 ? [] : [`Affinity rules: ${affinityRules.map(printAffinityRule).join('; ')}`]),
    ...(maxContainers === undefined ? [] : [`At most ${counted(maxContainers, 'container')} on a host`]),
    ...(maxCpu === undefined ? [] : [`Below ${percent(maxCpu)} of CPU on a host`]),
    ...(headroom === undefined ? [] : [`Room kept free: ${'count' in headroom ? counted(headroom.count, 'container') : percent(headroom.percent)}`]),
    ...(provisioner === undefined ? [] : [[`Makes hosts ${provisionerWord(provisioner)}`, ...range].join(', ')]),
  ];
}

export function strategyWord(strategy: Strategy): string {
  switch (strategy.kind) {
    case 'max-containers':
      return `at most ${counted(strategy.maxContainers, 'container')}`;
    case 'max-cpu':
      return `below ${percent(strategy.maxCpu)} of CPU`;
    case 'labels':
      return `the labels ${strategy.labels.join(', ')}`;
    case 'hostname':
      return `host names like ${strategy.pattern}`;
    case 'affinity-rules':
      return `the rules ${strategy.rules.map(printAffinityRule).join('; ')}`;
    case 'provisioning-flags':
      return 'what hardware is asked for';
    case 'depth-first':
    case 'breadth-first':
    case 'least-containers':
    case 'lowest-cpu':
    case 'random':
    case 'group':
    case 'geography':
      return strategy.kind.replaceAll('-', ' ');
  }
}

export function provisionerWord(provisioner: ProvisionerConfig): string {
  switch (provisioner.kind) {
    case 'nested':
      return `in containers on ${provisioner.on}`;
    case 'byon':
      return `of ${counted(provisioner.endpoints.length, 'machine')} that are brought`;
    case 'command':
      // The arguments may hold a secret.
      return `by ${provisioner.command[0] ?? 'a command'}`;
  }
}

// One container as a node, for both views: under its entity it is told where it runs, under its host whose it is.

import type { ObservedContainer, ObservedHost, ObservedPort } from '#core/cluster/observed.ts';
import { conditionOf } from '#core/view/condition.ts';
import { literal, type ViewNode } from '#core/view/node.ts';

/** `context` is where the node hangs: it says what goes without saying there. */
export function containerNode(id: string, container: ObservedContainer, host: ObservedHost, context: 'entity' | 'host'): ViewNode {
  const condition = conditionOf(container, host.state);
  const published = publishedPorts(container);
  const ports = published.map(portText).join(', ');
  const owner = container.owner;
  const place = context === 'entity' ? `on ${container.host}` : owner ? `${owner.applicationName} / ${owner.entityName}` : container.image;
  return {
    id,
    subject: { kind: 'container', host: container.host, containerId: container.containerId },
    label: container.containerName,
    description: [condition.word, ports, place].filter((part) => part !== '').join(' · '),
    icon: owner ? condition.icon : { id: condition.icon.id, colour: condition.mood === 'problem' ? (condition.icon.colour ?? '') : 'disabledForeground' },
    tooltip: tooltip(container, condition.word, published),
    contextValue: ['container', owner ? 'ours' : 'stranger', ...(published.some(opens) && host.state.kind === 'up' && container.state === 'running' ? ['published'] : [])].join('.'),
    accessibilityLabel: [
      `Container ${container.containerName}`,
      condition.word,
      ...published.map((port) => `port ${port.port} published as ${port.hostPort}`),
      `on host ${container.host}`,
      owner ? `entity ${owner.entityName} of application ${owner.applicationName}` : 'not made by Clocker',
    ].join(', '),
    children: [],
  };
}

/** What the host publishes, each once: the engine reports the IPv4 and the IPv6 binding of one port apart. */
export function publishedPorts(container: ObservedContainer): readonly ObservedPort[] {
  const seen = new Map<string, ObservedPort>();
  for (const port of container.ports) {
    const key = `${port.hostPort}/${port.port}/${port.protocol}`;
    if (port.hostPort !== undefined && !seen.has(key)) seen.set(key, port);
  }
  return [...seen.values()].sort((a, b) => (a.hostPort ?? 0) - (b.hostPort ?? 0));
}

function opens(port: ObservedPort): boolean {
  return port.protocol === 'tcp';
}

function portText({ port, hostPort, protocol }: ObservedPort): string {
  return `${hostPort} → ${port}${protocol === 'udp' ? '/udp' : ''}`;
}

function tooltip(container: ObservedContainer, word: string, published: readonly ObservedPort[]): string {
  const { owner } = container;
  const rows: readonly (readonly [string, string])[] = [
    ['State', literal(word)],
    ['Image', `\`${container.image.replaceAll('`', '')}\``],
    ['Host', literal(container.host)],
    ...(owner ? [['Application', `${literal(owner.applicationName)} / ${literal(owner.entityName)}`] as const] : []),
    ...(published.length > 0 ? [['Ports', published.map((port) => literal(portText(port))).join(', ')] as const] : []),
    ...Object.entries(container.addresses).map(([network, address]) => [literal(network), literal(address)] as const),
    ['Container', `\`${container.containerId.slice(0, 12)}\``],
  ];
  const head = `**${literal(container.containerName)}**${owner ? '' : ' — not made by Clocker'}`;
  return [head, '', '| | |', '|---|---|', ...rows.map(([name, value]) => `| ${name} | ${value} |`)].join('\n');
}

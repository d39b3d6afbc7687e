// One container as a node, for both views: under its entity it is told where it runs, under its host whose it is.

import type { ObservedContainer, ObservedHost, ObservedPort } from '#core/cluster/observed.ts';
import { conditionOf } from '#core/view/condition.ts';
import { literal, type ViewNode } from '#core/view/node.ts';

/** `place` is what does not go without saying where the node hangs: its host, its owner, its image, or nothing. */
export function containerNode(id: string, container: ObservedContainer, host: ObservedHost, place: string): ViewNode {
  const condition = conditionOf(container, host.state);
  const published = publishedPorts(container);
  const ports = published.map(({ hostPort, protocol }) => `:${hostPort}${protocol === 'udp' ? '/udp' : ''}`).join(' ');
  const owner = container.owner;
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
    isBranch: false,
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

/** Only what speaks TCP can be opened in a browser. */
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

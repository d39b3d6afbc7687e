// The view "Hosts": cloud > host > container, ours first, then those that somebody else runs there. Clouds and hosts in the
// order of the settings, hosts outside of clouds first.

import { isNested } from '#core/cloud/nestedHost.ts';
import type { HostState, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { cloudNode } from '#core/view/clouds.ts';
import { containerNode } from '#core/view/containerNode.ts';
import { counted, type Icon, literal, type ViewNode } from '#core/view/node.ts';

export function hostsView({ hosts, clouds = [] }: Observed): readonly ViewNode[] {
  const isOf = (cloud: string) => (host: ObservedHost): boolean => host.cloud === cloud;
  const alone = hosts.filter((host) => !clouds.some(({ name }) => isOf(name)(host)));
  return [...alone.map(hostNode), ...clouds.map((cloud) => cloudNode(cloud, hosts.filter(isOf(cloud.name)), hosts.filter(isOf(cloud.name)).map(hostNode)))];
}

function hostNode(host: ObservedHost): ViewNode {
  const word = stateWord(host);
  return {
    id: `host/${host.host}`,
    subject: { kind: 'host', host: host.host },
    label: host.host,
    description: word,
    icon: iconOf(host.state),
    tooltip: tooltip(host),
    // One that lives in a container is in no setting from which it could be taken.
    contextValue: `${isNested(host.endpoint) ? 'nestedHost' : 'host'}.${host.state.kind}${host.state.kind === 'down' && host.state.need !== undefined ? '.locked' : ''}`,
    accessibilityLabel: `Host ${host.host}, ${host.state.kind === 'down' ? `down: ${host.state.problem}` : word}`,
    isBranch: true,
    children: host.containers.toSorted(oursFirst).map((container) => containerNode(`host/${host.host}/${container.containerId}`, container, host, ownerOrImage(container))),
  };
}

function ownerOrImage({ owner, image }: ObservedContainer): string {
  return owner ? `${owner.applicationName} / ${owner.entityName}` : image;
}

function stateWord({ state, containers, isReadOnly }: ObservedHost): string {
  switch (state.kind) {
    case 'connecting':
      return 'connecting…';
    case 'up':
      return `up · ${isReadOnly === true ? 'read-only · ' : ''}${counted(containers.length, 'container')}`;
    case 'down':
      return `down · ${state.problem}`;
  }
}

function iconOf(state: HostState): Icon {
  switch (state.kind) {
    case 'connecting':
      return { id: 'loading~spin' };
    case 'up':
      return state.warnings === undefined ? { id: 'server', colour: 'testing.iconPassed' } : { id: 'warning', colour: 'list.warningForeground' };
    case 'down':
      return { id: state.need === undefined ? 'debug-disconnect' : 'key', colour: 'testing.iconFailed' };
  }
}

function tooltip({ host, endpoint, state, containers, labels, isReadOnly, capacity }: ObservedHost): string {
  const head = `**${literal(host)}** — \`${endpoint.replaceAll('`', '')}\``;
  const said = [
    ...(isReadOnly === true ? ['$(lock) Read-only: plans that would change it are refused'] : []),
    ...(capacity?.maxContainers === undefined ? [] : [`At most ${counted(capacity.maxContainers, 'container')} of Clocker`]),
    ...Object.entries(labels ?? {}).map(([name, value]) => `${literal(name)}: ${literal(value)}`),
  ];
  switch (state.kind) {
    case 'connecting':
      return `${head}\n\nConnecting…`;
    case 'up':
      return `${head}\n\nDocker Engine ${literal(state.engineVersion)}, ${counted(state.cores, 'core')}, ${gibibytes(state.memoryBytes)} GiB memory\n\n${[owners(containers), ...said, ...(state.warnings ?? []).map((warning) => `$(warning) ${literal(warning)}`)].join('\n\n')}`;
    case 'down':
      return `${head}\n\n$(debug-disconnect) ${literal(state.problem)}`;
  }
}

function owners(containers: readonly ObservedContainer[]): string {
  const ours = containers.filter(({ owner }) => owner).length;
  return `${counted(containers.length, 'container')}${containers.length > 0 ? `: ${ours} of Clocker, ${containers.length - ours} of others` : ''}`;
}

function gibibytes(bytes: number): string {
  return (bytes / 2 ** 30).toFixed(1);
}

function oursFirst(a: ObservedContainer, b: ObservedContainer): number {
  if ((a.owner === undefined) !== (b.owner === undefined)) return a.owner ? -1 : 1;
  return a.containerName < b.containerName ? -1 : 1;
}

// A plan as lines of text: `+` makes something, `~` changes it, `-` takes it away, `!` cannot be done, `*` is to be known. Whoever prints them
// may colour them by their first character. No environment value is ever printed.

import type { HostRequest } from '#core/cloud/cloud.ts';
import type { CloudChange } from '#core/cloud/redefine.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { DesiredNetwork } from '#core/cluster/network.ts';
import type { Handover } from '#core/plan/handover.ts';
import { shownSource } from '#core/image/imageBuild.ts';
import { bytes, counted } from '#core/placement/words.ts';
import type { Action, Plan } from '#core/plan/plan.ts';

export function render(plan: Plan): string[] {
  const forgetting = plan.actions.filter(({ kind }) => kind === 'forget');
  const others = plan.actions.filter((action) => !forgetting.includes(action));
  return [...plan.refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`), ...(plan.clouds ?? []).flatMap(cloudLines), ...others.flatMap(renderAction), ...forgettingLine(forgetting), ...(plan.keeps ?? []).map((sentence) => `  ${sentence}`), ...(plan.notes ?? []).map((note) => `* ${note}`), summary(plan)];
}

/** The action as one line: symbol, what, where. */
export function actionTitle(action: Action): string {
  switch (action.kind) {
    case 'addHost':
      return `+ add host ${action.host} to ${action.cloud}`;
    case 'removeHost':
      return `- take host ${action.host} of ${action.cloud} away`;
    case 'pull':
      return action.from === undefined ? `+ pull image ${action.image}${action.digest === undefined ? '' : ` (${action.digest.replace(/^sha256:/, '').slice(0, 12)})`} on ${action.host}` : `+ take image ${action.image} from ${action.from} to ${action.host}`;
    case 'build':
      return `+ build image ${action.image} on ${action.host}`;
    case 'create':
      return `+ create ${action.container.containerName} on ${action.host}`;
    case 'move':
      return `~ move ${action.container.containerName} from ${action.from.host} to ${action.host}`;
    case 'replace':
      return `~ replace ${action.container.containerName} on ${action.host}`;
    case 'start':
      return `~ start ${action.containerName} on ${action.host}`;
    case 'reload':
      return `~ reload ${action.containerName} on ${action.host}`;
    case 'stop':
      return `~ stop ${action.containerName} on ${action.host}`;
    case 'remove':
      return `- remove ${action.containerName} on ${action.host}`;
    case 'createNetwork':
      return `+ create network ${action.network.networkId ?? action.network.networkName}${action.network.subnet ? ` with ${action.network.subnet.cidr}` : ''} on ${action.host}`;
    case 'removeNetwork':
      return `- remove network ${action.networkId ?? action.networkName} on ${action.host}`;
    case 'connect':
      return `~ connect ${action.containerName} to network ${action.attachment.networkId ?? action.attachment.networkName}${action.attachment.address === undefined ? '' : ` with ${action.attachment.address}`}${action.instead === undefined ? '' : ` in place of ${action.instead}`} on ${action.host}`;
    case 'disconnect':
      return `~ disconnect ${action.containerName} from network ${action.networkId} on ${action.host}`;
    case 'forget':
      return `- forget its history on ${action.host}`;
  }
}

/** "2 to create, 1 to replace, 3 unchanged". */
export function summary(plan: Plan): string {
  const count = (kind: Action['kind']): number => plan.actions.filter((action) => action.kind === kind).length;
  const counts = [`${count('create')} to create`, `${count('replace')} to replace`, `${count('move')} to move`, `${count('reload')} to reload`, `${count('connect')} to connect`, `${count('disconnect')} to disconnect`, `${count('stop')} to stop`, `${count('start')} to start`, `${count('remove')} to remove`, `${hosts(count('addHost'))} to add`, `${hosts(count('removeHost'))} to take away`].filter((text) => !text.startsWith('0 '));
  if (plan.refusals.length > 0) return `This cannot be deployed: ${plan.refusals.length} ${plan.refusals.length === 1 ? 'problem' : 'problems'}.`;
  if (counts.length === 0 && plan.actions.some(({ kind }) => kind === 'createNetwork')) return 'A network to create.';
  if (counts.length === 0 && plan.actions.some(({ kind }) => kind === 'removeNetwork')) return 'A network to remove.';
  if (counts.length === 0 && plan.actions.length > 0) return 'A history to forget.';
  if (counts.length === 0 && plan.clouds !== undefined) return plan.clouds.length === 1 ? 'Only its docker cloud changes.' : 'Only its docker clouds change.';
  if (counts.length === 0) return plan.unchanged === 0 ? 'Nothing to do.' : `Nothing to do: ${containers(plan.unchanged)} as wanted.`;
  const without = plan.without === undefined ? '' : `, without ${plan.without.join(', ')}`;
  return `${counts.join(', ')}${plan.unchanged === 0 ? '' : `, ${plan.unchanged} unchanged`}${without}.`;
}

export function cloudTitle({ kind, cloud }: CloudChange): string {
  return `${{ describe: '+ describe', change: '~ describe', forget: '- forget' }[kind]} cloud ${cloud}${kind === 'change' ? ' anew' : ''}`;
}

function cloudLines(change: CloudChange): string[] {
  return [cloudTitle(change), ...change.parts.map((part) => `    ${part} changes`)];
}

function hosts(count: number): string {
  return count === 1 ? '1 host' : `${count} hosts`;
}

function containers(count: number): string {
  return count === 1 ? '1 container is' : `${count} containers are`;
}

function renderAction(action: Action): string[] {
  switch (action.kind) {
    case 'create':
      return [actionTitle(action), `    ${describe(action.container)}`, `    here because ${action.container.placedBecause}`, ...installedHow(action.container), ...afterWhat(action.container)];
    case 'move':
      return [actionTitle(action), `    ${describe(action.container)}`, `    there because ${action.container.placedBecause}`, ...installedHow(action.container), ...handoverLines(action.handover), ...leftBehind(action.container, action.from.host)];
    case 'replace':
      return [actionTitle(action), ...action.reasons.map((reason) => `    ${reason}`), ...installedHow(action.container), ...handoverLines(action.handover)];
    case 'reload':
      return [actionTitle(action), ...action.reasons.map((reason) => `    ${reason}`)];
    case 'remove':
      return [actionTitle(action), `    ${action.reason}`];
    case 'addHost':
      return [actionTitle(action), `    because ${action.because}`, ...askedOf(action.request)];
    case 'removeHost':
      return [actionTitle(action), `    because ${action.because}`];
    case 'createNetwork':
      return [actionTitle(action), ...traitLines(action.network)];
    case 'build':
      return [actionTitle(action), `    from ${shownSource(action.build.source)}`];
    case 'start':
      return [actionTitle(action), ...(action.wasStopped === true ? ['    it was stopped on purpose'] : [])];
    case 'pull':
      return [actionTitle(action), ...(action.source === undefined ? [] : [`    from ${action.source}, if it has it`])];
    case 'connect':
    case 'disconnect':
    case 'stop':
    case 'removeNetwork':
    case 'forget':
      return [actionTitle(action)];
  }
}

function traitLines({ traits: { isInternal, isEncrypted, parent } = {}, driver, subnet }: DesiredNetwork): string[] {
  const told = [...(parent === undefined ? [] : [`${driver} on ${parent}`]), ...(isInternal === true ? ['no way leads out of it'] : []), ...(isEncrypted === true ? ['encrypted between hosts, whose kernels must be able to (ESP)'] : []), ...(subnet?.ipv6 === undefined ? [] : [`IPv6 ${subnet.ipv6}`]), ...(subnet?.reserved ? [`without ${subnet.reserved.join(', ')}`] : [])];
  return told.length === 0 ? [] : [`    ${told.join('; ')}`];
}

/** A deployment's history is on every host alike. */
function forgettingLine(actions: readonly Action[]): string[] {
  const [first] = actions;
  if (first === undefined) return [];
  return [actions.length === 1 ? actionTitle(first) : `- forget its history on ${actions.map(({ host }) => host).join(', ')}`];
}

function handoverLines(handover: Handover): string[] {
  switch (handover.kind) {
    case 'startFirst':
      return ['    the new one runs before the old one stops'];
    case 'stopFirst':
      return [`    the old one stops first: ${handover.because}`];
    case 'none':
      return [];
  }
}

/** What a container wrote into volumes of its host does not go along. */
function leftBehind({ spec: { mounts } }: DesiredContainer, from: string): string[] {
  return mounts.flatMap(({ source, path }) => (source === undefined ? [`    what is in ${path} is lost with its container: it is kept in no volume that has a name`] : [`    what is in ${source.startsWith('/') ? 'directory' : 'volume'} ${source} stays on ${from}, unless the hosts share it`]));
}

function askedOf({ minCores, minMemoryBytes, labels, regions, zones }: HostRequest): string[] {
  const asked = [
    ...(minCores > 0 ? [`at least ${counted(minCores, 'core')}`] : []),
    ...(minMemoryBytes > 0 ? [`at least ${bytes(minMemoryBytes)} memory`] : []),
    ...(labels.length > 0 ? [`the labels ${labels.join(', ')}`] : []),
    ...(regions.length > 0 ? [`region ${regions.join(' or ')}`] : []),
    ...(zones.length > 0 ? [`zone ${zones.join(' or ')}`] : []),
  ];
  return asked.length === 0 ? [] : [`    with ${asked.join(', ')}`];
}

function afterWhat({ waits, gates = [] }: DesiredContainer): string[] {
  return [...(waits === undefined ? [] : [`    after ${[...new Set(waits.map(({ shown }) => shown))].join(', ')}`]), ...new Set(gates.map(({ shown, before }) => `    waits for ${shown} before ${before}`))];
}

function installedHow({ installed }: DesiredContainer): string[] {
  switch (installed?.kind) {
    case undefined:
      return [];
    case 'caught':
      return [`    from the image caught on ${installed.host}: install is skipped`];
    case 'first':
      return ['    what is installed is caught as an image'];
    case 'after':
      return [`    from the image caught for ${installed.containerName}: install is skipped`];
    case 'here':
      return installed.reason === undefined ? [] : [`    no image of its installation is caught: ${installed.reason}`];
  }
}

function describe({ spec, networks }: DesiredContainer): string {
  const ports = spec.publishedPorts.map(({ port, hostPort, protocol }) => `port ${hostPort ?? 'any'} -> ${port}${protocol === 'udp' ? '/udp' : ''}`);
  const mounts = spec.mounts.map(({ source, path }) => `volume ${source ?? 'new'} -> ${path}`);
  const addresses = networks.flatMap(({ address, networkId }) => (address === undefined ? [] : [`address ${address}${networkId === undefined ? '' : ` on ${networkId}`}`]));
  return [`image ${spec.image}`, ...(spec.lifecycle ? ['installed and launched by commands'] : []), ...ports, ...mounts, ...addresses].join(', ');
}

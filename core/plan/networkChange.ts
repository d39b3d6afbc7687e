// Plans for what people do to networks while applications run: make and remove them, bring containers onto them and off them.
// No container is made anew. What is changed of an application's networks goes into its record, so that deployments keep it.

import { isAside } from '#core/cluster/aside.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import { type Driver, type NetworkSettings, sharedNetworkName } from '#core/cluster/network.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { hostProblem, seal } from '#core/plan/diff.ts';
import { desiredNetwork } from '#core/plan/networks.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { assignmentsNow, isSame, withAssignments } from '#core/record/assignments.ts';
import type { Assignment } from '#core/record/revision.ts';
import { assign } from '#core/sdn/assign.ts';
import { attachmentTo, noNetwork } from '#core/sdn/attach.ts';
import { sharedNetwork, sharedOn, type PlacedNetwork } from '#core/sdn/declared.ts';
import { namesOf } from '#core/sdn/names.ts';
import { isOwnNetwork, ownNames, ownNetwork } from '#core/sdn/own.ts';
import { isSpanning, spans } from '#core/sdn/swarm.ts';

export type NetworkChange =
  /** On all hosts, or on those named. */
  | { readonly kind: 'create'; readonly network: string; readonly settings: NetworkSettings; readonly driver?: Driver; readonly hosts?: readonly string[] }
  | { readonly kind: 'remove'; readonly network: string }
  | ({ readonly kind: 'connect'; readonly address?: string; readonly aliases?: readonly string[] } & Members)
  | ({ readonly kind: 'disconnect' } & Members);

interface Members {
  /** An id by which it is joined; or the application's, or a name on the engines, for the application's own. */
  readonly network: string;
  readonly application: string;
  /** All of the application where absent. */
  readonly entities?: readonly string[];
}

const idPattern = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$/;

/** `by` is who wants it: `ann@laptop`. */
export function changeNetwork(change: NetworkChange, by: string, observed: Observed): Plan {
  switch (change.kind) {
    case 'create':
      return creation(change, observed);
    case 'remove':
      return removal(change.network, observed);
    case 'connect':
    case 'disconnect':
      return membership(change, by, observed);
  }
}

/** Hosts on which the change makes a network. */
export function hostsOfChange(change: NetworkChange, observed: Observed): readonly string[] {
  return change.kind === 'create' ? placesOf(change, observed).flatMap(({ driver, host }) => (driver === 'macvlan' ? [] : driver === 'bridge' ? [host] : (spans(observed.hosts).find((names) => names.includes(host)) ?? [host]))) : [];
}

type Creation = Extract<NetworkChange, { kind: 'create' }>;

function placesOf({ network, settings, driver, hosts }: Creation, observed: Observed): readonly PlacedNetwork[] {
  const usable = observed.hosts.filter(({ host, state, isReadOnly }) => state.kind === 'up' && isReadOnly !== true && (hosts === undefined || hosts.includes(host)));
  return spans(usable).flatMap((names) => {
    const members = usable.filter(({ host }) => names.includes(host));
    const by = driver ?? (settings.parent === undefined ? (members.some(({ swarm }) => isSpanning(swarm)) ? 'overlay' : 'bridge') : 'macvlan');
    const manager = members.find(({ swarm }) => swarm?.isManager === true);
    const where = by === 'overlay' ? [manager ?? members[0]].flatMap((one) => one ?? []) : members;
    return where.map(({ host }): PlacedNetwork => ({ host, entity: network, networkId: network, networkName: sharedNetworkName(network, by), driver: by, settings }));
  });
}

function creation(change: Creation, observed: Observed): Plan {
  const { network, hosts = [], settings } = change;
  const refusals: Refusal[] = [];
  const refuse = (reason: string): number => refusals.push({ entity: network, reason });
  if (!idPattern.test(network)) refuse(`"${network}" is no name of a network; take letters, digits, "-", "_" and ".", beginning with a letter or a digit`);
  for (const name of hosts) {
    const host = observed.hosts.find((one) => one.host === name);
    if (!host) refuse(`there is no host ${name}`);
    else if (host.state.kind !== 'up') refuse(`host ${name} ${hostProblem(host)}`);
    else if (host.isReadOnly === true) refuse(`host ${name} is read-only; take readOnly away from its configuration`);
  }
  const places = placesOf(change, observed);
  if (places.length === 0 && refusals.length === 0) refuse('there is no host that it could be made on');
  if (change.driver === 'macvlan' && settings.parent === undefined) refuse('a macvlan is on a device of the hosts; say which: --parent eth0');
  for (const { host, driver } of places) {
    const one = observed.hosts.find((known) => known.host === host);
    if (one && sharedOn(one, network).length > 0) refuse(`network ${network} is on host ${host} already`);
    if (driver === 'overlay' && one?.swarm?.isManager !== true) refuse(`it is to be an overlay, and host ${host} is no manager of a Swarm; make a docker cloud of the hosts, or take another provider`);
  }
  const assigned = assign([], observed, { networks: refusals.length > 0 ? [] : places });
  const actions = assigned.networks.map(({ host, networkName, driver, networkId, settings: own, subnet }): Action => ({ kind: 'createNetwork', host, network: desiredNetwork({ networkName, driver, application: '', networkId, settings: own, subnet }) }));
  return planFor(network, { actions, refusals: [...refusals, ...assigned.refusals.filter(({ reason }, index, all) => all.findIndex((other) => other.reason === reason) === index)] });
}

function removal(network: string, observed: Observed): Plan {
  const refusals: Refusal[] = [];
  const actions: Action[] = [];
  for (const names of spans(observed.hosts)) {
    const hosts = observed.hosts.filter(({ host }) => names.includes(host));
    const found = hosts.flatMap((host) => sharedOn(host, network).map((one) => ({ host, one })));
    const overlays = found.filter(({ one }) => one.driver === 'overlay');
    const manager = overlays.find(({ host }) => host.state.kind === 'up' && host.swarm?.isManager === true);
    const each = [...found.filter(({ one }) => one.driver !== 'overlay'), ...(manager ? [manager] : overlays.slice(0, 1))];
    for (const { host, one: { networkName, driver } } of each) {
      if (host.state.kind === 'up' && host.isReadOnly !== true) actions.push({ kind: 'removeNetwork', host: host.host, networkName, driver, networkId: network });
      else refusals.push({ entity: network, reason: `host ${host.host} ${host.isReadOnly === true ? 'is read-only' : hostProblem(host)}` });
    }
    const on = hosts.flatMap(({ containers }) => containers).filter(({ networks }) => found.some(({ one }) => networks?.includes(one.networkName) === true));
    if (on.length > 0) refusals.push({ entity: network, reason: `${on.map(({ containerName }) => containerName).join(', ')} ${on.length === 1 ? 'is' : 'are'} on it; disconnect ${on.length === 1 ? 'it' : 'them'} first` });
  }
  if (actions.length === 0 && refusals.length === 0) refusals.push({ entity: network, reason: `there is no network ${network}` });
  return planFor(network, { actions, refusals });
}

type MembershipChange = Extract<NetworkChange, { kind: 'connect' | 'disconnect' }>;

interface Found {
  readonly host: ObservedHost;
  readonly container: ObservedContainer;
  readonly entity: string;
}

function membership(change: MembershipChange, by: string, observed: Observed): Plan {
  const { network, application, entities } = change;
  const all = observed.hosts.flatMap((host) => host.containers.flatMap((container): Found[] => (container.owner?.application === application && !isAside(container.containerName) ? [{ host, container, entity: container.owner.entity }] : [])));
  const found = all.filter(({ entity }) => entities === undefined || entities.includes(entity));
  const refusals: Refusal[] = [];
  for (const entity of entities ?? []) if (!all.some((one) => one.entity === entity)) refusals.push({ entity, reason: `application ${application} has no container for ${entity}` });
  if (found.length === 0 && refusals.length === 0) refusals.push({ entity: application, reason: `there is no application ${application}` });
  const usable = found.filter(({ host, container, entity }) => {
    if (host.state.kind === 'up' && host.isReadOnly !== true) return true;
    refusals.push({ entity, reason: `container ${container.containerName} is on host ${host.host}, which ${host.isReadOnly === true ? 'is read-only' : hostProblem(host)}` });
    return false;
  });
  const isOwn = isOwnNetwork(network, application, observed);
  const outcome = change.kind === 'connect' ? connecting(change, isOwn, usable, observed) : disconnecting(change, isOwn, usable);
  const touched = new Set(outcome.actions.flatMap((action) => ('containerId' in action ? [action.containerId] : [])));
  const before = assignmentsNow(observed, application);
  const isConnected = change.kind === 'connect';
  const about = { network: isOwn ? application : network, ...(isOwn && { isOwn }) };
  // Who is where it is to be already keeps what was said of it.
  const concerned = usable.filter(({ container, entity }) => touched.has(container.containerId) || before.some((one) => isSame(one, { entity, ...about }) && one.isConnected !== isConnected));
  const { address, aliases = [] } = change.kind === 'connect' ? change : {};
  const said = { ...about, isConnected, by, ...(address !== undefined && { address }), ...(aliases.length > 0 && { aliases }) };
  const changed = [...new Set(concerned.map(({ entity }) => entity))].map((entity): Assignment => Object.assign({ entity }, said));
  const applicationName = found[0]?.container.owner?.applicationName ?? application;
  return seal({
    application, applicationName, actions: outcome.actions, refusals: [...refusals, ...outcome.refusals],
    unchanged: usable.filter(({ container }) => !touched.has(container.containerId)).length,
    assignments: withAssignments(before, changed),
    ...(outcome.notes && outcome.notes.length > 0 && { notes: outcome.notes }),
  });
}

interface Outcome {
  readonly actions: readonly Action[];
  readonly refusals: readonly Refusal[];
  readonly notes?: readonly string[];
}

function connecting({ network, application: id, address, aliases = [] }: Extract<NetworkChange, { kind: 'connect' }>, isOwn: boolean, found: readonly Found[], observed: Observed): Outcome {
  const refusals: Refusal[] = [];
  const isAnywhere = observed.hosts.some((host) => sharedOn(host, network).length > 0);
  if (address !== undefined && found.length > 1) refusals.push({ entity: network, reason: `one address cannot be that of ${found.length} containers; name one entity` });
  const wanted = found.flatMap((one): { readonly one: Found; readonly container: DesiredContainer }[] => {
    const shared = isOwn ? ownNetwork(id, one.host, observed) : sharedNetwork(network, one.host.host, [], observed);
    if (shared) return [{ one, container: bare(one, attachmentTo(shared, { networks: [{ ...shared, aliases: namesFor(one) }] }, { ...(address !== undefined && { wish: address }), aliases })) }];
    refusals.push({ entity: one.entity, reason: isOwn ? `application ${id} has no network of its own on host ${one.host.host}; deploy it, and it is made` : isAnywhere ? `network ${network} does not reach host ${one.host.host}, where ${one.container.containerName} is` : noNetwork(network) });
    return [];
  });
  const assigned = refusals.length > 0 ? { containers: [], refusals: [] } : assign(wanted.map(({ container }) => container), observed);
  const made = new Set<string>();
  const actions = assigned.containers.flatMap(({ host, networks: [attachment] }, index): Action[] => {
    const one = wanted[index]?.one;
    if (!attachment || !one) return [];
    const { networkName, driver, settings, subnet, networkId } = attachment;
    const isThere = isOwn || driver === 'overlay' || sharedOn(one.host, network).length > 0 || made.has(host);
    made.add(host);
    const application = observed.hosts.flatMap((known) => sharedOn(known, network))[0]?.application ?? '';
    const making: Action[] = isThere ? [] : [{ kind: 'createNetwork', host, network: desiredNetwork({ networkName, driver, application, networkId, settings, subnet }) }];
    const { containerId, containerName, networks = [], addresses, owner } = one.container;
    const instead = networks.includes(networkName) ? (addresses[networkName] ?? owner?.addresses?.[networkName] ?? 'what it has') : undefined;
    if (instead !== undefined && instead === attachment.address && aliases.length === 0) return making;
    return [...making, { kind: 'connect', host, containerId, containerName, entity: one.entity, attachment, ...(instead !== undefined && { instead }) }];
  });
  return { actions, refusals: [...refusals, ...assigned.refusals] };
}

function disconnecting({ network, application }: Extract<NetworkChange, { kind: 'disconnect' }>, isOwn: boolean, found: readonly Found[]): Outcome {
  const left = found.map(({ host, container: { containerId, containerName, networks = [] }, entity }) => {
    const names = (isOwn ? ownNames(application) : sharedOn(host, network).map(({ networkName }) => networkName)).filter((name) => networks.includes(name));
    return { containerName, isAlone: names.length > 0 && names.length === networks.length, actions: names.map((networkName): Action => ({ kind: 'disconnect', host: host.host, containerId, containerName, entity, networkName, networkId: isOwn ? networkName : network })) };
  });
  const actions = left.flatMap((one) => one.actions);
  const notes = left.flatMap(({ containerName, isAlone }) => (isAlone ? [`${containerName} is on no network then: it reaches nobody, and nobody reaches it, not through its published ports either`] : []));
  if (actions.length > 0 || found.length === 0) return { actions, refusals: [], notes };
  return { actions, refusals: [{ entity: network, reason: `${found.map(({ container }) => container.containerName).join(', ')} ${found.length === 1 ? 'is' : 'are'} not on network ${network}` }] };
}

/** By which it is found on its application's own network, too. */
function namesFor({ host, container: { owner }, entity }: Found): readonly string[] {
  const parent = owner?.entityParent;
  const [, index] = parent !== undefined && entity.startsWith(`${parent}-`) ? (/^(\d+)$/.exec(entity.slice(parent.length + 1)) ?? []) : [];
  return namesOf({ entity, application: owner?.application ?? '', ...(host.cloud !== undefined && { cloud: host.cloud }), ...(parent !== undefined && index !== undefined && { cluster: { entity: parent, index: Number(index) } }) });
}

/** The container is there: nothing is made of this. */
function bare({ host, container, entity }: Found, attachment: DesiredContainer['networks'][number]): DesiredContainer {
  const { containerName, owner, image } = container;
  const names = { application: owner?.application ?? '', applicationName: owner?.applicationName ?? '', entity, entityName: owner?.entityName ?? entity };
  return { host: host.host, containerName, ...names, spec: { image, env: {}, openPorts: [], publishedPorts: [], mounts: [] }, specHash: owner?.specHash ?? '', networks: [attachment], placedBecause: 'it is there' };
}

/** It is worked on by one at a time, as an application is. */
function planFor(network: string, { actions, refusals }: Outcome): Plan {
  return seal({ application: `network-${network}`, applicationName: `network ${network}`, actions, refusals, unchanged: 0 });
}

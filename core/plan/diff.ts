// What must be done so that the hosts hold exactly the desired containers of one application: compares, orders, and seals
// the plan with a hash. Containers of other applications and of strangers are never touched.

import { startsFirst } from '#core/blueprint/application.ts';
import { expectedWith } from '#core/cloud/grow.ts';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Observed, ObservedContainer, ObservedHost, SpecParts } from '#core/cluster/observed.ts';
import { entityOf, makes } from '#core/plan/dependencies.ts';
import { differences, specParts } from '#core/cluster/specHash.ts';
import { isAside } from '#core/cluster/aside.ts';
import { addressOf, isAcrossHosts } from '#core/cluster/network.ts';
import { followReasons, followState } from '#core/lifecycle/follow.ts';
import { fullReference } from '#core/cluster/imageName.ts';
import { isBuiltName, type ImageBuild } from '#core/image/imageBuild.ts';
import { networkChanges } from '#core/plan/networks.ts';
import { handoverOf, moveHandover } from '#core/plan/handover.ts';
import { connections } from '#core/plan/connections.ts';
import { imageNeeded } from '#core/plan/installed.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import type { Wanted } from '#core/plan/want.ts';
import type { Refusal } from '#core/plan/refusal.ts';
import { ownNames } from '#core/sdn/own.ts';
import { canonical } from '#core/text/canonical.ts';
import { sha256 } from '#core/text/sha256.ts';

/** An image that a host does not have. */
export interface MissingImage {
  readonly host: string;
  readonly image: string;
  /** See the action `pull`. */
  readonly from?: string;
  readonly digest?: string;
  readonly source?: string;
  /** It is built on the host. */
  readonly build?: ImageBuild;
}

type Removal = Extract<Action, { kind: 'remove' }>;
type Replacement = Extract<Action, { kind: 'replace' }>;
type Move = Extract<Action, { kind: 'move' }>;
type Creation = Extract<Action, { kind: 'create' }>;
type Start = Extract<Action, { kind: 'start' }>;
type Reload = Extract<Action, { kind: 'reload' }>;

/** What containers that follow others say they were made from, by their ids: see `followState`. */
export type Following = ReadonlyMap<string, string>;

export function diff(wanted: Wanted, observed: Observed, missingImages: readonly MissingImage[] = [], following: Following = new Map()): Plan {
  const refusals = [...wanted.refusals];
  const existing = observed.hosts.flatMap((host) =>
    host.containers.filter((container) => container.owner?.application === wanted.application && container.state !== 'removing').map((container) => ({ host, container })),
  );
  const kept = new Set<ObservedContainer>();
  const changes: (Creation | Replacement | Start)[] = [];
  const left: { readonly desired: DesiredContainer; readonly current: ObservedContainer }[] = [];
  const connected: Action[] = [];
  for (const desired of wanted.containers) {
    const here = existing.filter(({ host, container }) => host.host === desired.host && container.owner?.entity === desired.entity && !isAside(container.containerName)).map(({ container }) => container);
    const current = here.toSorted((a, b) => fitness(a, desired) - fitness(b, desired))[0];
    if (current !== undefined) kept.add(current);
    const change = changeFor(desired, current, { isAnew: wanted.anew?.includes(desired.entity) === true, retagged: current && wanted.retagged?.get(current.containerId) });
    if (current !== undefined && (change === undefined || change.kind === 'start')) connected.push(...connections(desired, current, observed));
    if (change !== undefined) changes.push(change);
    else if (current !== undefined) left.push({ desired, current });
  }
  const reloads = reloadsOf(left, changes, existing.map(({ container }) => container), following);
  const refused = new Set(wanted.refusals.map((refusal) => refusal.entity));
  const wantedEntities = new Set(wanted.containers.map((container) => container.entity));
  const gone: Removal[] = [];
  const moved: Removal[] = [];
  for (const { host, container } of existing) {
    const entity = container.owner?.entity ?? '';
    if (kept.has(container) || refused.has(entity)) continue;
    const isWanted = wantedEntities.has(entity);
    const reason = removalReason(host, container, { isWanted, isThere: [...kept].some(({ owner }) => owner?.entity === entity) }, wanted);
    if (host.state.kind === 'up') (isWanted ? moved : gone).push({ kind: 'remove', host: host.host, containerId: container.containerId, containerName: container.containerName, entity, reason });
    else refusals.push({ entity, reason: `container ${container.containerName} must be removed (${reason}), but host ${host.host} ${hostProblem(host)}`, downHost: host.host });
  }
  const networks = networkChanges(wanted, expectedWith(wanted.newHosts ?? [], observed));
  refusals.push(...networks.refusals);
  const all = [...networks.missing, ...order({ gone, moved, connected, changes, reloads, asked: wanted.moved ?? [] }, observed, missingImages), ...(refusals.length > 0 ? [] : networks.unused), ...(isDeletion(wanted) && refusals.length === 0 ? forgetting(wanted.application, observed) : [])];
  const actions = [...hostsToAdd(wanted), ...all.filter((action) => !isReadOnly(action.host, observed)), ...(refusals.length > 0 ? [] : hostsToRemove(wanted))];
  refusals.push(...readOnlyRefusals(all, observed));
  const touched = new Set([...changes.map(({ container }) => container.entity), ...reloads.map(({ entity }) => entity), ...connected.flatMap((action) => entityOf(action) ?? [])]);
  const keeps = [...(wanted.keeps ?? []), ...networks.keeps];
  return seal({
    application: wanted.application, applicationName: wanted.applicationName, actions, refusals, unchanged: wanted.containers.filter(({ entity }) => !touched.has(entity)).length,
    ...(wanted.without?.length && { without: wanted.without }), ...(keeps.length > 0 && { keeps }), ...(wanted.notes?.length && { notes: wanted.notes }), ...(wanted.assignments && { assignments: wanted.assignments }),
    ...(wanted.clouds && { clouds: wanted.clouds }),
  });
}

function hostsToAdd({ newHosts = [] }: Wanted): readonly Action[] {
  return newHosts.map(({ request, because }) => ({ kind: 'addHost', host: request.name, cloud: request.cloud, request, because }));
}

function hostsToRemove({ spareHosts = [] }: Wanted): readonly Action[] {
  return spareHosts.map(({ host, cloud, because }) => ({ kind: 'removeHost', host, cloud, because }));
}

function isDeletion({ containers, refusals, isCloud }: Wanted): boolean {
  return containers.length === 0 && refusals.length === 0 && isCloud !== true;
}

/** An application that is deleted leaves no history. */
function forgetting(application: string, { hosts }: Observed): Action[] {
  return hosts.flatMap(({ host, state, records = [] }): Action[] => {
    const revisions = records.flatMap((record) => (record.application === application ? [record.revision] : [])).toSorted((a, b) => a - b);
    return state.kind !== 'up' || revisions.length === 0 ? [] : [{ kind: 'forget', host, revisions }];
  });
}

function isReadOnly(host: string, observed: Observed): boolean {
  return observed.hosts.some((one) => one.host === host && one.isReadOnly === true);
}

function readOnlyRefusals(actions: readonly Action[], observed: Observed): Refusal[] {
  return actions.flatMap((action) => {
    // All else is touched only for the sake of a container, of which it is said.
    const entity = entityOf(action);
    if (entity === undefined || !isReadOnly(action.host, observed)) return [];
    const name = 'containerName' in action ? action.containerName : 'container' in action ? action.container.containerName : '';
    return [{ entity, reason: `the plan would ${action.kind} container ${name}, but host ${action.host} is read-only; take readOnly away from its configuration, or choose another host` }];
  });
}

export function hostProblem(host: ObservedHost): string {
  return host.state.kind === 'down' ? `is down: ${host.state.problem}` : 'has not answered yet';
}

/** Which of several containers of one entity to keep: the one that needs least. */
function fitness(container: ObservedContainer, desired: DesiredContainer): number {
  return (container.containerName === desired.containerName ? 0 : 4) + (container.owner?.specHash === desired.specHash ? 0 : 2) + (container.state === 'running' ? 0 : 1);
}

function changeFor(desired: DesiredContainer, current: ObservedContainer | undefined, { isAnew, retagged }: { readonly isAnew: boolean; readonly retagged: string | undefined }): Creation | Replacement | Start | undefined {
  const { host } = desired;
  if (current === undefined) return { kind: 'create', host, container: desired };
  const reasons = [...replaceReasons(desired, current), ...(retagged === undefined ? [] : [retagged]), ...(isAnew ? ['it is to be made anew'] : [])];
  if (reasons.length > 0) return { kind: 'replace', host, container: desired, containerId: current.containerId, reasons, handover: handoverOf(desired, current) };
  if ((current.state === 'running' || current.state === 'restarting') && current.isUnfinished !== true) return undefined;
  return { kind: 'start', host, container: desired, containerId: current.containerId, containerName: current.containerName, entity: desired.entity, ...(current.isStopped === true && { wasStopped: true }) };
}

function replaceReasons(desired: DesiredContainer, current: ObservedContainer): string[] {
  const reasons: string[] = [];
  if (current.containerName !== desired.containerName) reasons.push(`it is named ${current.containerName}, left over from a change that was cut short`);
  if (current.state === 'dead') reasons.push('the engine could not remove it whole');
  if (current.owner?.parts !== undefined) reasons.push(...networkReasons(desired, current));
  if (current.owner?.specHash === desired.specHash) return reasons;
  if (desired.pending !== undefined) return [...reasons, ...pendingReasons(desired, current)];
  if (fullReference(current.image) !== fullReference(desired.spec.image)) reasons.push(imageReason(current.image, desired.spec.image));
  const { parts } = current.owner ?? {};
  if (parts !== undefined) reasons.push(...differences(parts, specParts(desired.application, desired.entity, desired.spec)));
  return reasons.length > 0 ? reasons : ['it is not what was deployed'];
}

function imageReason(before: string, after: string): string {
  const isSame = isBuiltName(before) && isBuiltName(after) && before.split(':')[0] === after.split(':')[0];
  return isSame ? `image ${after} is built anew: its Dockerfile has changed, or what it is built with` : `image ${before} becomes ${after}`;
}

/** Networks are joined and left by containers that run; only from one kind of its application's own to the other it goes anew. */
function networkReasons({ application, networks: all }: DesiredContainer, current: ObservedContainer): string[] {
  const networks = all.filter(({ networkId }) => networkId === undefined);
  const isOnOwn = ownNames(application).some((name) => current.networks?.includes(name) === true);
  const missing = networks.filter(({ networkName }) => isOnOwn && current.networks?.includes(networkName) === false);
  const moved = networks.flatMap(({ networkName, address }) => {
    const promised = current.owner?.addresses?.[networkName];
    // A container that stood by for another and was left like that has an address of the time being.
    const actual = current.state === 'running' && promised !== undefined ? (current.addresses[networkName] ?? promised) : promised;
    if (address === undefined || actual === undefined) return [];
    if (actual !== address) return [`its address ${actual} becomes ${address}`];
    // Started as it is, it would get one of the time being.
    return current.state !== 'running' && current.standsBy?.includes(networkName) === true ? [`it was left standing by, without its address ${address}`] : [];
  });
  return [...missing.map(({ networkName }) => `it is on network ${current.networks?.join(', ') || 'none'} and goes on ${networkName}`), ...moved];
}

/** A container whose values are not all known yet is compared by what is known; whether the rest changes shows when it does. */
function pendingReasons(desired: DesiredContainer, current: ObservedContainer): string[] {
  const before = current.owner?.parts;
  const after = specParts(desired.application, desired.entity, desired.spec);
  const lasting = ['open ports', 'published ports', 'volumes', 'image'];
  const known = before === undefined ? ['it is not what was deployed'] : differences(pick(before, lasting), pick(after, lasting));
  return [...known, `if a value that it waits for changes (${desired.pending?.join(', ') ?? ''})`];
}

function pick(parts: SpecParts, names: readonly string[]): SpecParts {
  return Object.fromEntries(Object.entries(parts).filter(([name]) => names.includes(name)));
}

/** `isThere`: the entity has its container where it is wanted. */
function removalReason(host: ObservedHost, container: ObservedContainer, { isWanted, isThere }: { readonly isWanted: boolean; readonly isThere: boolean }, wanted: Wanted): string {
  if (isDeletion(wanted)) return 'the application is deleted';
  if (isAside(container.containerName)) return 'it failed to start and was kept aside';
  if (!isWanted) return tooMany(container, wanted) ?? `${container.owner?.entity ?? ''} is no longer in the blueprint`;
  const place = wanted.containers.find((desired) => desired.entity === container.owner?.entity)?.host;
  const entity = container.owner?.entity ?? '';
  if (place === host.host) return `it is a second container of ${entity}`;
  return isThere ? `${entity} is on ${place ?? 'another host'} now` : `${entity} goes to ${place ?? 'another host'}`;
}

/** What follows others and stays as it is reads again where these change. */
function reloadsOf(left: readonly { readonly desired: DesiredContainer; readonly current: ObservedContainer }[], changes: Changes['changes'], existing: readonly ObservedContainer[], following: Following): readonly Reload[] {
  return left.flatMap(({ desired, current }): readonly Reload[] => {
    const follow = desired.spec.lifecycle?.course?.follow;
    const before = following.get(current.containerId);
    if (follow === undefined || before === undefined) return [];
    const address = (member: string): string | undefined => {
      const found = existing.find(({ owner, state }) => owner?.entity === member && state === 'running');
      return found && addressOf(found.addresses, desired.application);
    };
    const touched = changes.flatMap(({ kind, container }) => (follow.members.includes(container.entity) ? [`${container.entity} is ${kind === 'create' ? 'made' : kind === 'start' ? 'started' : 'replaced'}`] : []));
    const reasons = touched.length > 0 ? touched : followReasons(before, followState(follow, address));
    return reasons.length === 0 ? [] : [{ kind: 'reload', host: desired.host, container: desired, containerId: current.containerId, containerName: current.containerName, entity: desired.entity, reasons }];
  });
}

/** Why a member of a cluster goes that has fewer now; undefined for what is none. */
function tooMany({ owner }: ObservedContainer, { containers }: Wanted): string | undefined {
  const isMember = (entity: string, cluster: string): boolean => entity.startsWith(`${cluster}-`) && /^\d+$/.test(entity.slice(cluster.length + 1));
  const cluster = owner?.entityParent;
  if (owner === undefined || cluster === undefined || !isMember(owner.entity, cluster)) return undefined;
  const left = containers.filter(({ entity, entityParent }) => entityParent === cluster && isMember(entity, cluster)).length;
  return left === 0 ? undefined : `${cluster} is to have ${left} ${left === 1 ? 'member' : 'members'}`;
}

interface Changes {
  readonly gone: readonly Removal[];
  readonly moved: readonly Removal[];
  /** See `connections`. */
  readonly connected: readonly Action[];
  readonly changes: readonly (Creation | Replacement | Start)[];
  readonly reloads: readonly Reload[];
  /** See `Wanted.moved`. */
  readonly asked: readonly string[];
}

/**
 * Images first; then what frees names and ports; then what runs, in the blueprint's order; then the old places of what moved,
 * so that a container that cannot be made elsewhere is still where it was. A container whose port another one of the
 * application takes over is removed before rather than replaced in one step.
 */
function order({ gone, moved, connected, changes, reloads, asked }: Changes, observed: Observed, missingImages: readonly MissingImage[]): Action[] {
  // Who is asked by a load balancer goes when that asks no more.
  const early: Removal[] = reloads.length === 0 ? [...gone] : [];
  const late: Removal[] = reloads.length === 0 ? [] : [...gone];
  const takenOver = (action: { readonly host: string; readonly containerId: string }): boolean =>
    changes.some((other) => other.kind !== 'start' && other.host === action.host && !(other.kind === 'replace' && other.containerId === action.containerId) && wantsPortOf(other.container, action, observed));
  const moves = new Map<Creation, Move>();
  for (const removal of moved) {
    const isInWay = takenOver(removal) || sameHostDuplicate(removal, changes) || holdsAddress(removal, changes, observed) || connected.some((action) => action.kind === 'connect' && action.entity === removal.entity);
    const creation = isInWay ? undefined : changes.find((change): change is Creation => change.kind === 'create' && !moves.has(change) && (asked.includes(removal.entity) ? change.container.entity === removal.entity : wantsAddressOf(change.container, removal, observed)));
    if (creation) moves.set(creation, moveOf(creation, removal, observed));
    else (isInWay ? early : late).push(removal);
  }
  const middle: Action[] = inOrder(changes).map((change) => {
    if (change.kind === 'create') return moves.get(change) ?? change;
    if (change.kind !== 'replace' || !takenOver(change)) return change;
    const { host, container, containerId } = change;
    early.push({ kind: 'remove', host, containerId, containerName: container.containerName, entity: container.entity, reason: 'another container takes over its port' });
    return { kind: 'create', host, container };
  });
  const needed = middle.flatMap((action) => (makes(action) ? [{ host: action.host, image: imageNeeded(action.container) }] : []));
  const pulls = missingImages.filter((missing, index) => needed.some(({ host, image }) => host === missing.host && image === missing.image) && missingImages.findIndex((other) => same(other, missing)) === index);
  return [...inOrderOfMaking(pulls).map(bringing), ...early, ...connected, ...middle, ...reloads, ...late];
}

function bringing({ build, ...missing }: MissingImage): Action {
  return build === undefined ? { kind: 'pull', ...missing } : { kind: 'build', host: missing.host, image: missing.image, build };
}

/** What other hosts take from one that builds it comes after. */
function inOrderOfMaking(missing: readonly MissingImage[]): readonly MissingImage[] {
  return [...missing.filter(({ build }) => build !== undefined), ...missing.filter(({ build }) => build === undefined)];
}

/** Each after those of its entity's waits, otherwise as given. */
function inOrder(changes: Changes['changes']): Changes['changes'] {
  const left = [...changes];
  const done: (typeof left)[number][] = [];
  while (left.length > 0) {
    const next = left.findIndex(({ container }) => !left.some((other) => other.container.entity !== container.entity && startsFirst(container).some(({ entity }) => entity === other.container.entity)));
    done.push(...left.splice(Math.max(next, 0), 1));
  }
  return done;
}

function same(a: MissingImage, b: MissingImage): boolean {
  return a.host === b.host && a.image === b.image;
}

/** A second container of an entity on the same host may hold the name or the ports that the first one needs. */
function sameHostDuplicate(removal: Removal, changes: Changes['changes']): boolean {
  return changes.some((change) => change.host === removal.host && change.container.entity === removal.entity);
}

/** A move that was cut short left the address with the container that goes. */
function holdsAddress(removal: Removal, changes: Changes['changes'], observed: Observed): boolean {
  return changes.some((change) => change.kind === 'replace' && wantsAddressOf(change.container, removal, observed));
}

function wantsPortOf(desired: DesiredContainer, holder: { readonly host: string; readonly containerId: string }, observed: Observed): boolean {
  const held = observed.hosts.find((host) => host.host === holder.host)?.containers.find((container) => container.containerId === holder.containerId)?.ports ?? [];
  return desired.spec.publishedPorts.some(({ hostPort, protocol }) => hostPort !== undefined && held.some((port) => port.hostPort === hostPort && port.protocol === protocol));
}

function moveOf({ host, container }: Creation, removal: Removal, observed: Observed): Move {
  const current = observed.hosts.find((one) => one.host === removal.host)?.containers.find(({ containerId }) => containerId === removal.containerId);
  return { kind: 'move', host, container, from: { host: removal.host, containerId: removal.containerId, containerName: removal.containerName }, handover: moveHandover(container, current) };
}

/** On a network across hosts an address is one container's at a time. */
function wantsAddressOf({ application, entity, networks }: DesiredContainer, holder: Removal, observed: Observed): boolean {
  const host = observed.hosts.find((one) => one.host === holder.host);
  const held = host?.containers.find(({ containerId }) => containerId === holder.containerId)?.owner;
  if (host?.isReadOnly === true || held?.application !== application || held.entity !== entity) return false;
  return networks.some(({ driver, networkName, address }) => isAcrossHosts(driver) && address !== undefined && held.addresses?.[networkName] === address);
}

/** The plan with its hash. Environment values take part through each container's hash only; why a host was chosen, from which image something is installed and where an image is built are told, but not what is approved; the name of an image that is built says what it is. */
export function seal({ keeps, notes, ...plan }: Omit<Plan, 'hash'>): Plan {
  const actions = plan.actions.flatMap((action) => {
    if (action.kind === 'build' || (action.kind === 'pull' && action.from !== undefined)) return [];
    if (!makes(action) && action.kind !== 'start' && action.kind !== 'reload') return action;
    const { spec: _, blueprint: __, placedBecause: ___, installed: ____, ...container } = action.container;
    return { ...action, container };
  });
  return { ...plan, ...(keeps && { keeps }), ...(notes && { notes }), hash: sha256(canonical({ ...plan, actions })) };
}

// What must be done so that the hosts of a docker cloud are nodes of one Swarm: decided step by step from what the hosts say,
// so that a join that was cut short, or a host that fell out, is repaired by the same steps. A Swarm that was not made for
// this cloud is never changed.

import type { SwarmMembership } from '#core/sdn/swarm.ts';

export interface Member {
  readonly host: string;
  /** Absent for a host that is in no Swarm. */
  readonly swarm?: SwarmMembership;
}

/** A node as the managers see it. */
export interface SwarmNode {
  readonly nodeId: string;
  readonly isManager: boolean;
  /** Whether it answers the managers. */
  readonly isReady: boolean;
  /** Its machine's own name. */
  readonly hostname: string;
  readonly address: string;
}

export type JoinStep =
  | { readonly kind: 'init'; readonly host: string }
  /** `via`: a manager that tells where and with which token. */
  | { readonly kind: 'join'; readonly host: string; readonly as: Role; readonly via: string }
  /** Out of a membership that does not work, before another try. */
  | { readonly kind: 'leave'; readonly host: string }
  | { readonly kind: 'setRole'; readonly host: string; readonly nodeId: string; readonly role: Role; readonly via: string }
  /** Strikes a node off that has left or will never answer. */
  | { readonly kind: 'strike'; readonly nodeId: string; readonly via: string };

export type Role = 'manager' | 'worker';

/** A sentence without its full stop: why nothing is done. */
export interface JoinRefusal {
  readonly refusal: string;
}

/** Three can lose one; with two, each is one too many to lose. */
export function managersFor(hosts: number): number {
  return hosts >= 3 ? 3 : 1;
}

/**
 * The next steps, which may be done side by side; none when all is well. `nodes` are those that the managers among the members
 * see; undefined while there is no Swarm. Asked again after the steps were done, with what the hosts say then.
 */
export function nextSteps(members: readonly Member[], cloud: string, nodes: readonly SwarmNode[] | undefined): readonly JoinStep[] | JoinRefusal {
  const foreign = foreigner(members, cloud);
  if (foreign !== undefined) return { refusal: foreign };
  const ours = members.find(isLeading);
  if (ours === undefined) {
    const broken = members.find(({ swarm }) => swarm !== undefined);
    if (broken?.swarm !== undefined) return { refusal: brokenSentence(broken.host, broken.swarm) };
    const [first] = members;
    return first === undefined ? [] : [{ kind: 'init', host: first.host }];
  }
  const via = ours.host;
  const known = new Map((nodes ?? []).map((node) => [node.nodeId, node]));
  const out = members.filter(({ swarm }) => swarm !== undefined && !takesPart(swarm, known));
  if (out.length > 0) return out.map(({ host }) => ({ kind: 'leave', host }));
  const wanted = managersFor(members.length);
  const managers = members.filter(({ swarm }) => swarm?.isManager === true);
  const outside = members.filter(({ swarm }) => swarm === undefined);
  const [next] = outside;
  if (next !== undefined) {
    // A manager joins alone: the others must agree on it first.
    if (managers.length < wanted) return [{ kind: 'join', host: next.host, as: 'manager', via }];
    return outside.map(({ host }) => ({ kind: 'join', host, as: 'worker', via }));
  }
  return tidy(members, managers, wanted, known, via);
}

function isLeading({ swarm }: Member): boolean {
  return swarm?.isActive === true && swarm.isManager && swarm.problem === undefined;
}

function takesPart(swarm: SwarmMembership, known: ReadonlyMap<string, SwarmNode>): boolean {
  return swarm.isActive && known.has(swarm.nodeId);
}

/** Roles as they should be, and nodes struck off that are what is left of an earlier membership of a host. */
function tidy(members: readonly Member[], managers: readonly Member[], wanted: number, known: ReadonlyMap<string, SwarmNode>, via: string): readonly JoinStep[] {
  const nodeIds = new Set(members.flatMap(({ swarm }) => swarm?.nodeId ?? []));
  const addresses = new Set(members.flatMap(({ swarm }) => swarm?.address ?? []));
  const left = [...known.values()].filter(({ nodeId, address }) => !nodeIds.has(nodeId) && addresses.has(address));
  if (left.length > 0) return left.map(({ nodeId }) => ({ kind: 'strike', nodeId, via }));
  const roleStep = (member: Member | undefined, role: Role): readonly JoinStep[] =>
    member?.swarm === undefined ? [] : [{ kind: 'setRole', host: member.host, nodeId: member.swarm.nodeId, role, via }];
  // Managers elsewhere count, too: hosts that are down now come back as what they were.
  const all = [...known.values()].filter(({ isManager }) => isManager).length;
  if (managers.length < wanted && all < wanted) return roleStep(members.find(({ swarm }) => swarm?.isManager === false), 'manager');
  const isCalm = [...known.values()].every(({ isReady }) => isReady);
  if (managers.length > wanted && isCalm) return roleStep(managers.findLast(({ host }) => host !== via), 'worker');
  return [];
}

/** Why one of the hosts must not be touched; undefined where none is in a Swarm but the cloud's own. */
function foreigner(members: readonly Member[], cloud: string): string | undefined {
  const own = new Set(members.flatMap(({ swarm }) => (swarm?.cloud === cloud ? [swarm.nodeId, ...swarm.managers] : [])));
  for (const { host, swarm } of members) {
    // One that was thrown out or never came in is in no Swarm any more; it may be told to forget it only where it was ours.
    if (swarm === undefined || [swarm.nodeId, ...swarm.managers].some((id) => own.has(id))) continue;
    if (swarm.cloud !== undefined) return `host ${host} is in the Swarm of the docker cloud ${swarm.cloud}, so it cannot be in that of ${cloud}, too; take it out of one of them`;
    if (swarm.problem !== undefined) return brokenSentence(host, swarm);
    return `host ${host} is in a Swarm that was not made for the docker cloud ${cloud}, and it is left alone; run "docker swarm leave" on it if that Swarm is no longer needed, or take the host out of the cloud`;
  }
  return undefined;
}

/** Whose it is cannot be told then, and its networks may be all that is left of it. */
function brokenSentence(host: string, { problem = 'no manager answers' }: SwarmMembership): string {
  return `host ${host} is in a Swarm that does not work (${problem}), and it is left alone; bring its managers back, or run "docker swarm leave --force" on it if that Swarm is no longer needed`;
}

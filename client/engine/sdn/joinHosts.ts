// Makes the hosts of a docker cloud nodes of one Swarm, so that networks span them, and repairs it where one has fallen out.
// What is to be done next is decided in core; here it is done, and looked at again.

import { nextSteps, type JoinStep, type Member, type SwarmNode } from '#core/sdn/join.ts';
import { messageOf } from '../failure.ts';
import type { SdnPort } from './sdnPort.ts';

export interface JoiningHost {
  readonly host: string;
  readonly port: { readonly sdn: SdnPort };
  /** By which the other hosts reach it, or the name of a network device; chosen by its engine where absent. */
  readonly address?: string;
}

export interface JoinOptions {
  readonly cloud: string;
  /** Where the Swarm takes subnets from that nobody chose. */
  readonly pool?: string;
  /** Gets a short text for each thing that is done. */
  readonly onDetail?: (detail: string) => void;
  readonly signal?: AbortSignal;
}

/** Each round brings the hosts a step closer; so many are never needed. */
const mostRounds = 40;
/** A Swarm that has just lost a node takes a moment to find itself again. */
const mostFailures = 5;
/** A host that has just joined is not yet known to all managers. */
const pauseMs = 250;
/** A membership that does not work is given up after this time: it may be one that somebody else is just beginning. */
const patienceMs = 5000;

/** Resolves when all are nodes of the cloud's Swarm, the right number of them managers. Throws an Error with a sentence; then what was done stays, and can be gone on with. Gives whether anything had to be done. */
export async function joinHosts(hosts: readonly JoiningHost[], { cloud, pool, onDetail = () => {}, signal = new AbortController().signal }: JoinOptions): Promise<boolean> {
  const find = (name: string): JoiningHost => hosts.find(({ host }) => host === name) ?? neverHeardOf(name);
  let isChanged = false;
  let failures = 0;
  let before = '';
  let sinceMs = 0;
  for (let round = 0; round < mostRounds; round++) {
    signal.throwIfAborted();
    const members = await Promise.all(hosts.map((host) => look(host, signal)));
    const steps = nextSteps(members, cloud, await nodesSeenBy(members, find));
    if (!('refusal' in steps) && steps.length === 0) return isChanged;
    const told = JSON.stringify(steps);
    if (told !== before) [before, sinceMs] = [told, performance.now()];
    // What is done shows after a moment only.
    else await pause(pauseMs);
    const mayPass = 'refusal' in steps ? !members.every(isSettled) : steps.some(({ kind }) => kind === 'leave');
    if (mayPass && performance.now() - sinceMs < patienceMs) continue;
    if ('refusal' in steps) throw new Error(steps.refusal);
    isChanged = true;
    await Promise.all(steps.map(async (step) => {
      onDetail(detailOf(step));
      await carryOut(step, find, { cloud, ...(pool !== undefined && { pool }) }).catch((error: unknown) => {
        failures++;
        if (failures > mostFailures) throw new Error(`${detailOf(step)}: ${messageOf(error)}`, { cause: error });
        onDetail(`${detailOf(step)}: ${messageOf(error)}; trying again`);
      });
    }));
  }
  throw new Error(`the hosts of ${cloud} do not come to be one Swarm; look at them with "docker info" and "docker node ls"`);
}

/** Whether what the host says of its Swarm is not about to change. */
function isSettled({ swarm }: Member): boolean {
  return swarm === undefined || (swarm.isActive && swarm.managers.length > 0);
}

async function look({ host, port }: JoiningHost, signal: AbortSignal): Promise<Member> {
  const swarm = await port.sdn.swarm(signal);
  return { host, ...(swarm && { swarm }) };
}

async function nodesSeenBy(members: readonly Member[], find: (host: string) => JoiningHost): Promise<readonly SwarmNode[] | undefined> {
  const manager = members.find(({ swarm }) => swarm?.isActive === true && swarm.isManager && swarm.problem === undefined);
  return manager && find(manager.host).port.sdn.nodes();
}

async function carryOut(step: JoinStep, find: (host: string) => JoiningHost, swarm: { readonly cloud: string; readonly pool?: string }): Promise<void> {
  switch (step.kind) {
    case 'init': {
      const { port, address } = find(step.host);
      return port.sdn.initSwarm({ ...swarm, ...(address !== undefined && { address }) });
    }
    case 'join': {
      const { port, address } = find(step.host);
      const invitation = await find(step.via).port.sdn.invitation(step.as);
      try {
        await port.sdn.joinSwarm(invitation, address);
      } catch (error) {
        // A join that failed would stand in the way of the next one.
        await port.sdn.leaveSwarm().catch(() => {});
        throw error;
      }
      return;
    }
    case 'leave':
      return find(step.host).port.sdn.leaveSwarm();
    case 'setRole':
      return find(step.via).port.sdn.setRole(step.nodeId, step.role);
    case 'strike':
      return find(step.via).port.sdn.strikeNode(step.nodeId);
  }
}

function detailOf(step: JoinStep): string {
  switch (step.kind) {
    case 'init':
      return `make a Swarm on ${step.host}`;
    case 'join':
      return `join ${step.host} as ${step.as}`;
    case 'leave':
      return `take ${step.host} out of what is left of a Swarm`;
    case 'setRole':
      return `make ${step.host} a ${step.role}`;
    case 'strike':
      return 'strike off a node that is gone';
  }
}

function neverHeardOf(host: string): never {
  throw new Error(`there is no host ${host}`);
}

function pause(forMs: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, forMs));
}

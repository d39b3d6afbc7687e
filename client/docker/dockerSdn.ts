// Swarms and networks of a Docker Engine behind the engine's port for them.

import type Docker from 'dockerode';
import type { DesiredNetwork } from '#core/cluster/network.ts';
import type { Role, SwarmNode } from '#core/sdn/join.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';
import type { InitSwarm, Invitation, SdnPort } from '../engine/sdn/sdnPort.ts';
import { raced, unless } from './calls.ts';
import { labels } from './labels.ts';

/** Runs `work` with the engine; whatever goes wrong becomes an Error with a sentence. */
export type Ask = <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

const listenAddress = '0.0.0.0:2377';
const leaderWithin = { tries: 20, pauseMs: 500 };

export class DockerSdn implements SdnPort {
  readonly #ask: Ask;

  constructor(ask: Ask) {
    this.#ask = ask;
  }

  swarm(signal: AbortSignal): Promise<SwarmMembership | undefined> {
    return this.#ask(async (docker) => membership(field(await raced(docker.info(), signal), 'Swarm')));
  }

  nodes(): Promise<readonly SwarmNode[]> {
    return this.#ask(async (docker) => list(await docker.listNodes()).map(nodeOf));
  }

  async initSwarm({ cloud, address, pool }: InitSwarm): Promise<void> {
    await this.#ask((docker) =>
      docker.swarmInit({
        ListenAddr: listenAddress,
        ...(address !== undefined && { AdvertiseAddr: address }),
        ...(pool !== undefined && { DefaultAddrPool: [pool], SubnetSize: 24 }),
        Spec: { Name: 'default', Labels: { [labels.cloud]: cloud } },
      }).catch(unlessInSwarm));
  }

  invitation(role: Role): Promise<Invitation> {
    return this.#ask(async (docker) => {
      const swarm: unknown = await docker.swarmInspect();
      const managers = list(field(field(await docker.info(), 'Swarm'), 'RemoteManagers'));
      return { token: text(field(field(swarm, 'JoinTokens'), role === 'manager' ? 'Manager' : 'Worker')), addresses: managers.map((manager) => text(field(manager, 'Addr'))) };
    });
  }

  async joinSwarm({ token, addresses }: Invitation, address: string | undefined): Promise<void> {
    await this.#ask((docker) => docker.swarmJoin({ ListenAddr: listenAddress, ...(address !== undefined && { AdvertiseAddr: address }), RemoteAddrs: [...addresses], JoinToken: token }).catch(unlessInSwarm));
  }

  async leaveSwarm(): Promise<void> {
    await this.#ask(async (docker) => {
      try {
        await docker.swarmLeave({ force: true });
      } catch (error) {
        if (membership(field(await docker.info(), 'Swarm')) !== undefined) throw error;
      }
    });
  }

  async setRole(nodeId: string, role: Role): Promise<void> {
    await this.#ask(async (docker) => {
      const node = docker.getNode(nodeId);
      const seen: unknown = await node.inspect();
      const spec = field(seen, 'Spec');
      if (field(spec, 'Role') === role) return;
      await led(() => node.update({ ...(isMap(spec) ? spec : {}), Role: role, version: field(field(seen, 'Version'), 'Index') }));
    });
  }

  async strikeNode(nodeId: string): Promise<void> {
    await this.#ask(async (docker) => {
      const seen: unknown = await docker.getNode(nodeId).inspect().catch(unless(404));
      if (seen === undefined) return;
      if (field(field(seen, 'Spec'), 'Role') === 'manager') await this.setRole(nodeId, 'worker');
      await led(() => docker.getNode(nodeId).remove({ force: true }).catch(unless(404)));
    });
  }

  async createNetwork({ networkName, application, driver }: DesiredNetwork): Promise<void> {
    await this.#ask((docker) => led(() => makeNetwork(docker, { networkName, application, driver })));
  }
}

/** The managers of a Swarm may be choosing their leader just now. */
async function led<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = leaderWithin.tries; ; tries--) {
    try {
      return await work();
    } catch (error) {
      if (tries === 0 || !/lost leader|not have a leader|no elected|raft: /i.test(String(error))) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, leaderWithin.pauseMs));
  }
}

/** Somebody else may have brought the host into a Swarm meanwhile; into which one is looked at afterwards. */
function unlessInSwarm(error: unknown): void {
  if (!/already part of a swarm/i.test(String(error))) throw error;
}

/** 409: somebody else made it meanwhile. */
export async function makeNetwork(docker: Docker, { networkName, application, driver }: DesiredNetwork): Promise<void> {
  await docker
    .createNetwork({ Name: networkName, CheckDuplicate: true, Driver: driver, ...(driver === 'overlay' && { Attachable: true }), Labels: { [labels.application]: application } })
    .catch(unless(409));
}

function membership(swarm: unknown): SwarmMembership | undefined {
  const state = text(field(swarm, 'LocalNodeState'));
  if (state === '' || state === 'inactive') return undefined;
  const problem = text(field(swarm, 'Error')) || (state === 'active' ? '' : `it is ${state}`);
  const nodes = field(swarm, 'Nodes');
  const cloud = field(field(field(field(swarm, 'Cluster'), 'Spec'), 'Labels'), labels.cloud);
  return {
    nodeId: text(field(swarm, 'NodeID')),
    address: text(field(swarm, 'NodeAddr')),
    isManager: field(swarm, 'ControlAvailable') === true,
    isActive: state === 'active',
    managers: list(field(swarm, 'RemoteManagers')).map((manager) => text(field(manager, 'NodeID'))).toSorted(),
    ...(problem !== '' && { problem }),
    ...(typeof nodes === 'number' && { nodes }),
    ...(typeof cloud === 'string' && { cloud }),
  };
}

function nodeOf(node: unknown): SwarmNode {
  return {
    nodeId: text(field(node, 'ID')),
    isManager: field(field(node, 'Spec'), 'Role') === 'manager',
    isReady: field(field(node, 'Status'), 'State') === 'ready',
    hostname: text(field(field(node, 'Description'), 'Hostname')),
    address: text(field(field(node, 'Status'), 'Addr')),
  };
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function field(value: unknown, name: string): unknown {
  return isMap(value) ? value[name] : undefined;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

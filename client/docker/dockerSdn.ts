// Swarms and networks of a Docker Engine behind the engine's port for them.

import type Docker from 'dockerode';
import { noNetworkName, type Attachment, type DesiredNetwork, type Driver, type NetworkTraits } from '#core/cluster/network.ts';
import type { ObservedNetwork } from '#core/cluster/observed.ts';
import type { LockOwner } from '#core/record/lock.ts';
import type { Role, SwarmNode } from '#core/sdn/join.ts';
import type { Subnet } from '#core/sdn/subnet.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';
import { canonical } from '#core/text/canonical.ts';
import { AddressTaken, SubnetTaken, type HostNetworks, type InitSwarm, type Invitation, type SdnPort } from '../engine/sdn/sdnPort.ts';
import { field } from './field.ts';
import { joining, raced, unless } from './calls.ts';
import { endpoint } from './convert.ts';
import { labels, subnetLabel } from './labels.ts';
import { statusCode } from './problems.ts';
import { readRoutes } from './routes.ts';

/** Runs `work` with the engine; whatever goes wrong becomes an Error with a sentence. */
export type Ask = <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

const listenAddress = '0.0.0.0:2377';
/** A manager gives a network its block in a moment, or never. */
const blockWithin = { tries: 30, pauseMs: 100 };
const leaderWithin = { tries: 20, pauseMs: 500 };

export class DockerSdn implements SdnPort {
  readonly #ask: Ask;
  readonly #reader: Parameters<typeof readRoutes>[2];
  readonly #making = new Map<string, Promise<Subnet | undefined>>();
  /** What the engine said of itself last: telling costs it two programs. */
  #info: unknown;

  /** `isLocal`: its endpoint is a socket of this machine. */
  constructor(ask: Ask, reader: { readonly isLocal: boolean; readonly owner: LockOwner }) {
    this.#ask = ask;
    this.#reader = reader;
  }

  swarm(signal: AbortSignal): Promise<SwarmMembership | undefined> {
    return this.#ask(async (docker) => membership(field(await this.#about(docker, signal), 'Swarm')));
  }

  networks(signal: AbortSignal): Promise<HostNetworks> {
    return this.#ask(async (docker) => {
      const ours: ObservedNetwork[] = [];
      const takenBlocks: string[] = [];
      for (const { Name: networkName, Driver, Labels, IPAM, Internal, Options } of await raced(docker.listNetworks(), signal)) {
        const application = Labels?.[labels.application];
        const subnet = subnetLabel(Labels ?? {});
        const networkId = Labels?.[labels.network];
        const traits = traitsOf(Internal, textsOf(Options));
        if (application !== undefined) ours.push({ networkName, application, driver: driverOf(Driver), ...(networkId !== undefined && { networkId }), ...(Object.keys(traits).length > 0 && { traits }), ...(subnet && { subnet }) });
        if (application === undefined || subnet === undefined) takenBlocks.push(...list(field(IPAM, 'Config')).map((config) => text(field(config, 'Subnet'))).filter((block) => block !== ''));
      }
      // The engine lists them in any order.
      ours.sort((a, b) => (a.networkName < b.networkName ? -1 : 1));
      return { ours, takenBlocks: takenBlocks.toSorted() };
    });
  }

  routes(signal: AbortSignal): Promise<readonly string[] | undefined> {
    return this.#ask(async (docker) => readRoutes(docker, this.#info ?? (await this.#about(docker, signal)), this.#reader, signal));
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
    // What the host was before is not whom it asks.
    const others = addresses.filter((one) => one.replace(/:\d+$/, '') !== address);
    await this.#ask((docker) => docker.swarmJoin({ ListenAddr: listenAddress, ...(address !== undefined && { AdvertiseAddr: address }), RemoteAddrs: others, JoinToken: token }).catch(unlessInSwarm));
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

  async connect(containerId: string, attachment: Attachment): Promise<void> {
    await this.#ask(async (docker) => {
      const network = docker.getNetwork(attachment.networkName);
      const end = { Container: containerId, EndpointConfig: endpoint(attachment) };
      try {
        await joining(() => network.connect(end)).catch(async (error: unknown) => {
          if (!/private \(none\) mode/i.test(String(error))) throw error;
          await docker.getNetwork(noNetworkName).disconnect({ Container: containerId });
          await network.connect(end);
        });
      } catch (error) {
        if (attachment.address !== undefined && /address already in use/i.test(String(error))) throw new AddressTaken([attachment.address], true);
        throw error;
      }
    });
  }

  async disconnect(containerId: string, networkName: string): Promise<void> {
    await this.#ask(async (docker) => {
      try {
        await docker.getNetwork(networkName).disconnect({ Container: containerId });
      } catch (error) {
        if (statusCode(error) !== 404 && !/is not connected/i.test(String(error))) throw error;
      }
    });
  }

  async keepOff(containerId: string): Promise<void> {
    await this.#ask(async (docker) => {
      const { NetworkSettings } = await docker.getContainer(containerId).inspect();
      if (Object.keys(NetworkSettings.Networks).length === 0) await docker.getNetwork(noNetworkName).connect({ Container: containerId });
    });
  }

  async #about(docker: Docker, signal: AbortSignal): Promise<unknown> {
    this.#info = await raced(docker.info(), signal);
    return this.#info;
  }

  /** One deployment makes several containers at once: the first of them makes the network. */
  async createNetwork(network: DesiredNetwork): Promise<Subnet | undefined> {
    const { networkName } = network;
    const making = this.#making.get(networkName) ?? this.#ask((docker) => led(() => ensureNetwork(docker, network)));
    this.#making.set(networkName, making);
    return making.finally(() => this.#making.delete(networkName));
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

async function ensureNetwork(docker: Docker, network: DesiredNetwork): Promise<Subnet | undefined> {
  const there = await docker.getNetwork(network.networkName).inspect().catch(unless(404));
  if (there === undefined && (await makeNetwork(docker, network))) return network.subnet;
  const made: unknown = there ?? (await docker.getNetwork(network.networkName).inspect());
  const found = textsOf(field(made, 'Labels'));
  if (found[labels.application] === undefined) throw new Error(`there is a network ${network.networkName} already, which Clocker did not make; remove it, or give the application another name`);
  return subnetLabel(found);
}

/** False where somebody else made it meanwhile. */
async function makeNetwork(docker: Docker, { networkName, application, driver, subnet, networkId, traits = {} }: DesiredNetwork): Promise<boolean> {
  try {
    await docker.createNetwork({
      Name: networkName,
      CheckDuplicate: true,
      Driver: driver,
      ...(driver === 'overlay' && { Attachable: true }),
      ...(traits.isInternal === true && { Internal: true }),
      ...(subnet?.ipv6 !== undefined && { EnableIPv6: true }),
      ...(subnet && { IPAM: { Driver: 'default', Config: [{ Subnet: subnet.cidr, Gateway: subnet.gateway, IPRange: subnet.range }, ...(subnet.ipv6 === undefined ? [] : [{ Subnet: subnet.ipv6 }])] } }),
      Options: { ...traits.options, ...(traits.parent !== undefined && { parent: traits.parent }), ...(traits.isEncrypted === true && { encrypted: '' }) },
      Labels: { [labels.application]: application, ...(networkId !== undefined && { [labels.network]: networkId }), ...(subnet && { [labels.subnet]: canonical(subnet) }) },
    });
  } catch (error) {
    if (subnet && /pool overlaps/i.test(String(error))) throw new SubnetTaken(subnet.cidr);
    if (statusCode(error) === 409) return false;
    throw error;
  }
  if (driver === 'overlay' && subnet) await settled(docker, networkName, subnet.cidr);
  return true;
}

function driverOf(name: string): Driver {
  return name === 'overlay' || name === 'macvlan' ? name : 'bridge';
}

function traitsOf(isInternal: boolean, { parent, encrypted }: Readonly<Record<string, string>>): NetworkTraits {
  return { ...(isInternal && { isInternal }), ...(encrypted !== undefined && { isEncrypted: true }), ...(parent !== undefined && { parent }) };
}

/** A Swarm takes a block that is in use without a word, and never gives it: so it is asked until it has. */
async function settled(docker: Docker, networkName: string, cidr: string): Promise<void> {
  for (let tries = blockWithin.tries; tries > 0; tries--) {
    const network: unknown = await docker.getNetwork(networkName).inspect();
    if (list(field(field(network, 'IPAM'), 'Config')).length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, blockWithin.pauseMs));
  }
  await docker.getNetwork(networkName).remove().catch(unless(404));
  throw new SubnetTaken(cidr);
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

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(isMap(value) ? value : {}).flatMap(([name, one]) => (typeof one === 'string' ? [[name, one]] : [])));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

// Addresses while a plan is carried out. The plan says which; where an engine knows better, because somebody else was quicker,
// the next free one is taken. What a container has had before, or what its blueprint says, is never changed here.

import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { Attachment, DesiredNetwork } from '#core/cluster/network.ts';
import type { Observed, ObservedContainer } from '#core/cluster/observed.ts';
import type { Plan } from '#core/plan/plan.ts';
import { assign, nextSubnetFor, rebase } from '#core/sdn/assign.ts';
import type { Subnet } from '#core/sdn/subnet.ts';
import { Failure } from '../failure.ts';
import { AddressTaken, SubnetTaken, type SdnPort } from './sdnPort.ts';

const mostTries = 8;

interface OnHost {
  readonly sdn: SdnPort;
}

export class Addressing {
  readonly #look: () => Promise<Observed>;
  /** By network, what the plan promises, what was given since, and what was found taken. */
  readonly #shunned = new Map<string, Set<string>>();
  readonly #shunnedBlocks: string[] = [];
  /** By network: where the plan's subnet was not to be had, the one it has. */
  readonly #subnets = new Map<string, Subnet>();
  /** By host and network: those that containers have asked for. */
  readonly #made = new Map<string, Promise<void>>();

  /** `look` gives what is on the hosts now. */
  constructor({ actions }: Plan, look: () => Promise<Observed>) {
    this.#look = look;
    for (const action of actions) if ('container' in action) this.#promise(action.container);
  }

  /** Makes the network, unless it is there. */
  async make(network: DesiredNetwork, host: string, { sdn }: OnHost): Promise<void> {
    let { subnet } = network;
    for (let tries = mostTries; ; tries--) {
      try {
        const actual = await sdn.createNetwork({ ...network, ...(subnet && { subnet }) });
        if (actual && actual.cidr !== network.subnet?.cidr) this.#subnets.set(network.networkName, actual);
        return;
      } catch (error) {
        if (!(error instanceof SubnetTaken) || network.isGiven === true || tries === 0) throw error;
        this.#shunnedBlocks.push(error.cidr);
        subnet = await this.#otherSubnet(host);
      }
    }
  }

  /** The container as it is to be made: its networks are there, and its addresses are in the subnets that these really have. */
  async prepare(container: DesiredContainer, port: OnHost): Promise<DesiredContainer> {
    const { application } = container;
    for (const attachment of container.networks) await this.makeOwn(attachment, application, container.host, port);
    const networks = container.networks.map((attachment) => {
      const actual = this.#subnets.get(attachment.networkName);
      return actual === undefined ? attachment : rebase(attachment, actual);
    });
    const lost = networks.find(({ subnet, address }) => subnet !== undefined && address === undefined);
    if (lost) throw new Failure(`network ${lost.networkName} has the addresses ${lost.subnet?.cidr ?? ''} now, in which there is no place for ${container.entity}; deploy again`);
    return { ...container, networks };
  }

  /** An application's own bridge comes with whoever is first on it; nothing for other networks. */
  async makeOwn({ networkName, driver, subnet, networkId }: Attachment, application: string, host: string, port: OnHost): Promise<void> {
    if (driver === 'bridge' && networkId === undefined) await this.#ensure({ networkName, driver, application, ...(subnet && { subnet }) }, host, port);
  }

  /** Asks the engine once for all containers of the plan. */
  #ensure(network: DesiredNetwork, host: string, port: OnHost): Promise<void> {
    const key = `${host}/${network.networkName}`;
    const making = this.#made.get(key) ?? this.make(network, host, port);
    this.#made.set(key, making);
    return making;
  }

  /** The container with other addresses in place of those of `addresses` that somebody is seen to have, or of all; undefined where it is not to have others. */
  async readdress(container: DesiredContainer, addresses: readonly string[]): Promise<DesiredContainer | undefined> {
    const mayBeLost = container.networks.filter(({ address, isNewAddress }) => address !== undefined && isNewAddress === true && addresses.includes(address));
    const others = without(await this.#look(), container);
    const seen = mayBeLost.filter((attachment) => isHeld(attachment, others));
    const lost = seen.length > 0 ? seen : mayBeLost;
    if (lost.length === 0) return undefined;
    for (const { networkName, address = '' } of lost) this.#shun(networkName, address);
    const { containers, refusals } = assign([container], others, { shunned: this.#shunned });
    const [next] = containers;
    if (next === undefined || refusals.length > 0) return undefined;
    const networks = container.networks.map((attachment): Attachment => (lost.includes(attachment) ? (next.networks.find(({ networkName }) => networkName === attachment.networkName) ?? attachment) : attachment));
    const changed = { ...container, networks };
    this.#promise(changed);
    return changed;
  }

  async #otherSubnet(host: string): Promise<Subnet> {
    const observed = await this.#look();
    // What nobody is seen to have is kept off as if a host had it.
    const hosts = observed.hosts.map((host) => ({ ...host, takenBlocks: [...(host.takenBlocks ?? []), ...this.#shunnedBlocks] }));
    const subnet = nextSubnetFor({ ...observed, hosts }, host);
    if (typeof subnet === 'string') throw new Failure(subnet);
    return subnet;
  }

  #promise({ networks }: DesiredContainer): void {
    for (const { networkName, address } of networks) if (address !== undefined) this.#shun(networkName, address);
  }

  #shun(networkName: string, address: string): void {
    const known = this.#shunned.get(networkName);
    if (known) known.add(address);
    else this.#shunned.set(networkName, new Set([address]));
  }
}

/** What it was given and did not get is not its own. */
function without(observed: Observed, { application, entity }: DesiredContainer): Observed {
  const isOther = ({ owner }: ObservedContainer): boolean => owner?.application !== application || owner.entity !== entity;
  return { ...observed, hosts: observed.hosts.map((host) => ({ ...host, containers: host.containers.filter(isOther) })) };
}

function isHeld({ networkName, address }: Attachment, { hosts }: Observed): boolean {
  return hosts.some(({ containers }) => containers.some(({ owner, addresses }) => owner?.addresses?.[networkName] === address || addresses[networkName] === address));
}

/** The addresses that a failure is about. */
export function takenAddresses(error: unknown): readonly string[] {
  return takenIn(error)?.addresses ?? [];
}

/** Starts what has had its addresses before: nobody else has them, but the managers of a Swarm may be slow, and are asked once more. */
export async function startWithOwn(port: { start(containerId: string): Promise<void> }, containerId: string): Promise<void> {
  try {
    await port.start(containerId);
  } catch (error) {
    if (takenIn(error)?.isCertain !== false) throw error;
    await port.start(containerId);
  }
}

function takenIn(error: unknown): AddressTaken | undefined {
  for (let cause = error; cause instanceof Error; cause = cause.cause) if (cause instanceof AddressTaken) return cause;
  return undefined;
}

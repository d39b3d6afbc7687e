// Docker clouds that grow and shrink: made and deleted as a whole, or host by host while a plan is carried out; and the networks
// that span them.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import { withDescribed } from '#core/cloud/described.ts';
import { expectedWith } from '#core/cloud/grow.ts';
import { deletionOf } from '#core/cloud/localCloud.ts';
import { isNested, nestedEndpoint } from '#core/cloud/nestedHost.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { misfits } from '#core/placement/confirm.ts';
import { type CloudGround, type CloudProgress, type MadeCloud, makeCloud, removeHosts } from './cloudHosts.ts';
import type { Fleet } from './fleet.ts';
import type { HostGround } from './newHosts.ts';
import type { Origin, Planning } from './planning.ts';
import { joinHosts } from './sdn/joinHosts.ts';

/** An engine of a new host that has not answered by then is shown as it is. */
const answerWithinMs = 30_000;
/** A new host that is to carry something is given up after that. */
const joinsWithinMs = 120_000;

export class Growth {
  readonly #fleet: Fleet;
  readonly #planning: Planning;
  /** One after the other: two who join hosts at once would make two Swarms. */
  #spanning: Promise<void> = Promise.resolve();

  constructor(fleet: Fleet, planning: Planning) {
    this.#fleet = fleet;
    this.#planning = planning;
  }

  async createCloud(cloud: CloudConfig, progress?: CloudProgress): Promise<MadeCloud> {
    await this.#fleet.lookAgain();
    return makeCloud(cloud, this.#ground(cloud), progress);
  }

  async deleteCloud(name: string, progress?: CloudProgress): Promise<void> {
    await this.#fleet.lookAgain();
    const deletion = deletionOf(name, this.#fleet.observed);
    if (typeof deletion === 'string') throw new Error(deletion);
    const { cloud: { definition, hosts } } = deletion;
    const places = hosts.map(({ host, parent, container }) => ({ name: host, endpoint: nestedEndpoint(parent, container.containerName) }));
    await removeHosts(definition, places, this.#ground(definition), progress);
    await this.#fleet.refresh();
  }

  /** For the hosts that a plan adds and takes away. */
  hostGround({ planned, wanted }: Origin, unlock: HostGround['unlock']): HostGround {
    const seen = (): Observed => withDescribed(planned?.application.clouds ?? [], this.#fleet.observed).observed;
    return {
      cloud: (name) => seen().clouds?.find((cloud) => cloud.name === name),
      maker: (cloud) => this.#fleet.provisioner(cloud),
      join: async (host, signal) => {
        await this.#fleet.join(host);
        const state = (): ObservedHost['state'] | undefined => this.#fleet.observed.hosts.find((one) => one.host === host.name)?.state;
        await this.#fleet.until(() => state()?.kind === 'up', AbortSignal.any([signal, this.#fleet.signal, AbortSignal.timeout(joinsWithinMs)]));
        const now = state();
        signal.throwIfAborted();
        if (now?.kind !== 'up') throw new Error(now?.kind === 'down' ? `it is down: ${now.problem}` : `its engine did not answer within ${joinsWithinMs / 1000} s`);
      },
      span: (cloud, onDetail, signal) => this.#span(cloud, onDetail, signal),
      unlock,
      leave: async (name) => this.#fleet.leave(name),
      misfits: async (host) => {
        if (planned === undefined || wanted === undefined) return [];
        await this.#planning.measure(planned.application, host);
        return misfits(planned.application, expectedWith(wanted.newHosts ?? [], seen()), wanted.containers, host);
      },
      look: async (name) => {
        const found = this.#fleet.host(name);
        await found?.refresh();
        return found && { config: found.config, observed: found.current };
      },
    };
  }

  #ground({ name }: CloudConfig): CloudGround {
    return {
      observed: () => this.#fleet.observed,
      provisioner: (cloud) => this.#fleet.provisioner(cloud),
      settle: async (signal) => {
        await this.#fleet.refresh();
        const stop = AbortSignal.any([signal, this.#fleet.signal]);
        await this.#fleet.until(({ hosts }) => hosts.every(({ cloud, state }) => cloud !== name || state.kind === 'up'), AbortSignal.any([stop, AbortSignal.timeout(answerWithinMs)]));
      },
      span: (onDetail, signal) => this.#span(name, onDetail, signal),
    };
  }

  /** Lets networks span a cloud whose hosts were all made for it in containers: nobody else's machine is brought into a Swarm unasked. Throws an Error with a sentence. */
  async #span(name: string, onDetail: (detail: string) => void, signal: AbortSignal): Promise<void> {
    const join = async (): Promise<void> => {
      const hosts = this.#fleet.observed.hosts.filter(({ cloud }) => cloud === name);
      if (!this.#isSpanned(name) || hosts.length < 2 || !hosts.every(({ endpoint, state }) => isNested(endpoint) && state.kind === 'up')) return;
      const members = hosts.flatMap(({ host }) => {
        const port = this.#fleet.port(host);
        return port === undefined ? [] : [{ host, port }];
      });
      if (await joinHosts(members, { cloud: name, onDetail, signal })) await this.#fleet.refresh();
    };
    const mine = this.#spanning.then(join);
    this.#spanning = mine.catch(() => undefined);
    await mine;
  }

  /** Whether the cloud is to have networks across its hosts: unless it says otherwise, as what describes it has it. */
  #isSpanned(name: string): boolean {
    return this.#fleet.observed.clouds?.find((cloud) => cloud.name === name)?.sdn?.['sdn.enable'] !== 'false';
  }
}

// Machines that one brings oneself: one is joined to the cloud when it is needed, with Docker installed where it has none, and
// remembers that itself. Released, it keeps what it has and may be joined again.

import type { CloudConfig, HostRequest, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { labelsOf } from '#core/cloud/request.ts';
import type { HostConfig } from '#core/host/config.ts';
import { messageOf } from '../engine/failure.ts';
import type { AboutHost, Connect, HostPort, Membership } from '../engine/ports.ts';
import { answerOf } from './answer.ts';
import type { Provisioner } from './provisioner.ts';

const lookWithinMs = 15_000;
/** An engine that was just started answers within that. */
const patienceMs = 20_000;

/** Makes sure of an engine where the endpoint can be told to have one. */
export type Prepare = (host: HostConfig, onDetail: (detail: string) => void, signal: AbortSignal) => Promise<void>;

/** A machine of the pool as it is. */
type Machine =
  | { readonly kind: 'member'; readonly config: HostConfig; readonly membership: Membership; readonly about: AboutHost }
  | { readonly kind: 'free'; readonly config: HostConfig; readonly about: AboutHost }
  /** It may have no engine yet. */
  | { readonly kind: 'silent'; readonly config: HostConfig; readonly problem: string };

export class ByonProvisioner implements Provisioner {
  readonly #cloud: CloudConfig;
  readonly #config: Extract<ProvisionerConfig, { kind: 'byon' }>;
  readonly #connect: Connect;
  readonly #prepare: Prepare;

  constructor(cloud: CloudConfig, config: Extract<ProvisionerConfig, { kind: 'byon' }>, connect: Connect, prepare: Prepare) {
    this.#cloud = cloud;
    this.#config = config;
    this.#connect = connect;
    this.#prepare = prepare;
  }

  async provision(request: HostRequest, onDetail: (detail: string) => void, signal: AbortSignal): Promise<HostConfig> {
    onDetail('looking at the machines');
    const machines = await this.#machines(signal);
    const mine = machines.find((machine) => machine.kind === 'member' && machine.membership.cloud === request.cloud && machine.membership.host === request.name);
    if (mine?.kind === 'member') return named(mine.config, request.name, mine.about);
    const reasons: string[] = [];
    // Those that answer first: to install something is the longer way.
    for (const machine of machines.toSorted((a, b) => order(a) - order(b))) {
      signal.throwIfAborted();
      const { endpoint } = machine.config;
      const joined = await this.#tryToJoin(machine, request, onDetail, signal).catch((error: unknown) => {
        signal.throwIfAborted();
        return messageOf(error);
      });
      if (typeof joined !== 'string') return joined;
      reasons.push(`${endpoint} ${joined}`);
    }
    throw new Error(`none of the machines of ${request.cloud} can be joined: ${reasons.join('; ')}`);
  }

  async release({ name, endpoint, identityFile }: HostConfig): Promise<void> {
    await this.#with({ name, endpoint, ...(identityFile === undefined ? {} : { identityFile }) }, (port) => port.membership.leave());
  }

  async find(signal: AbortSignal): Promise<readonly HostConfig[]> {
    const machines = await this.#machines(signal);
    return machines.flatMap((machine) => (machine.kind === 'member' && machine.membership.cloud === this.#cloud.name ? [named(machine.config, machine.membership.host, machine.about)] : []));
  }

  /** The host, or a clause why not. */
  async #tryToJoin(machine: Machine, request: HostRequest, onDetail: (detail: string) => void, signal: AbortSignal): Promise<HostConfig | string> {
    const { config } = machine;
    if (machine.kind === 'member') return `is ${machine.membership.host} of ${machine.membership.cloud}`;
    const tell = (detail: string): void => onDetail(`${config.endpoint}: ${detail}`);
    let about = machine.kind === 'free' ? machine.about : undefined;
    if (about === undefined) {
      tell('is there a Docker Engine?');
      await this.#prepare(config, tell, signal);
      about = await answerOf(config, this.#connect, { patienceMs, onDetail: tell, signal });
    }
    const misfit = misfitOf(about, request);
    if (misfit !== undefined) return misfit;
    const wanted: Membership = { cloud: request.cloud, host: request.name };
    const { cloud, host } = await this.#with(config, (port) => port.membership.join(wanted));
    return cloud === wanted.cloud && host === wanted.host ? named(config, request.name, about) : `has just become ${host} of ${cloud}`;
  }

  #machines(signal: AbortSignal): Promise<readonly Machine[]> {
    const { endpoints, identityFile } = this.#config;
    return Promise.all(endpoints.map(async (endpoint): Promise<Machine> => {
      const config: HostConfig = { name: endpoint, endpoint, ...(identityFile !== undefined && endpoint.startsWith('ssh:') ? { identityFile } : {}) };
      try {
        return await this.#with(config, async (port) => {
          const limited = AbortSignal.any([signal, AbortSignal.timeout(lookWithinMs)]);
          const about = await port.about(limited);
          const membership = await port.membership.look(limited);
          return membership === undefined ? { kind: 'free', config, about } : { kind: 'member', config, about, membership };
        });
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'silent', config, problem: messageOf(error) };
      }
    }));
  }

  async #with<T>(config: HostConfig, work: (port: HostPort) => Promise<T>): Promise<T> {
    const port = this.#connect(config);
    try {
      return await work(port);
    } finally {
      port.close();
    }
  }
}

function order({ kind }: Machine): number {
  return ['free', 'silent', 'member'].indexOf(kind);
}

/** With the labels that its engine has. */
function named(config: HostConfig, name: string, { labels }: AboutHost): HostConfig {
  return { ...config, name, ...(Object.keys(labels).length === 0 ? {} : { labels }) };
}

/** Where a machine is, and whatever else a label says, its own engine must tell: nobody else knows. */
function misfitOf(about: AboutHost, request: HostRequest): string | undefined {
  if (about.cores < request.minCores) return `has ${about.cores} cores, and ${request.minCores} are wanted`;
  if (about.memoryBytes < request.minMemoryBytes) return `has ${mebibytes(about.memoryBytes)} MiB of memory, and ${mebibytes(request.minMemoryBytes)} are wanted`;
  const inPlace = (name: string, wanted: readonly string[]): boolean => wanted.length === 0 || wanted.includes(about.labels[name] ?? '');
  const missing = [
    ...(inPlace('region', request.regions) ? [] : [`region=${request.regions.join('|')}`]),
    ...(inPlace('zone', request.zones) ? [] : [`zone=${request.zones.join('|')}`]),
    ...Object.entries(labelsOf({ ...request, regions: [], zones: [] })).flatMap(([name, value]) => (about.labels[name] === undefined || (value !== '' && about.labels[name] !== value) ? [value === '' ? name : `${name}=${value}`] : [])),
  ];
  return missing.length === 0 ? undefined : `has not the label ${missing.join(', ')}; a machine's labels are those of its engine (dockerd --label)`;
}

function mebibytes(bytes: number): number {
  return Math.floor(bytes / 2 ** 20);
}

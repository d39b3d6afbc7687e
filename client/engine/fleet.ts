// The hosts in view: those that are configured, those that were found in containers of theirs, and those that plans have made
// since. Each is kept in view by its observer; what all of them show is one observation, told to whoever listens.

import type { CloudConfig } from '#core/cloud/cloud.ts';
import { knownClouds } from '#core/cloud/described.ts';
import type { DescribedCloud } from '#core/cloud/describedCloud.ts';
import { inContainers } from '#core/cloud/inContainers.ts';
import { type FoundHost, foundHosts, withAddresses } from '#core/cloud/nested.ts';
import { isNested, nestedEndpoint } from '#core/cloud/nestedHost.ts';
import type { CloudProblem, Observed } from '#core/cluster/observed.ts';
import { describedClouds } from '#core/record/clouds.ts';
import { canonical } from '#core/text/canonical.ts';
import type { Provisioner } from '../provision/provisioner.ts';
import { Bell } from './bell.ts';
import type { HostConfig } from '#core/host/config.ts';
import { messageOf } from './failure.ts';
import { HostObserver } from './observe.ts';
import type { Connect, HostPort } from './ports.ts';

/** Throws where the cloud has none. `port` gives the hosts there are. */
export type MakeProvisioner = (cloud: CloudConfig, port: (host: string) => HostPort | undefined) => Provisioner;

export interface FleetOptions {
  readonly connect: Connect;
  /** At least 0, less than 1: spreads the attempts to reach hosts again. */
  readonly random: () => number;
  readonly provisioner: MakeProvisioner;
}

export class Fleet {
  readonly #options: FleetOptions;
  readonly #listeners = new Set<(observed: Observed) => void>();
  readonly #stop = new AbortController();
  /** Those that are configured, then those that were found in containers of theirs. */
  #hosts: HostObserver[] = [];
  #configured: readonly HostConfig[] = [];
  /** Hosts that plans have added since, of which nothing else tells. */
  #made: readonly HostConfig[] = [];
  /** Under way: asking the provisioners of the clouds which hosts they made. */
  #finding: Promise<unknown> = Promise.resolve();
  /** Clouds whose provisioners could not say, and why. */
  #cloudProblems: readonly CloudProblem[] = [];
  /** Those that are configured. */
  #clouds: readonly CloudConfig[] = [];
  /** Of whom it was asked last which hosts they made. */
  #asked = '[]';
  /** See `steady`. */
  #steady: readonly DescribedCloud[] | undefined;
  #steadyFor = 0;
  #observed: Observed = { hosts: [] };
  #isTold = true;
  /** Endpoints of hosts that live in containers that run. */
  #running: ReadonlySet<string> = new Set();

  constructor(options: FleetOptions) {
    this.#options = options;
  }

  /** The latest observation; a new object each time something changed. */
  get observed(): Observed {
    return this.#observed;
  }

  get hosts(): readonly HostObserver[] {
    return this.#hosts;
  }

  /** Aborts when the hosts are in view no longer. */
  get signal(): AbortSignal {
    return this.#stop.signal;
  }

  onChange(listener: (observed: Observed) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  setHosts(hosts: readonly HostConfig[], clouds: readonly CloudConfig[] = []): void {
    this.#clouds = clouds;
    this.#configured = hosts;
    const left = this.#hosts.filter(({ config }) => isNested(config.endpoint) || this.#known().some((host) => isSame(host, config)));
    this.#arrange(foundHosts({ hosts: left.map(({ current }) => current) }, this.#known()));
    this.#changed();
  }

  /** Keeps a host in view that was made just now, until the hosts are configured anew. */
  async join(host: HostConfig): Promise<void> {
    // A host in a container is found by what that says of itself.
    await this.#rearrange(isNested(host.endpoint) ? this.#made : [...this.#made.filter(({ name }) => name !== host.name), host]);
  }

  async leave(name: string): Promise<void> {
    await this.#rearrange(this.#made.filter((host) => host.name !== name));
  }

  /** Resolves when every host is either up or down. */
  async settled(signal: AbortSignal = this.#stop.signal): Promise<Observed> {
    // What hosts remember of clouds may lead to further hosts.
    for (let found: unknown; found !== this.#finding;) {
      found = this.#finding;
      await found;
      await this.until((observed) => observed.hosts.every((host) => host.state.kind !== 'connecting'), signal);
    }
    return this.#observed;
  }

  async refresh(): Promise<Observed> {
    await Promise.all(this.#hosts.map((observer) => observer.refresh()));
    return this.#observed;
  }

  /** What is planned is planned from what is, not from what was a moment ago. Hosts that are down are not waited for. */
  async lookAgain(): Promise<void> {
    await this.settled();
    await Promise.all(this.#hosts.filter((observer) => observer.current.state.kind === 'up').map((observer) => observer.refresh()));
    await this.settled();
  }

  /** What hosts remember of clouds counts as it is now until `work` has ended: with the last of a deployment a plan takes away what tells of its cloud. */
  async steady<T>(work: () => Promise<T>): Promise<T> {
    this.#steady ??= describedClouds(this.#hosts.map(({ current }) => current));
    this.#steadyFor += 1;
    try {
      return await work();
    } finally {
      this.#steadyFor -= 1;
      if (this.#steadyFor === 0) this.#steady = undefined;
      this.#changed();
    }
  }

  host(name: string): HostObserver | undefined {
    return this.#hosts.find((observer) => observer.config.name === name);
  }

  port(name: string): HostPort | undefined {
    return this.host(name)?.port;
  }

  /** Throws where the cloud makes no hosts. */
  provisioner(cloud: CloudConfig): Provisioner {
    return this.#options.provisioner(cloud, (host) => this.port(host));
  }

  /** Resolves when `isSo`, or when `signal` aborts. */
  async until(isSo: (observed: Observed) => boolean, signal: AbortSignal): Promise<void> {
    const bell = new Bell();
    const forget = this.onChange(() => bell.ring());
    while (!isSo(this.#observed) && !signal.aborted) await bell.heard(signal);
    forget();
  }

  /** Resolves at the next change, after `withinMs`, or when `signal` aborts. */
  async change(signal: AbortSignal, withinMs: number): Promise<void> {
    const bell = new Bell();
    const forget = this.onChange(() => bell.ring());
    await bell.heard(signal, withinMs);
    forget();
  }

  dispose(): void {
    this.#stop.abort();
    for (const observer of this.#hosts) observer.dispose();
    this.#hosts = [];
    this.#listeners.clear();
  }

  async #rearrange(made: readonly HostConfig[]): Promise<void> {
    this.#made = made;
    this.#arrange(foundHosts(this.#observed, this.#known()));
    this.#changed();
    await this.lookAgain();
  }

  /** Observes the hosts that are configured, and these that were found. */
  #arrange(found: readonly FoundHost[]): void {
    const wanted = [...this.#known(), ...found];
    const kept = this.#hosts.filter((observer) => wanted.some((host) => isSame(host, observer.config)));
    for (const observer of this.#hosts) if (!kept.includes(observer)) observer.dispose();
    this.#hosts = wanted.map((host) => kept.find((observer) => isSame(host, observer.config)) ?? this.#observe(host));
    this.#observed = this.#current();
  }

  /** A machine that joined a cloud and is configured, too, is one host. */
  #known(): readonly HostConfig[] {
    return [...this.#configured, ...this.#made.filter((made) => !this.#configured.some(({ name, endpoint }) => name === made.name || endpoint === made.endpoint))];
  }

  /** Asks who makes hosts for clouds which there are, where the answer may be another than before. */
  #seek(): void {
    const makers = (this.#observed.clouds ?? []).filter(({ provisioner }) => provisioner !== undefined && provisioner.kind !== 'nested');
    const asked = canonical(makers.map(({ name, provisioner }) => [name, provisioner]));
    if (asked === this.#asked) return;
    this.#asked = asked;
    this.#finding = this.#find(makers);
  }

  /** Hosts in containers are found by observation; those that others made are known to who made them. */
  async #find(makers: readonly CloudConfig[]): Promise<void> {
    const asked = this.#asked;
    const found = await Promise.all(
      makers.map(async (cloud) => {
        try {
          const hosts = await this.provisioner(cloud).find(this.#stop.signal);
          return { hosts: hosts.map((host) => Object.assign({ ...host }, { cloud: cloud.name })), problems: [] };
        } catch (error) {
          return { hosts: [], problems: [{ cloud: cloud.name, problem: messageOf(error) }] };
        }
      }),
    );
    if (this.#stop.signal.aborted || this.#asked !== asked) return;
    this.#cloudProblems = found.flatMap(({ problems }) => problems);
    this.#made = found.flatMap(({ hosts }) => hosts);
    this.#arrange(foundHosts(this.#observed, this.#known()));
    this.#changed();
  }

  #observe(host: HostConfig): HostObserver {
    return new HostObserver(host, this.#options.connect(host), { onChange: () => this.#changed(), random: this.#options.random });
  }

  /** Several changes in one turn are told once. */
  #changed(): void {
    this.#observed = this.#current();
    const found = foundHosts(this.#observed, this.#known());
    if (canonical(found) !== canonical(this.#hosts.slice(this.#known().length).map(({ config }) => config))) this.#arrange(found);
    this.#seek();
    this.#wakeStarted();
    if (!this.#isTold) return;
    this.#isTold = false;
    queueMicrotask(() => {
      this.#isTold = true;
      for (const listener of this.#listeners) listener(this.#observed);
    });
  }

  #current(): Observed {
    const hosts = this.#hosts.map(({ current }) => {
      const cloud = current.cloud ?? this.#made.find(({ endpoint }) => endpoint === current.endpoint)?.cloud;
      return cloud === current.cloud || cloud === undefined ? current : { ...current, cloud };
    });
    const observed = knownClouds(withAddresses(hosts), this.#clouds, this.#steady ?? describedClouds(hosts));
    const cloudProblems = [...(observed.cloudProblems ?? []), ...this.#cloudProblems];
    return cloudProblems.length === 0 ? observed : { ...observed, cloudProblems };
  }

  /** A host whose container was started is not to wait for the next attempt. */
  #wakeStarted(): void {
    const running = new Set(this.#observed.hosts.flatMap((host) => inContainers(host).flatMap(({ container: { state, containerName } }) => (state === 'running' ? [nestedEndpoint(host.host, containerName)] : []))));
    const started = this.#hosts.filter(({ config, current }) => running.has(config.endpoint) && !this.#running.has(config.endpoint) && current.state.kind === 'down');
    this.#running = running;
    for (const observer of started) void observer.refresh();
  }
}

function isSame(a: HostConfig, b: HostConfig): boolean {
  return canonical(a) === canonical(b);
}

// Keeps one host in view: a full listing, then the engine's event stream, after a break the same again from where it broke
// off. Nothing is polled, and no host waits for another. While a host is down its containers stay as last seen: a dead engine
// does not mean dead containers.

import type { FoundHost } from '#core/cloud/nested.ts';
import type { HostNeed, HostState, ObservedContainer, ObservedHost, ObservedNetwork } from '#core/cluster/observed.ts';
import type { SwarmMembership } from '#core/sdn/swarm.ts';
import { canonical } from '#core/text/canonical.ts';
import { Bell } from './bell.ts';
import type { HostConfig } from '#core/host/config.ts';
import { messageOf } from './failure.ts';
import { answerWithinMs, listWithinMs, within } from './patience.ts';
import { Need, type HostEvent, type HostPort } from './ports.ts';
import { inTurn } from './turns.ts';

const recordsWithinMs = 3000;
/** So many containers at most are asked for one by one; beyond that all are. */
const mostIds = 100;
const backoffMs = { first: 250, most: 30_000 };
/** The engine tells that a container ended before its own list shows it, under load long before: what an event touched is looked at again so much later. */
const echoesMs = [1000, 5000];
/** Second looks that are due within such a time are one. */
const echoesTogetherMs = 500;

export interface ObserverOptions {
  readonly onChange: () => void;
  /** At least 0, less than 1. */
  readonly random: () => number;
}

/** What is known beside the containers. */
interface Surroundings {
  readonly networks?: readonly ObservedNetwork[] | undefined;
  readonly takenBlocks?: readonly string[] | undefined;
  readonly swarm?: SwarmMembership | undefined;
}

export class HostObserver {
  readonly config: HostConfig | FoundHost;
  readonly port: HostPort;
  readonly #options: ObserverOptions;
  readonly #stop = new AbortController();
  readonly #bell = new Bell();
  /** Somebody waits. */
  readonly #urgent = new Bell();
  #current: ObservedHost;
  #changed = new Set<string>();
  #mustListAll = true;
  #mustListRecords = true;
  #isUp = false;
  #lastEventMs: number | undefined;
  #waiting: (() => void)[] = [];
  /** The next second look at each container that an event touched. */
  readonly #echoes = new Map<string, NodeJS.Timeout>();

  constructor(config: HostConfig | FoundHost, port: HostPort, options: ObserverOptions) {
    this.config = config;
    this.port = port;
    this.#options = options;
    const { name: host, endpoint, labels, readOnly, maxContainers, cloud } = config;
    this.#current = {
      host,
      endpoint,
      ...(labels === undefined ? {} : { labels }),
      ...(cloud === undefined ? {} : { cloud }),
      ...(maxContainers === undefined ? {} : { capacity: { maxContainers } }),
      ...(config.cloud === undefined ? {} : { cloud: config.cloud }),
      ...('capacity' in config ? { capacity: config.capacity } : {}),
      ...(readOnly === true ? { isReadOnly: true } : {}),
      state: { kind: 'connecting' },
      containers: [],
    };
    void this.#run();
  }

  get current(): ObservedHost {
    return this.#current;
  }

  /** Resolves after the host, or one container of it, has been looked at again, or could not be reached. */
  async refresh(containerId?: string): Promise<void> {
    if (this.#stop.signal.aborted) return;
    await new Promise<void>((resolve) => {
      this.#waiting.push(resolve);
      if (containerId === undefined) this.#mustListAll = true;
      else this.#changed.add(containerId);
      this.#urgent.ring();
      this.#bell.ring();
    });
  }

  /** What was measured of it, or that nobody could say. */
  measured(cpuUsage: number | undefined): void {
    const { cpuUsage: before, ...rest } = this.#current;
    if (before === cpuUsage) return;
    this.#current = cpuUsage === undefined ? rest : { ...rest, cpuUsage };
    this.#options.onChange();
  }

  dispose(): void {
    this.#stop.abort();
    for (const timer of this.#echoes.values()) clearTimeout(timer);
    this.#release(this.#takeWaiting());
    this.port.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#stop;
    for (let failures = 0; !signal.aborted; failures++) {
      const session = new AbortController();
      const problem = await this.#session(AbortSignal.any([signal, session.signal])).catch((error: unknown) => error);
      session.abort();
      if (signal.aborted) return;
      if (this.#isUp) failures = 0;
      this.#isUp = false;
      const need = needOf(problem);
      this.#show({ kind: 'down', problem: messageOf(problem), ...(need === undefined ? {} : { need }) }, this.#current.containers);
      this.#release(this.#takeWaiting());
      const pauseMs = Math.min(backoffMs.most, backoffMs.first * 2 ** Math.min(failures, 10));
      await this.#bell.heard(signal, pauseMs * (0.5 + this.#options.random() / 2));
    }
  }

  /** Ends only with what broke the connection, thrown or given back. */
  async #session(signal: AbortSignal): Promise<Error> {
    const about = await within(answerWithinMs, (limited) => this.port.about(limited), 'it did not answer within 10 seconds', signal);
    const onEvent = (event: HostEvent): void => {
      this.#lastEventMs = Math.max(this.#lastEventMs ?? 0, event.atMs);
      if (event.kind === 'record') this.#mustListRecords = true;
      else {
        this.#changed.add(event.containerId);
        this.#echo(event.containerId, echoesMs);
      }
      this.#bell.ring();
    };
    const since = this.#lastEventMs ?? about.clockMs;
    const events = await within(answerWithinMs, () => this.port.subscribe(since, onEvent, signal), 'it sent no events within 10 seconds', signal);
    const end = new AbortController();
    const broken = events.ended.then((error) => {
      end.abort();
      this.#bell.ring();
      return error;
    });
    const { clockMs: _, labels: __, warnings, hostname, platform, ...known } = about;
    this.#current = { ...this.#current, hostname, platform };
    const engine = { ...known, ...(warnings.length === 0 ? {} : { warnings }) };
    this.#mustListAll = true;
    while (!end.signal.aborted && !signal.aborted) {
      const beganMs = performance.now();
      await this.#look({ kind: 'up', ...engine }, signal);
      this.#isUp = true;
      const tookMs = performance.now() - beganMs;
      await this.#bell.heard(signal);
      // Events come in swarms: what a swarm touches is asked for once.
      await this.#urgent.heard(signal, Math.min(500, Math.max(20, tookMs)));
    }
    return broken;
  }

  #echo(containerId: string, [afterMs, ...later]: readonly number[]): void {
    clearTimeout(this.#echoes.get(containerId));
    this.#echoes.delete(containerId);
    if (afterMs === undefined || this.#stop.signal.aborted) return;
    const timer = setTimeout(() => {
      this.#changed.add(containerId);
      this.#bell.ring();
      this.#echo(containerId, later);
    }, afterMs + echoesTogetherMs - (performance.now() + afterMs) % echoesTogetherMs);
    // A program that has nothing else to do need not stay for it.
    timer.unref();
    this.#echoes.set(containerId, timer);
  }

  async #look(state: HostState, signal: AbortSignal): Promise<void> {
    const waiting = this.#takeWaiting();
    const ids = this.#mustListAll || this.#changed.size > mostIds ? undefined : [...this.#changed];
    const mustListRecords = this.#mustListRecords || ids === undefined;
    this.#mustListAll = false;
    this.#mustListRecords = false;
    this.#changed = new Set();
    try {
      const lookedAtRecords = mustListRecords ? this.#lookAtRecords(signal) : undefined;
      // The docker cloud that a host belongs to may be known from records alone: what is seen first is seen with them.
      if (ids === undefined || ids.length > 0) await this.#lookAtContainers(state, ids, signal, this.#isUp ? undefined : lookedAtRecords);
      await lookedAtRecords;
    } finally {
      this.#release(waiting);
    }
  }

  async #lookAtContainers(state: HostState, ids: readonly string[] | undefined, signal: AbortSignal, before?: Promise<void>): Promise<void> {
    const list = async (limited: AbortSignal) => (ids === undefined ? inTurn(() => this.port.list(ids, limited)) : this.port.list(ids, limited));
    const listing = within(listWithinMs, list, 'it did not list its containers within a minute', signal);
    if (ids !== undefined) {
      const listed = await listing;
      return this.#show(state, [...this.#current.containers.filter((container) => !ids.includes(container.containerId)), ...listed]);
    }
    const [listed, swarm, networks] = await Promise.all([
      listing,
      within(listWithinMs, (limited) => this.port.sdn.swarm(limited), 'it did not say within a minute whether it is in a Swarm', signal),
      within(listWithinMs, (limited) => this.port.sdn.networks(limited), 'it did not list its networks within a minute', signal),
    ]);
    await before;
    this.#show(state, listed, { networks: networks.ours, takenBlocks: networks.takenBlocks, swarm });
  }

  /** What is remembered of deployments is worth no wait and no fault: what is not told now is told by the next listing. */
  async #lookAtRecords(signal: AbortSignal): Promise<void> {
    const records = await within(recordsWithinMs, (limited) => this.port.records.list(limited), 'it did not list its volumes', signal).catch(() => undefined);
    if (records === undefined || canonical(records) === canonical(this.#current.records ?? [])) return;
    this.#current = { ...this.#current, records };
    this.#options.onChange();
  }

  #show(state: HostState, containers: readonly ObservedContainer[], { networks = [], takenBlocks = [], swarm }: Surroundings = this.#current): void {
    const inOrder = containers.toSorted((a, b) => a.createdAtMs - b.createdAtMs || (a.containerName < b.containerName ? -1 : 1));
    const { swarm: _, ...current } = this.#current;
    const next = { ...current, state, containers: inOrder, networks, takenBlocks, ...(swarm && { swarm }) };
    if (isSame(next, this.#current)) return;
    this.#current = next;
    this.#options.onChange();
  }

  #takeWaiting(): (() => void)[] {
    const waiting = this.#waiting;
    this.#waiting = [];
    return waiting;
  }

  #release(waiting: readonly (() => void)[]): void {
    for (const resolve of waiting) resolve();
  }
}

function needOf(problem: unknown): HostNeed | undefined {
  return problem instanceof Need ? problem.need : problem instanceof Error && problem.cause !== undefined ? needOf(problem.cause) : undefined;
}

/** What a container's owner is does not change during its life, and is too long to be compared each time. */
function isSame(a: ObservedHost, b: ObservedHost): boolean {
  const around = ({ state, networks, takenBlocks, swarm }: ObservedHost): string => JSON.stringify([state, networks, takenBlocks, swarm]);
  const brief = ({ owner, ...container }: ObservedContainer): string => JSON.stringify([owner?.specHash, container]);
  const isSameThere = (container: ObservedContainer, index: number): boolean => {
    const other = b.containers[index];
    return other === container || (other !== undefined && brief(other) === brief(container));
  };
  return a.containers.length === b.containers.length && around(a) === around(b) && a.containers.every(isSameThere);
}

// Reads sensors that only commands and servers tell: commands in the entity's container, web addresses from this machine or
// else from inside. What was read is kept with its time; what an answer is worth is decided in core.

import type { LiveWorld } from '#core/blueprint/application.ts';
import { isAside } from '#core/cluster/aside.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import type { Value } from '#core/coerce/value.ts';
import { runOf, type Run } from '#core/effectors/script.ts';
import { sightsOf } from '#core/sdn/sight.ts';
import { readAnswer, readOutput, type CommandFeed, type Feed, type FeedReading, type HttpFeed } from '#core/sensors/feeds.ts';
import pLimit from 'p-limit';
import { exchange, type ExchangeWorld } from './exchange.ts';
import { messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';

const atATime = 8;
const answerWithinMs = 30_000;
/** More is no sensor. */
const mostCharacters = 1_000_000;
/** Feeds that need the value of another are read after it; so often at most. */
const mostRounds = 5;

/** Where an application's entities run. */
export interface Site {
  readonly observed: () => Observed;
  readonly port: (host: string) => HostPort | undefined;
}

interface Read {
  readonly atMs: number;
  readonly reading: FeedReading;
  /** The container that ran then: what was read of it says nothing of another one. */
  readonly containerId: string | undefined;
}

/** What was read of one application. */
export class Readings {
  readonly #site: Site;
  readonly #application: string;
  readonly #read = new Map<string, Read>();
  readonly #limit = pLimit(atATime);

  constructor(application: string, site: Site) {
    this.#application = application;
    this.#site = site;
  }

  /** Undefined for what was not read, or could not be. */
  readonly value = (entity: string, sensor: string): Value | undefined => {
    const { reading, containerId } = this.#read.get(`${entity} ${sensor}`) ?? {};
    return reading?.ok === true && containerId === this.#running(entity) ? reading.value : undefined;
  };

  /** Why a sensor could not be read, the last time. */
  problem(entity: string, sensor: string): string | undefined {
    const reading = this.#read.get(`${entity} ${sensor}`)?.reading;
    return reading?.ok === false ? reading.problem : undefined;
  }

  /** The entities as they are seen, in whatever state. */
  get world(): LiveWorld {
    return { networks: sightsOf(this.#site.observed()), container: (entity) => newestContainer(this.#site.observed(), this.#application, entity), read: this.value };
  }

  /** Reads what is older than `maxAgeMs` of what `wants`, those included that can be read only once others are. */
  async refresh(feeds: ((world: LiveWorld) => readonly Feed[]) | undefined, { maxAgeMs = 0, wants = () => true, signal }: { readonly maxAgeMs?: number; readonly wants?: (feed: Feed) => boolean; readonly signal: AbortSignal }): Promise<void> {
    if (feeds === undefined) return;
    const beganMs = performance.now();
    for (let round = 0; round < mostRounds && !signal.aborted; round++) {
      const due = feeds(this.world).filter((feed) => wants(feed) && (this.#read.get(`${feed.entity} ${feed.sensor}`)?.atMs ?? -Infinity) < beganMs - maxAgeMs);
      if (due.length === 0) return;
      await Promise.all(due.map((feed) => this.#limit(() => this.#take(feed, signal))));
    }
  }

  async #take(feed: Feed, signal: AbortSignal): Promise<void> {
    const [atMs, containerId] = [performance.now(), this.#running(feed.entity)];
    const limited = AbortSignal.any([signal, AbortSignal.timeout(answerWithinMs)]);
    const reading = await (feed.kind === 'command' ? this.#ofCommand(feed, limited) : this.#ofServer(feed, limited)).catch((error: unknown): FeedReading => ({ ok: false, problem: messageOf(error) }));
    if (!signal.aborted) this.#read.set(`${feed.entity} ${feed.sensor}`, { atMs, reading, containerId });
  }

  async #ofCommand(feed: CommandFeed, signal: AbortSignal): Promise<FeedReading> {
    const { code, output } = await runInside(this.#site, this.#application, feed.entity, runOf(feed.command, feed.directory, feed.env), signal);
    return readOutput(feed, code, output);
  }

  async #ofServer(feed: HttpFeed, signal: AbortSignal): Promise<FeedReading> {
    const answer = await exchange(feed, exchangeWorld(this.#site, this.#application), signal);
    return 'problem' in answer ? { ok: false, problem: answer.problem } : readAnswer(feed, answer.status, answer.body);
  }

  #running(entity: string): string | undefined {
    return placeOf(this.#site.observed(), this.#application, entity)?.container.containerId;
  }
}

/** What it takes to ask web addresses of an application. */
export function exchangeWorld(site: Site, application: string): ExchangeWorld {
  const reachable = site.observed().hosts.flatMap((host) =>
    host.containers.flatMap((container) => (container.owner?.application === application && container.state === 'running' && host.state.kind === 'up' ? [{ entity: container.owner.entity, container, host }] : [])),
  );
  return { reachable, inside: (entity, run, signal) => runInside(site, application, entity, run, signal), firstWayMs: answerWithinMs / 6 };
}

async function runInside(site: Site, application: string, entity: string, { command, env }: Run, signal: AbortSignal): Promise<{ readonly code: number; readonly output: string }> {
  const place = placeOf(site.observed(), application, entity);
  const port = place && site.port(place.host.host);
  if (!place || port === undefined) throw new Error(`${entity} does not run`);
  if (place.host.isReadOnly === true) throw new Error(`host ${place.host.host} is read-only, so nothing is run there`);
  let output = '';
  const onLine = (line: string, stream: 'stdout' | 'stderr'): void => {
    if (stream === 'stdout' && output.length < mostCharacters) output += output === '' ? line : `\n${line}`;
  };
  const code = await port.exec(place.container.containerId, command, onLine, signal, env);
  return { code, output };
}

/** The container of an entity that counts: the running one, else the newest. */
export function newestContainer(observed: Observed, application: string, entity: string): ObservedContainer | undefined {
  const found = observed.hosts.flatMap(({ containers }) => containers.filter(({ owner, containerName }) => owner?.application === application && owner.entity === entity && !isAside(containerName)));
  return found.toSorted((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || b.createdAtMs - a.createdAtMs)[0];
}

/** Where an entity runs; undefined where it does not, or its host cannot be reached. */
export function placeOf(observed: Observed, application: string, entity: string): { readonly host: ObservedHost; readonly container: ObservedContainer } | undefined {
  return observed.hosts.flatMap((host) =>
    host.state.kind === 'up' ? host.containers.flatMap((container) => (container.owner?.application === application && container.owner.entity === entity && container.state === 'running' ? [{ host, container }] : [])) : [],
  )[0];
}

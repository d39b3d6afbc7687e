// A Docker Engine behind the engine's port. The library is loaded at the first call: loading it takes a good part of a second,
// which nobody who only writes blueprints should pay. Its own stream helpers are not used: they swallow errors told in-band.

import { type Duplex, Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type Docker from 'dockerode';
import type { ContainerInfo } from 'dockerode';
import { doneFile, stoppedFile } from '#core/lifecycle/scripts.ts';
import type { ObservedContainer, Ownership } from '#core/cluster/observed.ts';
import pLimit from 'p-limit';
import type { HostConfig, LogLine } from '../engine/cloud.ts';
import { noCredentials, type Credentials, type EventStream, type FileToPut, type HostEvent, type HostPort } from '../engine/ports.ts';
import { field } from './field.ts';
import { DockerBuilder } from './builder.ts';
import { DockerCaught, isCatching } from './caught.ts';
import { DockerInsider, isInsider } from './insider/insider.ts';
import { isInsiderImage } from './insider/image.ts';
import { raced, unless } from './calls.ts';
import { AddressTaken, SubnetTaken } from '../engine/sdn/sdnPort.ts';
import { createOptions, observedContainer } from './convert.ts';
import { DockerSdn } from './dockerSdn.ts';
import { isLock } from './locks.ts';
import { hasLifecycle, isOurs, labels, ownership, type InspectedConfig } from './labels.ts';
import { VolumeMembership } from './membership.ts';
import { dialNested } from './nested/dial.ts';
import { NestedEngines } from './nested/nestedHosts.ts';
import { type Parent, Parents } from './nested/parents.ts';
import { problemOf, statusCode } from './problems.ts';
import { accessTo } from './registryAccess.ts';
import { recordPort } from './recordPort.ts';
import { isReadingRoutes } from './routes.ts';
import { isRecordName } from './records.ts';
import { renamed } from './rename.ts';
import { DockerShipping } from './shipping.ts';
import { cpuUsageOf } from './stats.ts';
import { drain, jsonObject, LineSplitter, LogSplitter } from './streams.ts';
import { openTransport, type Transport } from './transport/transport.ts';

const watched = {
  type: ['container' as const, 'network' as const, 'volume' as const, 'config' as const],
  event: ['create', 'start', 'die', 'destroy', 'rename', 'pause', 'unpause', 'health_status', 'connect', 'disconnect', 'exec_die', 'remove'],
};
const inspectedAtATime = 8;
/** How long a network may be in use by what was removed. */
const emptyWithin = { tries: 40, pauseMs: 250 };

/** Hosts that live in containers reach their parents among `parents`; hosts that shall know each other get the same. */
export function connectDocker(config: HostConfig, credentials: Credentials = noCredentials, parents = new Parents()): HostPort {
  return new DockerHost(config, credentials, parents);
}

class DockerHost implements HostPort, Parent {
  readonly sdn: HostPort['sdn'];
  readonly records: HostPort['records'];
  readonly membership: HostPort['membership'] = new VolumeMembership((work) => this.#ask(work));
  readonly builder: HostPort['builder'] = new DockerBuilder((work) => this.#ask(work), {
    loginOf: async (registry) => (await accessTo(registry, this.#credentials)).login,
    pull: (image, onDetail, signal) => this.shipping.pull(image, { onDetail, signal }),
  });
  readonly caught: HostPort['caught'] = new DockerCaught((work) => this.#ask(work));
  readonly shipping: HostPort['shipping'];
  readonly insider: HostPort['insider'] = new DockerInsider((work) => this.#ask(work));
  readonly nested: HostPort['nested'] = new NestedEngines((work) => this.#ask(work));
  readonly #config: HostConfig;
  readonly #credentials: Credentials;
  readonly #parents: Parents;
  #transport: Promise<Transport> | undefined;
  #docker: Promise<Docker> | undefined;
  /** By container id, for those of ours: a container's labels and configuration never change. */
  readonly #finished = new Set<string>();
  readonly #owners = new Map<string, { readonly owner: Ownership | undefined; readonly isInspected: boolean }>();
  readonly #attended = new Set<string>();

  constructor(config: HostConfig, credentials: Credentials, parents: Parents) {
    this.#config = config;
    this.sdn = new DockerSdn((work) => this.#ask(work), /^(?:unix:|\/)/.test(config.endpoint));
    this.#credentials = credentials;
    this.records = recordPort(config.name, (work) => this.#ask(work));
    this.shipping = new DockerShipping({ endpoint: config.endpoint, credentials, connection: () => this.#connection(), ask: (work) => this.#ask(work) });
    this.#parents = parents;
    parents.add(config.name, this);
  }

  async about(signal: AbortSignal): ReturnType<HostPort['about']> {
    return this.#ask(async (docker) => {
      const info: unknown = await raced(docker.info(), signal);
      return {
        engineVersion: String(field(info, 'ServerVersion')),
        hostname: String(field(info, 'Name')),
        platform: platformOf(String(field(info, 'OSType')), String(field(info, 'Architecture'))),
        cores: Number(field(info, 'NCPU')),
        memoryBytes: Number(field(info, 'MemTotal')),
        labels: labelsIn(field(info, 'Labels')),
        clockMs: Date.parse(String(field(info, 'SystemTime'))) || Date.now(),
        warnings: (await this.#transport)?.warnings() ?? [],
      };
    });
  }

  attend(application: string): void {
    this.#attended.add(application);
  }

  async list(containerIds: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ObservedContainer[]> {
    return this.#ask(async (docker) => {
      const filters = containerIds === undefined ? {} : { filters: { id: [...containerIds] } };
      const infos = (await docker.listContainers({ all: true, ...filters, abortSignal: signal })).filter(({ Labels }) => !isLock(Labels) && !isCatching(Labels) && !isReadingRoutes(Labels) && !isInsider(Labels));
      const limit = pLimit(inspectedAtATime);
      const observed = await Promise.all(infos.map((info) => limit(() => this.#observe(docker, info))));
      if (containerIds === undefined) this.#forgetAllBut(infos);
      return observed.filter((container) => container !== undefined);
    });
  }

  async subscribe(sinceMs: number, onEvent: (event: HostEvent) => void, signal: AbortSignal): Promise<EventStream> {
    return this.#ask(async (docker) => {
      const stream = await docker.getEvents({ since: Math.floor(sinceMs / 1000), filters: watched, abortSignal: signal });
      const lines = new LineSplitter((line) => {
        const event = eventOf(line);
        if (event !== undefined) onEvent(event);
      });
      const ended = drain(stream, (bytes) => lines.write(bytes)).then((error) => new Error(problemOf(error ?? { code: 'ECONNRESET' }, this.#config.endpoint), { cause: error }));
      return { ended };
    });
  }

  async cpuUsage(signal: AbortSignal): Promise<number> {
    return this.#ask((docker) => cpuUsageOf(docker, signal));
  }

  async hasImage(image: string, signal: AbortSignal): Promise<boolean> {
    return (await this.imageId(image, signal)) !== undefined;
  }

  async imageId(image: string, signal: AbortSignal): Promise<string | undefined> {
    return this.#ask(async (docker) => (await raced(docker.getImage(image).inspect().catch(unless(404)), signal))?.Id);
  }

  async images(signal: AbortSignal): Promise<readonly string[]> {
    return this.#ask(async (docker) => {
      const found = await raced(docker.listImages(), signal);
      // An engine may say null where an image has no name.
      return found.flatMap(({ RepoTags }) => (Array.isArray(RepoTags) ? RepoTags : [])).filter((tag) => !tag.includes('<none>') && !isInsiderImage(tag));
    });
  }

  async create(container: Parameters<HostPort['create']>[0], image?: string): Promise<string> {
    try {
      return await this.#ask(async (docker) => {
        const made = await docker.createContainer(createOptions(container, image));
        try {
          for (const attachment of container.networks.slice(1)) await this.sdn.connect(made.id, attachment);
        } catch (error) {
          await made.remove({ v: true, force: true });
          throw error;
        }
        return made.id;
      });
    } catch (error) {
      if (error instanceof Error && statusCode(error.cause) === 404 && /image/i.test(error.message)) {
        throw new Error(`image ${image ?? container.spec.image} is not on the host`, { cause: error });
      }
      throw error;
    }
  }

  async start(containerId: string): Promise<void> {
    await this.#ask(async (docker) => {
      const container = docker.getContainer(containerId);
      const begun = await container.start().catch((error: unknown) => (statusCode(error) === 304 ? 'runs' : statusCode(error) === 409 && /paused/i.test(String(error)) ? 'paused' : addressProblem(error, container)));
      if (begun === 'paused') await container.unpause();
      // An engine whose disk was full lists it as it was before it ran, until it writes down something of it again.
      if (begun === 'runs') await container.update({ CpuShares: 0 });
    });
  }

  async stop(containerId: string): Promise<void> {
    await this.#ask((docker) => docker.getContainer(containerId).stop().catch(unless(304, 404)));
  }

  async rename(containerId: string, containerName: string): Promise<void> {
    await this.#ask((docker) => renamed(docker, containerId, containerName));
  }

  async remove(containerId: string): Promise<void> {
    // 409: somebody else is removing it already.
    await this.#ask((docker) => docker.getContainer(containerId).remove({ v: true, force: true }).catch(unless(404, 409)));
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#ask((docker) => removedNetwork(docker.getNetwork(name)));
  }

  async put(containerId: string, files: readonly FileToPut[]): Promise<void> {
    await this.#ask(async (docker) => {
      const { pack } = await import('tar-stream');
      const archive = pack();
      for (const { path, content } of files) archive.entry({ name: path.replace(/^\/+/, ''), mode: 0o755 }, 'text' in content ? Buffer.from(content.text) : Buffer.from(content.base64, 'base64'));
      archive.finalize();
      await docker.getContainer(containerId).putArchive(await buffer(archive), { path: '/' });
    });
  }

  async read(containerId: string, path: string): Promise<string | undefined> {
    return this.#ask(async (docker) => {
      const archive = await docker.getContainer(containerId).getArchive({ path }).catch(unless(404));
      if (archive === undefined) return undefined;
      const { extract } = await import('tar-stream');
      const entries = extract();
      let text: string | undefined;
      entries.on('entry', (_, content, next) => {
        void buffer(content).then((bytes) => {
          text ??= bytes.toString();
          next();
        }, next);
      });
      await pipeline(archive, entries);
      return text;
    });
  }

  async exec(containerId: string, command: readonly string[], onLine: Parameters<HostPort['exec']>[2], signal: AbortSignal, env: Readonly<Record<string, string>> = {}): Promise<number> {
    return this.#ask(async (docker) => {
      const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
      const exec = await docker.getContainer(containerId).exec({ Cmd: [...command], ...(variables.length > 0 && { Env: variables }), AttachStdout: true, AttachStderr: true, abortSignal: signal });
      const stream = await exec.start({ hijack: true, stdin: false, abortSignal: signal });
      const stop = (): void => void stream.destroy();
      signal.addEventListener('abort', stop, { once: true });
      const lines = new LogSplitter(false, ({ text, stream: of }) => onLine(text, of));
      const broken = await drain(stream, (bytes) => lines.write(bytes));
      signal.removeEventListener('abort', stop);
      // The engine leaves its side open.
      stop();
      lines.end();
      const { Running, ExitCode } = await exec.inspect();
      if (Running || ExitCode === null) throw broken ?? new Error('the connection to the Docker Engine was closed while a command ran');
      return ExitCode;
    });
  }

  async logs(containerId: string, { tail, follow, signal }: Parameters<HostPort['logs']>[1], sink: (line: LogLine) => void): Promise<void> {
    await this.#ask(async (docker) => {
      const container = docker.getContainer(containerId);
      const { Config } = await container.inspect();
      const lines = new LogSplitter(Config.Tty, sink);
      if (follow) {
        const stream = await container.logs({ stdout: true, stderr: true, tail, follow: true, abortSignal: signal });
        const broken = await drain(stream, (bytes) => lines.write(bytes));
        lines.end();
        if (broken !== undefined && !signal.aborted) throw broken;
      } else {
        lines.write(await raced(container.logs({ stdout: true, stderr: true, tail, follow: false }), signal));
        lines.end();
      }
    });
  }

  dial(containerName: string): Promise<Duplex> {
    return this.#ask((docker) => dialNested(docker, containerName, this.#config.name));
  }

  close(): void {
    this.#parents.remove(this.#config.name, this);
    void this.#transport?.then((transport) => transport.close(), () => undefined);
  }

  async #observe(docker: Docker, info: ContainerInfo): Promise<ObservedContainer | undefined> {
    const owner = await this.#ownerOf(docker, info);
    if (owner === 'gone') return undefined;
    const seen = observedContainer(this.#config.name, info, owner);
    const hasEnded = owner !== undefined && seen.state === 'exited';
    const observed = hasEnded && (await this.read(info.Id, stoppedFile)) === 'stopped' ? { ...seen, isStopped: true } : seen;
    return (await this.#isFinished(docker, info)) ? observed : { ...observed, isUnfinished: true };
  }

  async #ownerOf(docker: Docker, info: ContainerInfo): Promise<Ownership | undefined | 'gone'> {
    if (!isOurs(info.Labels)) return undefined;
    const isInspected = this.#attended.has(info.Labels[labels.application] ?? '');
    const known = this.#owners.get(info.Id);
    if (known !== undefined && (known.isInspected || !isInspected)) return known.owner;
    try {
      const owner = ownership(info.Labels, isInspected ? await inspect(docker, info.Id) : undefined);
      this.#owners.set(info.Id, { owner, isInspected });
      return owner;
    } catch (error) {
      if (statusCode(error) === 404) return 'gone';
      throw error;
    }
  }

  /** Once its commands were all carried out, they were for the container's whole life. */
  async #isFinished(docker: Docker, { Id, Labels }: ContainerInfo): Promise<boolean> {
    if (this.#finished.has(Id) || !isOurs(Labels) || !hasLifecycle(Labels)) return true;
    try {
      const answer: unknown = await docker.getContainer(Id).infoArchive({ path: doneFile });
      // It is a stream without anything in it; unread it would keep its connection open.
      if (answer instanceof Readable) answer.resume();
    } catch (error) {
      if (statusCode(error) === 404) return false;
      throw error;
    }
    this.#finished.add(Id);
    return true;
  }

  #forgetAllBut(infos: readonly ContainerInfo[]): void {
    const there = new Set(infos.map((info) => info.Id));
    for (const id of this.#finished) if (!there.has(id)) this.#finished.delete(id);
    for (const id of this.#owners.keys()) if (!there.has(id)) this.#owners.delete(id);
  }

  /** Whatever goes wrong becomes an Error with a sentence. */
  async #ask<T>(work: (docker: Docker) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#connection());
    } catch (error) {
      if (error instanceof AddressTaken || error instanceof SubnetTaken) throw error;
      throw new Error(problemOf(error, this.#config.endpoint), { cause: error });
    }
  }

  #connection(): Promise<Docker> {
    this.#transport ??= openTransport(this.#config, this.#credentials, this.#parents);
    this.#docker ??= this.#transport.then(connect);
    return this.#docker;
  }
}

/** What is on a network, by the container's id and name; an end without a container has an id of its own. */
async function endsOf(network: Docker.Network): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const ends = field(await network.inspect(), 'Containers');
  return Object.entries(typeof ends === 'object' && ends !== null ? ends : {}).flatMap(([id, end]: [string, unknown]) => {
    const name = field(end, 'Name');
    return typeof name === 'string' ? [{ id, name }] : [];
  });
}

/** An engine that was interrupted may keep ends of a network whose containers are gone: nothing but force takes them away. */
async function dropLeftovers(network: Docker.Network): Promise<void> {
  for (const { id, name } of await endsOf(network)) if (id.startsWith('ep-')) await network.disconnect({ Container: name, Force: true }).catch(unless(404));
}

/** An engine that was cut off while it changed a network may count ends for ever that are not there; only its restart counts anew. */
async function stillOn(network: Docker.Network): Promise<string> {
  const names = (await endsOf(network)).map(({ name }) => name);
  return names.length > 0 ? `${names.join(', ')} ${names.length === 1 ? 'is' : 'are'} still on it; take that off first` : 'the Docker Engine counts containers on it that are not there any more; restart Docker on the host, then do this again';
}

/** A container that was just removed may still be on it for a moment, for other hosts hear of it later. */
async function removedNetwork(network: Docker.Network): Promise<void> {
  for (let tries = emptyWithin.tries; ; tries--) {
    try {
      await network.remove().catch(unless(404));
      // The managers of a Swarm list it a moment longer, and with it addresses that are free.
      for (let looks = emptyWithin.tries; looks > 0 && (await network.inspect().catch(unless(404))) !== undefined; looks--) await new Promise((resolve) => setTimeout(resolve, emptyWithin.pauseMs));
      return;
    } catch (error) {
      if (!/active endpoints|in use by/i.test(String(error))) throw error;
      if (tries === 0) throw new Error(await stillOn(network), { cause: error });
      if (tries === emptyWithin.tries / 2) await dropLeftovers(network);
    }
    await new Promise((resolve) => setTimeout(resolve, emptyWithin.pauseMs));
  }
}

/** An engine says it at once, a Swarm by not answering. */
async function addressProblem(error: unknown, container: Docker.Container): Promise<never> {
  // The same words about a port mean another thing.
  const isCertain = /address already in use/i.test(String(error)) && !/port|bind|listen/i.test(String(error));
  const isLikely = /attaching to network failed.*deadline exceeded/is.test(String(error));
  if (!isCertain && !isLikely) throw error;
  const { Networks } = (await container.inspect()).NetworkSettings;
  const configs: readonly unknown[] = Object.values(Networks).map(({ IPAMConfig }): unknown => IPAMConfig);
  const addresses = configs.map((config): unknown => (typeof config === 'object' && config !== null ? Reflect.get(config, 'IPv4Address') : undefined));
  const address = addresses.find((one) => typeof one === 'string' && one !== '');
  throw typeof address === 'string' ? new AddressTaken(address, isCertain) : error;
}

async function connect({ agent, hostHeader }: Transport): Promise<Docker> {
  const { default: Library } = await import('dockerode');
  // The library reads the environment even where every option is given, and fails on what makes no sense there.
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'));
  for (const [name] of kept) delete process.env[name];
  try {
    // The agent opens the streams; with a socket path the request is seen as a local one, which no proxy of the editor takes over.
    const options = { socketPath: 'docker', host: '', protocol: 'http' as const, agent, headers: { Host: hostHeader } };
    return new Library(options);
  } finally {
    for (const [name, value] of kept) process.env[name] = value;
  }
}

async function inspect(docker: Docker, containerId: string): Promise<InspectedConfig> {
  const { Config } = await docker.getContainer(containerId).inspect();
  return { env: Config.Env ?? [], entrypoint: listOf(Config.Entrypoint), command: listOf(Config.Cmd) };
}

/** An engine tells the machine's own name for what it is, an image Go's. */
function platformOf(system: string, machine: string): string {
  const names: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', armv6l: 'arm', i686: '386', i386: '386' };
  return `${system}/${names[machine] ?? machine}`;
}

function listOf(value: string | readonly string[] | null | undefined): readonly string[] | undefined {
  if (value === null || value === undefined) return undefined;
  return typeof value === 'string' ? [value] : value;
}

/** `name=value` each, as the engine tells its own. */
function labelsIn(list: unknown): Readonly<Record<string, string>> {
  const texts = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  return Object.fromEntries(texts.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)]));
}

function eventOf(line: string): HostEvent | undefined {
  const event = jsonObject(line);
  const actor = event?.['Actor'];
  if (event === undefined || typeof actor !== 'object' || actor === null) return undefined;
  const attributes: unknown = Reflect.get(actor, 'Attributes');
  const seconds = event['time'];
  if (typeof seconds !== 'number') return undefined;
  const atMs = seconds * 1000;
  if (event['Type'] === 'volume' || event['Type'] === 'config') return isRecordName(String(event['Type'] === 'config' ? field(attributes, 'name') : Reflect.get(actor, 'ID'))) ? { kind: 'record', atMs } : undefined;
  // A command that ran may have finished an installation; what runs in containers of others is none of our business.
  if (event['Action'] === 'exec_die' && (typeof attributes !== 'object' || attributes === null || !Object.hasOwn(attributes, labels.application))) return undefined;
  const containerId: unknown = event['Type'] === 'network' ? (typeof attributes === 'object' && attributes !== null ? Reflect.get(attributes, 'container') : undefined) : Reflect.get(actor, 'ID');
  return typeof containerId === 'string' ? { kind: 'container', containerId, atMs } : undefined;
}

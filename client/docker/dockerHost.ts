// A Docker Engine behind the engine's port: each method asks, and whatever goes wrong becomes an Error with a sentence. What
// takes more than one question has a file of its own.

import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { ObservedContainer } from '#core/cluster/observed.ts';
import type { HostConfig } from '#core/host/config.ts';
import type { LockOwner } from '#core/record/lock.ts';
import { type LogLine, noCredentials, type Credentials, type EventStream, type FileToPut, type HostEvent, type HostPort } from '../engine/ports.ts';
import { AddressTaken, SubnetTaken } from '../engine/sdn/sdnPort.ts';
import { DockerBuilder } from './builder.ts';
import { joining, raced, unless } from './calls.ts';
import { DockerCaught } from './caught.ts';
import { Containers } from './containers.ts';
import { createOptions } from './convert.ts';
import { DockerSdn } from './dockerSdn.ts';
import { field } from './field.ts';
import { eventOf, watched } from './hostEvents.ts';
import { followLog, putFiles, readFile, runCommand } from './inContainer.ts';
import { isInsiderImage } from './insider/image.ts';
import { DockerInsider } from './insider/insider.ts';
import { connect } from './library.ts';
import { VolumeMembership } from './membership.ts';
import { sweepMoments } from './moments.ts';
import { dialNested } from './nested/dial.ts';
import { NestedEngines } from './nested/nestedHosts.ts';
import { type Parent, Parents } from './nested/parents.ts';
import { problemOf, statusCode } from './problems.ts';
import { recordPort } from './recordPort.ts';
import { accessTo } from './registryAccess.ts';
import { removeNetwork } from './removeNetwork.ts';
import { renamed } from './rename.ts';
import { DockerShipping } from './shipping.ts';
import { cpuUsageOf } from './stats.ts';
import { drain, LineSplitter } from './streams.ts';
import { openTransport, type Transport } from './transport/transport.ts';

/** Of whom it is not known whether they live. */
const nobody: LockOwner = { by: '', machine: '', processId: 0, session: '' };

/** Hosts that live in containers reach their parents among `parents`; hosts that shall know each other get the same. `owner` is who connects. */
export function connectDocker(config: HostConfig, credentials: Credentials = noCredentials, parents = new Parents(), owner = nobody): HostPort {
  return new DockerHost(config, { credentials, parents, owner });
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
  readonly insider: HostPort['insider'];
  readonly nested: HostPort['nested'] = new NestedEngines((work) => this.#ask(work));
  readonly #config: HostConfig;
  readonly #credentials: Credentials;
  readonly #parents: Parents;
  #transport: Promise<Transport> | undefined;
  #docker: Promise<Docker> | undefined;
  readonly #containers: Containers;

  constructor(config: HostConfig, { credentials, parents, owner }: { readonly credentials: Credentials; readonly parents: Parents; readonly owner: LockOwner }) {
    this.#config = config;
    this.sdn = new DockerSdn((work) => this.#ask(work), { isLocal: /^(?:unix:|\/)/.test(config.endpoint), owner });
    this.insider = new DockerInsider((work) => this.#ask(work), owner);
    this.#credentials = credentials;
    this.records = recordPort(config.name, (work) => this.#ask(work));
    this.shipping = new DockerShipping({ endpoint: config.endpoint, credentials, owner, connection: () => this.#connection(), ask: (work) => this.#ask(work) });
    this.#parents = parents;
    this.#containers = new Containers(config.name);
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
    this.#containers.attend(application);
  }

  async list(containerIds: readonly string[] | undefined, signal: AbortSignal): Promise<readonly ObservedContainer[]> {
    return this.#ask((docker) => this.#containers.list(docker, containerIds, signal));
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
      const begun = await joining(() => container.start()).catch((error: unknown) => (statusCode(error) === 304 ? 'runs' : statusCode(error) === 409 && /paused/i.test(String(error)) ? 'paused' : addressProblem(error, container)));
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

  async sweep(isDead: (owner: LockOwner) => boolean): Promise<void> {
    await this.#ask((docker) => sweepMoments(docker, isDead));
  }

  async removeNetwork(name: string): Promise<void> {
    await this.#ask((docker) => removeNetwork(docker.getNetwork(name)));
  }

  async put(containerId: string, files: readonly FileToPut[]): Promise<void> {
    await this.#ask((docker) => putFiles(docker.getContainer(containerId), files));
  }

  async read(containerId: string, path: string): Promise<string | undefined> {
    return this.#ask((docker) => readFile(docker.getContainer(containerId), path));
  }

  async exec(containerId: string, command: readonly string[], onLine: Parameters<HostPort['exec']>[2], signal: AbortSignal, env: Readonly<Record<string, string>> = {}): Promise<number> {
    return this.#ask((docker) => runCommand(docker.getContainer(containerId), command, onLine, signal, env));
  }

  async logs(containerId: string, options: Parameters<HostPort['logs']>[1], sink: (line: LogLine) => void): Promise<void> {
    await this.#ask((docker) => followLog(docker.getContainer(containerId), options, sink));
  }

  dial(containerName: string): Promise<Duplex> {
    return this.#ask((docker) => dialNested(docker, containerName, this.#config.name));
  }

  close(): void {
    this.#parents.remove(this.#config.name, this);
    void this.#transport?.then((transport) => transport.close(), () => undefined);
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

/** An engine says it at once, a Swarm by not answering. */
async function addressProblem(error: unknown, container: Docker.Container): Promise<never> {
  // The same words about a port mean another thing.
  const isCertain = /address already in use/i.test(String(error)) && !/port|bind|listen/i.test(String(error));
  const isLikely = /attaching to network failed.*deadline exceeded/is.test(String(error));
  if (!isCertain && !isLikely) throw error;
  const { Networks } = (await container.inspect()).NetworkSettings;
  const configs: readonly unknown[] = Object.values(Networks).map(({ IPAMConfig }): unknown => IPAMConfig);
  const asked = configs.map((config): unknown => (typeof config === 'object' && config !== null ? Reflect.get(config, 'IPv4Address') : undefined));
  const addresses = asked.filter((one) => typeof one === 'string').filter((one) => one !== '');
  throw addresses.length > 0 ? new AddressTaken(addresses, isCertain) : error;
}

/** An engine tells the machine's own name for what it is, an image Go's. */
function platformOf(system: string, machine: string): string {
  const names: Readonly<Record<string, string>> = { x86_64: 'amd64', aarch64: 'arm64', armv7l: 'arm', armv6l: 'arm', i686: '386', i386: '386' };
  return `${system}/${names[machine] ?? machine}`;
}

/** `name=value` each, as the engine tells its own. */
function labelsIn(list: unknown): Readonly<Record<string, string>> {
  const texts = Array.isArray(list) ? list.filter((one) => typeof one === 'string') : [];
  return Object.fromEntries(texts.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)]));
}


// Looks around inside containers of a Docker Engine: a container of ours joins the network and the processes of the one in question,
// and a program is run in it for each question. It is there while somebody holds its standard input, and no longer.

import { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import type { LockOwner } from '#core/record/lock.ts';
import type { HeldBack, Inside, Insider, InsiderPort, Reach, Watch } from '../../engine/insiderPort.ts';
import { unless } from '../calls.ts';
import { momentLabels } from '../moments.ts';
import { statusCode } from '../problems.ts';
import { drain, FrameSplitter, LineSplitter } from '../streams.ts';
import { ensureInsiderImage, programPath } from './image.ts';
import { RelaySocket } from './relaySocket.ts';
import { heldBackOf, reachOf } from './words.ts';

type Ask = <T>(work: (docker: Docker) => Promise<T>) => Promise<T>;

/** Of one connection of a watch. */
const answerWithinMs = 100;
/** A connection that lasts longer is one that is kept open. */
const settledMs = 1000;
/** What a program needs at most to answer, besides what it is told to wait. */
const programWithinMs = 20_000;
/** What a watch needs at most to end. */
const endWithinMs = 3000;

export class DockerInsider implements InsiderPort {
  readonly #ask: Ask;
  readonly #owner: LockOwner;

  constructor(ask: Ask, owner: LockOwner) {
    this.#ask = ask;
    this.#owner = owner;
  }

  enter(where: Inside): Promise<Insider> {
    return this.#enter(where, 'SYS_PTRACE');
  }

  async holdBack(containerId: string, ports: readonly number[], withinMs: number): Promise<HeldBack> {
    const inside = await this.#enter({ containerId }, 'NET_ADMIN');
    try {
      return await inside.holdBack(ports, withinMs);
    } catch (error) {
      await inside.leave().catch(() => {});
      throw error;
    }
  }

  #enter(where: Inside, capability: Capability): Promise<InsiderContainer> {
    return this.#ask(async (docker) => {
      const image = await ensureInsiderImage(docker);
      const container = await docker.createContainer(optionsOf(where, image, capability, this.#owner));
      try {
        const input: unknown = await container.attach({ stream: true, stdin: true, stdout: false, stderr: false, hijack: true });
        if (!(input instanceof Duplex)) throw new Error('the Docker Engine gave no stream');
        // It ends when the container does; that is all there is to know.
        input.on('error', () => {});
        await container.start();
        return new InsiderContainer(container, input, this.#ask);
      } catch (error) {
        await container.remove({ force: true }).catch(() => undefined);
        if (statusCode(error) === 409 && /no[nt] running|is restarting/i.test(String(error))) throw new Error('it does not run', { cause: error });
        throw error;
      }
    });
  }
}

/** To see whose sockets they are; to hold back connections. Nothing is given both. */
type Capability = 'SYS_PTRACE' | 'NET_ADMIN';

function optionsOf(where: Inside, Image: string, capability: Capability, owner: LockOwner): Docker.ContainerCreateOptions {
  const joined = 'containerId' in where ? `container:${where.containerId}` : undefined;
  return {
    Image,
    Cmd: ['wait'],
    User: '0:0',
    AttachStdin: true,
    OpenStdin: true,
    StdinOnce: true,
    Labels: momentLabels('insider', owner),
    HostConfig: {
      AutoRemove: true,
      CapAdd: [capability],
      NetworkMode: joined ?? ('networkName' in where ? where.networkName : 'none'),
      ...(joined !== undefined && { PidMode: joined }),
    },
  };
}

class InsiderContainer implements Insider {
  readonly #container: Docker.Container;
  readonly #input: Duplex;
  readonly #ask: Ask;

  constructor(container: Docker.Container, input: Duplex, ask: Ask) {
    this.#container = container;
    this.#input = input;
    this.#ask = ask;
  }

  async resolve(name: string): Promise<readonly string[] | undefined> {
    const said = (await this.#run('resolve', name)).trim();
    if (said === 'silent') return undefined;
    return said === 'none' ? [] : said.split(' ');
  }

  async connect(address: string, port: number, withinMs: number): Promise<Reach> {
    const said = (await this.#run('connect', address, String(port), String(withinMs))).trim();
    return reachOf(said) ?? neverSaid(said);
  }

  show(path: string): Promise<string> {
    return this.#run('show', path);
  }

  async owners(): Promise<ReadonlyMap<number, string>> {
    const lines = (await this.#run('owners')).split('\n').filter((line) => line !== '');
    return new Map(lines.map((line) => [Number.parseInt(line), line.slice(line.indexOf(' ') + 1)]));
  }

  async watch(address: string, port: number, pauseMs: number): Promise<Watch> {
    const stream = await this.#open('watch', address, String(port), String(answerWithinMs), String(pauseMs));
    const changes: { readonly atMs: number; readonly reach: Reach }[] = [];
    let tookMs: number | undefined;
    const lines = new LineSplitter((line) => {
      const word = line.split(' ')[1] ?? '';
      const atMs = Number.parseInt(line);
      const reach = reachOf(word);
      if (reach !== undefined) changes.push({ atMs, reach });
      if (word === 'end') tookMs = atMs;
    });
    const frames = new FrameSplitter((bytes, of) => {
      if (of === 'stdout') lines.write(bytes);
    });
    const over = drain(stream, (bytes) => frames.write(bytes));
    return {
      now: () => changes.at(-1)?.reach,
      stop: async () => {
        stream.end();
        await ended(over, stream, endWithinMs);
        stream.destroy();
        if (tookMs === undefined) throw new Error('whoever watched is gone');
        return { changes, tookMs };
      },
    };
  }

  async relay(address: string, port: number, withinMs: number): ReturnType<Insider['relay']> {
    const stream = await this.#open('relay', address, String(port), String(withinMs));
    const socket = new RelaySocket(stream);
    // Whoever uses it hears of a break; until then, and afterwards, nobody needs to.
    socket.on('error', () => {});
    const reach = await ended(socket.answered, stream, withinMs + programWithinMs);
    if (reach === 'open') return socket;
    socket.destroy();
    return reach;
  }

  async holdBack(ports: readonly number[], withinMs: number): Promise<HeldBack> {
    const stream = await this.#open('drain', String(settledMs), String(withinMs), ...ports.map(String));
    const first = new Promise<string>((resolve) => {
      const lines = new LineSplitter(resolve);
      const frames = new FrameSplitter((bytes, of) => {
        if (of === 'stdout') lines.write(bytes);
      });
      void drain(stream, (bytes) => frames.write(bytes)).then(() => resolve(''));
    });
    const said = await ended(first, stream, withinMs + programWithinMs);
    const how = heldBackOf(said) ?? neverSaid(said);
    return {
      how,
      release: async () => {
        stream.destroy();
        await this.leave().catch(() => {});
      },
    };
  }

  async leave(): Promise<void> {
    this.#input.end();
    // 409: it is going already.
    await this.#ask(() => this.#container.remove({ force: true }).catch(unless(404, 409)));
    // An engine does not end the connection to one that was killed.
    this.#input.destroy();
  }

  async #run(...words: readonly string[]): Promise<string> {
    const stream = await this.#open(...words);
    return this.#read(stream);
  }

  async #read(stream: Duplex): Promise<string> {
    const pieces: Buffer[] = [];
    const frames = new FrameSplitter((bytes, of) => {
      if (of === 'stdout') pieces.push(bytes);
    });
    const broken = await ended(drain(stream, (bytes) => frames.write(bytes)), stream, programWithinMs);
    stream.destroy();
    if (broken !== undefined && pieces.length === 0) throw broken;
    return Buffer.concat(pieces).toString();
  }

  #open(...words: readonly string[]): Promise<Duplex> {
    return this.#ask(async () => {
      const exec = await this.#container.exec({ Cmd: [programPath, ...words], AttachStdin: true, AttachStdout: true, AttachStderr: true });
      const stream: unknown = await exec.start({ hijack: true, stdin: true });
      if (stream instanceof Duplex) return stream;
      throw new Error('the Docker Engine gave no stream');
    });
  }
}

/** An engine does not end the stream of a program that was killed with the container that it looked around in. */
async function ended<T>(over: Promise<T>, stream: Duplex, withinMs: number): Promise<T> {
  const timer = setTimeout(() => stream.destroy(new Error('the program inside is gone')), withinMs);
  try {
    return await over;
  } finally {
    clearTimeout(timer);
  }
}

function neverSaid(what: string): never {
  throw new Error(`the program inside ended early${what === '' ? '' : `: ${what}`}`);
}

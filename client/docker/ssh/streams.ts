// Streams to a Docker Engine behind SSH, all through one connection: each is forwarded to the engine's socket, which needs no
// program on the other side. A server that does not forward runs `docker system dial-stdio` for each instead.

import type { Duplex } from 'node:stream';
import { text as textOf } from 'node:stream/consumers';
import type { HostConfig } from '#core/host/config.ts';
import { defaultSocketPath, type Endpoint } from '#core/host/endpoint.ts';
import type { Credentials } from '../../engine/ports.ts';
import { Unreachable } from '../transport/problems.ts';
import type { ChannelSocket } from './channelSocket.ts';
import { SshLink } from './link.ts';
import { routeTo } from './target.ts';

type SshEndpoint = Extract<Endpoint, { kind: 'ssh' }>;

/** A server runs ten programs at most over one connection (MaxSessions); two stay free for questions. */
const programsPerLink = 8;

interface Place {
  readonly connected: Promise<SshLink>;
  link?: SshLink;
  /** Streams that are being opened. */
  coming: number;
}

export class SshStreams {
  readonly #config: HostConfig;
  readonly #endpoint: SshEndpoint;
  readonly #credentials: Credentials;
  #links: Place[] = [];
  /** Known once a stream has carried something. */
  #way: 'forward' | 'program' | undefined;
  #isClosed = false;

  constructor(config: HostConfig, endpoint: SshEndpoint, credentials: Credentials) {
    this.#config = config;
    this.#endpoint = endpoint;
    this.#credentials = credentials;
  }

  /** Connects where there is no connection. Throws an Unreachable or a Need. */
  async open(): Promise<Duplex> {
    const place = this.#place();
    place.coming += 1;
    try {
      const link = await place.connected;
      if (this.#isClosed) throw new Unreachable('the connection was closed');
      return this.#way === 'program' ? await this.#program(link) : await this.#forward(link);
    } finally {
      place.coming -= 1;
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { connected } of this.#links) void connected.then((link) => link.close(), () => undefined);
    this.#links = [];
  }

  /** The one connection; another only where programs fill it. */
  #place(): Place {
    this.#links = this.#links.filter(({ link }) => link === undefined || link.isOpen);
    const found = this.#links.find(({ link, coming }) => this.#way !== 'program' || coming + (link?.streams ?? 0) < programsPerLink);
    if (found !== undefined) return found;
    // A server that was set up otherwise since then is asked anew.
    if (this.#links.length === 0) this.#way = undefined;
    const connected = routeTo(this.#endpoint, this.#config.identityFile).then((route) => SshLink.connect(route, this.#credentials));
    const place: Place = { connected, coming: 0 };
    this.#links.push(place);
    connected.then(
      (link) => {
        place.link = link;
        if (this.#isClosed) link.close();
      },
      () => (this.#links = this.#links.filter((one) => one !== place)),
    );
    return place;
  }

  async #forward(link: SshLink): Promise<ChannelSocket> {
    try {
      const socket = await link.forward(this.#socketPath);
      this.#way = 'forward';
      return socket;
    } catch (error) {
      if (!link.isOpen) throw Object.assign(new Error('the SSH connection was lost', { cause: error }), { code: 'ECONNRESET' });
      await this.#refuseSocket(link);
      // The server says the same of a socket that nobody serves and of forwarding that it does not allow.
      if (this.#way === 'forward') throw new Unreachable(this.#nobodyServes, { cause: error });
      return await this.#program(link);
    }
  }

  async #program(link: SshLink): Promise<ChannelSocket> {
    const host = this.#endpoint.socketPath === undefined ? '' : `-H ${quoted(`unix://${this.#socketPath}`)} `;
    const socket = await link.exec(`docker ${host}system dial-stdio`, (code, stderr) => (code === 0 ? undefined : new Unreachable(this.#programProblem(code, stderr)))).catch((error: unknown) => {
      throw new Unreachable(`${this.#config.endpoint} neither forwards to a socket nor runs programs; allow AllowStreamLocalForwarding in its sshd_config`, { cause: error });
    });
    // Nothing comes before something is asked, so that it works shows with the first answer; that it does not, by its end.
    socket.once('data', () => (this.#way = 'program'));
    return socket;
  }

  #programProblem(code: number | undefined, stderr: string): string {
    if (code === 127 || /not found/.test(stderr)) return `${this.#config.endpoint} does not forward to ${this.#socketPath}, and has no docker command for the other way; allow AllowStreamLocalForwarding in its sshd_config, or install the docker command there`;
    if (/permission denied/i.test(stderr)) return this.#mayNotOpen;
    return this.#nobodyServes;
  }

  /** Says what is wrong with the socket, where that can be found out there. */
  async #refuseSocket(link: SshLink): Promise<void> {
    const path = quoted(this.#socketPath);
    const script = `if [ ! -e ${path} ]; then echo missing; elif [ ! -S ${path} ]; then echo other; elif [ ! -w ${path} ]; then echo denied; else echo fine; fi`;
    const said = await link.exec(`sh -c ${quoted(script)}`).then(async (socket) => (await textOf(socket)).trim()).catch(() => '');
    if (said === 'missing') throw new Unreachable(`there is no socket ${this.#socketPath} at ${this.#config.endpoint}; start Docker there, or write the path of its socket at the end of the endpoint`);
    if (said === 'other') throw new Unreachable(`${this.#socketPath} at ${this.#config.endpoint} is no socket; write the path of the engine's socket at the end of the endpoint`);
    if (said === 'denied') throw new Unreachable(this.#mayNotOpen);
  }

  get #socketPath(): string {
    return this.#endpoint.socketPath ?? defaultSocketPath;
  }

  get #mayNotOpen(): string {
    return `the user of ${this.#config.endpoint} may not open the socket ${this.#socketPath} there; add that user to the group "docker" on that machine`;
  }

  get #nobodyServes(): string {
    return `nothing answers at the socket ${this.#socketPath} of ${this.#config.endpoint}: the Docker Engine is not running there; start it`;
  }
}

/** One word for the shell of the other side. */
function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

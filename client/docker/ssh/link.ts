// One SSH connection, over other servers where the way leads over them. The key of every server on the way is checked before
// anything is said to it; one that is not known is accepted only where a person has just said so.

import type { Duplex } from 'node:stream';
import type { Client, ClientChannel, ServerHostKeyAlgorithm } from 'ssh2';
import { Need, type Credentials } from '../../engine/ports.ts';
import { bracketed, dial, dialWithinMs } from '../transport/dial.ts';
import { Unreachable } from '../transport/problems.ts';
import { ChannelSocket } from './channelSocket.ts';
import { Keys } from './keys.ts';
import { fingerprint, judge, knownName, knownTypes, readKnownHosts, remember, typeOfKey, type Verdict } from './knownHosts.ts';
import type { SshTarget } from './target.ts';

type Library = typeof import('ssh2');

/** A server that is silent for so long, twice in a row, is gone. */
const aliveEveryMs = 15_000;

export class SshLink {
  readonly #clients: readonly Client[];
  readonly #last: Client;
  readonly #sockets = new Set<ChannelSocket>();
  #isOpen = true;

  private constructor(clients: readonly Client[], last: Client) {
    this.#clients = clients;
    this.#last = last;
    for (const client of clients) {
      client.on('close', () => this.close());
      // What broke it is told to whoever reads; the connection itself has nobody to tell it to.
      client.on('error', () => this.close());
    }
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Streams that are open now. */
  get streams(): number {
    return this.#sockets.size;
  }

  /** Throws an Unreachable or a Need. */
  static async connect(route: readonly SshTarget[], credentials: Credentials): Promise<SshLink> {
    const { default: library } = await import('ssh2');
    const clients: Client[] = [];
    try {
      let last: Client | undefined;
      for (const target of route) {
        const where = `ssh://${target.user}@${bracketed(target.address)}:${target.port}`;
        const socket: Duplex = last === undefined ? await dial(target.address, target.port, where) : await through(last, target, where);
        last = await shakeHands(target, socket, where, credentials, library, clients);
      }
      if (last === undefined) throw new Error('a route leads somewhere');
      return new SshLink(clients, last);
    } catch (error) {
      for (const client of clients.toReversed()) client.destroy();
      throw error;
    }
  }

  /** A stream to a Unix socket on the other side; throws what the server says against it. */
  async forward(socketPath: string): Promise<ChannelSocket> {
    return this.#track(await channel((made) => this.#last.openssh_forwardOutStreamLocal(socketPath, made)));
  }

  /** A program on the other side, its standard input and output as a stream. `verdict` makes an error of how it ended, where that is one. */
  async exec(command: string, verdict: (code: number | undefined, stderr: string) => Error | undefined = () => undefined): Promise<ChannelSocket> {
    const made = await channel((give) => this.#last.exec(command, give));
    let [code, stderr]: [number | undefined, string] = [undefined, ''];
    made.stderr.on('data', (bytes: Buffer) => (stderr = (stderr + bytes.toString()).slice(-2000)));
    made.on('exit', (status: number | null) => (code = status ?? undefined));
    return this.#track(made, () => verdict(code, stderr));
  }

  /** Every stream over it breaks, as a socket does when its other side is gone. */
  close(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    for (const socket of this.#sockets) socket.break();
    for (const client of this.#clients.toReversed()) client.end();
  }

  #track(made: ClientChannel, verdict?: () => Error | undefined): ChannelSocket {
    const socket = new ChannelSocket(made, verdict);
    // It may break before anybody uses it.
    socket.on('error', () => undefined);
    this.#sockets.add(socket);
    socket.once('close', () => this.#sockets.delete(socket));
    if (!this.#isOpen) socket.break();
    return socket;
  }
}

function channel(open: (made: (error: Error | undefined, channel: ClientChannel) => void) => void): Promise<ClientChannel> {
  return new Promise((resolve, reject) => {
    // It throws where the connection is already gone.
    open((error, made) => (error ? reject(error) : resolve(made)));
  });
}

async function through(client: Client, target: SshTarget, where: string): Promise<Duplex> {
  try {
    return await channel((made) => client.forwardOut('127.0.0.1', 0, target.address, target.port, made));
  } catch (error) {
    throw new Unreachable(`the server before ${where} on the way (ProxyJump) cannot reach it; is the address right, and does that server allow forwarding (AllowTcpForwarding)?`, { cause: error });
  }
}

async function shakeHands(target: SshTarget, sock: Duplex, where: string, credentials: Credentials, library: Library, clients: Client[]): Promise<Client> {
  const known = await readKnownHosts([...target.knownHosts, ...target.systemKnownHosts]);
  const [name, port] = [target.alias ?? target.address, target.alias === undefined ? target.port : 22];
  const keys = new Keys(target, credentials, library);
  const methods = keys.methods();
  let refusal: Error | undefined;
  let accepted: Buffer | undefined;
  const client = new library.Client();
  clients.push(client);
  let isOver = false;
  const ready = new Promise<void>((resolve, reject) => {
    client.once('ready', resolve);
    client.on('error', (error) => {
      if (!isOver) reject(error);
    });
    client.once('close', () => reject(new Error('the server broke the connection off')));
  });
  client.connect({
    sock,
    username: target.user,
    readyTimeout: dialWithinMs,
    keepaliveInterval: aliveEveryMs,
    keepaliveCountMax: 2,
    strictVendor: false,
    algorithms: { serverHostKey: orderOf(knownTypes(known, name, port)) },
    hostVerifier: (key: Buffer, verify: (isValid: boolean) => void): void => {
      // The keys of a connection are made anew from time to time, and the server shows its own again.
      if (accepted !== undefined) return verify(accepted.equals(key));
      const verdict = judge(known, name, port, key);
      const isTrusted = verdict.kind === 'unknown' && credentials.trusts(knownName(name, port), fingerprint(key));
      if (verdict.kind !== 'known' && !isTrusted) refusal = objection(verdict, key, { where, name: knownName(name, port) });
      if (refusal === undefined) accepted = Buffer.from(key);
      if (refusal !== undefined || !isTrusted) return verify(refusal === undefined);
      const [file] = target.knownHosts;
      const remembered = file === undefined ? Promise.resolve() : remember(file, knownName(name, port), key, target.isHashed);
      remembered.then(() => verify(true), (error: unknown) => {
        refusal = new Unreachable(`the key of ${where} cannot be written to ${file ?? ''} (${error instanceof Error ? error.message : String(error)})`);
        verify(false);
      });
    },
    authHandler: (_left, _partial, next) => {
      methods.next().then(
        ({ done, value }) => (done === true ? giveUp(next) : next(value)),
        (error: unknown) => {
          refusal = error instanceof Error ? error : new Error(String(error));
          giveUp(next);
        },
      );
    },
  });
  try {
    await ready;
    return client;
  } catch (error) {
    throw refusal ?? handshakeProblem(error, where, keys);
  } finally {
    isOver = true;
  }
}

/** The types leave out that there may be nothing more to try. */
function giveUp(next: (method: never) => void): void {
  Reflect.apply(next, undefined, [false]);
}

const hostKeyAlgorithms: readonly ServerHostKeyAlgorithm[] = ['ssh-ed25519', 'ecdsa-sha2-nistp256', 'ecdsa-sha2-nistp384', 'ecdsa-sha2-nistp521', 'rsa-sha2-512', 'rsa-sha2-256'];

function orderOf(types: readonly string[]): ServerHostKeyAlgorithm[] {
  const isKnown = (algorithm: string): boolean => types.includes(algorithm.startsWith('rsa-') ? 'ssh-rsa' : algorithm);
  return [...hostKeyAlgorithms.filter(isKnown), ...hostKeyAlgorithms.filter((algorithm) => !isKnown(algorithm))];
}

function objection(verdict: Verdict, key: Buffer, { where, name }: { readonly where: string; readonly name: string }): Error {
  const keyType = typeOfKey(key).replace(/^(?:ssh-|ecdsa-sha2-)/, '').toUpperCase();
  const print = fingerprint(key);
  switch (verdict.kind) {
    case 'changed':
      return new Unreachable(
        `THE KEY OF ${where} HAS CHANGED: it shows ${keyType} ${print}, and ${verdict.known.file}, line ${verdict.known.line}, knows another one; somebody may be listening in between, so nothing was sent; if the server was set up anew, take the old key away with: ssh-keygen -R '${name}'`,
      );
    case 'revoked':
      return new Unreachable(`THE KEY OF ${where} IS REVOKED (${keyType} ${print}), says ${verdict.known.file}, line ${verdict.known.line}; nothing was sent; the server needs a new key`);
    case 'known':
    case 'unknown':
      return new Need(`the key of ${where} is not known: ${keyType} ${print}; compare it with what its owner says (ssh-keygen -l shows it there), then trust it`, { kind: 'hostKey', address: name, keyType, fingerprint: print });
  }
}

function handshakeProblem(error: unknown, where: string, keys: Keys): Error {
  const message = error instanceof Error ? error.message : String(error);
  const level: unknown = error instanceof Error && 'level' in error ? error.level : undefined;
  if (level === 'client-authentication' || /too many authentication failures/i.test(message)) return keys.refusal(where);
  if (level === 'client-timeout') return new Unreachable(`${where} does not answer as an SSH server does: there was no greeting within ${dialWithinMs / 1000} seconds; is it the right port?`, { cause: error });
  if (/before handshake|Invalid identification|protocol version|identification/i.test(message)) return new Unreachable(`${where} is no SSH server, or refuses every connection; correct the port, or look into the server's log`, { cause: error });
  return new Unreachable(`no SSH connection to ${where} came about (${message})`, { cause: error });
}

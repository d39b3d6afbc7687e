// How a host's engine is reached: each kind of endpoint is an HTTP agent that opens streams to the engine, and everything above
// it is the same. Opening a transport connects to nothing; the first request does, and every one after a break again.

import { Agent, type ClientRequestArgs } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { inspect } from 'node:util';
import type { HostConfig } from '#core/host/config.ts';
import { readEndpoint } from '#core/host/endpoint.ts';
import type { Credentials } from '../../engine/ports.ts';
import { Parents } from '../nested/parents.ts';
import { bracketed, dial } from './dial.ts';
import { Unreachable } from './problems.ts';
import { TlsDialer } from './tls.ts';

export interface Transport {
  readonly agent: Agent;
  /** For the header of the requests. */
  readonly hostHeader: string;
  /** Sentences about what will fail soon. */
  warnings(): readonly string[];
  /** Ends every stream, and what carries them. */
  close(): void;
}

/** Throws an Unreachable for an endpoint that makes no sense, or that this machine or this configuration does not allow. */
export async function openTransport(config: HostConfig, credentials: Credentials, parents: Parents = new Parents()): Promise<Transport> {
  const read = readEndpoint(config.endpoint);
  if ('problem' in read) throw new Unreachable(read.problem);
  const { endpoint } = read;
  switch (endpoint.kind) {
    case 'unix':
      return streams(async () => connect({ path: endpoint.socketPath }), 'docker');
    case 'npipe':
      if (process.platform !== 'win32') throw new Unreachable(`${config.endpoint} is a named pipe, which only Windows has; use a Unix socket, tcp:// or ssh://`);
      return streams(async () => connect({ path: endpoint.pipePath }), 'docker');
    case 'nested':
      return streams(() => parents.dial(endpoint.parent, endpoint.container), 'docker');
    case 'tcp': {
      const isTls = endpoint.isTls || config.tls !== undefined;
      if (!isTls && config.insecure !== true) throw new Unreachable(refusalOfPlain(config.endpoint));
      const place = { address: endpoint.address, port: endpoint.port ?? (isTls ? 2376 : 2375) };
      const hostHeader = `${bracketed(place.address)}:${place.port}`;
      if (!isTls) return streams(() => dial(place.address, place.port, config.endpoint), hostHeader);
      const tls = new TlsDialer(config, place, credentials);
      return { ...streams(() => tls.dial(), hostHeader), warnings: () => tls.warnings };
    }
    case 'ssh': {
      const { SshStreams } = await import('../ssh/streams.ts');
      const ssh = new SshStreams(config, endpoint, credentials);
      const transport = streams(() => ssh.open(), 'docker');
      return {
        ...transport,
        close: () => {
          transport.close();
          ssh.close();
        },
      };
    }
  }
}

function refusalOfPlain(endpoint: string): string {
  return `${endpoint} is not encrypted, and whoever reaches such an engine owns its machine; give the host tls (ca, cert, key), reach it by ssh://, or, in a network that you trust, say insecure: true in its configuration`;
}

/** `open` gives a stream to the engine each time it is called. */
function streams(open: () => Promise<Duplex>, hostHeader: string): Transport {
  const agent = new StreamAgent(open);
  return { agent, hostHeader, warnings: () => [], close: () => agent.destroy() };
}

class StreamAgent extends Agent {
  readonly #open: () => Promise<Duplex>;

  constructor(open: () => Promise<Duplex>) {
    super({ keepAlive: true });
    this.#open = open;
  }

  /** The library prints all options of each request for a debug log that nobody reads: with the agent's streams that takes longer than the request. */
  [inspect.custom](): string {
    return 'StreamAgent';
  }

  override createConnection(_options: ClientRequestArgs, made: (error: Error | null, stream: Duplex) => void): undefined {
    // Where there is an error nobody looks at the stream, which the types want all the same.
    const failed: (error: Error | null, stream?: Duplex) => void = (error) => Reflect.apply(made, undefined, [error]);
    this.#open().then((stream) => made(null, stream), (error: unknown) => failed(error instanceof Error ? error : new Error(String(error))));
  }
}

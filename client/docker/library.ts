// The Docker library over a connection of ours. It is loaded at the first call: loading it takes a good part of a second, which
// nobody who only writes blueprints should pay. Its own stream helpers are not used: they swallow errors told in-band.

import type Docker from 'dockerode';
import { isMap } from '#core/text/fields.ts';
import { field } from './field.ts';
import type { Transport } from './transport/transport.ts';

export async function connect({ agent, hostHeader }: Transport): Promise<Docker> {
  const { default: Library } = await import('dockerode');
  // The library reads the environment even where every option is given, and fails on what makes no sense there.
  const kept = Object.entries(process.env).filter(([name]) => name.startsWith('DOCKER_'));
  for (const [name] of kept) delete process.env[name];
  try {
    // The agent opens the streams; with a socket path the request is seen as a local one, which no proxy of the editor takes over.
    const options = { socketPath: 'docker', host: '', protocol: 'http' as const, agent, headers: { Host: hostHeader } };
    return secretive(new Library(options));
  } finally {
    for (const [name, value] of kept) process.env[name] = value;
  }
}

/**
 * The library writes all that it sends into the address of a request, too, where logs of the engine and of proxies show it and where there
 * is not room for everything. Of what is to be made, a container's name alone belongs there.
 */
function secretive(docker: Docker): Docker {
  const modem: unknown = docker.modem;
  const dial = field(modem, 'dial');
  if (!isMap(modem) || typeof dial !== 'function') throw new Error('the library has changed');
  const careful = (request: Readonly<Record<string, unknown>>, callback: unknown): unknown => {
    const { path, options } = request;
    const isMade = typeof path === 'string' && path.endsWith('/create?') && path !== '/images/create?';
    const name = field(options, 'name');
    return Reflect.apply(dial, modem, [isMade ? { ...request, options: { _query: name === undefined ? {} : { name }, _body: options } } : request, callback]);
  };
  Reflect.set(modem, 'dial', careful);
  return docker;
}

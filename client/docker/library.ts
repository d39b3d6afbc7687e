// The Docker library over a connection of ours. It is loaded at the first call: loading it takes a good part of a second, which
// nobody who only writes blueprints should pay. Its own stream helpers are not used: they swallow errors told in-band.

import type Docker from 'dockerode';
import type { Transport } from './transport/transport.ts';

export async function connect({ agent, hostHeader }: Transport): Promise<Docker> {
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

// Where a Docker Engine listens, as written in `DOCKER_HOST` or in the settings.

export interface UnixEndpoint {
  readonly kind: 'unix';
  readonly socketPath: string;
}

export type Endpoint = UnixEndpoint;

export const defaultSocketPath = '/var/run/docker.sock';

/** Throws an Error whose message is a sentence for people. A bare absolute path is a Unix socket. */
export function parseEndpoint(text: string): Endpoint {
  const socketPath = text.startsWith('unix://') ? text.slice('unix://'.length) || defaultSocketPath : text;
  if (socketPath.startsWith('/')) return { kind: 'unix', socketPath };
  const [, scheme] = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text) ?? [];
  if (scheme === undefined) throw new Error(`"${text}" is not an endpoint of a Docker Engine; write it like unix://${defaultSocketPath}`);
  throw new Error(`endpoints with ${scheme}:// are not supported yet; use a Unix socket, like unix://${defaultSocketPath}`);
}

// Where a Docker Engine listens, as written in `DOCKER_HOST`, in the settings and in a hosts file: read here, once for all. How
// it is reached is not decided here.

export type Endpoint =
  | { readonly kind: 'unix'; readonly socketPath: string }
  /** A named pipe of Windows, as Node opens it: `//./pipe/docker_engine`. */
  | { readonly kind: 'npipe'; readonly pipePath: string }
  /** `isTls` where the text itself says so (`https://`); else the host's configuration does. */
  | { readonly kind: 'tcp'; readonly address: string; readonly port?: number; readonly isTls: boolean }
  /** What is absent here may be in the user's `~/.ssh/config`. `socketPath` is the engine's, on the other side. */
  | { readonly kind: 'ssh'; readonly address: string; readonly user?: string; readonly port?: number; readonly socketPath?: string }
  /** In a container of the host named `parent`, and reached through that host's engine. */
  | { readonly kind: 'nested'; readonly parent: string; readonly container: string };

export type ReadEndpoint = { readonly endpoint: Endpoint } | { readonly problem: string };

export const defaultSocketPath = '/var/run/docker.sock';
export const defaultPipePath = '//./pipe/docker_engine';

/** The forms, as messages show them. */
const forms = `unix://${defaultSocketPath}, tcp://HOST:2376, ssh://USER@HOST or npipe:///${defaultPipePath.slice(1)}`;

/** `problem` is a sentence without its full stop. A bare absolute path is a Unix socket. */
export function readEndpoint(text: string): ReadEndpoint {
  if (text.startsWith('/')) return { endpoint: { kind: 'unix', socketPath: text } };
  const [, scheme, rest = ''] = /^([a-z][a-z0-9+.-]*):\/\/(.*)$/is.exec(text) ?? [];
  switch (scheme?.toLowerCase()) {
    case 'unix':
      return rest === '' || rest.startsWith('/') ? { endpoint: { kind: 'unix', socketPath: rest || defaultSocketPath } } : { problem: `${text} has no absolute path; write it like unix://${defaultSocketPath}` };
    case 'npipe':
      return { endpoint: { kind: 'npipe', pipePath: rest.replaceAll('\\', '/') || defaultPipePath } };
    case 'tcp':
    case 'http':
    case 'https':
      return tcp(text, rest, scheme?.toLowerCase() === 'https');
    case 'ssh':
      return ssh(text, rest);
    case 'nested':
      return nested(text, rest);
    case undefined:
      return { problem: `"${text}" is not an endpoint of a Docker Engine; write it like ${forms}` };
    default:
      return { problem: `no Docker Engine is reached by ${scheme}://; write the endpoint like ${forms}` };
  }
}

/** Whether the engine runs on this machine. */
export function isLocal(endpoint: string): boolean {
  const read = readEndpoint(endpoint);
  return 'endpoint' in read && (read.endpoint.kind === 'unix' || read.endpoint.kind === 'npipe');
}

function tcp(text: string, rest: string, isTls: boolean): ReadEndpoint {
  const { user, address, port, path } = partsOf(rest);
  if (user !== undefined) return { problem: `${withoutPassword(text)} has a user, which tcp:// does not know; a certificate says who you are` };
  if (address === undefined) return { problem: `${text} names no machine; write it like tcp://HOST:2376` };
  if (port === false) return { problem: `${text} has no port from 1 to 65535; write it like tcp://HOST:2376` };
  if (path !== '' && path !== '/') return { problem: `${text} has a path, which tcp:// does not know; write it like tcp://HOST:2376` };
  return { endpoint: { kind: 'tcp', address, ...(port === undefined ? {} : { port }), isTls } };
}

function ssh(text: string, rest: string): ReadEndpoint {
  const { user, address, port, path } = partsOf(rest);
  if (user?.includes(':')) return { problem: `${withoutPassword(text)} holds a password, which everybody can read there; use a key, or an SSH agent` };
  if (address === undefined || user === '') return { problem: `${text} names no machine; write it like ssh://USER@HOST` };
  if (port === false) return { problem: `${text} has no port from 1 to 65535; write it like ssh://USER@HOST:22` };
  const socketPath = path === '' || path === '/' ? undefined : path;
  return {
    endpoint: { kind: 'ssh', address, ...(user === undefined ? {} : { user }), ...(port === undefined ? {} : { port }), ...(socketPath === undefined ? {} : { socketPath }) },
  };
}

function nested(text: string, rest: string): ReadEndpoint {
  const [parent = '', container = '', ...more] = rest.split('/');
  if (parent === '' || container === '' || more.length > 0) return { problem: `${text} names no container of a host; write it like nested://HOST/CONTAINER` };
  return { endpoint: { kind: 'nested', parent, container } };
}

interface Parts {
  readonly user: string | undefined;
  readonly address: string | undefined;
  /** False where it is none. */
  readonly port: number | false | undefined;
  readonly path: string;
}

/** `[user@]address[:port][/path]`; an IPv6 address stands in brackets. */
export function partsOf(text: string): Parts {
  const slash = text.indexOf('/');
  const authority = slash < 0 ? text : text.slice(0, slash);
  const path = slash < 0 ? '' : text.slice(slash);
  const at = authority.lastIndexOf('@');
  const user = at < 0 ? undefined : authority.slice(0, at);
  const [, bracketed, plain, portText] = /^(?:\[([0-9a-f:.]+(?:%[\w.-]+)?)\]|([^\s:@[\]]+))(?::(.*))?$/i.exec(authority.slice(at + 1)) ?? [];
  const number = /^\d{1,5}$/.test(portText ?? '') ? Number(portText) : 0;
  return { user, address: bracketed ?? plain, port: portText === undefined ? undefined : number >= 1 && number <= 65535 && number, path };
}

function withoutPassword(text: string): string {
  return text.replace(/:\/\/.*@/s, '://…@');
}

// Turns what Docker and the system say into one sentence for people: what is wrong, where, and what to do.

import type { Told } from '#core/image/pin.ts';
import { Need } from '../engine/ports.ts';
import { dialProblem, tlsProblem, Unreachable } from './transport/problems.ts';

/** Never empty, without a full stop at the end, so that it can be part of a longer sentence. */
export function problemOf(error: unknown, endpoint: string): string {
  if (error instanceof Unreachable || error instanceof Need) return error.message;
  const code = stringField(error, 'code');
  const connection = code === undefined ? undefined : (connectionProblem(code, endpoint) ?? tlsProblem(code, endpoint) ?? dialProblem(code, endpoint));
  return connection ?? engineProblem(plainMessage(error));
}

export interface Asked {
  readonly endpoint: string;
  /** Somebody's log-in went along. */
  readonly hasLogin: boolean;
}

/** What the engine said about an image that it could not pull, by reference. */
export function pullProblem(error: unknown, image: string, { endpoint, hasLogin }: Asked): string {
  const message = plainMessage(error);
  const known = loginProblem(message, image, hasLogin) ?? registryProblem(message, image);
  if (known !== undefined) return known;
  if (/no matching manifest for|does not match the specified platform|image operating system/i.test(message)) {
    const [, platform = 'the host\'s platform'] = /no matching manifest for (\S+)/.exec(message) ?? [];
    return `there is no image ${image} for ${platform}; choose another image, or a host that it is for`;
  }
  if (/manifest unknown|not found|does not exist|pull access denied|denied/i.test(message)) {
    return `image ${image} was not found: it is not on the host, and its registry does not have it or does not show it without a login; correct its name or tag`;
  }
  return isUnreachable(message) ? `image ${image} is not on the host, and its registry cannot be reached from there (${message})` : problemOf(error, endpoint);
}

/** Why its registry did not say what an image is. */
export function askProblem(error: unknown, image: string, { endpoint, hasLogin }: Asked): Told {
  const message = plainMessage(error);
  const known = loginProblem(message, image, hasLogin) ?? registryProblem(message, image);
  if (known !== undefined) return { problem: known.replace(/;.*$/s, '') };
  if (isUnreachable(message)) return { problem: `the registry of ${image} cannot be reached from the host` };
  if (/manifest unknown|not found|does not exist|denied/i.test(message)) return { problem: `the registry of ${image} does not have it`, why: 'absent' };
  return { problem: `the registry of ${image} did not answer (${problemOf(error, endpoint)})` };
}

/** The same of one that it could not push. */
export function pushProblem(error: unknown, image: string, { endpoint, hasLogin }: Asked): string {
  const message = plainMessage(error);
  const known = loginProblem(message, image, hasLogin) ?? registryProblem(message, image);
  if (known !== undefined) return known;
  if (/does not exist locally|No such image/i.test(message)) return `image ${image} is not on the host`;
  if (/denied/i.test(message)) return `the registry does not let ${hasLogin ? 'this user' : 'anybody without a login'} push image ${image}; log in as somebody who may, or correct the image's name`;
  return isUnreachable(message) ? `the registry of image ${image} cannot be reached from the host (${message})` : problemOf(error, endpoint);
}

function loginProblem(message: string, image: string, hasLogin: boolean): string | undefined {
  if (!/unauthorized|no basic auth|authentication required/i.test(message)) return undefined;
  return hasLogin
    ? `the registry of image ${image} refuses the user name or the password; log in there again (Clocker: Log In to Registry, or docker login on this machine)`
    : `the registry wants a login for image ${image}; log in there (Clocker: Log In to Registry, or docker login on this machine), or correct the image's name`;
}

function registryProblem(message: string, image: string): string | undefined {
  if (/server gave HTTP response to HTTPS client/i.test(message)) return `the registry of ${image} speaks plain HTTP; add it to "insecure-registries" of the host's Docker Engine`;
  if (isUntrusted(message)) {
    const name = image.split('/')[0] ?? '';
    return `the host does not believe the certificate of the registry of image ${image}; put its authority's certificate into /etc/docker/certs.d/${name}/ca.crt there (${message})`;
  }
  return undefined;
}

/** The host does not believe the registry's certificate. */
export function isDisbelief(error: unknown): boolean {
  return isUntrusted(plainMessage(error));
}

function isUntrusted(message: string): boolean {
  return /x509|certificate/i.test(message);
}

function isUnreachable(message: string): boolean {
  return /dial tcp|no such host|connection refused|i\/o timeout|TLS handshake|network is unreachable|context deadline|Client\.Timeout|lookup /i.test(message);
}

function connectionProblem(code: string, endpoint: string): string | undefined {
  switch (code) {
    case 'ENOENT':
      return `no Docker Engine at ${endpoint}: there is no such socket; start Docker on the host or correct the endpoint`;
    case 'EACCES':
    case 'EPERM':
      return `the socket ${endpoint} may not be opened by this user; add the user to the group "docker" and log in again, or correct the socket's rights`;
    case 'ECONNREFUSED':
    case 'ENOTSOCK':
      return `nothing answers at ${endpoint}: the Docker Engine is not running; start it`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the Docker Engine at ${endpoint} broke the connection off; it stopped or was restarted${/^(?:unix:|npipe:|\/)/.test(endpoint) ? '' : ', or the network between failed'}`;
    default:
      return code.startsWith('HPE_') ? `what answers at ${endpoint} does not speak as a Docker Engine does; correct the endpoint, or look whether the engine there has just stopped` : undefined;
  }
}

function engineProblem(message: string): string {
  if (/HTTP request to an HTTPS server/i.test(message)) return 'the Docker Engine speaks TLS at this endpoint; give the host tls (ca, cert, key) in place of insecure';
  const [, port] = /(?:Bind for \S*?:|bind host port (?:for )?\S*?:|listen (?:tcp|udp)\d? \S*?:)(\d+)/i.exec(message) ?? [];
  if (port !== undefined && /already allocated|address already in use/i.test(message)) return `port ${port} of the host is already taken; choose another port or stop what uses it`;
  const [, name] = /The container name "\/?([^"]+)" is already in use/i.exec(message) ?? [];
  if (name !== undefined) return `a container named ${name} is already there; remove or rename it, or plan again`;
  if (isFull(message)) return fullProblem(message);
  if (/executable file not found|exec format error|no such file or directory: unknown|permission denied: unknown/i.test(message)) {
    return `its program cannot be run: ${innermost(message)}; check entrypoint, commands and image`;
  }
  return message === '' ? 'the Docker Engine gave no reason' : message;
}

/** What a builder said, in which a full disk is hard to see; anything else as it is. */
export function buildProblem(message: string): string {
  return isFull(message) ? fullProblem(message) : message;
}

function isFull(message: string): boolean {
  return /no space left on device/i.test(message);
}

function fullProblem(message: string): string {
  return `the host has no space left on its disk (${message})`;
}

/** The runtime tells its errors inside out: what happened is after the last `exec:` or `caused:`. */
function innermost(message: string): string {
  const [, inner] = /(exec: .*?)(?:: unknown)?$/i.exec(message.replaceAll('\n', ' ')) ?? [];
  return inner ?? message;
}

function plainMessage(error: unknown): string {
  const told = stringField(typeof error === 'object' && error !== null && 'json' in error ? error.json : undefined, 'message');
  const message = told ?? (error instanceof Error ? error.message : String(error));
  return message
    .replace(/^\(HTTP code \d+\) [^-]* - /, '')
    .replace(/^Error response from daemon: /, '')
    .trim()
    .replace(/\.$/, '');
}

function stringField(value: unknown, name: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const field: unknown = Reflect.get(value, name);
  return typeof field === 'string' && field !== '' ? field : undefined;
}

/** The HTTP status with which the engine refused, if it was an answer at all. */
export function statusCode(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  return typeof error.statusCode === 'number' ? error.statusCode : undefined;
}

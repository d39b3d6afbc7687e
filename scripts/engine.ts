// Makes sure that a Docker Engine answers on this machine: the one that is there, or, as root on Debian, one from Debian's packages.
// It starts no container and knows no host configuration. `npm start`, `npm test` and the lab stand on it.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installPackages, isDebianRoot } from './packages.ts';
import { Failure } from './progress.mjs';

/** What one socket says: an engine with its version, or why there is none behind it. */
export type EngineAnswer =
  | { readonly kind: 'answers'; readonly socketPath: string }
  | { readonly kind: 'refused'; readonly socketPath: string }
  | { readonly kind: 'none' };

/** Nothing here can give this machine an engine; the message is one sentence that says what a person can do. */
export class NoEngine extends Failure {}

/** Looks where engines listen; the first that answers wins, and a socket that may not be opened is told apart from no socket. */
export async function findEngine(env: NodeJS.ProcessEnv = process.env): Promise<EngineAnswer> {
  let refused: EngineAnswer | undefined;
  for (const socketPath of socketPaths(env)) {
    const problem = await ping(socketPath);
    if (problem === undefined) return { kind: 'answers', socketPath };
    if (problem === 'EACCES' || problem === 'EPERM') refused ??= { kind: 'refused', socketPath };
  }
  return refused ?? { kind: 'none' };
}

/** The unix socket of an engine that answers. Throws `NoEngine` where none can be had. */
export async function ensureEngine(cacheFolder: string, env: NodeJS.ProcessEnv = process.env): Promise<string> {
  const found = await findEngine(env);
  if (found.kind === 'answers') return found.socketPath;
  if (found.kind === 'refused') {
    throw new NoEngine(`A Docker Engine listens on ${found.socketPath}, but this user may not open it: add the user to the group "docker" (sudo usermod -aG docker "$USER"), then log in again.`);
  }
  if (!isDebianRoot()) {
    throw new NoEngine('No Docker Engine answers: install Docker (https://docs.docker.com/engine/install/) and start it, or run this as root on Debian.');
  }
  if (!existsSync('/usr/sbin/dockerd') && !existsSync('/usr/bin/dockerd')) await installPackages(['docker.io', 'iptables', 'iproute2', 'ca-certificates']);
  return await startEngine(cacheFolder, env);
}

async function startEngine(cacheFolder: string, env: NodeJS.ProcessEnv): Promise<string> {
  const managed = existsSync('/run/systemd/system');
  const log = join(cacheFolder, 'dockerd.log');
  let exited: number | undefined;
  if (managed) {
    spawnSync('systemctl', ['start', 'docker'], { stdio: 'ignore' });
  } else {
    mkdirSync(cacheFolder, { recursive: true });
    const out = openSync(log, 'w');
    const daemon = spawn('dockerd', [], { detached: true, stdio: ['ignore', out, out] });
    daemon.on('error', () => { exited = -1; });
    daemon.on('exit', (code) => { exited = code ?? -1; });
    daemon.unref();
  }
  for (let tries = 0; tries < 120; tries += 1) {
    const found = await findEngine(env);
    if (found.kind === 'answers') return found.socketPath;
    if (exited !== undefined) break;
    await sleep(250);
  }
  const said = managed ? 'see: journalctl -u docker' : `its last lines (${log}):\n${tail(log)}`;
  throw new NoEngine(`The Docker Engine was installed but does not answer; ${said}`);
}

function socketPaths(env: NodeJS.ProcessEnv): readonly string[] {
  const named = env['DOCKER_HOST']?.match(/^unix:\/\/(.+)$/)?.[1];
  const home = env['HOME'];
  const runtime = env['XDG_RUNTIME_DIR'];
  const usual = ['/var/run/docker.sock', ...(runtime ? [join(runtime, 'docker.sock')] : []), ...(home ? [join(home, '.docker/run/docker.sock')] : [])];
  // A socket that was named is the only one meant: another engine that happens to run is not silently taken instead.
  return named === undefined ? usual : [named];
}

/** Undefined when an engine answers, otherwise the error code (`ENOENT`, `ECONNREFUSED`, `EACCES`, ...). */
function ping(socketPath: string): Promise<string | undefined> {
  return new Promise((resolve) => {
    const asked = request({ socketPath, path: '/_ping', timeout: 5000 }, (response) => {
      response.resume();
      resolve(response.statusCode === 200 ? undefined : `HTTP ${response.statusCode}`);
    });
    asked.on('timeout', () => asked.destroy(new Error('timeout')));
    asked.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}

function tail(file: string): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-10).join('\n');
}

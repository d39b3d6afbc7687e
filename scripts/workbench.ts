// A complete VS Code from the npm registry, served on 127.0.0.1: for machines on which no desktop VS Code is to be had. Kept in .vscode-test/.
// It is VS Code's own server, workbench and Node extension host, as code-server packages them; code-server's own front is not used.

import { execFile, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { installPackages, isDebianRoot } from './packages.ts';
import { step } from './progress.mjs';

/** code-server 4.139.1 is VS Code 1.139.1. */
const version = '4.139.1';
const cache = fileURLToPath(new URL('../.vscode-test', import.meta.url));
const home = join(cache, `code-server-${version}`);
const vscode = join(home, 'node_modules/code-server/lib/vscode');
const complete = join(home, '.complete');
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface WorkbenchServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** It leads a process group of its own, in which everything is that it starts. */
  readonly processId: number;
  /** Ends the server and everything it has started. */
  stop(): Promise<void>;
}

/** Puts the served VS Code into the cache, once; half a minute. */
export async function installWorkbench(): Promise<void> {
  if (existsSync(complete)) return;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  writeFileSync(join(home, 'package.json'), '{ "private": true }');
  await step('Fetching VS Code', async () => {
    await npm(home, ['install', '--ignore-scripts', `code-server@${version}`]);
    await npm(vscode, ['install', '--ignore-scripts', '--omit=dev']);
    await npm(join(vscode, 'extensions'), ['install', '--ignore-scripts', '--omit=dev']);
  });
  // Without these two the extension host does not start.
  await step("Building VS Code's native modules", async () => {
    if (isDebianRoot() && !['g++', 'make', 'python3'].every((tool) => existsSync(`/usr/bin/${tool}`))) await installPackages(['g++', 'make', 'python3']);
    await npm(vscode, ['rebuild', '@vscode/spdlog', '@vscode/native-watchdog']);
  });
  writeFileSync(complete, '');
}

async function npm(cwd: string, args: readonly string[]): Promise<void> {
  const env: NodeJS.ProcessEnv = { ...process.env };
  const headers = nodeHeaders();
  if (headers !== undefined) env['npm_config_nodedir'] = headers;
  await promisify(execFile)('npm', [...args, '--no-audit', '--no-fund', '--loglevel=error'], { cwd, env, maxBuffer: 64 << 20, shell: process.platform === 'win32' });
}

/** Where the machine's own Node keeps its headers, so that they need not be fetched; both modules use Node's stable native interface. */
function nodeHeaders(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(':').map(dirname);
  return [...folders, '/usr', '/usr/local'].find((folder) => existsSync(join(folder, 'include/node/node_api.h')));
}

/**
 * Serves the installed VS Code. `dataFolder` keeps what a person has there: extensions, settings, layout.
 * `extension` is a .vsix, installed unless the same one already is. Resolves when the workbench answers.
 */
export async function serveWorkbench(options: {
  readonly dataFolder: string;
  readonly extension?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly port?: number;
  /** Lets a page run a test suite in the extension host and take the workbench in hand. */
  readonly testDriver?: boolean;
  readonly env?: NodeJS.ProcessEnv;
}): Promise<WorkbenchServer> {
  const { dataFolder } = options;
  const folders = ['--server-data-dir', join(dataFolder, 'server'), '--user-data-dir', join(dataFolder, 'user'), '--extensions-dir', join(dataFolder, 'extensions')];
  const main = [join(vscode, 'out/server-main.js'), ...folders, '--accept-server-license-terms', '--disable-telemetry'];
  mkdirSync(join(dataFolder, 'user/User'), { recursive: true });
  if (options.settings !== undefined) writeFileSync(join(dataFolder, 'user/User/settings.json'), JSON.stringify(options.settings, null, 2));
  if (options.extension !== undefined) await promisify(execFile)(process.execPath, [...main, '--install-extension', options.extension, '--force']);

  const port = options.port ?? await freePort();
  const log = join(dataFolder, 'server.log');
  const out = openSync(log, 'w');
  const server = spawn(process.execPath, [
    ...main, '--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--disable-workspace-trust',
    ...(options.testDriver === true ? ['--enable-smoke-test-driver'] : []),
  ], { detached: true, stdio: ['ignore', out, out], env: { ...process.env, ...options.env } });
  let ended: string | undefined;
  server.on('error', (error) => { ended = error.message; });
  server.on('exit', (code, signal) => { ended = `it ended with ${signal ?? code}`; });
  const url = `http://127.0.0.1:${port}`;
  // A group of its own: extension hosts, terminals and language servers go with it, also when this process is ended early.
  const end = (signal: NodeJS.Signals): boolean => {
    try { return server.pid !== undefined && process.kill(-server.pid, signal); } catch { return false; }
  };
  const atExit = (): void => { end('SIGKILL'); };
  const atSignal = (): void => { process.exit(130); };
  process.on('exit', atExit);
  for (const signal of signals) process.on(signal, atSignal);
  const stop = async (): Promise<void> => {
    for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
      if (!end(signal)) break;
      for (let tries = 0; tries < 20 && groupLives(server.pid); tries += 1) await sleep(100);
    }
    process.off('exit', atExit);
  };
  for (let tries = 0; tries < 300; tries += 1) {
    if (ended !== undefined) break;
    if (await answers(url)) {
      for (const signal of signals) process.off(signal, atSignal);
      return { url, processId: server.pid ?? 0, stop };
    }
    await sleep(100);
  }
  await stop();
  throw new Error(`VS Code does not answer on ${url}: ${ended ?? 'it took longer than 30 s'}\n${readFileSync(log, 'utf8').slice(-2000)}`);
}

function groupLives(pid: number | undefined): boolean {
  try { return pid !== undefined && process.kill(-pid, 0); } catch { return false; }
}

async function answers(url: string): Promise<boolean> {
  try { return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok; } catch { return false; }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => { resolve(typeof address === 'object' && address !== null ? address.port : 0); });
    });
  });
}

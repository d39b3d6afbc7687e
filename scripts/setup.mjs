// What must be there before anything else can run: the dependencies, and the Node that comes with them. Plain JavaScript without dependencies, for Node 20.
// `start.mjs` and `test.mjs` call it first; everything after it runs under the newer Node and may be TypeScript.

import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Failure, step } from './progress.mjs';

export const root = fileURLToPath(new URL('..', import.meta.url));
const stamp = join(root, 'node_modules', '.installed');
const node = join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/**
 * Installs what package-lock.json says, if it says something new, and sees to it that the rest of the program runs under the project's Node.
 * @param {string} entry the script that was started
 * @param {() => Promise<number>} main the rest of it; its exit code
 */
export async function afterSetup(entry, main) {
  try {
    process.exitCode = await setUp(entry, main);
  } catch (error) {
    console.error(error instanceof Failure ? error.message : error);
    process.exitCode = 1;
  }
}

/**
 * @param {string} entry
 * @param {() => Promise<number>} main
 */
async function setUp(entry, main) {
  const wanted = createHash('sha256').update(readFileSync(join(root, 'package-lock.json'))).digest('hex');
  if (!existsSync(node) || !existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    await step('Installing dependencies', () => install());
    writeFileSync(stamp, wanted);
  }
  // Every process from here on finds the project's tools first.
  process.env['PATH'] = [join(root, 'node_modules', '.bin'), ...foreignPath()].join(delimiter);
  return process.versions.node === readVersion() ? await main() : await run(node, [entry, ...process.argv.slice(2)], { stdio: 'inherit' });
}

async function install() {
  /** @type {string[]} */
  const output = [];
  // The Node in node_modules goes away while npm runs, so npm runs under another one.
  const env = { ...process.env, PATH: foreignPath().join(delimiter) };
  const code = await run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' }, output);
  if (code !== 0) throw new Failure(`npm ci failed with exit code ${code}:\n${output.join('').trim()}`);
}

/**
 * Runs a program to its end; its exit code. What stops us stops it too, and we wait for it.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions} options
 * @param {string[]} [output] receives what it prints
 * @returns {Promise<number>}
 */
function run(command, args, options, output = []) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    child.stdout?.on('data', (bytes) => output.push(String(bytes)));
    child.stderr?.on('data', (bytes) => output.push(String(bytes)));
    // A terminal sends Ctrl-C to the child as well; other senders know only us.
    const forward = (/** @type {NodeJS.Signals} */ signal) => { if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal); };
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) process.on(signal, forward);
    child.on('error', reject);
    child.on('close', (code) => {
      for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.off(signal, forward);
      resolve(code ?? 1);
    });
  });
}

function foreignPath() {
  return (process.env['PATH'] ?? '').split(delimiter).filter((folder) => !folder.startsWith(join(root, 'node_modules')));
}

function readVersion() {
  return String(JSON.parse(readFileSync(join(root, 'node_modules', 'node', 'package.json'), 'utf8')).version);
}

// Runs the command line as a process, as a person or a script would: the built program, so that the build is tested too.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from '../../scripts/build.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const cli = join(root, 'dist/cli.cjs');
await buildWhenChanged();

export interface Ran {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly input?: string;
  /** Called with all of stderr so far, and a way to send a signal. */
  readonly onStderr?: (text: string, send: (signal: NodeJS.Signals) => void) => void;
}

export async function run(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  return command(process.execPath, [cli, ...args], options);
}

/** With a terminal (stdin, stdout and stderr are one): a person's view. */
export async function runInTerminal(args: readonly string[], options: RunOptions = {}): Promise<Ran> {
  const line = [process.execPath, cli, ...args].map((word) => `'${word.replaceAll("'", `'\\''`)}'`).join(' ');
  return command('script', ['--quiet', '--return', '--command', line, '/dev/null'], options);
}

/** Any program, in the folder in which commands run. */
export async function command(file: string, args: readonly string[], { env = {}, input = '', onStderr }: RunOptions = {}): Promise<Ran> {
  const { DOCKER_HOST: _, NO_COLOR: __, FORCE_COLOR: ___, ...rest } = process.env;
  const child = spawn(file, args, { cwd: folder, env: { ...rest, TERM: 'xterm', ...env } });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
    onStderr?.(stderr, (signal) => child.kill(signal));
  });
  child.stdin.end(input);
  const exitCode = await new Promise<number | null>((resolve, reject) => child.on('close', resolve).on('error', reject));
  return { exitCode, stdout, stderr };
}

export const folder = await mkdtemp(join(tmpdir(), 'clocker-cli-'));
after(() => rm(folder, { recursive: true }));

/** Writes a file into the folder in which commands run; gives its name. */
export async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return name;
}

/** What a command printed, exactly; patterns where a text varies. */
export function says(ran: Ran, expected: { readonly exitCode: number; readonly stdout?: string | RegExp; readonly stderr?: string | RegExp }): void {
  for (const stream of ['stdout', 'stderr'] as const) {
    const wanted = expected[stream] ?? '';
    if (typeof wanted === 'string') assert.equal(ran[stream].trimEnd(), wanted, stream);
    else assert.match(ran[stream], wanted);
  }
  assert.equal(ran.exitCode, expected.exitCode);
}

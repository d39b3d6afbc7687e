// Three ways to run tests, each counted exactly: a program that must exit with 0, files of node:test, a mocha suite in the extension host.

import { spawn } from 'node:child_process';
import { join, relative } from 'node:path';
import { run } from 'node:test';
import { inspect } from 'node:util';
import { root } from './setup.mjs';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** All that a person needs of what failed or was skipped; empty when there is nothing to say. */
  readonly report: string;
}

/** One test: the program exits with 0. */
export async function runProgram(command: string, args: readonly string[]): Promise<Counts> {
  const { code, output } = await outcome(command, args);
  return code === 0 ? { passed: 1, failed: 0, skipped: 0, report: '' } : { passed: 0, failed: 1, skipped: 0, report: output };
}

/** Files of node:test, each in a process of its own, `together` of them at a time; `timeoutMs` is for one file. A file without a test has failed. */
export async function runTestFiles(files: readonly string[], options: { readonly together: number; readonly timeoutMs: number }): Promise<Counts> {
  const reports: string[] = [];
  const said = new Map<string, string>();
  const silent = new Set(files.map((file) => join(root, file)));
  const failedFiles = new Set<string>();
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const events = run({ files: files.map((file) => join(root, file)), cwd: root, concurrency: options.together, timeout: options.timeoutMs });
  for await (const { type, data } of events) {
    if (type === 'test:stdout' || type === 'test:stderr') said.set(data.file ?? '', (said.get(data.file ?? '') ?? '') + data.message);
    if (type !== 'test:pass' && type !== 'test:fail') continue;
    const file = data.file ?? '';
    const isFile = data.name === file || join(root, data.name) === file;
    if (type === 'test:fail' && isReason(data.details.error)) {
      failedFiles.add(file);
      reports.push(`✖ ${relative(root, file)}${data.line === undefined ? '' : `:${data.line}`} ${isFile ? '' : data.name}\n${inspect(data.details.error.cause ?? data.details.error)}`);
    }
    if (type === 'test:pass' && isFile) continue;
    silent.delete(file);
    if (data.details.type === 'suite') continue;
    if (data.skip !== undefined || data.todo !== undefined) {
      counts.skipped += 1;
      reports.push(`skipped ${relative(root, file)}: ${data.name}${typeof data.skip === 'string' && data.skip !== '' ? `: ${data.skip}` : ''}`);
    } else {
      counts[type === 'test:pass' ? 'passed' : 'failed'] += 1;
    }
  }
  for (const file of silent) {
    counts.failed += 1;
    reports.push(`✖ ${relative(root, file)} has no test`);
  }
  for (const file of failedFiles) {
    if (said.has(file)) reports.push(`what ${relative(root, file)} printed:\n${said.get(file)}`);
  }
  return { ...counts, report: reports.join('\n') };
}

/** A failed test whose own code failed; a test that failed only because one inside it did is said once. */
function isReason(error: Error & { readonly failureType?: string }): boolean {
  return error.failureType !== 'subtestsFailed';
}

/** A mocha suite in the extension host of a real VS Code; counted from what mocha's reporter says at the end. */
export async function runSuite(suite: string, folder: string): Promise<Counts> {
  const program = `const { runInExtensionHost } = await import('./test/support/workbench.ts'); await runInExtensionHost(${JSON.stringify({ suite, folder })});`;
  const { code, output } = await outcome(process.execPath, ['--input-type=module', '--eval', program]);
  const count = (word: string): number => Number(output.match(new RegExp(`^\\s*(\\d+) ${word}\\b`, 'm'))?.[1] ?? 0);
  const counts = { passed: count('passing'), failed: count('failing'), skipped: count('pending') };
  const isHonest = (code === 0) === (counts.failed === 0) && counts.passed + counts.failed > 0;
  return isHonest ? { ...counts, report: code === 0 ? '' : output } : { ...counts, failed: counts.failed + 1, report: output };
}

function outcome(command: string, args: readonly string[]): Promise<{ readonly code: number; readonly output: string }> {
  return new Promise((resolve, reject) => {
    // A report is kept as text, whatever a terminal could show.
    const env = { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined };
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], shell: process.platform === 'win32' });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes: Buffer) => { output += bytes.toString(); });
    child.on('error', reject);
    child.on('close', (code) => { resolve({ code: code ?? 1, output: output.trimEnd() }); });
  });
}

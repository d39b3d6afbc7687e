// Hosts made by any program: it gets what is asked of it as JSON on its standard input and prints the host as JSON; what it says on
// standard error is shown as progress. So whatever a cloud's own tools can reach can be reached.

import { spawn } from 'node:child_process';
import { type HostConfig, readHosts } from '#core/host/config.ts';
import type { CloudConfig, HostRequest, ProvisionerConfig } from '#core/cloud/cloud.ts';
import { labelsOf } from '#core/cloud/request.ts';
import { LineSplitter } from '../docker/streams.ts';
import { messageOf } from '../engine/failure.ts';
import type { Connect } from '../engine/ports.ts';
import { answerOf } from './answer.ts';
import type { Provisioner } from './provisioner.ts';

/** A machine that was just made starts, and installs Docker. */
const patienceMs = 10 * 60_000;
/** More than that is no answer. */
const mostCharacters = 1_000_000;
/** What it said last, when it failed. */
const lastWords = { lines: 3, characters: 300 };
/** A program that was asked to end and does not is ended after that. */
const endsWithinMs = 60_000;

/** What is asked of the program, in one line of JSON. */
export type Asked =
  | ({ readonly action: 'provision' } & HostRequest)
  /** `endpoint` is missing where a provision was cut short. */
  | { readonly action: 'release'; readonly cloud: string; readonly name: string; readonly endpoint?: string }
  | { readonly action: 'list'; readonly cloud: string };

export class CommandProvisioner implements Provisioner {
  readonly #cloud: CloudConfig;
  readonly #command: readonly string[];
  readonly #connect: Connect;

  constructor(cloud: CloudConfig, { command }: Extract<ProvisionerConfig, { kind: 'command' }>, connect: Connect) {
    this.#cloud = cloud;
    this.#command = command;
    this.#connect = connect;
  }

  async provision(request: HostRequest, onDetail: (detail: string) => void, signal: AbortSignal): Promise<HostConfig> {
    try {
      const host = this.#host(await this.#ask({ action: 'provision', ...request }, onDetail, signal), request);
      await answerOf(host, this.#connect, { patienceMs, onDetail, signal });
      return host;
    } catch (error) {
      // Only the program knows how far it came.
      const { cloud, name } = request;
      const problem = await this.#ask({ action: 'release', cloud, name }, onDetail, new AbortController().signal).then(() => undefined, messageOf);
      signal.throwIfAborted();
      throw problem === undefined ? error : new Error(`${messageOf(error)}; what it may have made could not be taken away again: ${problem}`, { cause: error });
    }
  }

  async release({ name, endpoint }: HostConfig): Promise<void> {
    await this.#ask({ action: 'release', cloud: this.#cloud.name, name, endpoint }, () => undefined, new AbortController().signal);
  }

  async find(signal: AbortSignal): Promise<readonly HostConfig[]> {
    const answer = parsed(await this.#ask({ action: 'list', cloud: this.#cloud.name }, () => undefined, signal), this.#name);
    const listed: unknown = typeof answer === 'object' && answer !== null && 'hosts' in answer ? answer.hosts : undefined;
    const { hosts, problems: [first] } = readHosts(listed);
    if (first !== undefined) throw new Error(`the program ${this.#name} lists hosts that make no sense: ${first.message}; it is to print {"hosts": [{"name": ..., "endpoint": ...}]}`);
    return hosts;
  }

  #host(output: string, request: HostRequest): HostConfig {
    const answer = parsed(output, this.#name);
    const { labels, ...rest } = typeof answer === 'object' && answer !== null && !Array.isArray(answer) ? { labels: {}, ...answer } : { labels: {} };
    const { hosts: [host], problems: [first] } = readHosts([{ ...rest, name: request.name, labels }]);
    if (host === undefined || first !== undefined) throw new Error(`the program ${this.#name} printed a host that makes no sense: ${first?.message ?? 'there is nothing'}; it is to print {"endpoint": ..., "labels": {...}}`);
    return { ...host, labels: { ...labelsOf(request), ...host.labels } };
  }

  /** What it prints. It is asked to end when `signal` aborts, and its end is waited for. */
  #ask(asked: Asked, onDetail: (detail: string) => void, signal: AbortSignal): Promise<string> {
    const [file = '', ...args] = this.#command;
    const name = this.#name;
    return new Promise<string>((resolve, reject) => {
      let output = '';
      const words: string[] = [];
      const child = spawn(file, args, { stdio: ['pipe', 'pipe', 'pipe'], signal, killSignal: 'SIGTERM' });
      const lines = new LineSplitter((line) => {
        if (line.trim() === '') return;
        words.push(line.trim().slice(0, lastWords.characters));
        if (words.length > lastWords.lines) words.shift();
        onDetail(words.at(-1) ?? '');
      });
      let problem: Error | undefined;
      let ender: NodeJS.Timeout | undefined;
      const endIt = (): void => void (ender = setTimeout(() => child.kill('SIGKILL'), endsWithinMs));
      signal.addEventListener('abort', endIt, { once: true });
      child.on('error', (error: NodeJS.ErrnoException) => {
        problem ??= signal.aborted ? error : new Error(error.code === 'ENOENT' ? `the program ${name} is not there; correct the cloud's command` : error.code === 'EACCES' ? `the program ${name} may not be executed; make it executable (chmod +x)` : `the program ${name} cannot be run: ${error.message}`, { cause: error });
        if (child.pid === undefined) reject(problem);
      });
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        output += text;
        if (output.length <= mostCharacters || problem !== undefined) return;
        problem = new Error(`the program ${name} prints without end in place of a host`);
        child.kill();
      });
      child.stderr.on('data', (bytes: Buffer) => lines.write(bytes));
      // One that does not read what is asked may have closed its input; how it ends says more.
      child.stdin.on('error', () => undefined);
      child.stdin.end(`${JSON.stringify(asked)}\n`);
      child.on('close', (code, killed) => {
        clearTimeout(ender);
        signal.removeEventListener('abort', endIt);
        lines.end();
        if (problem !== undefined) reject(problem);
        else if (code === 0) resolve(output);
        else reject(new Error(`the program ${name} ended with ${code === null ? `signal ${killed ?? ''}` : `code ${code}`} when asked to ${asked.action}${words.length === 0 ? '; it said nothing on standard error' : `: ${words.join(' | ')}`}`));
      });
    });
  }

  /** Arguments may be secret. */
  get #name(): string {
    return this.#command[0] ?? '';
  }
}

function parsed(output: string, name: string): unknown {
  try {
    return JSON.parse(output);
  } catch (error) {
    const shown = output.trim().slice(0, 60);
    throw new Error(`the program ${name} is to print JSON on standard output and nothing else, but ${shown === '' ? 'printed nothing' : `printed: ${shown}`}`, { cause: error });
  }
}

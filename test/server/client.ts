// A language client for tests: the bundled server in a process of its own, over stdio, with what it says kept.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Diagnostic, InitializeResult, PublishDiagnosticsParams, WorkspaceDiagnosticReport } from 'vscode-languageserver/node';
import { CancellationTokenSource, createMessageConnection, ProgressType, ResponseError, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

import { bundle } from '../../scripts/build.ts';

/** Bundles the server as it is shipped; gives the file, and what removes it. */
export async function bundledServer(): Promise<{ readonly file: string; readonly remove: () => void }> {
  const folder = mkdtempSync(join(tmpdir(), 'clocker-server-'));
  const file = join(folder, 'server.cjs');
  await bundle('server/main.ts', file);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

export interface ClientOptions {
  readonly capabilities?: object;
  readonly initializationOptions?: unknown;
  readonly folders?: readonly string[];
  /** What the server gets for the section `clocker`, where the client can be asked. */
  readonly settings?: unknown;
  /** With heapProbe.ts in it. */
  readonly isProbed?: boolean;
}

export class Client {
  readonly #process;
  readonly #connection;
  readonly published: PublishDiagnosticsParams[] = [];
  /** What the server logged as errors. */
  readonly errors: string[] = [];
  /** Methods that the server asked the client to register. */
  readonly registered: string[] = [];
  /** What it asked the client to take back. */
  readonly unregistered: string[] = [];
  /** Registrations with their options. */
  readonly options: Readonly<Record<string, unknown>>[] = [];
  /** What it asked the client to ask for again. */
  readonly refreshes: string[] = [];
  readonly #waiting = new Set<() => void>();
  initialized: InitializeResult | undefined;
  /** Rejections in the server that nobody has handled. */
  readonly rejections: string[] = [];

  constructor(file: string, settings?: unknown, isProbed = false) {
    const probe = isProbed ? ['--expose-gc', '--import', pathToFileURL(join(import.meta.dirname, 'heapProbe.ts')).href] : [];
    this.#process = spawn(process.execPath, [...probe, file, '--stdio'], { stdio: ['pipe', 'pipe', 'inherit', isProbed ? 'ipc' : 'ignore'] });
    const { stdin, stdout } = this.#process;
    assert.ok(stdin && stdout);
    this.#process.on('message', (message: { readonly rejection?: string }) => {
      if (message.rejection !== undefined) this.rejections.push(message.rejection);
    });
    this.#connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.published.push(params);
      for (const look of this.#waiting) look();
    });
    this.#connection.onNotification('window/logMessage', ({ type, message }: { readonly type: number; readonly message: string }) => {
      if (type === 1) this.errors.push(message);
    });
    this.#connection.onRequest('client/registerCapability', ({ registrations }: { readonly registrations: readonly { readonly method: string; readonly registerOptions?: object }[] }) => {
      this.registered.push(...registrations.map(({ method }) => method));
      this.options.push(...registrations.map(({ method, registerOptions }) => ({ method, ...registerOptions })));
      for (const look of this.#waiting) look();
      return null;
    });
    this.#connection.onRequest('client/unregisterCapability', ({ unregisterations }: { readonly unregisterations: readonly { readonly method: string }[] }) => {
      this.unregistered.push(...unregisterations.map(({ method }) => method));
      for (const look of this.#waiting) look();
      return null;
    });
    this.#connection.onRequest('workspace/diagnostic/refresh', () => {
      this.refreshes.push('workspace/diagnostic/refresh');
      for (const look of this.#waiting) look();
      return null;
    });
    this.#connection.onRequest('workspace/configuration', ({ items }: { readonly items: readonly unknown[] }) => items.map(() => settings ?? null));
    this.#connection.listen();
  }

  /** A server that is ready. */
  static async start(file: string, { capabilities = {}, initializationOptions, folders = [], settings, isProbed = false }: ClientOptions = {}): Promise<Client> {
    const client = new Client(file, settings, isProbed);
    client.initialized = await client.request<InitializeResult>('initialize', {
      processId: process.pid,
      rootUri: null,
      capabilities,
      initializationOptions,
      workspaceFolders: folders.length > 0 ? folders.map((uri) => ({ uri, name: uri })) : null,
    });
    client.notify('initialized', {});
    return client;
  }

  request<T>(method: string, params: unknown): Promise<T> {
    return this.#connection.sendRequest<T>(method, params);
  }

  /** A request that can be taken back. */
  cancellable(method: string, params: unknown): { readonly answer: Promise<unknown>; readonly cancel: () => void } {
    const source = new CancellationTokenSource();
    return { answer: this.#connection.sendRequest(method, params, source.token), cancel: () => source.cancel() };
  }

  /** A request whose parts come before its end, each given to `onPart`; `cancel` takes it back. */
  streamed(method: string, params: object, token: string, onPart: (part: WorkspaceDiagnosticReport) => void): { readonly answer: Promise<unknown>; readonly cancel: () => void } {
    const parts = this.#connection.onProgress(new ProgressType<WorkspaceDiagnosticReport>(), token, onPart);
    const source = new CancellationTokenSource();
    const answer = this.#connection.sendRequest(method, { ...params, partialResultToken: token }, source.token).finally(() => parts.dispose());
    return { answer, cancel: () => source.cancel() };
  }

  /** Answers a request of the server, always with the same; gives what it was asked. */
  answer(method: string, answer: unknown): readonly unknown[] {
    const asked: unknown[] = [];
    this.#connection.onRequest(method, (params: unknown) => {
      asked.push(params);
      return answer;
    });
    return asked;
  }

  notify(method: string, params: unknown): void {
    void this.#connection.sendNotification(method, params);
  }

  open(uri: string, text: string, languageId = 'yaml'): void {
    this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version: 1, text } });
  }

  /** Replaces a range, or all of the text. */
  change(uri: string, version: number, text: string, range?: unknown): void {
    this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [range === undefined ? { text } : { range, text }] });
  }

  close(uri: string): void {
    this.notify('textDocument/didClose', { textDocument: { uri } });
  }

  /** The diagnostics of a version, when they come. */
  async diagnostics(uri: string, version?: number): Promise<readonly Diagnostic[]> {
    const found = await this.until(() => this.published.findLast((params) => params.uri === uri && params.version === version));
    return found.diagnostics;
  }

  /** Waits until something that the server publishes makes it true. Fails after ten seconds. */
  until<T>(look: () => T | undefined): Promise<T> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => {
        this.#waiting.delete(attempt);
        reject(new Error(`the server did not say what was waited for, but ${JSON.stringify(this.published.slice(-5))} ${this.errors.join('\n')}`));
      }, 10_000);
      const attempt = (): void => {
        const found = look();
        if (found === undefined) return;
        clearTimeout(timer);
        this.#waiting.delete(attempt);
        resolve(found);
      };
      this.#waiting.add(attempt);
      attempt();
    });
  }

  /** All that was sent before has been dealt with, and what follows from it has been published: a request waits its turn behind them. */
  async settle(): Promise<void> {
    for (let turn = 0; turn < 3; turn++) await this.request('textDocument/hover', { textDocument: { uri: 'file:///nothing.yaml' }, position: { line: 0, character: 0 } });
  }

  /** Sends so many requests at once and cancels the last one right away: its error code, and how many others were answered. */
  async cancelLast(count: number, method: string, params: unknown): Promise<{ readonly cancelled: number | undefined; readonly answered: number }> {
    const source = new CancellationTokenSource();
    const others = Array.from({ length: count - 1 }, () => this.request(method, params));
    const last = this.#connection.sendRequest(method, params, source.token).then(
      () => undefined,
      (error: unknown) => (error instanceof ResponseError ? error.code : undefined),
    );
    source.cancel();
    return { cancelled: await last, answered: (await Promise.all(others)).filter((answer) => answer !== null).length };
  }

  /** What a probed server has in use, all garbage gone. */
  async heapBytes(): Promise<number> {
    const told = once(this.#process, 'message', { signal: AbortSignal.timeout(10_000) });
    this.#process.send('heap');
    const [message]: readonly { readonly heapBytes?: number }[] = await told;
    return message?.heapBytes ?? 0;
  }

  get isAlive(): boolean {
    return this.#process.exitCode === null && this.#process.signalCode === null;
  }

  /** Ends the server however it is, so that a test that failed leaves nothing behind. */
  kill(): void {
    this.#connection.dispose();
    this.#process.kill('SIGKILL');
  }

  /** Ends the server as an editor does; gives its exit code. */
  async stop(): Promise<number | null> {
    await this.request('shutdown', undefined);
    const ended = once(this.#process, 'exit');
    this.notify('exit', undefined);
    await ended;
    this.#connection.dispose();
    return this.#process.exitCode;
  }
}

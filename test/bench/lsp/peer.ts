// A language server in a process of its own, and what an editor does with it, timed. Times are in milliseconds, from the moment
// before the message is written to the moment after the answer is read, without what the two processes waited for a free processor.

import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

import { type MessageConnection, type PublishDiagnosticsParams, createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-languageserver/node';

export const uri = 'file:///bench/large.blueprint.yaml';

interface At {
  readonly line: number;
  readonly character: number;
}

export class Peer {
  readonly name: string;
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  #version = 1;
  #counts: number[] = [];
  #look: (() => void) | undefined;

  private constructor(name: string, process: ChildProcess, connection: MessageConnection) {
    this.name = name;
    this.#process = process;
    this.#connection = connection;
  }

  /** Starts a server; `settings` answers what it asks for by section. */
  static async start(name: string, args: readonly string[], settings: (section: string | undefined) => unknown = () => null, folder?: string): Promise<{ readonly peer: Peer; readonly initializeMs: number }> {
    const start = performance.now();
    const waited = waitedMs(process.pid);
    const child = spawn(process.execPath, [...args, '--stdio'], { stdio: ['pipe', 'pipe', 'ignore'] });
    const connection = createMessageConnection(new StreamMessageReader(child.stdout), new StreamMessageWriter(child.stdin));
    const peer = new Peer(name, child, connection);
    const end = (): boolean => child.kill();
    process.once('exit', end);
    child.once('exit', () => process.removeListener('exit', end));
    connection.onNotification('textDocument/publishDiagnostics', ({ diagnostics, version = peer.#version }: PublishDiagnosticsParams) => {
      if (version !== peer.#version) return;
      peer.#counts.push(diagnostics.length);
      peer.#look?.();
    });
    connection.onRequest('workspace/configuration', ({ items }: { readonly items: readonly { readonly section?: string }[] }) => items.map(({ section }) => settings(section)));
    connection.onRequest('client/registerCapability', () => null);
    connection.onUnhandledNotification(() => {});
    connection.onError(() => {});
    connection.listen();
    await connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri: null,
      workspaceFolders: folder === undefined ? null : [{ uri: folder, name: 'bench' }],
      capabilities: {
        workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
        textDocument: { publishDiagnostics: { versionSupport: true }, completion: { completionItem: { snippetSupport: true } }, hover: { contentFormat: ['markdown'] } },
      },
    });
    const initializeMs = performance.now() - start - waitedMs(child.pid) - (waitedMs(process.pid) - waited);
    await connection.sendNotification('initialized', {});
    return { peer, initializeMs };
  }

  /** Until the diagnostics of the valid text are there. */
  async open(text: string): Promise<number> {
    this.#counts = [];
    return this.#timed(async () => {
      void this.#connection.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: this.#version, text } });
      await this.#until((count) => count === 0);
    });
  }

  async close(): Promise<void> {
    void this.#connection.sendNotification('textDocument/didClose', { textDocument: { uri } });
    await this.#connection.sendRequest('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } }).catch(() => null);
    this.#counts = [];
  }

  /** Types a character that makes the text invalid; until there are diagnostics. */
  async type(at: At, character: string): Promise<number> {
    return this.#timed(async () => {
      this.send(at, at, character);
      await this.#until((count) => count > 0);
    });
  }

  /** Takes it back; until there are none. */
  async erase(at: At): Promise<number> {
    return this.#timed(async () => {
      this.send(at, { line: at.line, character: at.character + 1 }, '');
      await this.#until((count) => count === 0);
    });
  }

  /** Types a character that changes nothing much and asks at once; until the answer. */
  async ask(method: 'textDocument/completion' | 'textDocument/hover', typedAt: At, position: At): Promise<number> {
    return this.#timed(async () => {
      this.send(typedAt, typedAt, 'x');
      await this.#connection.sendRequest(method, { textDocument: { uri }, position });
    });
  }

  /** How long until an answer about all of the workspace, which comes when every file of it is known. */
  async indexed(): Promise<number> {
    return this.#timed(async () => void (await this.#connection.sendRequest('workspace/diagnostic', { previousResultIds: [] })));
  }

  /** A change, without waiting for anything. What was published before does not count any more. */
  send(start: At, end: At, text: string): void {
    this.#counts = [];
    void this.#connection.sendNotification('textDocument/didChange', { textDocument: { uri, version: ++this.#version }, contentChanges: [{ range: { start, end }, text }] });
  }

  /** Until there are diagnostics, or until there are none. */
  settled(isInvalid: boolean): Promise<void> {
    return this.#until((count) => count > 0 === isInvalid);
  }

  /** The most memory that the process ever had, in MB; nothing where the system does not say. */
  get peakMB(): number | undefined {
    try {
      const [, kilobytes] = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${this.#process.pid}/status`, 'utf8')) ?? [];
      return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
    } catch {
      return undefined;
    }
  }

  async stop(): Promise<void> {
    // Whatever is still being said is said before the end.
    await this.#connection.sendRequest('shutdown').catch(() => null);
    const ended = once(this.#process, 'exit');
    this.#process.stdin?.on('error', () => {});
    this.#connection.dispose();
    this.#process.kill();
    await ended;
  }

  async #timed(action: () => Promise<void>): Promise<number> {
    const waited = waitedMs(this.#process.pid) + waitedMs(process.pid);
    const start = performance.now();
    await action();
    return Math.max(0.01, performance.now() - start - (waitedMs(this.#process.pid) + waitedMs(process.pid) - waited));
  }

  #until(isIt: (count: number) => boolean): Promise<void> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`${this.name} published ${JSON.stringify(this.#counts.slice(-10))} diagnostics, and not what was waited for`)), 600_000);
      this.#look = () => {
        const last = this.#counts.at(-1);
        if (last === undefined || !isIt(last)) return;
        clearTimeout(timer);
        this.#look = undefined;
        resolve();
      };
      this.#look();
    });
  }
}

/** How long the main thread of a process has been ready to run and was not let; nought where the system does not say. */
function waitedMs(pid: number | undefined): number {
  try {
    return Number(readFileSync(`/proc/${pid}/task/${pid}/schedstat`, 'utf8').split(' ')[1]) / 1e6;
  } catch {
    return 0;
  }
}

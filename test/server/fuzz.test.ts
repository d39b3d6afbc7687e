// The server is edited at random and asked at random, over stdio, and lives: no request is answered by an error, nothing is left
// unhandled, its memory stays what it was, and what it says in the end is what a fresh one says. `FUZZ_STEPS` makes more of it,
// `FUZZ_SEED` the same again.

import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';

import * as fc from 'fast-check';
import { type Diagnostic, LSPErrorCodes, ResponseError } from 'vscode-languageserver/node';

import { type Encoding, Lines, span } from '#core/text/span.ts';
import { type Make, anyEdit, published, sources } from '../core/incremental/edits.ts';
import { type ClientOptions, bundledServer, Client } from './client.ts';

const steps = Number(process.env['FUZZ_STEPS'] ?? 400);
const seed = Number(process.env['FUZZ_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** How much more may be in use at the end than in the middle. */
const mostGrowth = 1.2;
/** Requests that wait for their answers at one time. */
const together = 12;
/** Texts that are pasted into again and again begin anew. */
const longest = 60_000;

const examples = join(import.meta.dirname, '../../examples');

/** A word that is typed key by key, at a place that is so far into the text. */
interface Typed {
  readonly share: number;
  readonly keys: string;
}

type Step =
  | { readonly kind: 'edit'; readonly document: number; readonly make: Make; readonly isUndone: boolean }
  | { readonly kind: 'type'; readonly document: number; readonly typed: Typed }
  | { readonly kind: 'ask'; readonly document: number; readonly what: number; readonly share: number; readonly length: number; readonly isCancelled: boolean }
  | { readonly kind: 'reopen'; readonly document: number; readonly text: number }
  | { readonly kind: 'configure'; readonly isOn: boolean }
  | { readonly kind: 'file'; readonly file: number; readonly type: 1 | 2 | 3 };

const texts = [...sources, ...published];
const openTogether = 5;
const document = fc.nat(openTogether - 1);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const keys = fc.constantFrom('\n- type: docker:redis:7\n  id: x\n', '$brooklyn:entity("db").config("mode")', '  brooklyn.config:\n    a: "b', '\n\n# said', '[[{', 'name: x\n', '*a1', '&a1 ', '\u{1F600}\r\n', '\t- ', '\u2028%', '---\n', '\nnam', 'x'.repeat(300));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 40, arbitrary: fc.record({ kind: fc.constant('edit'), document, make: anyEdit, isUndone: fc.boolean() }) },
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('type'), document, typed: fc.record({ share, keys }) }) },
  { weight: 60, arbitrary: fc.record({ kind: fc.constant('ask'), document, what: fc.nat(999), share, length: fc.nat(200), isCancelled: fc.nat(20).map((chance) => chance === 0) }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('reopen'), document, text: fc.nat(texts.length - 1) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('configure'), isOn: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('file'), file: fc.nat(20), type: fc.constantFrom(1, 2, 3) }) },
);

interface Open {
  text: string;
  version: number;
  tokensId: string;
}

class Session {
  readonly #client: Client;
  readonly #encoding: Encoding;
  readonly #open = new Map<string, Open>();
  #waiting: Promise<void>[] = [];
  asked = 0;

  constructor(client: Client, encoding: Encoding) {
    this.#client = client;
    this.#encoding = encoding;
  }

  async take(one: Step): Promise<void> {
    switch (one.kind) {
      case 'edit': {
        const uri = uriOf(one.document);
        const { text } = this.#opened(uri);
        const edit = one.make(text);
        const removed = text.slice(edit.span.start, edit.span.end);
        this.#change(uri, edit.span.start, edit.span.end, edit.newText);
        if (one.isUndone) this.#change(uri, edit.span.start, edit.span.start + edit.newText.length, removed);
        break;
      }
      case 'type': {
        const uri = uriOf(one.document);
        let at = Math.floor(one.typed.share * this.#opened(uri).text.length);
        for (const key of one.typed.keys) {
          this.#change(uri, at, at, key);
          at += key.length;
        }
        break;
      }
      case 'ask':
        this.#waiting.push(this.#ask(uriOf(one.document), one));
        break;
      case 'reopen':
        this.#close(uriOf(one.document));
        this.#start(uriOf(one.document), texts[one.text] ?? '');
        break;
      case 'configure':
        this.#client.notify('workspace/didChangeConfiguration', { settings: { clocker: { inlayHints: { values: one.isOn }, codeLens: { references: one.isOn }, workspaceDiagnostics: one.isOn, blueprintFiles: one.isOn ? ['*.yaml'] : ['*.blueprint.yaml', '*.bom'] } } });
        break;
      case 'file': {
        const files = readdirSync(examples);
        this.#client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: pathToFileURL(join(examples, files[one.file % files.length] ?? '')).href, type: one.type }] });
      }
    }
    if (this.#waiting.length >= together) await this.settle();
  }

  async settle(): Promise<void> {
    const waiting = this.#waiting;
    this.#waiting = [];
    await Promise.all(waiting);
    this.#client.published.length = 0;
    assert.deepEqual([this.#client.errors, this.#client.rejections, this.#client.isAlive], [[], [], true]);
  }

  /** What is said of every open document, all files known as they are. */
  async said(): Promise<Readonly<Record<string, readonly Diagnostic[]>>> {
    return saidBy(this.#client, [...this.#open.keys()]);
  }

  /** What another server says that has seen nothing but the texts as they are. */
  async saidFresh(client: Client): Promise<Readonly<Record<string, readonly Diagnostic[]>>> {
    for (const [uri, { text }] of this.#open) openIn(client, uri, text);
    return saidBy(client, [...this.#open.keys()]);
  }

  closeAll(): void {
    for (const uri of this.#open.keys()) this.#close(uri);
  }

  #opened(uri: string): Open {
    return this.#open.get(uri) ?? this.#start(uri, texts[uri.length % texts.length] ?? '');
  }

  #start(uri: string, text: string): Open {
    const opened = { text, version: 1, tokensId: '' };
    this.#open.set(uri, opened);
    openIn(this.#client, uri, text);
    return opened;
  }

  #close(uri: string): void {
    if (this.#open.delete(uri)) this.#client.close(uri);
  }

  #change(uri: string, start: number, end: number, newText: string): void {
    const opened = this.#opened(uri);
    const lines = new Lines(opened.text).in(this.#encoding);
    const range = lines.rangeOf(span(start, end));
    // What nobody can point at, the middle of a line break, is changed as a whole.
    const isExact = lines.offsetAt(range.start) === start && lines.offsetAt(range.end) === end;
    opened.text = opened.text.slice(0, start) + newText + opened.text.slice(end);
    this.#client.change(uri, ++opened.version, isExact ? newText : opened.text, isExact ? range : undefined);
    if (opened.text.length > longest) {
      this.#close(uri);
      this.#start(uri, texts[0] ?? '');
    }
  }

  async #ask(uri: string, { what, share: far, length, isCancelled }: Extract<Step, { kind: 'ask' }>): Promise<void> {
    const opened = this.#opened(uri);
    const lines = new Lines(opened.text).in(this.#encoding);
    const start = Math.floor(far * opened.text.length);
    // Beyond the end, now and then.
    const position = length === 0 ? { line: lines.count + 3, character: 7 } : lines.positionAt(start);
    const range = { start: position, end: lines.positionAt(Math.min(opened.text.length, start + length)) };
    const textDocument = { uri };
    const place = { textDocument, position };
    const options = { tabSize: 2, insertSpaces: true };
    const inDocument = ['documentSymbol', 'documentLink', 'foldingRange', 'semanticTokens/full', 'diagnostic'].map((name) => async () => void (await this.#request(`textDocument/${name}`, { textDocument }, isCancelled)));
    const atPlace = ['hover', 'definition', 'typeDefinition', 'documentHighlight', 'prepareRename', 'signatureHelp', 'linkedEditingRange'].map((name) => async () => void (await this.#request(`textDocument/${name}`, place, isCancelled)));
    const questions: readonly (() => Promise<void>)[] = [
      ...inDocument,
      ...atPlace,
      async () => void (await this.#request('textDocument/references', { ...place, context: { includeDeclaration: length % 2 === 0 } }, isCancelled)),
      async () => void (await this.#request('textDocument/rename', { ...place, newName: length % 3 === 0 ? 'a b' : 'renamed' }, isCancelled)),
      async () => void (await this.#request('textDocument/selectionRange', { textDocument, positions: [position, range.end] }, isCancelled)),
      async () => void (await this.#request('textDocument/formatting', { textDocument, options }, isCancelled)),
      async () => void (await this.#request('textDocument/rangeFormatting', { textDocument, options, range }, isCancelled)),
      async () => void (await this.#request('textDocument/onTypeFormatting', { ...place, ch: '\n', options }, isCancelled)),
      async () => void (await this.#request('textDocument/inlayHint', { textDocument, range }, isCancelled)),
      async () => void (await this.#request('textDocument/semanticTokens/range', { textDocument, range }, isCancelled)),
      async () => void (await this.#request('workspace/symbol', { query: opened.text.slice(start, start + 3) }, isCancelled)),
      async () => void (await this.#request('workspace/diagnostic', { previousResultIds: [] }, isCancelled)),
      async () => {
        const tokens = await this.#request('textDocument/semanticTokens/full/delta', { textDocument, previousResultId: opened.tokensId }, isCancelled);
        if (typeof tokens === 'object' && tokens !== null && 'resultId' in tokens) opened.tokensId = String(tokens.resultId);
      },
      async () => {
        const list = await this.#request('textDocument/completion', place, isCancelled);
        const items: unknown = typeof list === 'object' && list !== null && 'items' in list ? list.items : [];
        if (Array.isArray(items) && items.length > 0) await this.#request('completionItem/resolve', items[length % items.length], false);
      },
      () => this.#resolved('textDocument/codeLens', { textDocument }, 'codeLens/resolve', length),
      () => this.#resolved('textDocument/codeAction', { textDocument, range, context: { diagnostics: [] } }, 'codeAction/resolve', length),
      async () => {
        const [item] = await this.#list('textDocument/prepareCallHierarchy', place);
        if (item === undefined) return;
        await this.#request('callHierarchy/incomingCalls', { item }, false);
        await this.#request('callHierarchy/outgoingCalls', { item }, false);
      },
    ];
    await questions[what % questions.length]?.();
  }

  async #resolved(method: string, params: object, resolve: string, which: number): Promise<void> {
    const list = await this.#list(method, params);
    const item = list[which % Math.max(1, list.length)];
    if (typeof item === 'object' && item !== null && 'data' in item) await this.#request(resolve, item, false);
  }

  async #list(method: string, params: object): Promise<readonly unknown[]> {
    const answer = await this.#request(method, params, false);
    return Array.isArray(answer) ? answer : [];
  }

  async #request(method: string, params: unknown, isCancelled: boolean): Promise<unknown> {
    this.asked++;
    const { answer, cancel } = this.#client.cancellable(method, params);
    if (isCancelled) cancel();
    const late = sleep(60_000, 'late', { ref: false });
    try {
      const first = await Promise.race([answer, late]);
      assert.notEqual(first, 'late', `${method} is not answered`);
      return first;
    } catch (error) {
      // What cannot be renamed is refused with a reason, and what is cancelled is answered so.
      const isExpected = error instanceof ResponseError && ((isCancelled && error.code === LSPErrorCodes.RequestCancelled) || (/rename/i.test(method) && error.code === LSPErrorCodes.RequestFailed));
      assert.ok(isExpected, `${method} ${JSON.stringify(params)} was answered by ${String(error)}`);
      return null;
    }
  }
}

function openIn(client: Client, uri: string, text: string): void {
  client.open(uri, text, uri.endsWith('blueprint.yaml') ? 'blueprint' : 'yaml');
}

async function saidBy(client: Client, uris: readonly string[]): Promise<Readonly<Record<string, readonly Diagnostic[]>>> {
  client.notify('workspace/didChangeConfiguration', { settings: { clocker: { blueprintFiles: ['*.blueprint.yaml', '*.bom'], workspaceDiagnostics: false } } });
  client.notify('workspace/didChangeWatchedFiles', { changes: readdirSync(examples).map((name) => ({ uri: pathToFileURL(join(examples, name)).href, type: 2 })) });
  await client.request('workspace/diagnostic', { previousResultIds: [] });
  await client.settle();
  const said = uris.map(async (uri) => [uri, (await client.request<{ readonly items: readonly Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } })).items] as const);
  return Object.fromEntries(await Promise.all(said));
}

/** A file in a folder of the workspace, one outside of it, one that has no folder, one that is nowhere on this machine. */
function uriOf(number: number): string {
  return [`${pathToFileURL(examples).href}/a.blueprint.yaml`, 'file:///elsewhere/b.yaml', 'untitled:Untitled-1', 'vscode-remote://ssh-remote+box/c.bom', `${pathToFileURL(examples).href}/d.blueprint.yaml`][number] ?? '';
}

for (const encoding of ['utf-16', 'utf-8'] as const) {
  test(`random edits and requests over the protocol, in ${encoding} (${steps} steps, seed ${seed})`, { timeout: 1_800_000 }, async (context) => {
    const server = await bundledServer();
    const options: ClientOptions = {
      capabilities: { general: { positionEncodings: [encoding] }, workspace: { configuration: true, workspaceFolders: true, workspaceEdit: { documentChanges: true } }, textDocument: { rename: { prepareSupport: true }, completion: { completionItem: { snippetSupport: true } }, codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } } },
      folders: [pathToFileURL(examples).href],
    };
    const client = await Client.start(server.file, { ...options, isProbed: true });
    const fresh = await Client.start(server.file, options);
    try {
      const session = new Session(client, encoding);
      const heaps: number[] = [];
      const all = fc.sample(step, { numRuns: steps, seed });
      for (const half of [all.slice(0, steps / 2), all.slice(steps / 2)]) {
        for (const one of half) await session.take(one);
        await session.settle();
        if (heaps.length > 0) assert.deepEqual(await session.said(), await session.saidFresh(fresh));
        session.closeAll();
        await client.settle();
        heaps.push(await client.heapBytes());
      }
      const [middle = 0, end = 0] = heaps;
      context.diagnostic(`${session.asked} requests; ${(middle / 1e6).toFixed(1)} MB in use in the middle, ${(end / 1e6).toFixed(1)} MB at the end`);
      assert.ok(middle > 0 && end <= middle * mostGrowth, `${end} bytes in use at the end, ${middle} in the middle`);
      assert.deepEqual([await client.stop(), await fresh.stop()], [0, 0]);
    } finally {
      client.kill();
      fresh.kill();
      server.remove();
    }
  });
}

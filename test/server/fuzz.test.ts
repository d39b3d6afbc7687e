// Somebody who types anything, anywhere, and asks for everything: the server goes on, answers, and says what a fresh one says.
// FUZZ_STEPS says for how long; `npm run fuzz:lsp` for long.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { ResponseError } from 'vscode-languageserver/node';
import type { Diagnostic } from 'vscode-languageserver/node';

import { Lines } from '#core/text/span.ts';
import { blueprints } from '../support/mutations.ts';
import { bundledServer, Client } from './client.ts';

const steps = Number(process.env['FUZZ_STEPS'] ?? 400);
const seed = Number(process.env['FUZZ_SEED'] ?? 1);
const texts = [...blueprints, ...['visits', 'shop'].map((name) => readFileSync(new URL(`../../examples/${name}.blueprint.yaml`, import.meta.url), 'utf8'))];
const uris = texts.map((_, index) => `file:///fuzz/${index}.${index % 2 === 0 ? 'blueprint.yaml' : 'bom'}`);

/** What is typed: pieces of the language, of YAML, and of neither. */
const pieces = ['', ' ', '\n', '\r\n', '  ', '- ', ': ', '"', "'", '#', '{', '}', '[', ']', '&a ', '*a', '<<: *a', '|\n  ', 'type: ', 'docker:redis:7', 'services:\n- ', '$brooklyn:', 'config("x")', 'entity("db").', 'brooklyn.config:\n    ', '🐳', '\t', '\uD83D', '---\n', '%', '\u2028', 'x'.repeat(3000)];

/** Each asks about a place, or about all of a document. */
const questions = ['completion', 'hover', 'signatureHelp', 'definition', 'typeDefinition', 'references', 'documentHighlight', 'prepareRename', 'rename', 'linkedEditingRange', 'prepareCallHierarchy', 'documentSymbol', 'documentLink', 'foldingRange', 'selectionRange', 'codeAction', 'codeLens', 'inlayHint', 'formatting', 'rangeFormatting', 'onTypeFormatting', 'semanticTokens/full', 'semanticTokens/full/delta', 'semanticTokens/range', 'diagnostic'];

interface Step {
  readonly kind: 'edit' | 'ask' | 'reopen' | 'configure' | 'workspace' | 'cut';
  readonly document: number;
  readonly at: number;
  readonly length: number;
  readonly piece: string;
  readonly question: string;
}

const step: fc.Arbitrary<Step> = fc.record({
  kind: fc.oneof({ weight: 12, arbitrary: fc.constant('edit' as const) }, { weight: 12, arbitrary: fc.constant('ask' as const) }, { weight: 1, arbitrary: fc.constantFrom('reopen' as const, 'configure' as const, 'workspace' as const, 'cut' as const) }),
  document: fc.nat(texts.length - 1),
  at: fc.nat(),
  length: fc.nat(30),
  piece: fc.constantFrom(...pieces),
  question: fc.constantFrom(...questions),
});

for (const encodings of [['utf-16'], ['utf-8']]) {
  test(`${steps} random steps, in ${encodings.join()}`, { timeout: 60_000 + steps * 200 }, async (context) => {
    context.diagnostic(`seed ${seed}`);
    const server = await bundledServer();
    const capabilities = { general: { positionEncodings: encodings }, textDocument: { completion: { completionItem: { snippetSupport: true } }, codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } }, rename: { prepareSupport: true } } };
    const client = await Client.start(server.file, { capabilities });
    const now = [...texts];
    const asked: Promise<unknown>[] = [];
    let version = 1;
    let settled = 0;
    let half = 0;
    /** A refusal is an answer, too. */
    const ask = (method: string, params: object): void => {
      asked.push(client.request(method, params).then((answer) => follow(client, method, answer), (error: unknown) => assert.ok(error instanceof ResponseError && [-32803, -32800].includes(error.code), String(error))));
    };
    try {
      for (const [index, uri] of uris.entries()) client.open(uri, texts[index] ?? '');
      for (const [done, { kind, document, at, length, piece, question }] of fc.sample(step, { numRuns: steps, seed }).entries()) {
        const uri = uris[document] ?? '';
        const text = now[document] ?? '';
        const start = at % (text.length + 1);
        const lines = new Lines(text).in(encodings[0] === 'utf-8' ? 'utf-8' : 'utf-16');
        const range = lines.rangeOf({ start, end: Math.min(text.length, start + length) });
        version++;
        if (done === steps >> 1) half = client.memoryBytes();
        if (kind === 'edit' || kind === 'cut') {
          // What the server makes of the positions is what counts: inside of a character is at its start.
          const [from, to] = [lines.offsetAt(range.start), lines.offsetAt(range.end)];
          now[document] = kind === 'cut' ? (texts[document] ?? '') : text.slice(0, from) + piece + text.slice(Math.max(from, to));
          client.change(uri, version, kind === 'cut' ? (texts[document] ?? '') : piece, kind === 'cut' ? undefined : range);
        } else if (kind === 'ask') {
          ask(`textDocument/${question}`, { textDocument: { uri }, position: range.start, range, positions: [range.start, range.end], context: { diagnostics: [], includeDeclaration: true }, newName: piece, ch: '\n', options: { tabSize: 2, insertSpaces: true }, previousResultId: '1' });
        } else if (kind === 'reopen') {
          client.close(uri);
          client.open(uri, text);
        } else if (kind === 'configure') {
          client.notify('workspace/didChangeConfiguration', { settings: { clocker: { hosts: [{ name: piece }], blueprintFiles: ['*.bom', '*.blueprint.yaml', piece] } } });
        } else {
          ask('workspace/symbol', { query: piece });
          ask('workspace/diagnostic', { previousResultIds: [] });
        }
        if (asked.length - settled >= 25) {
          await Promise.all(asked.slice(settled));
          settled = asked.length;
        }
      }
      await Promise.all(asked);
      assert.ok(client.isAlive);
      const end = client.memoryBytes();
      context.diagnostic(`${(half / 1e6).toFixed(0)} MB after half of the steps, ${(end / 1e6).toFixed(0)} MB at the end`);
      // A short run is still growing into its memory.
      if (steps >= 10_000) assert.ok(end < half * 1.3 + 50e6, 'the memory grows');
      assert.deepEqual(client.errors, []);
      // What it knows now is what a server knows that has never seen anything else.
      const fresh = await Client.start(server.file, { capabilities });
      try {
        for (const each of [client, fresh]) each.notify('workspace/didChangeConfiguration', { settings: { clocker: { hosts: [], blueprintFiles: ['*.bom', '*.blueprint.yaml'] } } });
        for (const [index, uri] of uris.entries()) fresh.open(uri, now[index] ?? '');
        for (const uri of uris) assert.deepEqual(await pulled(client, uri), await pulled(fresh, uri), `${uri} with seed ${seed}:\n${now[uris.indexOf(uri)]}`);
        assert.equal(await fresh.stop(), 0);
      } finally {
        fresh.kill();
      }
      assert.equal(await client.stop(), 0);
    } finally {
      client.kill();
      server.remove();
    }
  });
}

/** What an editor does with an answer next. */
async function follow(client: Client, method: string, answer: unknown): Promise<void> {
  const list: unknown = typeof answer === 'object' && answer !== null && 'items' in answer ? answer.items : answer;
  const first: unknown = Array.isArray(list) ? list[0] : undefined;
  if (first !== undefined && method === 'textDocument/completion') await client.request('completionItem/resolve', first);
  if (first !== undefined && method === 'textDocument/codeAction') await client.request('codeAction/resolve', first);
  if (first !== undefined && method === 'textDocument/codeLens') await client.request('codeLens/resolve', first);
  if (first !== undefined && method === 'textDocument/prepareCallHierarchy') {
    for (const calls of ['incomingCalls', 'outgoingCalls']) await client.request(`callHierarchy/${calls}`, { item: first });
  }
}

async function pulled(client: Client, uri: string): Promise<readonly Diagnostic[]> {
  const { items } = await client.request<{ readonly items: readonly Diagnostic[] }>('textDocument/diagnostic', { textDocument: { uri } });
  return items;
}

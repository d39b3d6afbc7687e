// Formatting, code actions, tokens, folding, selection, hints and lenses as editors meet them: the bundled server over stdio.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { CodeAction, CodeLens, FoldingRange, InlayHint, SelectionRange, SemanticTokens, SemanticTokensDelta, TextEdit } from 'vscode-languageserver/node';

import { bundledServer, Client } from './client.ts';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  server = await bundledServer();
});
after(() => server.remove());

const uri = 'file:///shop.blueprint.yaml';
const textDocument = { uri };
const at = (line: number, character: number): { readonly line: number; readonly character: number } => ({ line, character });
const range = (line: number, from: number, endLine = line, to = from): object => ({ start: at(line, from), end: at(endLine, to) });
const options = { tabSize: 2, insertSpaces: true };

async function withClient(setup: Parameters<typeof Client.start>[1], use: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(server.file, setup);
  let code: number | null = null;
  try {
    await use(client);
  } finally {
    // A server that is left running keeps the test from ending.
    code = await client.stop();
  }
  assert.deepEqual(client.errors, []);
  assert.equal(code, 0);
}

const shop = `services:
- type: docker:redis:7
  id: db
  openPorts: [6379]
- type:   brooklyn.entity.webapp.tomcat.TomcatServer
  env:
    A: $brooklyn:formatString("%s!", "x")
    B: $brooklyn:entity("db").config("y")
`;

test('formatting: a document, a selection, a new line', () =>
  withClient({}, async (client) => {
    client.open(uri, shop);
    const whole = await client.request<TextEdit[]>('textDocument/formatting', { textDocument, options });
    assert.deepEqual(whole, [{ range: range(4, 6, 4, 10), newText: ': ' }]);
    assert.deepEqual(await client.request('textDocument/rangeFormatting', { textDocument, options, range: range(0, 0, 2, 0) }), []);
    client.change(uri, 2, `${shop}\n`);
    client.change(uri, 3, `${shop}  brooklyn.config:\n\n`);
    assert.deepEqual(await client.request('textDocument/onTypeFormatting', { textDocument, options, position: at(9, 0), ch: '\n' }), [{ range: range(9, 0), newText: '    ' }]);
  }));

test('formatting is announced for blueprints alone to an editor that can be told later', () =>
  withClient({ capabilities: { textDocument: { formatting: { dynamicRegistration: true }, rangeFormatting: { dynamicRegistration: true }, onTypeFormatting: { dynamicRegistration: true } } } }, async (client) => {
    assert.equal(client.initialized?.capabilities.documentFormattingProvider, undefined);
    const byContent = 'file:///deploy/web.yaml';
    client.open('file:///other.yaml', 'a: 1\n');
    client.open(byContent, shop);
    await client.diagnostics(byContent, 1);
    await client.settle();
    assert.deepEqual(client.registered.filter((method) => method === 'textDocument/formatting').length, 2);
  }));

test('code actions, their edits when they are chosen', () =>
  withClient({ capabilities: { textDocument: { codeAction: { dataSupport: true, resolveSupport: { properties: ['edit'] } } } } }, async (client) => {
    client.open(uri, shop);
    await client.diagnostics(uri, 1);
    const asked = (only?: readonly string[]): Promise<CodeAction[]> => client.request('textDocument/codeAction', { textDocument, range: range(1, 4), context: { diagnostics: [], ...(only && { only }) } });
    assert.deepEqual((await asked()).map(({ title }) => title), ['Move the flag openPorts into brooklyn.config', 'Extract into the catalog item db']);
    const [fixAll] = await asked(['source.fixAll']);
    assert.ok(fixAll && fixAll.edit === undefined);
    const resolved = await client.request<CodeAction>('codeAction/resolve', fixAll);
    assert.deepEqual(resolved.edit?.changes?.[uri]?.map(({ newText }) => newText), ['org.apache.brooklyn.entity.webapp.tomcat.TomcatServer']);
  }));

test('semantic tokens: all, what changed, a range', () =>
  withClient({}, async (client) => {
    client.open(uri, shop);
    await client.diagnostics(uri, 1);
    const whole = await client.request<SemanticTokens>('textDocument/semanticTokens/full', { textDocument });
    assert.ok(whole.data.length > 50 && whole.resultId !== undefined);
    client.change(uri, 2, `# new\n${shop}`);
    const delta = await client.request<SemanticTokensDelta>('textDocument/semanticTokens/full/delta', { textDocument, previousResultId: whole.resultId });
    assert.deepEqual(delta.edits, [{ start: 0, deleteCount: 1, data: [1] }]);
    const part = await client.request<SemanticTokens>('textDocument/semanticTokens/range', { textDocument, range: range(2, 0, 2, 8) });
    assert.deepEqual(part.data.length, 10);
    const legend = client.initialized?.capabilities.semanticTokensProvider?.legend;
    assert.equal(legend?.tokenTypes[part.data[3] ?? -1], 'keyword');
    assert.deepEqual(await client.request('textDocument/semanticTokens/full', { textDocument: { uri: 'file:///none.yaml' } }), { data: [] });
  }));

test('folding and selection', () =>
  withClient({}, async (client) => {
    client.open(uri, shop);
    await client.diagnostics(uri, 1);
    const folds = await client.request<FoldingRange[]>('textDocument/foldingRange', { textDocument });
    assert.deepEqual(folds.map(({ startLine, endLine }) => [startLine, endLine]), [[0, 7], [1, 3], [4, 7], [5, 7]]);
    const [selection] = await client.request<SelectionRange[]>('textDocument/selectionRange', { textDocument, positions: [at(2, 7)] });
    assert.deepEqual(selection?.range, range(2, 6, 2, 8));
    assert.deepEqual(selection?.parent?.range, range(2, 2, 2, 8));
  }));

const settings = { inlayHints: { values: false }, codeLens: { deploy: false } };

test('hints and lenses, each can be switched off', () =>
  withClient({ capabilities: { workspace: { configuration: true } } }, async (client) => {
    client.open(uri, shop);
    await client.diagnostics(uri, 1);
    const hints = await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument, range: range(0, 0, 8, 0) });
    assert.deepEqual(hints.map(({ label, position }) => [label, position.line]), [['= org.apache.brooklyn.entity.webapp.tomcat.TomcatServer', 4], ['= x!', 6]]);
    const [lens] = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument });
    assert.ok(lens);
    assert.equal((await client.request<CodeLens>('codeLens/resolve', lens)).command?.title, '1 reference');
  }).then(() =>
    withClient({ initializationOptions: settings }, async (client) => {
      client.open(uri, shop);
      await client.diagnostics(uri, 1);
      assert.equal((await client.request<InlayHint[]>('textDocument/inlayHint', { textDocument, range: range(0, 0, 8, 0) })).length, 1);
      client.notify('workspace/didChangeConfiguration', { settings: { clocker: { inlayHints: { typeNames: false }, codeLens: { references: false } } } });
      assert.deepEqual(await client.request('textDocument/inlayHint', { textDocument, range: range(0, 0, 8, 0) }), []);
      assert.deepEqual(await client.request('textDocument/codeLens', { textDocument }), []);
    }),
  ));

test('of YAML that is no blueprint nothing is said, of half-typed text something', () =>
  withClient({}, async (client) => {
    const other = { uri: 'file:///other.yaml' };
    client.open(other.uri, 'a:   1\n');
    client.open(uri, `${shop}- type: docker:x\n  env: { A: "b\n`);
    await client.diagnostics(uri, 1);
    const params = { options, range: range(0, 0, 1, 0), positions: [at(0, 1)], position: at(1, 0), ch: '\n', context: { diagnostics: [] } };
    for (const method of ['formatting', 'rangeFormatting', 'onTypeFormatting', 'codeAction', 'foldingRange', 'selectionRange', 'inlayHint', 'codeLens']) {
      assert.equal(await client.request(`textDocument/${method}`, { textDocument: other, ...params }), null, method);
      assert.notEqual(await client.request(`textDocument/${method}`, { textDocument, ...params }), null, method);
    }
    assert.deepEqual(await client.request('textDocument/formatting', { textDocument, options }), []);
  }));

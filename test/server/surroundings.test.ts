// What an editor may be like: without a folder, with several, old ones that know of one alone, documents that are no files, files
// far away, files with odd names.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CompletionList, Diagnostic, DocumentDiagnosticReport, DocumentSymbol, Hover, InitializeResult, Location, TextEdit, WorkspaceDiagnosticReport, WorkspaceEdit } from 'vscode-languageserver/node';

import { bundledServer, Client, type ClientOptions } from './client.ts';

const base = mkdtempSync(join(tmpdir(), 'clocker-surroundings-'));
const folders = ['one', 'two', 'c++ (old) @home'].map((name) => join(base, name));
const [one = '', two = '', odd = ''] = folders.map((folder) => pathToFileURL(folder).href);
const catalog = (id: string): string => `brooklyn.catalog:\n  version: "1.0"\n  items:\n  - id: ${id}\n    itemType: entity\n    item:\n      type: tomcat-server\n`;
const using = 'services:\n- type: our-one\n  id: a\n- type: our-two\n  id: b\n  x: $brooklyn:entity("a")\n';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  for (const [index, folder] of folders.entries()) {
    mkdirSync(folder);
    writeFileSync(join(folder, 'ours (1).bom'), catalog(['our-one', 'our-two', 'our-odd'][index] ?? ''));
  }
  server = await bundledServer();
});
after(() => {
  server.remove();
  rmSync(base, { recursive: true, force: true });
});

async function withClient(options: ClientOptions, use: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(server.file, { capabilities: { workspace: { workspaceFolders: true } }, ...options });
  try {
    await use(client);
    assert.deepEqual(client.errors, []);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
}

const unknown = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.flatMap(({ message }) => (typeof message === 'string' ? (/our-\w+/.exec(message) ?? []) : []));

/** Waits until these types are the unknown ones: files are read in the background. */
function becomes(client: Client, uri: string, wanted: readonly string[]): Promise<unknown> {
  return client.until(() => (JSON.stringify(unknown(client.published.findLast((params) => params.uri === uri)?.diagnostics ?? [])) === JSON.stringify(wanted) && client.published.some((params) => params.uri === uri) ? true : undefined));
}

const at = (uri: string, line: number, character: number): object => ({ textDocument: { uri }, position: { line, character } });

/** A document with everything that is asked of it while somebody works in it. */
async function worksIn(client: Client, uri: string): Promise<void> {
  client.open(uri, 'name: x\nservices:\n- type: redis-stor\n  id: a\n-   type: redis-store\n    x: $brooklyn:entity("a")\n', 'blueprint');
  assert.deepEqual((await client.diagnostics(uri, 1)).map(({ code }) => code), ['unknown-type']);
  client.change(uri, 2, 'e', { start: { line: 2, character: 18 }, end: { line: 2, character: 18 } });
  assert.deepEqual(await client.diagnostics(uri, 2), []);
  assert.ok((await client.request<CompletionList>('textDocument/completion', at(uri, 3, 2))).items.length > 0);
  assert.ok(await client.request<Hover | null>('textDocument/hover', at(uri, 2, 12)));
  assert.deepEqual((await client.request<Location[]>('textDocument/definition', at(uri, 5, 25))).map((found) => found.uri), [uri]);
  assert.deepEqual(Object.keys((await client.request<WorkspaceEdit>('textDocument/rename', { ...at(uri, 3, 6), newName: 'b' })).changes ?? {}), [uri]);
  assert.equal((await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri } })).length > 0, true);
  assert.ok((await client.request<TextEdit[]>('textDocument/formatting', { textDocument: { uri }, options: { tabSize: 2, insertSpaces: true } })).length > 0);
  client.close(uri);
  assert.deepEqual(await client.diagnostics(uri), []);
}

test('without a folder: documents on disk or not, far away, outside of everything', () =>
  withClient({}, async (client) => {
    for (const uri of ['untitled:Untitled-1', 'untitled:/srv/me/new.blueprint.yaml', 'vscode-remote://ssh-remote%2Bbox/srv/me/shop.blueprint.yaml', 'vscode-vfs://github/somebody/shop/shop.bom', 'file:///c%3A/projects/shop.blueprint.yaml', 'file:///nowhere/at%20all.yaml']) await worksIn(client, uri);
  }));

test('with a folder far away: what is open there counts, nothing is looked for on this disk', () =>
  withClient({ folders: ['vscode-remote://ssh-remote%2Bbox/srv/me'] }, async (client) => {
    const remote = 'vscode-remote://ssh-remote%2Bbox/srv/me';
    await worksIn(client, `${remote}/shop.blueprint.yaml`);
    client.open(`${remote}/ours.bom`, catalog('our-one'));
    client.open(`${remote}/using.blueprint.yaml`, using);
    await becomes(client, `${remote}/using.blueprint.yaml`, ['our-two']);
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: `${remote}/other.bom`, type: 1 }] });
    assert.deepEqual((await client.request<Location[]>('textDocument/definition', at(`${remote}/using.blueprint.yaml`, 1, 10))).map(({ uri }) => uri), [`${remote}/ours.bom`]);
  }));

test('with several folders: types of all of them, until one is closed; a file outside of them knows them, too', () =>
  withClient({ folders: [one, two] }, async (client) => {
    for (const uri of [`${one}/shop.blueprint.yaml`, 'file:///elsewhere/shop.blueprint.yaml']) {
      client.open(uri, using);
      await becomes(client, uri, []);
    }
    client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: two, name: 'two' }] } });
    await becomes(client, `${one}/shop.blueprint.yaml`, ['our-two']);
    client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [{ uri: two, name: 'two' }], removed: [{ uri: one, name: 'one' }] } });
    await becomes(client, `${one}/shop.blueprint.yaml`, ['our-one']);
    await worksIn(client, 'file:///elsewhere/other.yaml');
  }));

test('an old editor that says its root alone', async () => {
  const client = new Client(server.file);
  try {
    await client.request<InitializeResult>('initialize', { processId: process.pid, rootUri: one, capabilities: {} });
    client.notify('initialized', {});
    client.open(`${one}/shop.blueprint.yaml`, using);
    await becomes(client, `${one}/shop.blueprint.yaml`, ['our-two']);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
});

test('odd characters in names: a file is one file, open or not, however VS Code spells it', () => {
  // As VS Code writes it: everything but letters, digits and a few signs is escaped.
  const folder = odd.replaceAll('+', '%2B').replaceAll('(', '%28').replaceAll(')', '%29').replaceAll('@', '%40');
  return withClient({ folders: [folder], capabilities: { textDocument: { diagnostic: {} } } }, async (client) => {
    const uri = `${folder}/ours%20%281%29.bom`;
    const files = async (): Promise<readonly string[]> => (await client.request<WorkspaceDiagnosticReport>('workspace/diagnostic', { previousResultIds: [] })).items.map((item) => item.uri);
    assert.deepEqual(await files(), [uri]);
    client.open(uri, catalog('our-odd'));
    assert.deepEqual(await files(), []);
    const report = await client.request<DocumentDiagnosticReport>('textDocument/diagnostic', { textDocument: { uri } });
    assert.deepEqual(report.kind === 'full' && report.items, []);
    client.close(uri);
    assert.deepEqual(await files(), [uri]);
  });
});

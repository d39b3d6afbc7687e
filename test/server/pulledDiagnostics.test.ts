// Diagnostics that an editor asks for: of a document, and of the files of its workspace that are not open.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import { type DocumentDiagnosticReport, type WorkspaceDiagnosticReport, ResponseError } from 'vscode-languageserver/node';

import { bundledServer, Client, type ClientOptions } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'clocker-pull-'));
const root = pathToFileURL(folder).href;
const shop = `${root}/shop.blueprint.yaml`;
const ours = `${root}/ours.bom`;
const shopText = 'services:\n- type: our-web\n- type: redis-stor\n';
const catalog = (id: string): string => `brooklyn.catalog:\n  version: "1.0"\n  items:\n  - id: ${id}\n    itemType: entity\n    item:\n      type: tomcat-server\n`;

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  server = await bundledServer();
});
after(() => {
  server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const pulls = { textDocument: { diagnostic: {} }, workspace: { diagnostics: { refreshSupport: true } } };

/** A client of the folder, which holds the blueprint and the catalog as they are above. */
async function withClient(options: ClientOptions, use: (client: Client) => Promise<void>): Promise<void> {
  writeFileSync(join(folder, 'shop.blueprint.yaml'), shopText);
  writeFileSync(join(folder, 'ours.bom'), catalog('our-web'));
  writeFileSync(join(folder, 'values.yaml'), 'services: { a: 1 }\n');
  const client = await Client.start(server.file, { capabilities: pulls, folders: [root], ...options });
  try {
    await use(client);
    assert.deepEqual(client.errors, []);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
}

/** Replaces a file on disk, and tells. */
function write(client: Client, uri: string, text: string): void {
  writeFileSync(new URL(uri), text);
  client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
}

const ask = (client: Client, uri: string, previousResultId?: string): Promise<DocumentDiagnosticReport> => client.request('textDocument/diagnostic', { textDocument: { uri }, previousResultId });
const askAll = (client: Client, previousResultIds: readonly { readonly uri: string; readonly value: string }[] = []): Promise<WorkspaceDiagnosticReport> => client.request('workspace/diagnostic', { previousResultIds });

/** Files are read in the background: asks until all is as wanted. */
async function becomes(client: Client, ids: ReturnType<typeof idsOf>, wanted: Readonly<Record<string, unknown>>): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    const now = saidOf(await askAll(client, ids));
    if (isDeepStrictEqual(now, wanted)) return;
    if (attempt > 200) assert.deepEqual(now, wanted);
    await pause(10);
  }
}

/** What reports say: `unchanged`, or the codes. */
const said = (report: DocumentDiagnosticReport | WorkspaceDiagnosticReport['items'][number]): unknown => (report.kind === 'full' ? report.items.map(({ code }) => code) : report.kind);
const saidOf = (...reports: readonly WorkspaceDiagnosticReport[]): unknown => Object.fromEntries(reports.flatMap(({ items }) => items.map((item) => [item.uri.slice(root.length + 1), said(item)])));
const idsOf = ({ items }: WorkspaceDiagnosticReport): readonly { readonly uri: string; readonly value: string }[] => items.map(({ uri, resultId = '' }) => ({ uri, value: resultId }));

test('of a document: asked at once after it was opened, unchanged while it says the same, never sent unasked', () =>
  withClient({}, async (client) => {
    assert.deepEqual(client.initialized?.capabilities.diagnosticProvider, { identifier: 'clocker', interFileDependencies: true, workspaceDiagnostics: true });
    const uri = 'untitled:Untitled-1';
    client.open(uri, 'services:\n- type: redis-stor\n');
    const first = await ask(client, uri);
    assert.deepEqual(said(first), ['unknown-type']);
    assert.equal(said(await ask(client, uri, first.resultId)), 'unchanged');
    client.change(uri, 2, '# more\n', { start: { line: 2, character: 0 }, end: { line: 2, character: 0 } });
    assert.equal(said(await ask(client, uri, first.resultId)), 'unchanged');
    client.change(uri, 3, '# more\n', { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } });
    const moved = await ask(client, uri, first.resultId);
    assert.deepEqual(said(moved), ['unknown-type']);
    client.change(uri, 4, 'services:\n- type: docker:redis:8\n');
    assert.deepEqual(said(await ask(client, uri, moved.resultId)), []);
    assert.deepEqual(said(await ask(client, 'file:///nowhere.yaml')), []);
    await client.settle();
    assert.deepEqual(client.published, []);
  }));

test('of a document that uses a catalog: the editor is told to ask again when that changes, typed or saved', () =>
  withClient({}, async (client) => {
    client.open(shop, 'services:\n- type: our-web\n');
    client.open(ours, catalog('our-web'));
    const good = await ask(client, shop);
    assert.deepEqual(said(good), []);
    const refreshed = (): Promise<boolean> => client.until(() => (client.refreshes.splice(0).length > 0 ? true : undefined));
    await askAll(client);
    await client.settle();
    client.refreshes.length = 0;
    client.change(ours, 2, catalog('our-site'));
    await refreshed();
    assert.deepEqual(said(await ask(client, shop, good.resultId)), ['unknown-type']);
    client.close(ours);
    await refreshed();
    assert.deepEqual(said(await ask(client, shop)), []);
    write(client, ours, catalog('our-site'));
    await refreshed();
    assert.deepEqual(said(await ask(client, shop)), ['unknown-type']);
  }));

test('of the workspace: every file that is not open, by itself', () =>
  withClient({}, async (client) => {
    const first = await askAll(client);
    assert.deepEqual(saidOf(first), { 'ours.bom': [], 'shop.blueprint.yaml': ['unknown-type'] });
    assert.deepEqual(saidOf(await askAll(client, idsOf(first))), { 'ours.bom': 'unchanged', 'shop.blueprint.yaml': 'unchanged' });
    client.open(shop, 'services: []\n');
    assert.deepEqual(saidOf(await askAll(client, idsOf(first))), { 'ours.bom': 'unchanged' });
    client.close(shop);
    write(client, ours, catalog('our-site'));
    await becomes(client, idsOf(first), { 'ours.bom': 'unchanged', 'shop.blueprint.yaml': ['unknown-type', 'unknown-type'] });
    rmSync(new URL(shop));
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: shop, type: 3 }] });
    await becomes(client, idsOf(first), { 'ours.bom': 'unchanged', 'shop.blueprint.yaml': [] });
  }));

test('of the workspace, in parts: what is new at once, and then nothing before there is something new', () =>
  withClient({}, async (client) => {
    const parts: WorkspaceDiagnosticReport[] = [];
    const first = client.streamed('workspace/diagnostic', { previousResultIds: [] }, 'one', (part) => parts.push(part));
    assert.deepEqual(await first.answer, { items: [] });
    const ids = parts.flatMap(idsOf);
    assert.deepEqual(saidOf(...parts), { 'ours.bom': [], 'shop.blueprint.yaml': ['unknown-type'] });
    parts.length = 0;
    let isOver = false;
    const second = client.streamed('workspace/diagnostic', { previousResultIds: ids }, 'two', (part) => parts.push(part));
    void second.answer.then(() => (isOver = true));
    await client.settle();
    assert.equal(isOver, false);
    write(client, ours, catalog('our-site'));
    assert.deepEqual(await second.answer, { items: [] });
    assert.deepEqual(saidOf(...parts), { 'shop.blueprint.yaml': ['unknown-type', 'unknown-type'] });
    const third = client.streamed('workspace/diagnostic', { previousResultIds: [...ids.filter(({ uri }) => uri === ours), ...parts.flatMap(idsOf)] }, 'three', () => assert.fail('there is nothing to tell'));
    await client.settle();
    third.cancel();
    await assert.rejects(third.answer, (error) => error instanceof ResponseError && error.code === -32800);
  }));

test('of the workspace, switched off and on by the setting', async () => {
  await withClient({ initializationOptions: { workspaceDiagnostics: false } }, async (client) => {
    assert.deepEqual(client.initialized?.capabilities.diagnosticProvider, { identifier: 'clocker', interFileDependencies: true, workspaceDiagnostics: false });
    assert.deepEqual(saidOf(await askAll(client, [{ uri: shop, value: 'old' }])), { 'ours.bom': [], 'shop.blueprint.yaml': [] });
  });
  const capabilities = { textDocument: { diagnostic: { dynamicRegistration: true } } };
  await withClient({ capabilities }, async (client) => {
    assert.equal(client.initialized?.capabilities.diagnosticProvider, undefined);
    const offered = (): readonly unknown[] => client.options.filter(({ method }) => method === 'textDocument/diagnostic').map(({ workspaceDiagnostics }) => workspaceDiagnostics);
    await client.until(() => (offered().length === 1 ? true : undefined));
    for (const workspaceDiagnostics of [false, false]) client.notify('workspace/didChangeConfiguration', { settings: { clocker: { workspaceDiagnostics } } });
    await client.until(() => (client.unregistered.length === 1 ? true : undefined));
    assert.deepEqual(offered(), [true, false]);
  });
});

// The server as editors meet it: bundled, in a process of its own, over stdio.

import assert from 'node:assert/strict';
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CompletionItem, CompletionList, DocumentSymbol, Hover } from 'vscode-languageserver/node';

import { bundledServer, Client } from './client.ts';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  server = await bundledServer();
});
after(() => server.remove());

const shop = 'file:///shop.blueprint.yaml';
const good = 'name: Shop\nservices:\n- type: docker:redis:7\n  id: db\n';
const faulty = 'name: Shop\nservices:\n- type: redis-stor\n';
const at = (line: number, character: number): { readonly line: number; readonly character: number } => ({ line, character });
const codes = (diagnostics: readonly { readonly code?: unknown }[]): readonly unknown[] => diagnostics.map(({ code }) => code);

async function withClient(options: Parameters<typeof Client.start>[1], use: (client: Client) => Promise<void>): Promise<void> {
  const client = await Client.start(server.file, options);
  try {
    await use(client);
    assert.deepEqual(client.errors, []);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
}

test('says what it can do', () =>
  withClient({}, async ({ initialized }) => {
    assert.equal(initialized?.serverInfo?.name, 'Clocker');
    assert.deepEqual(initialized?.capabilities.textDocumentSync, { openClose: true, change: 2 });
  }));

test('diagnostics come with opening and with every change, with the version, and go with closing', () =>
  withClient({}, async (client) => {
    client.open(shop, faulty);
    assert.deepEqual(codes(await client.diagnostics(shop, 1)), ['unknown-type']);
    client.change(shop, 2, 'docker:redis:7', { start: at(2, 8), end: at(2, 18) });
    assert.deepEqual(await client.diagnostics(shop, 2), []);
    client.change(shop, 3, '', { start: at(2, 2), end: at(2, 7) });
    assert.notDeepEqual(await client.diagnostics(shop, 3), []);
    client.close(shop);
    assert.deepEqual(await client.diagnostics(shop), []);
  }));

test('completion, its documentation, hover, outline, quick fix', () =>
  withClient({ capabilities: { textDocument: { completion: { completionItem: { snippetSupport: true } } } } }, async (client) => {
    client.open(shop, `${good}- type: \n- type: tomcat-server\n  brookyn.policies: []\n`);
    const list = await client.request<CompletionList>('textDocument/completion', { textDocument: { uri: shop }, position: at(4, 8) });
    assert.equal(list.items.toSorted((a, b) => ((a.sortText ?? '') < (b.sortText ?? '') ? -1 : 1))[0]?.label, 'docker:');
    const tomcat = list.items.find(({ label }) => label === 'tomcat-server');
    const resolved = await client.request<CompletionItem>('completionItem/resolve', tomcat);
    assert.ok(typeof resolved.documentation === 'object' && resolved.documentation.value.includes('java-web-app-server'));
    const hover = await client.request<Hover>('textDocument/hover', { textDocument: { uri: shop }, position: at(1, 3) });
    assert.deepEqual(hover.range, { start: at(1, 0), end: at(1, 8) });
    const outline = await client.request<DocumentSymbol[]>('textDocument/documentSymbol', { textDocument: { uri: shop } });
    assert.deepEqual(outline[0]?.children?.map(({ name }) => name), ['db', 'entity', 'tomcat-server']);
    const diagnostics = await client.diagnostics(shop, 1);
    const misspelt = diagnostics.find(({ code }) => code === 'misspelt-key');
    assert.ok(misspelt);
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', { textDocument: { uri: shop }, range: misspelt.range, context: { diagnostics } });
    assert.deepEqual(actions.map(({ title, edit }) => [title, edit?.changes?.[shop]?.[0]?.newText]), [['Change to brooklyn.policies', 'brooklyn.policies']]);
  }));

test('images, Dockerfiles and ids of applications: what is around the document', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clocker-around-'));
  mkdirSync(join(folder, 'web'));
  writeFileSync(join(folder, 'web', 'Dockerfile'), 'FROM scratch\n');
  writeFileSync(join(folder, 'db.blueprint.yaml'), 'id: shared-db\nservices:\n- type: docker:redis:7\n');
  writeFileSync(join(folder, 'cloud.blueprint.yaml'), 'services:\n- type: docker-infrastructure\n  locationName: my-docker-cloud\n');
  const uri = pathToFileURL(join(folder, 'shop.blueprint.yaml')).href;
  const text = 'services:\n- type: docker:re\n  dockerfileUrl: \n  x: $brooklyn:application("")\nlocation: \n';
  const labels = async (client: Client, position: object): Promise<readonly string[]> => {
    const { items } = await client.request<CompletionList>('textDocument/completion', { textDocument: { uri }, position });
    return items.map(({ label }) => label);
  };
  try {
    await withClient({ folders: [pathToFileURL(folder).href], initializationOptions: { clouds: [{ name: 'far-cloud' }] }, capabilities: { experimental: { clockerImages: true }, textDocument: { diagnostic: {} } } }, async (client) => {
      const asked = client.answer('clocker/images', [{ image: 'redis:9', where: 'on host a' }, { image: 'redis:9', where: 'on host b' }, 7]);
      client.open(uri, text);
      await client.request('workspace/diagnostic', { previousResultIds: [] });
      assert.ok((await labels(client, at(1, 18))).includes('docker:redis:9'));
      assert.deepEqual(asked, [{ typed: 're' }]);
      assert.deepEqual((await labels(client, at(2, 17))).slice(0, 1), ['web/Dockerfile']);
      assert.deepEqual(await labels(client, at(3, 28)), ['shared-db']);
      for (const name of ['localhost', 'my-docker-cloud', 'far-cloud']) assert.ok((await labels(client, at(4, 10))).includes(name), name);
      assert.deepEqual(asked.length, 1);
    });
    // An editor that knows of no images is not asked.
    await withClient({}, async (client) => {
      const asked = client.answer('clocker/images', []);
      client.open(uri, text);
      assert.ok((await labels(client, at(1, 18))).includes('docker:'));
      assert.deepEqual(asked, []);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("over Node's IPC, as VS Code starts it", async () => {
  const child = fork(server.file, ['--node-ipc', `--clientProcessId=${process.pid}`]);
  try {
    const answer = once(child, 'message');
    child.send({ jsonrpc: '2.0', id: 1, method: 'initialize', params: { processId: process.pid, rootUri: null, capabilities: {} } });
    const [message]: unknown[] = await answer;
    assert.match(JSON.stringify(message), /"id":1.*"hoverProvider":true/);
  } finally {
    child.kill('SIGKILL');
  }
});

test('on YAML that is no blueprint it is silent', () =>
  withClient({}, async (client) => {
    const others: Readonly<Record<string, string>> = {
      'file:///docker-compose.yml': 'services:\n  web:\n    image: nginx\n    tpye: x\n',
      'file:///pod.yaml': 'apiVersion: v1\nkind: Pod\nspec:\n  containers: []\n',
      'file:///workflow.yml': 'on: push\njobs:\n  a:\n    services: {}\n',
      'file:///broken.yaml': 'a: "b\n  - [\n',
      'file:///list.yaml': '- type: x\n- type: y\n',
      'file:///empty.yaml': '',
    };
    for (const [uri, text] of Object.entries(others)) {
      client.open(uri, text);
      client.change(uri, 2, `${text}# more\n`);
      assert.equal(await client.request('textDocument/completion', { textDocument: { uri }, position: at(0, 0) }), null);
      assert.equal(await client.request('textDocument/hover', { textDocument: { uri }, position: at(0, 1) }), null);
      assert.equal(await client.request('textDocument/documentSymbol', { textDocument: { uri } }), null);
      assert.equal(await client.request('textDocument/codeAction', { textDocument: { uri }, range: { start: at(0, 0), end: at(1, 0) }, context: { diagnostics: [] } }), null);
      client.close(uri);
    }
    await client.settle();
    assert.deepEqual(client.published, []);
  }));

test('a blueprint by its content: from the moment it is one, through half-typed text, until it is none', () =>
  withClient({}, async (client) => {
    const uri = 'file:///deploy.yaml';
    client.open(uri, 'name: x\n');
    client.change(uri, 2, faulty);
    assert.deepEqual(codes(await client.diagnostics(uri, 2)), ['unknown-type']);
    client.change(uri, 3, `${faulty}- type: "unclosed\n`);
    assert.ok(codes(await client.diagnostics(uri, 3)).includes('invalid-yaml'));
    client.change(uri, 4, 'services:\n- name: x\n');
    assert.deepEqual(codes(await client.diagnostics(uri, 4)), ['missing-key']);
    client.change(uri, 5, 'services:\n  web:\n    image: nginx\n');
    assert.deepEqual(await client.diagnostics(uri), []);
    client.change(uri, 6, 'services:\n  web:\n    image: "nginx\n');
    await client.settle();
    assert.equal(client.published.filter((params) => params.uri === uri).length, 4);
  }));

test('a blueprint by its name, by the setting and by its language', async () => {
  const half = 'name: x\nservices:\n- nam: x\n';
  await withClient({ initializationOptions: { blueprintFiles: ['deploy/**/*.yml'] } }, async (client) => {
    client.open('file:///a/deploy/b/c.yml', half);
    assert.deepEqual(codes(await client.diagnostics('file:///a/deploy/b/c.yml', 1)), ['missing-key']);
    client.open('file:///x.bom', half);
    client.open('untitled:Untitled-1', half, 'blueprint');
    assert.deepEqual(codes(await client.diagnostics('untitled:Untitled-1', 1)), ['missing-key']);
    assert.equal(client.published.some(({ uri }) => uri === 'file:///x.bom'), false);
    client.notify('workspace/didChangeConfiguration', { settings: { clocker: { blueprintFiles: ['*.bom'] } } });
    assert.deepEqual(codes(await client.diagnostics('file:///x.bom', 1)), ['missing-key']);
    assert.deepEqual(await client.diagnostics('file:///a/deploy/b/c.yml'), []);
  });
  await withClient({ capabilities: { workspace: { configuration: true } }, settings: { blueprintFiles: ['*.shop'], hosts: [{ name: 'host-b', endpoint: 'tcp://b' }] } }, async (client) => {
    client.open('file:///x.shop', `${half}location: `);
    assert.deepEqual(codes(await client.diagnostics('file:///x.shop', 1)), ['missing-key']);
    const { items } = await client.request<CompletionList>('textDocument/completion', { textDocument: { uri: 'file:///x.shop' }, position: at(3, 10) });
    assert.ok(items.some(({ label }) => label === 'host-b'));
  });
});

test('types of catalogs in the workspace are known, open or saved, and follow their files', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'clocker-workspace-'));
  const catalog = (id: string): string => `brooklyn.catalog:\n  version: "1.0"\n  items:\n  - id: ${id}\n    itemType: entity\n    item:\n      type: docker:redis:7\n`;
  mkdirSync(join(folder, 'catalogs'));
  const file = join(folder, 'catalogs', 'ours.bom');
  writeFileSync(file, catalog('our-store'));
  const uri = pathToFileURL(file).href;
  const using = 'services:\n- type: our-store\n';
  try {
    await withClient({ folders: [pathToFileURL(folder).href], capabilities: { workspace: { didChangeWatchedFiles: { dynamicRegistration: true } } } }, async (client) => {
      const diagnosed = (wanted: readonly string[]): Promise<unknown> => client.until(() => (JSON.stringify(codes(client.published.findLast((params) => params.uri === shop)?.diagnostics ?? [{ code: 'none yet' }])) === JSON.stringify(wanted) ? true : undefined));
      client.open(shop, using);
      await diagnosed([]);
      assert.ok(client.registered.includes('workspace/didChangeWatchedFiles'));
      writeFileSync(file, catalog('other-store'));
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
      await diagnosed(['unknown-type']);
      client.open(uri, catalog('our-store'));
      await diagnosed([]);
      client.close(uri);
      await diagnosed(['unknown-type']);
      writeFileSync(file, catalog('our-store'));
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] });
      await diagnosed([]);
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri, type: 3 }] });
      await diagnosed(['unknown-type']);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a burst of changes: the last version is right, none comes late, most are never checked', () =>
  withClient({}, async (client) => {
    client.open(shop, good);
    await client.diagnostics(shop, 1);
    for (let version = 2; version <= 60; version++) client.change(shop, version, version % 2 === 0 ? faulty : good);
    assert.deepEqual(codes(await client.diagnostics(shop, 60)), ['unknown-type']);
    await client.settle();
    const versions = client.published.map(({ version }) => version ?? 0);
    assert.deepEqual(versions, versions.toSorted((a, b) => a - b));
    assert.equal(versions.at(-1), 60);
    assert.ok(versions.length < 40, `${versions.length} of 60 versions were checked`);
  }));

test('a fault costs one answer, is logged once, and the next request works', async () => {
  const client = await Client.start(server.file);
  try {
    client.open(shop, good);
    await client.diagnostics(shop, 1);
    for (let time = 0; time < 3; time++) assert.equal(await client.request('textDocument/hover', { textDocument: { uri: shop } }), null);
    assert.equal(client.errors.length, 1, client.errors.join('\n'));
    assert.match(client.errors[0] ?? '', /^hover failed: /);
    assert.notEqual(await client.request('textDocument/hover', { textDocument: { uri: shop }, position: at(0, 1) }), null);
    client.change(shop, 2, faulty);
    assert.deepEqual(codes(await client.diagnostics(shop, 2)), ['unknown-type']);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
});

test('a request that was cancelled while it waited is answered as such', () =>
  withClient({}, async (client) => {
    client.open(shop, `services:\n${'- type: tomcat-server\n  brooklyn.config:\n    http.port: 8080+\n'.repeat(300)}`);
    const { cancelled, answered } = await client.cancelLast(6, 'textDocument/completion', { textDocument: { uri: shop }, position: at(1, 8) });
    assert.equal(cancelled, -32800);
    assert.ok(answered > 0);
  }));

// Navigation over the protocol: the bundled server, a workspace on disk, and editors that can more or less.

import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import type { CallHierarchyIncomingCall, CallHierarchyItem, CallHierarchyOutgoingCall, DocumentHighlight, DocumentLink, LinkedEditingRanges, Location, LocationLink, SignatureHelp, WorkspaceEdit, WorkspaceSymbol } from 'vscode-languageserver/node';
import { ResponseError } from 'vscode-languageserver/node';

import { bundledServer, Client } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'clocker-navigation-'));
const root = pathToFileURL(folder).href;
const shop = `${root}/shop.blueprint.yaml`;
const ours = `${root}/catalogs/ours.bom`;
const shopText = `name: Shop
services:
- type: our-web
  id: web
  our.port: 80
  iconUrl: https://example.org/web.png
- type: docker:redis:7
  id: db
  brooklyn.config:
    a: $brooklyn:entity("web").attributeWhenReady("webapp.url")
    b: $brooklyn:component(
`;
const oursText = `brooklyn.catalog:
  version: "1.0"
  items:
  - id: our-web
    itemType: entity
    item:
      type: tomcat-server
      brooklyn.parameters: [ our.port ]
`;
const usingText = 'services:\n- type: our-web\n  id: other\n';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  mkdirSync(join(folder, 'catalogs'));
  writeFileSync(join(folder, 'shop.blueprint.yaml'), shopText);
  writeFileSync(join(folder, 'deploy.yaml'), usingText);
  writeFileSync(join(folder, 'catalogs', 'ours.bom'), oursText);
  writeFileSync(join(folder, 'values.yaml'), 'services: { our-web: 1 }\n');
  server = await bundledServer();
});
after(() => {
  server.remove();
  rmSync(folder, { recursive: true, force: true });
});

const able = {
  textDocument: { definition: { linkSupport: true }, rename: { prepareSupport: true }, signatureHelp: { signatureInformation: { parameterInformation: { labelOffsetSupport: true } } } },
  workspace: { workspaceEdit: { documentChanges: true }, workspaceFolders: true, didChangeWatchedFiles: { dynamicRegistration: true } },
};

async function withClient(capabilities: object, use: (client: Client) => Promise<void>, folders: readonly string[] = [root]): Promise<void> {
  const client = await Client.start(server.file, { capabilities, folders });
  try {
    await use(client);
    assert.deepEqual(client.errors, []);
  } finally {
    assert.equal(await client.stop(), 0);
  }
}

const at = (uri: string, line: number, character: number): object => ({ textDocument: { uri }, position: { line, character } });
const range = (line: number, from: number, to: number): object => ({ start: { line, character: from }, end: { line, character: to } });

/** The names that a search finds, once they are what is wanted: files are read in the background. */
async function symbols(client: Client, query: string, isWanted: (names: readonly string[]) => boolean): Promise<readonly WorkspaceSymbol[]> {
  for (let attempt = 0; attempt < 500; attempt++) {
    const found = await client.request<WorkspaceSymbol[] | null>('workspace/symbol', { query });
    if (isWanted((found ?? []).map(({ name }) => name))) return found ?? [];
    await pause(10);
  }
  throw new Error(`the symbols for ${query} are not those wanted`);
}

const isIndexed = (names: readonly string[]): boolean => names.includes('our-web') && names.includes('other');

test('the server says what it can, and rename as the editor can', async () => {
  await withClient(able, async ({ initialized }) => {
    const { definitionProvider, typeDefinitionProvider, referencesProvider, documentHighlightProvider, linkedEditingRangeProvider, callHierarchyProvider, workspaceSymbolProvider, documentLinkProvider, signatureHelpProvider, renameProvider } = initialized?.capabilities ?? {};
    assert.deepEqual([definitionProvider, typeDefinitionProvider, referencesProvider, documentHighlightProvider, linkedEditingRangeProvider, callHierarchyProvider, workspaceSymbolProvider], Array.from({ length: 7 }, () => true));
    assert.deepEqual([documentLinkProvider, renameProvider], [{}, { prepareProvider: true }]);
    assert.deepEqual(signatureHelpProvider?.triggerCharacters, ['(', ',']);
  });
  await withClient({}, async ({ initialized }) => assert.equal(initialized?.capabilities.renameProvider, true), []);
});

test('definition and references across files, in links or in places', async () => {
  await withClient(able, async (client) => {
    await symbols(client, '', isIndexed);
    client.open(shop, shopText);
    const [link] = await client.request<LocationLink[]>('textDocument/definition', at(shop, 2, 10));
    assert.deepEqual(link, { originSelectionRange: range(2, 8, 15), targetUri: ours, targetRange: range(3, 8, 15), targetSelectionRange: range(3, 8, 15) });
    const parameter = await client.request<LocationLink[]>('textDocument/definition', at(shop, 4, 4));
    assert.deepEqual(parameter.map(({ targetUri, targetRange }) => [targetUri, targetRange]), [[ours, range(7, 29, 37)]]);
    const type = await client.request<LocationLink[]>('textDocument/typeDefinition', at(shop, 9, 26));
    assert.deepEqual(type.map(({ targetUri }) => targetUri), [ours]);
    const uses = await client.request<Location[]>('textDocument/references', { ...at(shop, 2, 10), context: { includeDeclaration: true } });
    assert.deepEqual(uses.map(({ uri }) => uri).toSorted(), [ours, `${root}/deploy.yaml`, shop]);
    const highlights = await client.request<DocumentHighlight[]>('textDocument/documentHighlight', at(shop, 3, 7));
    assert.deepEqual(highlights, [{ range: range(3, 6, 9), kind: 3 }, { range: range(9, 25, 28), kind: 2 }]);
  });
  await withClient({}, async (client) => {
    await symbols(client, '', isIndexed);
    client.open(shop, shopText);
    assert.deepEqual(await client.request<Location[]>('textDocument/definition', at(shop, 2, 10)), [{ uri: ours, range: range(3, 8, 15) }]);
  });
});

test('rename: prepared, refused with a sentence, done in all files with the versions of open documents', async () => {
  await withClient(able, async (client) => {
    await symbols(client, '', isIndexed);
    client.open(shop, shopText);
    assert.deepEqual(await client.request('textDocument/prepareRename', at(shop, 2, 10)), { range: range(2, 8, 15), placeholder: 'our-web' });
    await assert.rejects(client.request('textDocument/prepareRename', at(shop, 0, 7)), (error) => error instanceof ResponseError && error.message.startsWith('Here stands no id'));
    await assert.rejects(client.request('textDocument/rename', { ...at(shop, 2, 10), newName: 'a b' }), (error) => error instanceof ResponseError && error.message === 'A name cannot hold white space: "a b".');
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...at(shop, 2, 10), newName: 'our-site' });
    const changes = (edit.documentChanges ?? []).flatMap((change) => ('textDocument' in change ? [[change.textDocument.uri, change.textDocument.version, change.edits.length]] : []));
    assert.deepEqual(changes.toSorted(([one], [other]) => String(one).localeCompare(String(other))), [[ours, null, 1], [`${root}/deploy.yaml`, null, 1], [shop, 1, 1]]);
  });
  await withClient({}, async (client) => {
    client.open(shop, shopText);
    const edit = await client.request<WorkspaceEdit>('textDocument/rename', { ...at(shop, 3, 7), newName: 'site' });
    assert.deepEqual(edit, { changes: { [shop]: [{ range: range(3, 6, 9), newText: 'site' }, { range: range(9, 25, 28), newText: 'site' }] } });
  });
});

test('signature help, links, linked editing, call hierarchy', () =>
  withClient(able, async (client) => {
    client.open(shop, shopText);
    const help = await client.request<SignatureHelp>('textDocument/signatureHelp', at(shop, 10, 27));
    assert.deepEqual(help.signatures.map(({ label, parameters }) => [label, parameters?.[0]?.label]), [['component(id)', [10, 12]], ['component(scope, id)', [10, 15]]]);
    const links = await client.request<DocumentLink[]>('textDocument/documentLink', { textDocument: { uri: shop } });
    assert.deepEqual(links.map(({ target }) => target), ['https://example.org/web.png']);
    const linked = await client.request<LinkedEditingRanges>('textDocument/linkedEditingRange', at(shop, 9, 26));
    assert.deepEqual(linked.ranges, [range(3, 6, 9), range(9, 25, 28)]);
    const [item] = await client.request<CallHierarchyItem[]>('textDocument/prepareCallHierarchy', at(shop, 7, 7));
    assert.equal(item?.name, 'db');
    const outgoing = await client.request<CallHierarchyOutgoingCall[]>('callHierarchy/outgoingCalls', { item });
    assert.deepEqual(outgoing.map(({ to, fromRanges }) => [to.name, fromRanges]), [['web', [range(9, 51, 61)]]]);
    const incoming = await client.request<CallHierarchyIncomingCall[]>('callHierarchy/incomingCalls', { item: outgoing[0]?.to });
    assert.deepEqual(incoming.map(({ from }) => from.name), ['db']);
  }));

test('files are followed: changed, gone, their folder closed', () =>
  withClient(able, async (client) => {
    const deploy = `${root}/deploy.yaml`;
    await symbols(client, '', isIndexed);
    assert.ok(client.registered.includes('workspace/didChangeWatchedFiles'));
    const written = (text: string): void => {
      writeFileSync(join(folder, 'deploy.yaml'), text);
      client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: deploy, type: 2 }] });
    };
    written(usingText.replace('id: other', 'id: renamed'));
    await symbols(client, '', (names) => names.includes('renamed') && !names.includes('other'));
    written(usingText);
    await symbols(client, '', isIndexed);
    client.notify('workspace/didChangeWatchedFiles', { changes: [{ uri: deploy, type: 3 }] });
    await symbols(client, '', (names) => !names.includes('other'));
    client.notify('workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [{ uri: root, name: 'x' }] } });
    await symbols(client, '', (names) => names.length === 0);
  }));

test('a file outside of the workspace sees what is in it', () =>
  withClient({}, async (client) => {
    await symbols(client, '', isIndexed);
    const outside = 'file:///elsewhere/x.blueprint.yaml';
    client.open(outside, usingText.replaceAll('\n', '\r\n'));
    assert.deepEqual(await client.request<Location[]>('textDocument/definition', at(outside, 1, 10)), [{ uri: ours, range: range(3, 8, 15) }]);
  }));

test('without a folder, untitled, and in documents that are none of ours', () =>
  withClient(able, async (client) => {
    const untitled = 'untitled:Untitled-1';
    client.open(untitled, shopText);
    const highlights = await client.request<DocumentHighlight[]>('textDocument/documentHighlight', at(untitled, 3, 7));
    assert.equal(highlights.length, 2);
    assert.deepEqual(await client.request('textDocument/definition', at(untitled, 2, 10)), []);
    const other = 'file:///docker-compose.yml';
    client.open(other, 'services:\n  web:\n    image: nginx\n');
    for (const method of ['definition', 'typeDefinition', 'documentHighlight', 'prepareRename', 'signatureHelp', 'linkedEditingRange', 'prepareCallHierarchy', 'references']) {
      assert.equal(await client.request(`textDocument/${method}`, { ...at(other, 1, 3), context: { includeDeclaration: true } }), null, method);
    }
    assert.equal(await client.request('textDocument/documentLink', { textDocument: { uri: other } }), null);
  }, []));

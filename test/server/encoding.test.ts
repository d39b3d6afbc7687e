// Positions in bytes and in units of 16 bits, in and out, over the protocol: the same text with the same questions says the same.

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import type { CodeAction, CompletionList, DocumentSymbol, Hover, Location, Position, Range, SemanticTokens, WorkspaceEdit } from 'vscode-languageserver/node';

import { bundledServer, Client } from './client.ts';

const folder = mkdtempSync(join(tmpdir(), 'clocker-encoding-'));
const root = pathToFileURL(folder).href;
const shop = `${root}/shop.blueprint.yaml`;
const ours = `${root}/ours.bom`;
const text = `name: Wal 🐳 €
services:
- { name: "🐳", id: "döck🐳", type: our-web }
- { name: "🐳 é", brookyn.policies: [], type: redis-store, id: db, shop.a: $brooklyn:entity("döck🐳").attributeWhenReady("webapp.url") }
`;
const catalog = 'brooklyn.catalog:\n  version: "1.0"\n  items:\n  - { name: "🐳🐳", id: our-web, itemType: entity, item: { type: tomcat-server } }\n';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  writeFileSync(join(folder, 'ours.bom'), catalog);
  server = await bundledServer();
});
after(() => {
  server.remove();
  rmSync(folder, { recursive: true, force: true });
});

/** How long a text is in an encoding. */
const lengthIn = { 'utf-8': (line: string) => Buffer.byteLength(line), 'utf-16': (line: string) => line.length };

for (const [offered, encoding] of [[['utf-8', 'utf-16'], 'utf-8'], [['utf-32', 'utf-8', 'utf-16'], 'utf-8'], [['utf-16'], 'utf-16'], [['utf-32'], 'utf-16'], [undefined, 'utf-16']] as const) {
  test(`offered ${offered?.join(', ') ?? 'nothing'}: ${encoding}`, async () => {
    const client = await Client.start(server.file, { folders: [root], capabilities: { general: { positionEncodings: offered }, textDocument: { rename: { prepareSupport: true } }, workspace: { workspaceEdit: { documentChanges: false } } } });
    const lineOf = (source: string, line: number): string => source.split('\n')[line] ?? '';
    const length = lengthIn[encoding];
    /** Before or behind the first `word` on a line. */
    const at = (line: number, word: string, isBehind = false): Position => {
      const index = lineOf(text, line).indexOf(word);
      assert.ok(index >= 0, word);
      return { line, character: length(lineOf(text, line).slice(0, index + (isBehind ? word.length : 0))) };
    };
    /** What stands in a range of one line, as bytes or units. */
    const written = ({ start, end }: Range, source = text): string => {
      const whole = Buffer.from(lineOf(source, start.line), encoding === 'utf-8' ? 'utf8' : 'utf16le');
      const unit = encoding === 'utf-8' ? 1 : 2;
      return whole.subarray(start.character * unit, end.character * unit).toString(encoding === 'utf-8' ? 'utf8' : 'utf16le');
    };
    const ask = <T>(method: string, position: Position, more: object = {}): Promise<T> => client.request<T>(`textDocument/${method}`, { textDocument: { uri: shop }, position, ...more });
    try {
      assert.equal(client.initialized?.capabilities.positionEncoding, encoding);
      // Typed in two steps, the second one behind what takes more bytes than units.
      client.open(shop, text.replace('id: "döck🐳", ', ''));
      await client.diagnostics(shop, 1);
      client.change(shop, 2, 'id: "döck🐳", ', { start: at(2, 'id: '), end: at(2, 'id: ') });
      const diagnostics = await client.until(() => client.published.findLast(({ uri, version, diagnostics: found }) => uri === shop && version === 2 && found.every(({ code }) => code !== 'unknown-type')));
      assert.deepEqual(diagnostics.diagnostics.map(({ range }) => written(range)), ['brookyn.policies']);
      const hover = await ask<Hover>('hover', at(3, 'redis', true));
      assert.equal(hover.range && written(hover.range), 'redis-store');
      const completion = await ask<CompletionList>('completion', at(3, 'redis-st', true));
      assert.deepEqual(new Set(completion.items.map(({ textEdit }) => textEdit && 'range' in textEdit && written(textEdit.range))), new Set(['redis-store']));
      const definition = await ask<Location[]>('definition', at(2, 'our-w', true));
      assert.deepEqual(definition.map(({ uri, range }) => [uri, written(range, catalog)]), [[ours, 'our-web']]);
      const { changes } = await ask<WorkspaceEdit>('rename', at(3, 'döck', true), { newName: 'quay' });
      assert.deepEqual(changes?.[shop]?.map(({ range }) => written(range)), ['döck🐳', 'döck🐳']);
      const symbols = await ask<DocumentSymbol[]>('documentSymbol', at(0, 'name'));
      assert.match(written(symbols[0]?.children?.[0]?.range ?? assert.fail('no entity')), /^\{ name: "🐳".*our-web \}$/);
      const actions = await ask<CodeAction[]>('codeAction', at(0, 'name'), { range: { start: at(3, 'brookyn'), end: at(3, 'brookyn') }, context: { diagnostics: [], only: ['quickfix'] } });
      assert.deepEqual(new Set(actions.flatMap(({ edit }) => edit?.changes?.[shop]?.map(({ range }) => written(range)) ?? [])), new Set(['brookyn.policies']));
      const { data } = await client.request<SemanticTokens>('textDocument/semanticTokens/full', { textDocument: { uri: shop } });
      const words = tokens(data).map((range) => written(range));
      for (const word of ['our-web', 'redis-store', 'webapp.url']) assert.ok(words.some((other) => other.replaceAll('"', '') === word), words.join(' '));
      assert.deepEqual(client.errors, []);
      assert.equal(await client.stop(), 0);
    } finally {
      client.kill();
    }
  });
}

function tokens(data: readonly number[]): readonly Range[] {
  let line = 0;
  let character = 0;
  return Array.from({ length: data.length / 5 }, (_, index) => {
    const [down = 0, right = 0, long = 0] = data.slice(index * 5);
    line += down;
    character = down > 0 ? right : character + right;
    return { start: { line, character }, end: { line, character: character + long } };
  });
}

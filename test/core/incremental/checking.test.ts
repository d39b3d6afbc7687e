// The law of checking again only what changed: after any edit the diagnostics are those of the text read and checked afresh.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { read } from '#core/blueprint/read.ts';
import { check } from '#core/check/check.ts';
import { Checker } from '#core/check/checker.ts';
import { LiveDocument } from '#core/incremental/document.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { edited, published, sources } from './edits.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 100);

/** Without the order of those at one place. */
function plain(diagnostics: readonly Diagnostic[]): readonly string[] {
  return diagnostics.map((diagnostic) => JSON.stringify(diagnostic)).toSorted();
}

function assertFresh(document: LiveDocument, checker: Checker, text: string): void {
  assert.deepEqual(plain(checker.check(document.reading, document.chunks)), plain(check(read(text), builtInCatalog)));
}

for (const [name, texts] of Object.entries({ 'made for it': sources, published })) {
  test(`after any edit the diagnostics are those of the text checked afresh: blueprints ${name} (${runs} runs)`, { skip: texts.length === 0 && 'the published blueprints are not here' }, () => {
    fc.assert(
      fc.property(edited(texts, 8), ({ text, edits }) => {
        const document = new LiveDocument(text);
        const checker = new Checker(builtInCatalog);
        assertFresh(document, checker, text);
        for (const { edit, text: after } of edits) {
          document.edit(edit);
          assertFresh(document, checker, after);
        }
      }),
      { numRuns: runs },
    );
  });
}

/** Each edit replaces a text that occurs once; the diagnostics of the end. */
function after(text: string, ...edits: readonly (readonly [from: string, to: string])[]): readonly Diagnostic[] {
  const document = new LiveDocument(text);
  const checker = new Checker(builtInCatalog);
  checker.check(document.reading, document.chunks);
  for (const [from, to] of edits) {
    const start = document.text.indexOf(from);
    assert.equal(document.text.lastIndexOf(from), start, `${from} is there once`);
    document.edit({ span: { start, end: start + from.length }, newText: to });
    assertFresh(document, checker, document.text);
  }
  return checker.check(document.reading, document.chunks);
}

const codes = (diagnostics: readonly Diagnostic[]): readonly string[] => diagnostics.map(({ code }) => code);

test('what one service says of another follows the other', () => {
  const text = `services:
- type: docker:redis:7
  id: db
- type: tomcat-server
  id: web
  brooklyn.config:
    url: $brooklyn:entity("db").attributeWhenReady("service.isUp")
- type: docker:nginx:1
  id: proxy
- type: docker:nginx:1
  id: last
`;
  assert.deepEqual(codes(after(text)), []);
  assert.deepEqual(codes(after(text, ['id: db', 'id: store'])), ['unknown-entity-reference']);
  assert.deepEqual(codes(after(text, ['id: db', 'id: store'], ['id: proxy', 'id: db'])), []);
  assert.deepEqual(codes(after(text, ['id: proxy', 'id: db'])), ['duplicate-id']);
  assert.deepEqual(codes(after(text, ['id: proxy', 'id: db'], ['id: db\n- type: t', 'id: store\n- type: t'])), []);
});

test('a network, a key that is used and a type of the text itself are seen from everywhere', () => {
  const network = `services:\n- type: docker:nginx\n  brooklyn.config:\n    network.list: [front]\n- type: virtual-network\n  networkId: front\n- type: docker:nginx\n`;
  assert.deepEqual(codes(after(network)), []);
  assert.deepEqual(codes(after(network, ['networkId: front', 'networkId: back'])), ['undeclared-network']);
  const key = `services:\n- type: docker:nginx\n  mode: fast\n- type: docker:nginx\n  name: $brooklyn:config("mode")\n- type: docker:nginx\n`;
  assert.deepEqual(codes(after(key)), []);
  assert.deepEqual(codes(after(key, ['config("mode")', 'config("mod")'])), ['unknown-key']);
  const types = `brooklyn.catalog:\n  items:\n  - id: ours\n    item: { type: docker:nginx }\n  - id: theirs\n    item: { type: ours }\n  - id: last\n    item: { type: theirs }\n`;
  assert.deepEqual(codes(after(types)), []);
  assert.deepEqual(codes(after(types, ['id: ours', 'id: mine'])), ['unknown-type']);
});

test('a second list of services takes the place of the first, whose values still stand there', () => {
  const text = 'services:\n- type: docker:nginx\n  x: 010\n- type: docker:redis\n  x: 010\nname: x\n';
  const count = (diagnostics: readonly Diagnostic[]): number => codes(diagnostics).filter((code) => code === 'yaml-surprise').length;
  assert.equal(count(after(text)), 2);
  assert.equal(count(after(text, ['name: x', 'services:'])), 2);
  assert.equal(count(after(text, ['name: x', 'services:\nname: x'], ['services:\nname', 'name'])), 2);
});

test('what the application sets reaches its services', () => {
  const text = `brooklyn.config:\n  a: 1\nservices:\n- type: docker:nginx\n  brooklyn.config:\n    b: $brooklyn:config("a")\n- type: docker:nginx\n`;
  assert.deepEqual(codes(after(text)), []);
  assert.deepEqual(codes(after(text, ['a: 1', 'a: $brooklyn:config("b")'])), codes(check(read(text.replace('a: 1', 'a: $brooklyn:config("b")')), builtInCatalog)));
});

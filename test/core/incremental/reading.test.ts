// The one law of reading again only what changed: after any edit the reading is that of the text read afresh. `FUZZ_RUNS` makes more of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { type Reading, read } from '#core/blueprint/read.ts';
import { LiveDocument } from '#core/incremental/document.ts';
import { Lines } from '#core/text/span.ts';
import { edited, published, sources } from './edits.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 120);

/** A reading as plain data; diagnostics in one order. */
function plain({ diagnostics, ...rest }: Reading): unknown {
  const simple = (value: unknown): string => JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
  return { ...JSON.parse(simple(rest)), diagnostics: diagnostics.map(simple).toSorted() };
}

function assertFresh(document: LiveDocument, text: string): void {
  assert.equal(document.text, text);
  assert.deepEqual(plain(document.reading), plain(read(text)));
  const lines = new Lines(text);
  assert.equal(document.lines.count, lines.count);
  for (let line = 0; line <= lines.count; line++) assert.equal(document.lines.startOf(line), lines.startOf(line));
}

for (const [name, texts] of Object.entries({ 'made for it': sources, published })) {
  test(`after any edit the reading is that of the text read afresh: blueprints ${name} (${runs} runs)`, { skip: texts.length === 0 && 'the published blueprints are not here' }, () => {
    fc.assert(
      fc.property(edited(texts, 8), ({ text, edits }) => {
        const document = new LiveDocument(text);
        assertFresh(document, text);
        for (const { edit, text: after } of edits) {
          document.edit(edit);
          assertFresh(document, after);
        }
      }),
      { numRuns: runs },
    );
  });
}

test('what is supposed is read, and is gone again', () => {
  fc.assert(
    fc.property(edited(sources, 3), ({ text, edits }) => {
      const document = new LiveDocument(text);
      const before = plain(document.reading);
      const [first] = edits;
      assert.ok(first);
      assert.deepEqual(plain(document.suppose(first.edit)), plain(read(first.text)));
      document.settle();
      assert.deepEqual(plain(document.reading), before);
      document.suppose(first.edit);
      document.edit(first.edit);
      assertFresh(document, first.text);
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
});

test('an edit in one service reads that service alone', () => {
  const text = `services:\n${Array.from({ length: 50 }, (_, index) => `- type: docker:redis:7\n  id: db-${index}\n`).join('')}`;
  const document = new LiveDocument(text);
  const before = document.reading.plan?.children ?? [];
  const at = text.indexOf('db-20');
  document.edit({ span: { start: at, end: at }, newText: 'x' });
  const after = document.reading.plan?.children ?? [];
  assert.deepEqual(after.flatMap((child, index) => (child === before[index] ? [] : [index])), [20]);
  assert.equal(after[21]?.id?.span.start, (read(document.text).plan?.children[21]?.id?.span.start));
});

/** Each of these is typed in the middle of the value of a service in the middle, key by key. */
const typed = ['[[{ a: [', '"not closed', "'not closed", '\n- type: x', '\nnam', '\nname: x', '\n    more: 5', '|\n   text', '*nobody', '&a x', 'a: b: c', '\t\tx', '['.repeat(30), '# "', '? x', '!x', '\n --', '`@%'];

for (const keys of typed) {
  test(`nothing else is read while this is typed: ${JSON.stringify(keys)}`, () => {
    const text = `name: x\nservices:\n${Array.from({ length: 9 }, (_, index) => `- type: docker:redis:7\n  id: "db-${index}"\n  brooklyn.config:\n    mode: it's fast\n`).join('')}`;
    const document = new LiveDocument(text);
    const before = document.reading.plan?.children ?? [];
    let at = text.indexOf(' fast', text.indexOf('db-4')) + 1;
    for (const key of keys) {
      document.edit({ span: { start: at, end: at }, newText: key });
      at += key.length;
      const after = document.reading.plan?.children ?? [];
      assert.deepEqual(after.filter((child) => before.includes(child)).map((child) => child.id?.value), before.filter((_, index) => index !== 4).map((child) => child.id?.value));
    }
    assertFresh(document, document.text);
  });
}

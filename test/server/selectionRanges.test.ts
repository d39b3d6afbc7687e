import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { SelectionRange } from 'vscode-languageserver-types';

import { contains } from '#core/text/span.ts';
import { selectionRanges } from '../../server/features/selectionRanges.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf, withCursor } from './features.ts';

function spansOf(range: SelectionRange | undefined, document: ReturnType<typeof documentOf>): readonly { readonly start: number; readonly end: number }[] {
  if (!range) return [];
  return [{ start: document.lines.offsetAt(range.range.start), end: document.lines.offsetAt(range.range.end) }, ...spansOf(range.parent, document)];
}

/** The texts selected one after the other from `$0` on; the whole document, always last, is left out. */
function check(fixture: string, ...wanted: readonly string[]): void {
  const { text, offset } = withCursor(fixture);
  const document = documentOf(text);
  const [range] = selectionRanges(document, [document.lines.positionAt(offset)]);
  const shown = spansOf(range, document).map(({ start, end }) => text.slice(start, end));
  assert.equal(shown.at(-1), text);
  assert.deepEqual(shown.slice(0, -1), wanted);
}

test('from a word outwards', () => {
  check(
    'services:\n- type: docker:re$0dis:7\n  id: db\n- type: x\n',
    'redis',
    'docker:redis:7',
    'type: docker:redis:7',
    'type: docker:redis:7\n  id: db',
    '- type: docker:redis:7\n  id: db',
    '- type: docker:redis:7\n  id: db\n- type: x',
    'services:\n- type: docker:redis:7\n  id: db\n- type: x',
  );
});

test('out of an expression in quotes', () => {
  check(
    "services:\n- type: docker:x\n  url: '$brooklyn:entity(\"my-d$0b\").config(\"x\")'\n",
    'db',
    'my-db',
    '"my-db"',
    '$brooklyn:entity("my-db")',
    '$brooklyn:entity("my-db").config("x")',
    "'$brooklyn:entity(\"my-db\").config(\"x\")'",
    "url: '$brooklyn:entity(\"my-db\").config(\"x\")'",
    "type: docker:x\n  url: '$brooklyn:entity(\"my-db\").config(\"x\")'",
    "- type: docker:x\n  url: '$brooklyn:entity(\"my-db\").config(\"x\")'",
    "services:\n- type: docker:x\n  url: '$brooklyn:entity(\"my-db\").config(\"x\")'",
  );
});

test('a name beyond the BMP is one word', () => {
  check('services:\n- type: a\nname: x\u{1F600}$0y z\n', 'x\u{1F600}y', 'x\u{1F600}y z', 'name: x\u{1F600}y z', 'services:\n- type: a\nname: x\u{1F600}y z');
});

test('each range holds the one before and the position, whatever the text', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(900), (text, at) => {
      const document = documentOf(`brooklyn.catalog: {}\n${text}`);
      const offset = Math.min(at, document.text.length);
      const position = document.lines.positionAt(offset);
      const [range] = selectionRanges(document, [position]);
      const spans = spansOf(range, document);
      assert.deepEqual(spans.at(-1), { start: 0, end: document.text.length });
      for (const [index, inner] of spans.entries()) {
        const outer = spans[index + 1];
        assert.ok(inner.start <= offset && offset <= inner.end);
        assert.ok(!outer || contains(outer, inner));
      }
    }),
    { numRuns: 500 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { folding } from '../../server/features/folding.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';

/** Every range as its first line, the number of lines, and its kind. */
function check(text: string, ...wanted: readonly string[]): void {
  const lines = text.split('\n');
  const shown = folding(documentOf(text)).map(({ startLine, endLine, kind }) => `${lines[startLine]?.trim()} .. ${lines[endLine]?.trim()}${kind === undefined ? '' : ` (${kind})`}`);
  assert.deepEqual(shown, wanted);
}

test('entities, maps, lists, block scalars, brackets', () => {
  check(
    `name: Shop
services:
- type: docker:redis:7
  env:
    A: |
      one

      two

    B: {
      x: 1,
      y: [
        2
      ]
    }

- type: docker:nginx:1
location: host-a
`,
    'services: .. - type: docker:nginx:1',
    '- type: docker:redis:7 .. }',
    'env: .. }',
    'A: | .. two',
    'B: { .. ]',
    'y: [ .. 2',
  );
});

test('comments and regions', () => {
  check(
    `# one
# two
services:
- type: a
  # region config
  x: |
    # no
    # comment
  # alone
  # endregion
# only one
`,
    '# one .. # two (comment)',
    'services: .. # comment',
    '- type: a .. # comment',
    '# region config .. # endregion (region)',
    'x: | .. # comment',
  );
});

test('ranges lie in the text, one for a first line, whatever the text', () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const document = documentOf(`brooklyn.catalog: {}\n${text}`);
      const ranges = folding(document);
      assert.equal(new Set(ranges.map(({ startLine }) => startLine)).size, ranges.length);
      for (const { startLine, endLine } of ranges) assert.ok(startLine < endLine && endLine < document.lines.count);
    }),
    { numRuns: 500 },
  );
});

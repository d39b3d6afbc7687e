import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { indentNewLine } from '#core/format/newLine.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { blueprints, mutated } from '../../support/mutations.ts';

/** What the text is after the line at `$0` got its indentation. */
function check(fixture: string, after: string, step = 2): void {
  const offset = fixture.indexOf('$0');
  const text = fixture.replace('$0', '');
  assert.equal(applyEdits(text, indentNewLine(text, offset, step, parseYaml(text).root)), after);
}

test('below a key: one step in', () => {
  check('brooklyn.config:\n$0', 'brooklyn.config:\n  ');
  check('- type: a\n  brooklyn.config:\n$0', '- type: a\n  brooklyn.config:\n    ');
  check('- memberSpec:\n$0', '- memberSpec:\n    ');
  check('a: &x\n$0', 'a: &x\n    ', 4);
  check('a: |\n$0', 'a: |\n  ');
  check('a:\r\n      $0\r\nb: 1\r\n', 'a:\r\n  \r\nb: 1\r\n');
  check('"a b":   # why\n$0\n', '"a b":   # why\n  \n');
});

test('below the key of a list: its dashes stand under it', () => {
  check('services:\n  $0\n', 'services:\n\n');
  check('- type: a\n  brooklyn.policies:\n$0', '- type: a\n  brooklyn.policies:\n  ');
});

test('below a dash: as far as what stands behind it', () => {
  check('services:\n- type: a\n$0', 'services:\n- type: a\n  ');
  check('services:\n-\n$0', 'services:\n-\n  ');
  check('services:\n- \n$0', 'services:\n- \n  ');
});

test('below an entry: beside it', () => {
  check('a:\n  b: 1\n$0', 'a:\n  b: 1\n  ');
  check('a:\n  b: 1\n  $0', 'a:\n  b: 1\n  ');
});

test('in a longer text, nothing', () => {
  check('a: |\n   if x:\n  $0\n', 'a: |\n   if x:\n  \n');
  check('a: "\n   x:\n  $0\n  "', 'a: "\n   x:\n  \n  "');
});

test('where the line above leaves it open, nothing', () => {
  for (const above of ['# key:', '---', 'a: "x', 'a: { b: 1,', 'text', 'a: {', '\ta:', 'a: 1\n']) check(`${above}\n   $0`, `${above}\n   `);
  check('$0', '');
  check('a: 1\n$0b: 2', 'a: 1\nb: 2');
});

test('only white space changes, whatever the text', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(900), (text, at) => {
      const after = applyEdits(text, indentNewLine(text, Math.min(at, text.length), 2, parseYaml(text).root));
      assert.equal(after.replace(/\s+/g, ''), text.replace(/\s+/g, ''));
    }),
    { numRuns: 1000 },
  );
});

// Laws of formatting, over blueprints that somebody's cat walked over, the examples, and every published blueprint there is.

import assert from 'node:assert/strict';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { format } from '#core/format/format.ts';
import { columnOf, layOut } from '#core/format/layout.ts';
import { linesOf } from '#core/format/lines.ts';
import { regionsOf } from '#core/format/regions.ts';
import { isSameTree } from '#core/format/same.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';
import { blueprints, mutated } from '../../support/mutations.ts';

/** Only white space changes, so comments, anchors and quotes are kept; what is read is the same; a second time changes nothing. */
function verify(text: string, tabSize: number): void {
  const before = parseYaml(text);
  const edits = format(text, { tabSize }, before);
  const formatted = applyEdits(text, edits);
  assert.equal(formatted.replace(/\s+/g, ''), text.replace(/\s+/g, ''));
  assert.ok(isSameTree(before.root, parseYaml(formatted).root));
  if (before.diagnostics.some(({ severity }) => severity === 'error')) assert.deepEqual(edits, []);
  const again = applyEdits(formatted, format(formatted, { tabSize }));
  assert.equal(again, formatted);
}

const sizes = fc.constantFrom(2, 4, 3);

test('of mutated blueprints', () => {
  fc.assert(fc.property(mutated(blueprints), sizes, verify), { numRuns: 600 });
});

test('of mutated blueprints with other line breaks and deeper indentation', () => {
  const others = blueprints.flatMap((text) => [text.replaceAll('\n', '\r\n'), text.replaceAll('  ', '     '), text.replaceAll('\n', '\n\n')]);
  fc.assert(fc.property(mutated(others), sizes, verify), { numRuns: 400 });
});

/** Everything that goes on over several lines, with comments between. */
const layouts: readonly string[] = [
  `# head
services:
    # one
    - type:   a   # why
      env: { A: 1,   # inside
         B: [ x,
       "y
         z", # more
       w ] }
      text: "one
         two \\
           three

         four"
      plain: some
        words
          here
      # below

    -   - - deep
          # deeper
        - *no
    - &item
      k: !!str 1
      ? q
      : r
`,
  `a: &x
   b: |2
        kept
      here
   c: >-

       folded

         more
   # not in it
   d:
   - |+
     end


   - 'it''s
     two'
e:
    <<: *x
    f: [*x, {g: h}]
--- # second
i:
      j: 1
`,
];

/** Without what is an error, and without what is not moved. */
const movable = layouts.map((text) => text.replace('        - *no\n', '').replace('      ? q\n      : r\n', ''));

test('of mutated texts of several lines', () => {
  fc.assert(fc.property(mutated([...movable, ...layouts]), sizes, verify), { numRuns: 600 });
});

test('every line comes to where it belongs', () => {
  for (const text of [...movable, ...blueprints]) isLaidOut(applyEdits(text, format(text, { tabSize: 2 })));
});

test('of any part of a mutated blueprint', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(900), fc.nat(300), (text, start, length) => {
      const before = parseYaml(text);
      const formatted = applyEdits(text, format(text, { tabSize: 2, within: span(Math.min(start, text.length), Math.min(start + length, text.length)) }, before));
      assert.equal(formatted.replace(/\s+/g, ''), text.replace(/\s+/g, ''));
      assert.ok(isSameTree(before.root, parseYaml(formatted).root));
    }),
    { numRuns: 400 },
  );
});

test('the examples are formatted already', () => {
  for (const file of globSync('examples/*.yaml')) assert.deepEqual(format(readFileSync(file, 'utf8'), { tabSize: 2 }), [], file);
});

/** Every line stands where its level is to be: nothing was given up to keep the value. */
function isLaidOut(text: string): void {
  const { root, secondDocumentAt, diagnostics } = parseYaml(text);
  if (!root || root.kind === 'scalar' || diagnostics.length > 0) return;
  const lines = linesOf(text).filter(({ start }) => start < (secondDocumentAt ?? text.length));
  const laidOut = layOut(text, lines, regionsOf(root, text), () => true) ?? [];
  for (const [index, line] of laidOut.entries()) if (line.kind === 'entry') for (const { level } of line.tokens) assert.equal(level.old, columnOf(level, 2), `line ${index + 1}`);
}

const published = join(import.meta.dirname, '../../../../shared/conformance/blueprints');

test('of published blueprints, whatever their layout', { skip: existsSync(published) ? false : 'the conformance data (../shared/conformance) is not here' }, () => {
  const files = globSync('**/*', { cwd: published }).filter((file) => /\.(ya?ml|bom)$/.test(file)).toSorted();
  assert.ok(files.length > 100);
  // Every third: many are versions of one another.
  for (const file of files.filter((_, index) => index % 3 === 0)) {
    try {
      const text = readFileSync(join(published, file), 'utf8');
      verify(text, 2);
      isLaidOut(applyEdits(text, format(text, { tabSize: 2 })));
    } catch (cause) {
      throw new Error(`formatting ${file}`, { cause });
    }
  }
});

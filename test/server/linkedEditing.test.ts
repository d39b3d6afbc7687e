// Linked editing: the marked places are typed together.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { linkedEditing } from '../../server/features/linkedEditing.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';
import { crlf, opened, shownRange } from './navigation.ts';

function check(source: string): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, offset, textsWith, marked, files } = opened(fixture);
    const found = linkedEditing(document, offset, textsWith)?.ranges ?? [];
    assert.deepEqual(found.map((range) => shownRange(files, document.uri, range)).toSorted(), marked, fixture);
  }
}

test('an id and its uses', () => {
  check('services:\n- type: docker:redis\n  id: <<d$0b>>\n  x: $brooklyn:formatString("\u{1F600}%s", entity("<<db>>"))\n');
  check('services:\n- type: docker:redis\n  id: "<<db>>"\n  x: { $brooklyn:entity: <<d$0b>> }\n');
});

test('not where one of them cannot follow, or is not here', () => {
  check('services:\n- type: docker:redis\n  id: &i d$0b\n  x: { $brooklyn:entity: *i }\n');
  check('services:\n- type: docker:redis\n  id: d$0b\n  x: "$brooklyn:entity(\\"\\u0064b\\")"\n');
  check('--- a.blueprint.yaml\nid: sho$0p\nservices:\n- type: docker:redis\n  x: $brooklyn:ancestor("shop")\n--- b.blueprint.yaml\nservices:\n- type: docker:redis\n  x: $brooklyn:application("shop")\n');
});

test('not where there is nothing to link', () => {
  check('services:\n- type: docker:redis\n  id: d$0b\n');
  check('services:\n- type: docker:redis\n  x: $brooklyn:formatString("%s%s", entity("nobo$0dy"), entity("nobody"))\n');
  check('services:\n- type: docker:redis\n  id: db\n- type: docker:redis\n  id: d$0b\n');
  check('brooklyn.config: { a: 1 }\nservices:\n- type: docker:redis\n  x: $brooklyn:config("$0a")\n');
});

test('what is linked is the same word everywhere, and one is at the cursor', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const at = number % (text.length + 1);
      const found = linkedEditing(document, at, () => [document]);
      if (!found) return;
      const pattern = new RegExp(`^(?:${found.wordPattern})$`, 'u');
      const words = new Set(found.ranges.map(({ start, end }) => text.slice(document.lines.offsetAt(start), document.lines.offsetAt(end))));
      assert.equal(words.size, 1);
      assert.ok([...words].every((word) => pattern.test(word)));
    }),
    { numRuns: 300 },
  );
});

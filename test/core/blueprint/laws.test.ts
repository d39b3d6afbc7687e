// What holds for any text whatever: reading and checking end, throw nothing, and every place lies in the text and in its
// parent's place. `FUZZ_RUNS` makes more of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { read } from '#core/blueprint/read.ts';
import type { YamlNode } from '#core/blueprint/yaml.ts';
import { problemsOf } from '#core/check/problems.ts';
import { contains } from '#core/text/span.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { blueprints, mutated } from '../../support/mutations.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 2000);

function assertNested(node: YamlNode): void {
  if (node.kind === 'scalar' || node.aliased) return;
  const inner = node.kind === 'list' ? node.items : node.entries.filter(({ merged }) => !merged).flatMap(({ key, value }) => [key, value]);
  for (const child of inner) {
    assert.ok(contains(node.span, child.span), `${JSON.stringify(child.span)} is not inside ${JSON.stringify(node.span)}`);
    assertNested(child);
  }
}

test(`mutations of blueprints are read and checked without a throw, and places are nested (${runs} runs)`, () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const reading = read(text);
      for (const { span, fixes } of problemsOf(reading, builtInCatalog)) {
        for (const place of [span, ...fixes.flatMap(({ edits }) => edits.map((edit) => edit.span))]) assert.ok(place.start >= 0 && place.start <= place.end && place.end <= text.length, JSON.stringify(place));
      }
      if (reading.root) assertNested(reading.root);
    }),
    { numRuns: runs },
  );
});

test('any text at all is read without a throw', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => void problemsOf(read(text), builtInCatalog)), { numRuns: Math.ceil(runs / 4) });
});

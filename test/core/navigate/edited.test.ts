// The names of a text that is edited are those of the text read afresh.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { read, type Reading } from '#core/blueprint/read.ts';
import { contextOf } from '#core/check/context.ts';
import { LiveDocument } from '#core/incremental/document.ts';
import { namesOf } from '#core/navigate/names.ts';
import { waitsOf } from '#core/navigate/waits.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { edited, sources } from '../incremental/edits.ts';

function said(reading: Reading): unknown {
  const context = contextOf(reading, builtInCatalog);
  const waits = waitsOf(context).map(({ waiting, awaited, sensor, span }) => [waiting.key, awaited.key, sensor, span]);
  return JSON.parse(JSON.stringify([namesOf(context, 'file:///shop/a.blueprint.yaml').all, waits]));
}

test('names and waits after every edit', () => {
  fc.assert(
    fc.property(edited(sources, 6), ({ text, edits }) => {
      const document = new LiveDocument(text);
      for (const { edit, text: after } of edits) {
        document.edit(edit);
        assert.deepEqual(said(document.reading), said(read(after)));
      }
    }),
    { numRuns: 100 },
  );
});

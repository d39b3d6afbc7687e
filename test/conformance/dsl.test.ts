// Every expression whose reading by Brooklyn's own parser is known: the same tree here, or an error in both.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { absence, fileOf, isThere } from './corpus.ts';
import { assertSame, expressionRows } from './expressions.ts';

test('expressions are read as Brooklyn reads them', { skip: isThere ? false : absence }, () => {
  const rows = expressionRows(fileOf('dsl-parse.json'));
  assert.ok(rows.length > 100);
  for (const row of rows) assertSame(row);
});

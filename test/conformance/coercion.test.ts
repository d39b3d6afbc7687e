// Coercion against Brooklyn's own answers.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { answerOf, coercionRows, wantedOf } from './coercions.ts';
import { absence, fileOf, isThere } from './corpus.ts';

test('coercion gives what Brooklyn gives, without a difference', { skip: isThere ? false : absence }, () => {
  const rows = coercionRows(fileOf('coercion.json'));
  assert.ok(rows.length > 100);
  assert.deepEqual(rows.map((row) => `${row.type}: ${row.yaml} is ${answerOf(row)}`), rows.map((row) => `${row.type}: ${row.yaml} is ${wantedOf(row)}`));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ageText, lives, type LockOwner } from '#core/record/lock.ts';
import { before, historyOf } from '#core/record/record.ts';
import { revision, seen } from './seen.ts';

test('the history is what any host remembers; where they disagree the later counts', () => {
  const found = historyOf(seen({ a: ['1', '3'], down: ['2', '3@9'], c: ['1'] }), 'shop');
  assert.deepEqual(found.map(({ revision: number, atMs }) => `${number}@${atMs}`), ['3@9', '2@2', '1@1']);
  assert.deepEqual(historyOf(seen({ a: ['1'] }), 'other'), []);
});

test('undo goes back to the last deployment before that was done', () => {
  const check = (history: readonly string[], expected: number | undefined): void => assert.equal(before(history.map(revision))?.revision, expected, history.join());
  check([], undefined);
  check(['1'], undefined);
  check(['2', '1'], 1);
  check(['3', '2 failed', '1'], 1);
  check(['3 cut', '2', '1'], 2);
  check(['2', '1 failed'], 1);
});

test('whether the owner of a lock lives is known of one machine only', () => {
  const me: LockOwner = { by: 'ann', machine: 'm', processId: 7, session: 's' };
  const check = (lock: Partial<LockOwner>, expected: boolean | undefined): void => assert.equal(lives({ ...me, ...lock }, me, (processId) => processId === 7 || processId === 8), expected);
  check({ machine: 'other' }, undefined);
  check({ processId: 9, session: 't' }, false);
  check({ processId: 8, session: 't' }, true);
  check({ session: 't' }, true);
  check({}, false);
});

test('ages', () => {
  const check = (ageMs: number, expected: string): void => assert.equal(ageText(ageMs), expected);
  check(-5, '0 s');
  check(59_400, '59 s');
  check(60_000, '1 min');
  check(3_600_000, '1 h');
  check(3_600_000 * 3 + 60_000 * 20, '3 h 20 min');
  check(86_400_000, '1 day');
  check(86_400_000 * 3.5, '3 days');
});

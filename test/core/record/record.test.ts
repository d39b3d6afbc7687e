import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { ageText, lives, type LockOwner } from '#core/record/lock.ts';
import { before, historyOf, repairs, type RecordedOutcome, type Revision } from '#core/record/record.ts';

/** `1` is revision 1, `2 failed` one that failed, `3@9` one at 9 ms. */
function revision(text: string): Revision {
  const [, number = '', at, outcome] = /^(\d+)(?:@(\d+))?(?: (.+))?$/.exec(text) ?? [];
  const known: Readonly<Record<string, RecordedOutcome>> = { failed: 'failed', cancelled: 'cancelled', cut: 'cut short' };
  return { application: 'shop', applicationName: 'Shop', revision: Number(number), atMs: Number(at ?? number), by: 'ann@laptop', what: `${number} to create.`, outcome: known[outcome ?? ''] ?? 'done' };
}

/** Hosts by name with their records; `down` and `read-only` in the name say so. */
function seen(hosts: Readonly<Record<string, readonly string[]>>): Observed {
  return {
    hosts: Object.entries(hosts).map(([host, records]): ObservedHost => ({
      host,
      endpoint: 'unix:///x',
      state: host.includes('down') ? { kind: 'down', problem: 'it is' } : { kind: 'up', engineVersion: '20', cores: 1, memoryBytes: 1 },
      isReadOnly: host.includes('read-only'),
      containers: [],
      records: records.map(revision),
    })),
  };
}

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

test('every host that can be written on gets what it lacks and gives up what is too old', () => {
  const check = (hosts: Readonly<Record<string, readonly string[]>>, written: string, expected: readonly string[]): void =>
    assert.deepEqual(repairs(seen(hosts), revision(written)).map(({ host, write, remove }) => `${host}${write.map(({ revision: one }) => ` +${one}`).join('')}${remove.map((one) => ` -${one}`).join('')}`), expected);
  check({ a: ['1', '2'], b: ['1', '2'] }, '3', []);
  check({ a: ['1', '2'], b: [], down: [], 'read-only': [] }, '3', ['b +2 +1']);
  check({ a: ['2@5'], b: ['2@9'] }, '3', ['a +2']);
  const ten = Array.from({ length: 11 }, (_, index) => String(index + 1));
  check({ a: ten, b: ['1'] }, '12', ['a -1 -2', 'b +11 +10 +9 +8 +7 +6 +5 +4 +3 -1']);
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

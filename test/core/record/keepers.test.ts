import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hostRepairs, keepersOf, swarmRepair, type Repair } from '#core/record/keepers.ts';
import { historyOf, keptRevisions } from '#core/record/record.ts';
import { revision, seen } from './seen.ts';

const shown = ({ host, write, remove }: Repair, mark = ''): string => `${mark}${host}${write.map(({ revision: one }) => ` +${one}`).join('')}${remove.map((one) => ` -${one}`).join('')}`;

/** What is done in each store once `written` is to be remembered; `*` is a Swarm's. Hosts whose name ends in `elsewhere` are not its home. */
function check(hosts: Readonly<Record<string, readonly string[]>>, written: string, expected: readonly string[], tooLarge: readonly number[] = []): void {
  const observed = seen(hosts);
  const home = Object.keys(hosts).filter((name) => !name.endsWith('elsewhere'));
  const kept = [revision(written), ...historyOf(observed, 'shop')].slice(0, keptRevisions);
  const keepers = keepersOf(observed, home);
  const inSwarms = keepers.flatMap((keeper) => swarmRepair(keeper, observed.hosts.find(({ host }) => host === keeper.manager)?.records ?? [], 'shop', kept) ?? []);
  const held = new Map(keepers.flatMap(({ hosts: names }) => names.map((name) => [name, new Set(kept.map(({ revision: number }) => number).filter((number) => !tooLarge.includes(number)))] as const)));
  assert.deepEqual([...inSwarms.map((one) => shown(one, '*')), ...hostRepairs(observed, 'shop', home, kept, held).map((one) => shown(one))], expected);
}

test('every host that can be written on gets what it lacks and gives up what is too old', () => {
  check({ a: ['1', '2'], b: ['1', '2'] }, '3', ['a +3', 'b +3']);
  check({ a: ['1', '2'], b: [], down: [], 'read-only': [] }, '3', ['a +3', 'b +3 +2 +1']);
  check({ a: ['2@5'], b: ['2@9'] }, '3', ['a +3 +2', 'b +3']);
  const ten = Array.from({ length: 11 }, (_, index) => String(index + 1));
  check({ a: ten, b: ['1'] }, '12', ['a +12 -1 -2', 'b +12 +11 +10 +9 +8 +7 +6 +5 +4 +3 -1']);
});

test('hosts of one Swarm give theirs to the Swarm, those beside it keep their own', () => {
  check({ m1: ['1', '2'], w1: ['1', '2'], a: ['1', '2'] }, '3', ['*m1 +3 +2 +1', 'm1 -1 -2', 'w1 -1 -2', 'a +3']);
  check({ m1: ['*1', '*2'], m2: ['*1', '*2'], w1: [] }, '3', ['*m1 +3']);
  check({ w1: ['1'], w2: ['1'] }, '2', ['w1 +2', 'w2 +2']);
});

test('what is too large for a Swarm stays on its hosts', () => {
  check({ m1: ['*1'], w1: [] }, '2', ['*m1 +2', 'm1 +2', 'w1 +2'], [2]);
});

test('where the application is not at home, nothing of it is remembered', () => {
  check({ a: ['1'], elsewhere: ['1', '2'] }, '3', ['a +3 +2', 'elsewhere -1 -2']);
});

// Headroom: the figures Clocker computed, its events, and the number of hosts that is enough.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import { headroomEvent, headroomOf, headroomState, targetHosts, type Headroom } from '#core/placement/headroom.ts';

const rounded = (value: number): string => (Number.isNaN(value) ? 'NaN' : String(Math.round(value * 10_000) / 10_000));

/** A line of figures: hosts, most containers a host, containers, headroom -> possible, available, headroom, needed, utilisation, low, high, event, hosts wanted. */
function check(hosts: number, maxContainers: number, containers: number, headroom: number, answer: string): void {
  const wanted: Headroom = headroom < 1 ? { percent: headroom } : { count: headroom };
  const state = headroomState({ hosts, maxContainers, containers }, wanted);
  const figures = [state.possible, state.available, state.headroom, state.needed, state.utilisation, state.upstreamThresholds.low, state.upstreamThresholds.high];
  assert.equal([...figures.map(rounded), state.event, state.targetHosts].join(' '), answer);
}

test('the figures', () => {
  check(2, 8, 8, 4, '16 8 4 -4 0.5 0.25 0.75 ok 2');
  check(2, 8, 12, 4, '16 4 4 0 0.75 0.25 0.75 ok 2');
  check(2, 8, 13, 4, '16 3 4 1 0.8125 0.25 0.75 hot 3');
  check(10, 8, 1, 4, '80 79 4 -75 0.0125 0.85 0.95 cold 1');
  check(2, 8, 1, 4, '16 15 4 -11 0.0625 0.25 0.75 cold 1');
  check(2, 8, 3, 4, '16 13 4 -9 0.1875 0.25 0.75 cold 1');
  check(2, 8, 4, 4, '16 12 4 -8 0.25 0.25 0.75 ok 1');
  check(3, 12, 27, 0.25, '36 9 9 0 0.75 0.4167 0.75 ok 3');
  check(3, 12, 28, 0.25, '36 8 9 1 0.7778 0.4167 0.75 hot 4');
  check(1, 4, 0, 0.1, '4 4 1 -3 0 0 0.75 ok 1');
  check(1, 4, 4, 0.1, '4 0 1 1 1 0 0.75 hot 2');
});

test('where Clocker overshot, or could not grow', () => {
  // It wanted 5 hosts, since its threshold was that of 2.
  check(2, 8, 28, 4, '16 -12 4 16 1.75 0.25 0.75 hot 4');
  // A headroom of a whole host made its threshold 0, and no host made it NaN: it never grew.
  check(1, 4, 1, 4, '4 3 4 1 0.25 0 0 hot 2');
  check(0, 8, 0, 4, '0 0 4 4 0 NaN NaN hot 1');
  check(0, 8, 0, 0.5, '0 0 0 0 0 NaN NaN ok 1');
});

test('events are told on a change', () => {
  const hot = headroomState({ hosts: 1, maxContainers: 8, containers: 8 }, { count: 2 });
  const ok = headroomState({ hosts: 2, maxContainers: 8, containers: 8 }, { count: 2 });
  const cold = headroomState({ hosts: 3, maxContainers: 8, containers: 8 }, { count: 2 });
  const on = { isColdEnabled: true };
  const off = { isColdEnabled: false };
  assert.equal(headroomEvent(ok, undefined, on), undefined);
  assert.equal(headroomEvent(hot, undefined, on), 'hot');
  assert.equal(headroomEvent(hot, 'hot', on), 'hot');
  assert.equal(headroomEvent(ok, 'hot', on), 'ok');
  assert.equal(headroomEvent(ok, 'ok', on), undefined);
  assert.equal(headroomEvent(cold, 'ok', on), 'cold');
  assert.equal(headroomEvent(cold, 'ok', off), undefined);
  assert.equal(headroomEvent(cold, 'hot', off), 'ok');
});

test('headroom is a count or a share', () => {
  assert.deepEqual(headroomOf(4, undefined), { count: 4 });
  assert.deepEqual(headroomOf(undefined, 0.25), { percent: 0.25 });
  assert.equal(headroomOf(undefined, undefined), undefined);
  assert.equal(headroomOf(4, 0.25), 'Headroom is given twice: keep docker.container.cluster.headroom.count or docker.container.cluster.headroom.percent, not both.');
  assert.equal(headroomOf(0, undefined), 'Headroom is a whole number of containers, at least 1, not 0.');
  assert.equal(headroomOf(undefined, 25), 'Headroom as a share is above 0 and below 1, not 25; write 0.25 for 25 %.');
  assert.equal(headroomOf(undefined, 1), 'Headroom as a share is above 0 and below 1, not 1, for example 0.25 for a quarter.');
});

test('the target is enough, and one host less is not', () => {
  const wanted = fc.oneof(
    fc.integer({ min: 1, max: 100 }).map((count): Headroom => ({ count })),
    fc.integer({ min: 1, max: 99 }).map((share): Headroom => ({ percent: share / 100 })),
  );
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 0, max: 5000 }), wanted, (maxContainers, containers, headroom) => {
      const hosts = targetHosts(maxContainers, containers, headroom);
      const neededWith = (count: number): number => headroomState({ hosts: count, maxContainers, containers }, headroom).needed;
      assert.ok(neededWith(hosts) <= 0);
      if (hosts > 1) assert.ok(neededWith(hosts - 1) > 0);
    }),
    { numRuns: 2000 },
  );
});

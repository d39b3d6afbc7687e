// What waits at a gate gives its place in the queue of the host to others, and takes one again before it goes on.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import pLimit from 'p-limit';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import { passGates, placeIn, type GateWorld, type Place } from '../../client/engine/gates.ts';

const web: DesiredContainer = {
  host: 'a', entity: 'web', containerName: 'shop-web', application: 'shop', applicationName: 'shop', entityName: 'web', specHash: '', networks: [], placedBecause: '',
  spec: { image: 'x', env: {}, openPorts: [], publishedPorts: [], mounts: [] },
  gates: [{ entity: 'db', shown: 'db: service.isUp', before: 'launch' }],
};
const alone: Place = { leave: () => {}, take: async () => {} };

function world(others: GateWorld['others'], told: string[] = []): GateWorld {
  return { others, firstOver: async (all) => all.then(() => undefined), values: async () => {}, onDetail: (detail) => told.push(detail) };
}

test('with one place for all, who is waited for gets it', async () => {
  const limit = pLimit(1);
  const up = Promise.withResolvers<readonly string[]>();
  const told: string[] = [];
  const place = await placeIn(limit);
  const waiting = passGates(web, 'launch', place, world(async () => up.promise, told)).then(() => told.push('launch of web'));
  const other = await placeIn(limit);
  told.push('db runs');
  up.resolve([]);
  await new Promise(setImmediate);
  told.push('db leaves');
  other.leave();
  await waiting;
  assert.deepEqual(told, ['waiting for db: service.isUp before launch', 'db runs', 'db leaves', 'launch of web']);
  assert.equal(limit.activeCount, 1, 'web has its place again');
  place.leave();
  await new Promise(setImmediate);
  assert.equal(limit.activeCount, 0);
});

test('another moment is not held; what did not start, or took too long, fails what waits', async () => {
  await passGates(web, 'customize', alone, world(() => Promise.reject(new Error('nobody asks'))));
  await assert.rejects(passGates(web, 'launch', alone, world(async () => ['db'])), { message: 'launch of container shop-web on a: it waits for db, which did not start; deploy again to go on from there' });
  const late = { ...world(async () => []), firstOver: async () => 'it waits for db: service.isUp, which was not there within 1s' };
  await assert.rejects(passGates(web, 'launch', alone, late), { message: 'launch of container shop-web on a: it waits for db: service.isUp, which was not there within 1s' });
});

// A small part of `npm run chaos`.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { faults } from './faults.ts';
import { round } from './kills.ts';
import { openWorld } from './world.ts';

const world = await openWorld();

test('killed in a first deployment, in one that replaces all and in one that deletes all: deployed again it is whole', async () => {
  const killed = await round(world, [{ at: 14, when: 'in' }, { at: 33, when: 'after' }, { at: 18, when: 'before' }]);
  assert.equal(killed, 3);
});

test('three deploy at once', async () => {
  await faults['three deploy at once']?.(world);
  await world.converge('deleted');
  await world.check('deleted');
});

after(() => world.close());

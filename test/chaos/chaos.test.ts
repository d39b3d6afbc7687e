// A small part of `npm run chaos`.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { faults } from './faults.ts';
import { goRound, roundWith } from './kills.ts';
import { openWorld } from './world.ts';

const world = await openWorld();

test('killed in a first deployment, in one that replaces all and in one that deletes all: deployed again it is whole', async () => {
  const killed = await goRound(world, roundWith({ deploy: { at: 14, when: 'in' }, replace: [{ at: 33, when: 'after' }], delete: { at: 18, when: 'before' } }), 'SIGKILL');
  assert.equal(killed, 3);
});

test('cancelled while all is replaced: each container is the old one or the new one', async () => {
  assert.equal(await goRound(world, roundWith({ replace: [{ at: 40, when: 'in' }] }), 'SIGINT'), 1);
});

test('three deploy at once', async () => {
  await faults['three deploy at once']?.(world);
  await world.converge('deleted');
  await world.check('deleted');
});

after(() => world.close());

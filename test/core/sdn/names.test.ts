// The names of containers and of networks.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkName } from '#core/cluster/network.ts';
import { namesOf } from '#core/sdn/names.ts';

test('an entity has a short name, one of its application, and one of its cloud', () => {
  assert.deepEqual(namesOf({ entity: 'db', application: 'shop', cloud: 'lab' }), ['db', 'db.shop', 'db.shop.lab.internal']);
  assert.deepEqual(namesOf({ entity: 'db', application: 'shop' }), ['db', 'db.shop', 'db.shop.internal']);
});

test('a member of a cluster has its number and shares the name of the cluster', () => {
  assert.deepEqual(namesOf({ entity: 'web-2', application: 'shop', cluster: { entity: 'web', index: 2 } }), [
    'web-2', 'web-2.shop', 'web-2.shop.internal', '2.web', '2.web.shop', '2.web.shop.internal', 'web', 'web.shop', 'web.shop.internal',
  ]);
});

test('a network across hosts has a name that a Swarm takes', () => {
  assert.equal(networkName('shop', 'overlay'), 'clockernet-shop');
  for (const id of ['my.shop', 'shop-', 'a'.repeat(200), 'shop_', '-']) assert.match(networkName(id, 'overlay'), /^clockernet-(?=.{1,52}$)[A-Za-z0-9]*(?:[-_]*[A-Za-z0-9]+)*$/);
  assert.notEqual(networkName('my.shop', 'overlay'), networkName('my-shop', 'overlay'));
});

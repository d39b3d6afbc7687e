// A docker cloud that wants no networks across its hosts: they stay in no Swarm, and each has the networks of applications for itself.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { localCloud } from '#core/cloud/localCloud.ts';
import { openCloud } from '../../client/controller.ts';
import { application, containers, deployed, nothingToDo } from '../engine/support.ts';
import { busyboxImage, engine, machineImage } from '../support/lab.ts';
import { dockerAt } from '../support/lab/docker.ts';
import { labCloud } from '../support/lab/run.ts';

const socketPath = await engine();
const docker = dockerAt(socketPath);
const image = await machineImage();
const busybox = await busyboxImage();
const name = labCloud('unspanned');
const hosts = [`${name}-1`, `${name}-2`];
after(async () => {
  for (const host of hosts) await docker.getContainer(`clocker-host-${host}`).remove({ force: true, v: true }).catch(() => undefined);
  for (const host of hosts) await docker.getVolume(`clocker-host-${host}`).remove().catch(() => undefined);
  await docker.getNetwork(`clocker-cloud-${name}`).remove().catch(() => undefined);
});

test('sdn.enable: false leaves each host its own networks', async (t) => {
  const parent = { name: 'parent', endpoint: `unix://${socketPath}` };
  const cloud = openCloud([parent]);
  t.after(() => cloud.dispose());
  const drafted = localCloud({ name, hosts: 2, on: 'parent', image }, await cloud.settled());
  assert.ok(typeof drafted !== 'string', JSON.stringify(drafted));
  const wish = { ...drafted, sdn: { 'sdn.enable': 'false' } };
  cloud.setHosts([parent], [wish]);
  assert.deepEqual((await cloud.createCloud(wish)).hosts, hosts);
  assert.deepEqual(cloud.observed.hosts.filter((host) => host.cloud === name).map(({ swarm }) => swarm), [undefined, undefined]);
  const shop = application('shop', busybox, { a: { at: hosts[0] ?? '' }, b: { at: hosts[1] ?? '' } });
  await deployed(cloud, shop);
  await nothingToDo(cloud, shop);
  assert.deepEqual(containers(cloud, 'shop').map(({ networks }) => networks), [['clocker-shop'], ['clocker-shop']]);
});

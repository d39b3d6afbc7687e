// A host is lost for real: what was on it waits, goes elsewhere once a person gives the host up, and is removed from it when it
// is back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { run } from '../cli/support.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { application, cloudOf, container, deleted, deployed, nothingToDo, seen } from './support.ts';

const hosts = await nestedHosts(2);
const image = await busyboxImage(hosts);
const [a, b] = hosts.map(({ endpoint }, index) => ({ name: 'ab'.charAt(index), endpoint }));
const [, lost] = hosts;

test('a host is killed, given up, and comes back', async (t) => {
  assert.ok(a !== undefined && b !== undefined && lost !== undefined);
  await deployed(await cloudOf(t, a, b), application('shop', image, { web: { at: 'a' }, db: { at: 'b' } }));
  const app = application('shop', image, { web: {}, db: {} });
  await lost.kill();

  // Nobody here has seen what was on the host.
  const cloud = await cloudOf(t, a, b);
  const refused = await cloud.plan(app);
  assert.match(render(refused)[0] ?? '', /^! db: its container is on host b, which is down: /);
  assert.deepEqual(refused.refusals.map(({ downHost }) => downHost), ['b']);
  const { stdout } = await run(['status', 'shop', '--host', `a=${a.endpoint}`, '--host', `b=${b.endpoint}`]);
  assert.match(stdout, /\nshop +web +a +running .*\nshop +db +b +unknown: the host is down\n/);
  const plan = await cloud.plan(app, { without: ['b'] });
  assert.deepEqual(plan.actions.map(({ kind, host }) => `${kind} ${host}`), ['create a']);
  assert.equal((await cloud.apply(plan)).kind, 'done');
  assert.equal(container(cloud, 'shop', 'db').host, 'a');
  await nothingToDo(cloud, app);
  const { state: { kind }, ...upHost } = cloud.observed.hosts[0] ?? assert.fail();
  assert.equal(kind, 'up');
  assert.match(upHost.records?.at(-1)?.what ?? '', /^1 to create, 1 unchanged, without b\.$/);

  await lost.restart();
  await cloud.refresh();
  await seen(cloud, 'the host is back', () => cloud.observed.hosts.every(({ state }) => state.kind === 'up'), 10_000);
  assert.deepEqual((await cloud.plan(app)).actions.map((action) => (action.kind === 'remove' ? `${action.host}: ${action.reason}` : action.kind)), ['b: db is on a now', 'removeNetwork']);
  await deployed(cloud, app);
  assert.equal(container(cloud, 'shop', 'db').host, 'a');
  await nothingToDo(cloud, app);
  await deleted(cloud, 'shop');
  assert.deepEqual(await lost.docker.listContainers({ all: true }), []);
});

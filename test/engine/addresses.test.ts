// Addresses on real hosts: what a container was given stays its own, whatever happens to it or to its host.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, nothingToDo, problems, untilStopped, type EntityText } from './support.ts';

const hosts = await nestedHosts(3);
const [first, second, third] = hosts;
assert.ok(first && second && third);
const image = await busyboxImage(hosts);
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });
const shop = (entities: Readonly<Record<string, EntityText>>, id = 'shop'): ReturnType<typeof application> => application(id, image, entities);
const addresses = (cloud: Cloud, id: string): string => containers(cloud, id).map(({ owner }) => `${owner?.entity ?? ''} ${Object.values(owner?.addresses ?? {}).join()}`).toSorted().join(', ');

test('on one host: through restart, replacement, and while it rests', async (t) => {
  const cloud = await cloudOf(t, config(first));
  const before = { web: {}, db: {} };
  await deployed(cloud, shop(before, 'one'));
  assert.equal(addresses(cloud, 'one'), 'db 10.200.0.3, web 10.200.0.2');
  await nothingToDo(cloud, shop(before, 'one'));

  // While db rests, a stranger joins its network.
  await first.docker.getContainer('one-db').stop({ t: 0 });
  const stranger = await first.docker.createContainer({ name: 'stranger', Image: image, Cmd: [...untilStopped], HostConfig: { NetworkMode: 'clocker-one' } });
  await stranger.start();
  assert.equal((await stranger.inspect()).NetworkSettings.Networks['clocker-one']?.IPAddress, '10.200.0.192');
  await first.docker.getContainer('one-db').start();
  await first.docker.getContainer('one-web').restart({ t: 0 });

  await deployed(cloud, shop({ web: { env: { MODE: 'b' } }, db: {}, more: {} }, 'one'));
  assert.equal(addresses(cloud, 'one'), 'db 10.200.0.3, more 10.200.0.4, web 10.200.0.2');
  for (const entity of ['web', 'db', 'more']) assert.equal(container(cloud, 'one', entity).addresses['clocker-one'], container(cloud, 'one', entity).owner?.addresses?.['clocker-one']);

  // Another application keeps off.
  await deployed(cloud, shop({ web: {} }, 'two'));
  assert.equal(addresses(cloud, 'two'), 'web 10.200.1.2');
  await stranger.remove({ force: true });
  await Promise.all([deleted(cloud, 'one'), deleted(cloud, 'two')]);
});

test('somebody takes an address and a subnet after they were planned: the next ones are taken', async (t) => {
  const cloud = await cloudOf(t, config(first));
  await deployed(cloud, shop({ web: {} }, 'race'));
  const plan = await cloud.plan(shop({ web: {}, db: {} }, 'race'));
  assert.match(render(plan).join('\n'), /address 10\.200\.0\.3/);
  const thief = await first.docker.createContainer({
    name: 'thief', Image: image, Cmd: [...untilStopped], HostConfig: { NetworkMode: 'none' },
  });
  await thief.start();
  await first.docker.getNetwork('none').disconnect({ Container: thief.id, Force: true });
  // Seen by nobody before the plan is looked at once more: it takes the address in the last moment.
  let isTaken = false;
  const outcome = await cloud.apply(plan, {
    onStep: (steps) => {
      if (isTaken || steps.every(({ state }) => state.kind === 'waiting')) return;
      isTaken = true;
      void first.docker.getNetwork('clocker-race').connect({ Container: thief.id, EndpointConfig: { IPAMConfig: { IPv4Address: '10.200.0.3' } } });
    },
  });
  assert.equal(outcome.kind, 'done', problems(outcome).join());
  const db = container(cloud, 'race', 'db').addresses['clocker-race'];
  const taken = (await thief.inspect()).NetworkSettings.Networks['clocker-race']?.IPAddress;
  assert.notEqual(db, taken);
  assert.ok([db, taken].includes('10.200.0.3'));
  await nothingToDo(cloud, shop({ web: {}, db: {} }, 'race'));
  await thief.remove({ force: true });
  await deleted(cloud, 'race');
});

test('two machines deploy two applications at once: neither gets the other\'s subnet', async (t) => {
  const [one, other] = await Promise.all([cloudOf(t, config(first)), cloudOf(t, config(first))]);
  const plans = await Promise.all([one.plan(shop({ web: {}, db: {} }, 'left')), other.plan(shop({ web: {}, db: {} }, 'right'))]);
  for (const plan of plans) assert.match(render(plan).join('\n'), /address 10\.200\.0\.2/);
  const outcomes = await Promise.all([one.apply(plans[0]), other.apply(plans[1])]);
  for (const outcome of outcomes) assert.equal(outcome.kind, 'done', problems(outcome).join());
  await one.refresh();
  assert.deepEqual([addresses(one, 'left'), addresses(one, 'right')].map((text) => text.replaceAll(/10\.200\.\d/g, 'x')), ['db x.3, web x.2', 'db x.3, web x.2']);
  assert.notEqual(addresses(one, 'left'), addresses(one, 'right'));
  await Promise.all([deleted(one, 'left'), deleted(one, 'right')]);
});

test('two machines bring two applications onto one network at once: nobody gets another\'s address', async (t) => {
  const [one, other] = await Promise.all([cloudOf(t, config(first)), cloudOf(t, config(first))]);
  const network = 'clockerbridge-common';
  const made = await one.apply(await one.planNetwork({ kind: 'create', network: 'common', settings: { cidr: '10.3.0.0/24' } }));
  assert.equal(made.kind, 'done', problems(made).join());
  await other.refresh();
  const app = (id: string): ReturnType<typeof application> => shop({ a: { networks: ['common'] }, b: { networks: ['common'] }, c: { networks: ['common'] } }, id);
  const plans = await Promise.all([one.plan(app('left')), other.plan(app('right'))]);
  for (const plan of plans) assert.match(render(plan).join('\n'), /address 10\.3\.0\.2 on common[^]*address 10\.3\.0\.4 on common/);
  const outcomes = await Promise.all([one.apply(plans[0]), other.apply(plans[1])]);
  for (const outcome of outcomes) assert.equal(outcome.kind, 'done', problems(outcome).join());
  await one.refresh();
  const all = ['left', 'right'].flatMap((id) => containers(one, id));
  for (const { addresses: own, owner } of all) assert.equal(own[network], owner?.addresses?.[network]);
  assert.deepEqual(all.map(({ addresses: own }) => own[network] ?? '').toSorted(), [2, 3, 4, 5, 6, 7].map((last) => `10.3.0.${last}`));
  await nothingToDo(one, app('left'));
  await nothingToDo(one, app('right'));
  await Promise.all([deleted(one, 'left'), deleted(one, 'right')]);
  const removed = await one.apply(await one.planNetwork({ kind: 'remove', network: 'common' }));
  assert.equal(removed.kind, 'done', problems(removed).join());
});

test('across hosts: through a move, the restart of an engine and the loss of everything local', async (t) => {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  t.after(() => ports.forEach(({ port }) => port.close()));
  await joinHosts(ports, { cloud: 'lab' });
  const cloud = await cloudOf(t, ...hosts.map(config));
  const at = (web: string): ReturnType<typeof application> => shop({ web: { at: web }, db: { at: second.name } });
  await deployed(cloud, at(first.name));
  const before = addresses(cloud, 'shop');
  const plan = await cloud.plan(at(third.name));
  assert.equal(render(plan)[0], `~ move shop-web from ${first.name} to ${third.name}`);
  const moved = await cloud.apply(plan);
  assert.equal(moved.kind, 'done', problems(moved).join());
  assert.equal(addresses(cloud, 'shop'), before);
  assert.deepEqual(containers(cloud, 'shop').map(({ host, state }) => `${host} ${state}`).toSorted(), [`${second.name} running`, `${third.name} running`]);
  const db = second.docker.getContainer('shop-db');
  const web = container(cloud, 'shop', 'web').owner?.addresses?.['clockernet-shop'] ?? '';
  const answers = async (): Promise<void> => {
    const said = await eventually(() => execIn(db, ['ping', '-c', '1', '-W', '1', 'web.shop']), 10_000);
    assert.ok(said.includes(`(${web})`), said);
  };
  await answers();

  await third.kill();
  await third.restart();
  const again = await cloudOf(t, ...hosts.map(config));
  await deployed(again, at(third.name));
  assert.equal(addresses(again, 'shop'), before);
  await answers();
  await nothingToDo(again, at(third.name));
  await deleted(again, 'shop');
});

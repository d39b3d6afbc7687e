// Too long for every run, by itself with `node --test test/engine/lostAddresses.whole.ts`: a host of three is lost, what ran there gets
// its address elsewhere, and the host is fenced when it is back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, problems, type EntityText } from './support.ts';

const hosts = await nestedHosts(3);
const [first, second, third] = hosts;
assert.ok(first && second && third);
const image = await busyboxImage(hosts);
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });
const shop = (entities: Readonly<Record<string, EntityText>>, id: string): ReturnType<typeof application> => application(id, image, entities);
const addresses = (cloud: Cloud, id: string): string => containers(cloud, id).map(({ owner }) => `${owner?.entity ?? ''} ${Object.values(owner?.addresses ?? {}).join()}`).toSorted().join(', ');

test('what was on a host that is lost has its address elsewhere, and the host is fenced when it is back', async (t) => {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  t.after(() => ports.forEach(({ port }) => port.close()));
  await joinHosts(ports, { cloud: 'lab' });
  const cloud = await cloudOf(t, ...hosts.map(config));
  await deployed(cloud, shop({ web: { at: second.name }, db: { at: third.name } }, 'lost'));
  const before = addresses(cloud, 'lost');
  await third.kill();
  await eventually(async () => assert.ok(cloud.observed.hosts.some(({ state }) => state.kind === 'down')), 10_000);
  const plan = await cloud.plan(shop({ web: { at: second.name }, db: { at: first.name } }, 'lost'), { without: [third.name] });
  const outcome = await cloud.apply(plan);
  assert.equal(outcome.kind, 'done', problems(outcome).join());
  const db = container(cloud, 'lost', 'db');
  const own = first.docker.getContainer('lost-db');
  assert.equal(db.host, first.name);
  assert.ok(before.includes(`db ${(await own.inspect()).NetworkSettings.Networks['clockernet-lost']?.IPAddress ?? ''}`), before);

  const isFound = (): Promise<string> => eventually(() => execIn(second.docker.getContainer('lost-web'), ['ping', '-c', '1', '-W', '1', 'db.lost']), 10_000);
  const found = await isFound();
  // What is back stays off the network on which its address is another's, before and after the host has joined again.
  await third.restart();
  assert.equal((await third.docker.getContainer('lost-db').inspect()).State.Running, false);
  await assert.rejects(third.docker.getContainer('lost-db').start());
  assert.equal(/\(.*?\)/.exec(await isFound())?.[0], /\(.*?\)/.exec(found)?.[0]);
  await joinHosts(ports, { cloud: 'lab' });
  const again = await cloudOf(t, ...hosts.map(config));
  await deployed(again, shop({ web: { at: second.name }, db: { at: first.name } }, 'lost'));
  assert.deepEqual(await third.docker.listContainers({ all: true }), []);
  assert.equal(addresses(again, 'lost'), before);
  assert.equal(/\(.*?\)/.exec(await isFound())?.[0], /\(.*?\)/.exec(found)?.[0]);
  await deleted(again, 'lost');
});

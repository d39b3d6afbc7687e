// A docker cloud whose hosts live in containers of the outer engine: made, used, broken, mended, deleted; found again by whoever
// sees the parent.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { deletionOf, localCloud } from '#core/cloud/localCloud.ts';
import { foundClouds } from '#core/cloud/nested.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { application, cloudOf, container, containers, deployed, nothingToDo, seen } from '../engine/support.ts';
import { busyboxImage, engine, machineImage } from '../support/lab.ts';
import { dockerAt, exists } from '../support/lab/docker.ts';
import { labCloud } from '../support/lab/run.ts';

const socketPath = await engine();
const docker = dockerAt(socketPath);
const image = await machineImage();
const busybox = await busyboxImage();
const parent = { name: 'parent', endpoint: `unix://${socketPath}` };
const name = labCloud('nested');
const [one, two] = [`${name}-1`, `${name}-2`];

/** Tests in this file build on each other: the cloud is made once. */
after(async () => {
  for (const host of [one, two]) await docker.getContainer(`clocker-host-${host}`).remove({ force: true, v: true }).catch(() => undefined);
  for (const host of [one, two]) await docker.getVolume(`clocker-host-${host}`).remove().catch(() => undefined);
  await docker.getNetwork(`clocker-cloud-${name}`).remove().catch(() => undefined);
});

function wish(engine: Cloud, hosts: number): CloudConfig {
  const cloud = localCloud({ name, hosts, on: 'parent', image }, engine.observed);
  assert.ok(typeof cloud !== 'string', JSON.stringify(cloud));
  return cloud;
}

function states(engine: Cloud): readonly string[] {
  return engine.observed.hosts.filter((host) => host.cloud === name).map(({ host, state }) => `${host.slice(name.length + 1)} ${state.kind}`);
}

/** What there is of the cloud on its parent, by name. */
async function left(): Promise<readonly string[]> {
  const filters = { label: [`io.clocker.cloud=${name}`] };
  const [found, { Volumes }, networks] = await Promise.all([docker.listContainers({ all: true, filters }), docker.listVolumes({ filters: JSON.stringify(filters) }), docker.listNetworks({ filters })]);
  return [...found.map(({ Names }) => Names[0] ?? ''), ...Volumes.map(({ Name }) => Name), ...networks.map(({ Name }) => Name)];
}

test('a cloud that is cancelled while it is made leaves nothing', async (t) => {
  const engine = await cloudOf(t, parent);
  const cancel = new AbortController();
  const onHost = (host: string, detail: string): void => {
    if (host === two && detail === 'starting') cancel.abort();
  };
  await assert.rejects(engine.createCloud(wish(engine, 2), { onHost, signal: cancel.signal }), { name: 'AbortError' });
  assert.deepEqual(await left(), []);
  assert.deepEqual(states(engine), []);
});

test('hosts are made, and found again by whoever sees the parent', async (t) => {
  const engine = await cloudOf(t, parent);
  const beganMs = performance.now();
  assert.deepEqual(await engine.createCloud(wish(engine, 2)), { made: [one, two], hosts: [one, two] });
  t.diagnostic(`two hosts in ${Math.round(performance.now() - beganMs)} ms`);
  assert.deepEqual(states(engine), ['1 up', '2 up']);
  assert.deepEqual(await engine.createCloud(wish(engine, 2)), { made: [], hosts: [one, two] });

  const other = await cloudOf(t, parent);
  assert.deepEqual(states(other), ['1 up', '2 up']);
  const found = foundClouds(other.observed).find((cloud) => cloud.name === name);
  assert.deepEqual(found?.definition, wish(other, 2));
  const { Config } = await docker.getContainer(`clocker-host-${one}`).inspect();
  assert.equal(Object.values(Config.ExposedPorts ?? {}).length, 0);
});

test('an image that only the parent has reaches the hosts, and applications run there', async (t) => {
  const engine = await cloudOf(t, parent);
  const app = application('nested-app', busybox, { a: { at: one }, b: { at: two } });
  await deployed(engine, app);
  assert.deepEqual(containers(engine, 'nested-app').map(({ host }) => host), [one, two]);
  await nothingToDo(engine, app);
  const deletion = deletionOf(name, engine.observed);
  assert.ok(typeof deletion !== 'string');
  assert.deepEqual(deletion.objections, [`the application nested-app runs there, on ${one}, ${two}`]);
  assert.deepEqual(deletion.strangers, []);
});

test('a host that dies is down, keeps what was seen of it, and is started by making the cloud again', async (t) => {
  const engine = await cloudOf(t, parent);
  await docker.getContainer(`clocker-host-${two}`).kill();
  await seen(engine, 'the death', () => states(engine).includes('2 down'));
  assert.equal(container(engine, 'nested-app', 'b').host, two);
  assert.deepEqual((await engine.createCloud(wish(engine, 2))).made, [two]);
  assert.deepEqual(states(engine), ['1 up', '2 up']);
  assert.equal(container(engine, 'nested-app', 'b').host, two);
});

test('a container of a stranger keeps its name', async (t) => {
  const engine = await cloudOf(t, parent);
  const stranger = await docker.createContainer({ name: `clocker-host-${name}-3`, Image: busybox });
  t.after(() => stranger.remove({ force: true }));
  await assert.rejects(engine.createCloud(wish(engine, 3)), { message: `make host ${name}-3: a container named clocker-host-${name}-3 is there, and no host lives in it; remove or rename it` });
  assert.deepEqual(states(engine), ['1 up', '2 up']);
  assert.ok(await exists(stranger));
});

test('a deleted cloud leaves nothing', async (t) => {
  const engine = await cloudOf(t, parent);
  await engine.deleteCloud(name);
  assert.deepEqual(states(engine), []);
  assert.deepEqual(await left(), []);
  await assert.rejects(engine.deleteCloud(name), /there is no cloud/);
});

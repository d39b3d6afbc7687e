// Nested hosts die, freeze and lose the network as real ones do, and come back.

import assert from 'node:assert/strict';
import { text } from 'node:stream/consumers';
import { before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { busyboxImage, type LabHost, nestedHosts } from '../support/lab.ts';
import { eventually } from '../support/lab/docker.ts';

let a: LabHost;
let b: LabHost;
let Image: string;

before(async () => {
  const hosts = await nestedHosts(2);
  assert.ok(hosts[0] && hosts[1]);
  [a, b] = [hosts[0], hosts[1]];
  Image = await busyboxImage(hosts);
});

test('each host is an engine of its own, and reaches the other by name', async () => {
  const ids = await Promise.all([a, b].map(async (host) => (await host.docker.info()).Name));
  assert.deepEqual(ids, [a.name, b.name]);
  await a.exec(connect(b.name));
});

test('a killed host takes its containers along and remembers them', async () => {
  const container = await run(a, 'dies-with-its-host');
  await a.kill();
  await assert.rejects(a.docker.ping(), /ECONNREFUSED|ENOENT|socket hang up/);
  await a.restart();
  assert.equal((await a.docker.getContainer(container.id).inspect()).State.Running, false);
  await container.start();
  assert.equal((await container.inspect()).State.Running, true);
});

test('a paused host is silent, and so are its containers', async () => {
  const clock = await run(b, 'tells-the-time', 'while sleep 0.05; do read now idle < /proc/uptime; echo "$now" >> /times; done');
  await eventually(() => longestGapSeconds(clock), 5000);
  await b.pause();
  const answer = b.docker.ping().then(() => 'answer');
  assert.equal(await Promise.race([answer, sleep(1500, 'silence')]), 'silence');
  await b.unpause();
  assert.equal(await answer, 'answer');
  await sleep(200);
  assert.ok(await longestGapSeconds(clock) > 1.4);
});

test('a host that is cut off cannot be reached over the network until it is connected again', async () => {
  const reach = async (): Promise<string> => await a.exec(connect(b.address));
  await reach();
  await b.disconnect();
  await assert.rejects(reach());
  assert.ok(await b.docker.ping(), 'its socket on this machine still answers');
  await b.reconnect();
  await eventually(reach, 5000);
});

function connect(address: string): readonly string[] {
  return ['timeout', '1', 'bash', '-c', `: < /dev/tcp/${address}/2375`];
}

async function run(host: LabHost, name: string, script = 'sleep infinity'): Promise<Docker.Container> {
  const container = await host.docker.createContainer({ Image, name, Cmd: ['sh', '-c', script], HostConfig: { NetworkMode: 'none' } });
  await container.start();
  return container;
}

async function longestGapSeconds(clock: Docker.Container): Promise<number> {
  const times = [...(await text(await clock.getArchive({ path: '/times' }))).matchAll(/^\d+\.\d\d$/gm)].map(Number);
  assert.ok(times.length > 2);
  return Math.max(...times.slice(1).map((time, index) => time - (times[index] ?? time)));
}

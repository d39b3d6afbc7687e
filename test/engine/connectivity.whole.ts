// Who reaches whom on three hosts: all pairs by address and by every name, before and after all that moves, restarts, kills and
// forgets. Too long for every run; in numbers that take a few minutes.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import type { Insider } from '../../client/engine/insiderPort.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually } from '../support/lab/docker.ts';
import { httpImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, problems } from './support.ts';

const restarts = 30;
const moves = 10;
const hosts = await nestedHosts(3);
const image = await httpImage(hosts);
const keys = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const command = ['sh', '-c', 'trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait'];
/** Where each is wanted; moves change it. */
const places = new Map(keys.map((key, index) => [key, hosts[index % 3]?.name ?? '']));
const app = (): Application => application('matrix', image, Object.fromEntries(keys.map((key) => [key, { at: places.get(key) ?? '', command, openPorts: [8080] }])));
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });

async function joined(): Promise<void> {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  await joinHosts(ports, { cloud: 'lab' });
  for (const { port } of ports) port.close();
}

let expected: Readonly<Record<string, string>> = {};

/** Every entity reaches every other by address and names; and has the address that it had first. */
async function matrix(cloud: Cloud, what: string, t: TestContext): Promise<void> {
  await cloud.refresh();
  const addresses = Object.fromEntries(containers(cloud, 'matrix').map(({ owner, addresses: all }) => [owner?.entity ?? '', all['clockernet-matrix'] ?? '']));
  if (Object.keys(expected).length === 0) expected = addresses;
  assert.deepEqual(addresses, expected, what);
  let pairs = 0;
  await Promise.all(keys.map(async (from) => {
    const { host, containerId } = container(cloud, 'matrix', from);
    const port = connectDocker(config(hosts.find(({ name }) => name === host) ?? assert.fail()));
    const inside = await port.insider.enter({ containerId });
    try {
      for (const to of keys) {
        await eventually(() => reaches(inside, to, expected[to] ?? ''), 20_000).catch((error: unknown) => {
          throw new Error(`${what}: ${from} does not reach ${to}: ${error instanceof Error ? error.message : String(error)}`);
        });
        pairs++;
      }
    } finally {
      await inside.leave();
      port.close();
    }
  }));
  t.diagnostic(`${what}: ${pairs} pairs`);
}

async function reaches(inside: Insider, to: string, address: string): Promise<void> {
  assert.equal(await inside.connect(address, 8080, 500), 'open');
  for (const name of [to, `${to}.matrix`, `${to}.matrix.internal`]) assert.deepEqual(await inside.resolve(name), [address], name);
}

async function done(cloud: Cloud, plan: Awaited<ReturnType<Cloud['plan']>>): Promise<void> {
  assert.deepEqual(plan.refusals, []);
  const outcome = await cloud.apply(plan);
  assert.equal(outcome.kind, 'done', problems(outcome).join());
}

test('everybody reaches everybody, whatever happens', async (t) => {
  await joined();
  let cloud = await cloudOf(t, ...hosts.map(config));
  await deployed(cloud, app());
  await matrix(cloud, 'at first', t);

  for (let count = 0; count < restarts; count++) {
    const key = keys[count % keys.length] ?? '';
    await done(cloud, await cloud.planOperation('restart', app(), [key]));
  }
  await matrix(cloud, `after ${restarts} restarts`, t);

  for (let count = 0; count < moves; count++) {
    const key = keys[(count * 5) % keys.length] ?? '';
    const at = hosts.findIndex(({ name }) => name === places.get(key));
    places.set(key, hosts[(at + 1) % 3]?.name ?? '');
    await done(cloud, await cloud.plan(app()));
  }
  await matrix(cloud, `after ${moves} moves`, t);

  for (const host of hosts) {
    await host.kill();
    await host.restart();
    await eventually(joined, 60_000);
    cloud = await cloudOf(t, ...hosts.map(config));
    await eventually(async () => done(cloud, await cloud.plan(app())), 120_000);
    await matrix(cloud, `after the death of ${host.name}, which was a manager`, t);
  }

  await Promise.all(hosts.map((host) => host.killEngine()));
  await eventually(joined, 60_000);
  // Whoever comes new knows nothing but the hosts.
  cloud = await cloudOf(t, ...hosts.map(config));
  await eventually(async () => done(cloud, await cloud.plan(app())), 120_000);
  await matrix(cloud, 'after the restart of all engines, for somebody who comes new', t);
  await deleted(cloud, 'matrix');
});

// Who reaches whom on three hosts: all pairs by address and by every name, before and after all that restarts, moves, deaths and
// forgets. Too long for every run: about ten minutes. A part of it: `node --test --test-name-pattern=moves` and this file.

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import type { Insider } from '../../client/engine/insiderPort.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { run } from '../cli/support.ts';
import { eventually } from '../support/lab/docker.ts';
import { httpImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, problems } from './support.ts';

const restarts = 200;
const moves = 50;
const hosts = await nestedHosts(3);
const image = await httpImage(hosts);
const keys = ['e0', 'e1', 'e2', 'e3', 'e4', 'e5'];
const script = 'trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait';
/** Where each is wanted; moves change it. */
const places = new Map(keys.map((key, index) => [key, hosts[index % 3]?.name ?? '']));
const app = (): Application => application('matrix', image, Object.fromEntries(keys.map((key) => [key, { at: places.get(key) ?? '', command: ['sh', '-c', script], openPorts: [8080] }])));
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });

async function joined(): Promise<void> {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  try {
    await joinHosts(ports, { cloud: 'lab' });
  } finally {
    for (const { port } of ports) port.close();
  }
}

type Addresses = Readonly<Record<string, string>>;

/** By entity, as the engines have them. */
function addressesOf(cloud: Cloud): Addresses {
  return Object.fromEntries(containers(cloud, 'matrix').map(({ owner, addresses: all }) => [owner?.entity ?? '', all['clockernet-matrix'] ?? '']));
}

/** Every one of these entities reaches every other by address and names; and all have the addresses that they had first. */
async function matrix(cloud: Cloud, what: string, expected: Addresses, t: TestContext, of = keys): Promise<void> {
  await cloud.refresh();
  assert.deepEqual(addressesOf(cloud), expected, what);
  let pairs = 0;
  await Promise.all(of.map(async (from) => {
    const { host, containerId } = container(cloud, 'matrix', from);
    const port = connectDocker(config(hosts.find(({ name }) => name === host) ?? assert.fail()));
    const inside = await port.insider.enter({ containerId });
    try {
      for (const to of of) {
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
  t.diagnostic(`${what}: ${pairs} pairs by address and three names`);
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

/** Deployed and looked at; gives the addresses. */
async function begun(cloud: Cloud, t: TestContext): Promise<Addresses> {
  await deployed(cloud, app());
  const expected = addressesOf(cloud);
  assert.equal(new Set(Object.values(expected)).size, keys.length);
  await matrix(cloud, 'at first', expected, t);
  return expected;
}

/** Somebody new, who knows nothing but the hosts, deploys again until it is whole; hosts that have just come back need a moment. */
async function settled(t: TestContext): Promise<Cloud> {
  await eventually(joined, 60_000);
  const cloud = await cloudOf(t, ...hosts.map(config));
  await eventually(async () => done(cloud, await cloud.plan(app())), 120_000);
  return cloud;
}

test(`everybody reaches everybody after ${restarts} restarts`, async (t) => {
  await joined();
  const cloud = await cloudOf(t, ...hosts.map(config));
  const expected = await begun(cloud, t);
  let count = 0;
  // Different ones at once each time, on all hosts.
  for (let round = 0; count < restarts; round++) {
    const some = keys.filter((_, index) => index !== round % keys.length).slice(0, restarts - count);
    await done(cloud, await cloud.planOperation('restart', app(), some));
    count += some.length;
    await cloud.refresh();
    assert.deepEqual(addressesOf(cloud), expected, `after ${count} restarts`);
  }
  await matrix(cloud, `after ${count} restarts`, expected, t);
  await deleted(cloud, 'matrix');
});

test(`everybody reaches everybody after ${moves} moves`, async (t) => {
  await joined();
  const cloud = await cloudOf(t, ...hosts.map(config));
  const expected = await begun(cloud, t);
  let count = 0;
  for (let round = 0; count < moves; round++) {
    // One alone, then several that change places at once, three times.
    const some = (round % 4 === 0 ? [keys[(round * 5) % keys.length] ?? ''] : keys.filter((_, index) => index !== round % keys.length)).slice(0, moves - count);
    for (const key of some) {
      const at = hosts.findIndex(({ name }) => name === places.get(key));
      places.set(key, hosts[(at + 1 + (round % 2)) % 3]?.name ?? '');
    }
    const plan = await cloud.plan(app());
    assert.deepEqual(plan.actions.map(({ kind }) => kind).filter((kind) => kind === 'move').length, some.length);
    await done(cloud, plan);
    count += some.length;
    await cloud.refresh();
    assert.deepEqual(addressesOf(cloud), expected, `after ${count} moves`);
  }
  await matrix(cloud, `after ${count} moves`, expected, t);
  await deleted(cloud, 'matrix');
});

test('everybody reaches everybody while each host in turn, a manager, is dead, after it is back, and after the restart of all engines', async (t) => {
  await joined();
  const first = await cloudOf(t, ...hosts.map(config));
  const expected = await begun(first, t);
  for (const host of hosts) {
    await host.kill();
    const others = hosts.filter((other) => other !== host);
    const without = await cloudOf(t, ...others.map(config));
    const left = keys.filter((key) => places.get(key) !== host.name);
    const known = Object.fromEntries(left.map((key) => [key, expected[key] ?? '']));
    // Engines say nothing of themselves until the managers that are left have a leader.
    await eventually(async () => {
      await without.refresh();
      assert.deepEqual(addressesOf(without), known);
    }, 60_000);
    await matrix(without, `without ${host.name}, a manager`, known, t, left);
    // What starts on a network across hosts asks a manager.
    for (const other of others) {
      const one = left.find((key) => places.get(key) === other.name) ?? assert.fail();
      const own = container(without, 'matrix', one);
      await eventually(async () => other.docker.getContainer(own.containerId).restart({ t: 1 }), 60_000);
    }
    await matrix(without, `without ${host.name}, after restarts`, known, t, left);
    await host.restart();
    await matrix(await settled(t), `after the death of ${host.name}`, expected, t);
  }
  await Promise.all(hosts.map((host) => host.killEngine()));
  const last = await settled(t);
  await matrix(last, 'after the restart of all engines', expected, t);
  await deleted(last, 'matrix');
});

test('everybody reaches everybody after the loss of every local file, and of every record', async (t) => {
  await joined();
  const home = await mkdtemp(join(tmpdir(), 'clocker-home-'));
  t.after(() => rm(home, { recursive: true, force: true }));
  const here = { env: { HOME: home, XDG_CONFIG_HOME: home, DOCKER_CONFIG: join(home, '.docker') } };
  const service = (key: string): string => `- type: docker:${image}\n  id: ${key}\n  commands: [sh, -c, '${script}']\n  openPorts: [8080]\n`;
  const blueprint = join(home, 'matrix.yaml');
  const [hostsFile, given] = [join(home, 'hosts.yaml'), hosts.flatMap(({ name, endpoint }) => ['--host', `${name}=${endpoint}`])];
  await writeFile(blueprint, `name: matrix\nservices:\n${keys.map(service).join('')}`);
  await writeFile(hostsFile, JSON.stringify(hosts.map(config)));
  const clocker = async (...words: readonly string[]): Promise<string> => {
    const { exitCode, stdout, stderr } = await run(words, here);
    assert.equal(exitCode, 0, `${stdout}\n${stderr}`);
    return stdout;
  };
  await clocker('deploy', blueprint, '--yes', '--hosts', hostsFile);
  const cloud = await cloudOf(t, ...hosts.map(config));
  const expected = addressesOf(cloud);
  await matrix(cloud, 'at first', expected, t);

  for (const name of await readdir(home)) await rm(join(home, name), { recursive: true });
  const moveElsewhere = async (key: string): Promise<string> => {
    await cloud.refresh();
    const before = container(cloud, 'matrix', key).host;
    const to = hosts.find(({ name }) => name !== before)?.name ?? '';
    await clocker('move', key, '--to', to, '--yes', ...given);
    await cloud.refresh();
    assert.equal(container(cloud, 'matrix', key).host, to);
    return to;
  };
  await moveElsewhere('e0');
  await matrix(cloud, 'after the loss of every local file, and a move', expected, t);

  for (const { docker } of hosts) for (const { Name } of (await docker.listVolumes()).Volumes) await docker.getVolume(Name).remove();
  await moveElsewhere('e1');
  // One of those that are there rests, and somebody new gets none of their addresses.
  const rests = container(cloud, 'matrix', 'e2');
  await hosts.find(({ name }) => name === rests.host)?.docker.getContainer(rests.containerId).stop({ t: 1 });
  for (const { docker } of hosts) for (const { Name } of (await docker.listVolumes()).Volumes) await docker.getVolume(Name).remove();
  await writeFile(blueprint, `name: matrix\nservices:\n${service('new')}${keys.map(service).join('')}`);
  await clocker('deploy', blueprint, '--yes', ...given);
  await cloud.refresh();
  const { new: own = '', ...others } = addressesOf(cloud);
  assert.deepEqual(others, expected);
  assert.ok(own !== '' && !Object.values(expected).includes(own), own);
  await matrix(cloud, 'after the loss of every record, and somebody new', { ...expected, new: own }, t, [...keys, 'new']);
  assert.match(await clocker('deploy', blueprint, '--yes', ...given), /^Nothing to do: 7 containers are as wanted/);
  await deleted(cloud, 'matrix');
});

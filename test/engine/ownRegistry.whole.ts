// A registry that a docker cloud runs itself: it makes its keys and its password, the hosts come to believe it by themselves, what was
// installed is kept there and started from, whoever deploys; and it is tidied. Needs package sources for apt.

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type Docker from 'dockerode';
import type { Application } from '#core/blueprint/application.ts';
import { render } from '#core/plan/render.ts';
import { planJson } from '../../client/cli/planJson.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { run } from '../cli/support.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, debianImage, nestedHosts } from '../support/lab.ts';
import { blueprint, deleted, deployed, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
await debianImage([one]);
const base = await busyboxImage(hosts);
const configs = hosts.map((host, index) => ({ name: `h${index + 1}`, endpoint: host.tcpEndpoint, insecure: true }));
const at = `${one.address}:50000`;

async function east(t: TestContext): Promise<Cloud> {
  const cloud = openCloud(configs, undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

const registryBlueprint = blueprint('id: images\nlocation: h1\nservices:\n- type: clocker.docker.entity.container.registry.DockerRegistry\n  id: registry\n');
const installing = (id: string, host: string): Application => blueprint(`
id: ${id}
location: ${host}
services:
- type: vanilla-software-process
  id: it
  brooklyn.config: { docker.image.base: ${base}, install.command: cat /proc/sys/kernel/random/uuid > /installed, launch.command: exec sleep 100000 }
`);

async function started(cloud: Cloud, app: Application): Promise<{ readonly notes: readonly string[]; readonly details: string }> {
  const details: string[] = [];
  const outcome = await cloud.apply(await cloud.plan(app), { onStep: (steps) => steps.forEach(({ state }) => state.kind === 'running' && details.push(state.detail ?? '')) });
  assert.deepEqual([outcome.kind, problems(outcome)], ['done', []]);
  await nothingToDo(cloud, app);
  return { notes: 'notes' in outcome ? (outcome.notes ?? []) : [], details: details.join('\n') };
}

async function forgotten(docker: Docker): Promise<void> {
  for (const { RepoTags } of await docker.listImages({ filters: { label: ['io.clocker.caught'] } })) for (const tag of RepoTags ?? []) await docker.getImage(tag).remove();
}

test('a registry of the cloud\'s own', async (t) => {
  for (const host of hosts) await host.exec(['rm', '-rf', '/etc/docker/certs.d']);
  const cloud = await east(t);
  const plan = await cloud.plan(registryBlueprint);
  await deployed(cloud, registryBlueprint);
  await nothingToDo(cloud, registryBlueprint);
  const registry = one.docker.getContainer('images-registry');
  const password = await execIn(registry, ['cat', '/var/lib/registry/.clocker/password']);
  assert.match(password, /^[0-9a-f]{48}$/);
  const installed = (docker: Docker, id: string): Promise<string> => execIn(docker.getContainer(`${id}-it`), ['cat', '/installed']);

  assert.deepEqual((await started(cloud, installing('first', 'h1'))).notes, []);
  const second = await started(cloud, installing('second', 'h2'));
  assert.deepEqual([second.notes, second.details.includes(`from ${at}`), second.details.includes('from h1')], [[], true, false]);
  assert.equal(await installed(two.docker, 'second'), await installed(one.docker, 'first'));
  assert.equal((await two.exec(['ls', `/etc/docker/certs.d/${at}`])).trim(), 'clocker.crt');

  // Whoever else sees these hosts needs nothing more.
  await deleted(cloud, 'second');
  await forgotten(two.docker);
  await registry.restart();
  const elsewhere = await east(t);
  const third = await started(elsewhere, installing('third', 'h2'));
  assert.deepEqual([third.notes, third.details.includes(`from ${at}`)], [[], true]);

  // The secret is where it is made, and nowhere else.
  const seen = await Promise.all(hosts.map(async ({ docker }) => [await docker.listContainers({ all: true }), await docker.listVolumes(), await Promise.all((await docker.listContainers({ all: true })).map(({ Id }) => docker.getContainer(Id).inspect()))]));
  assert.ok(!JSON.stringify([planJson(plan), render(plan), cloud.observed, elsewhere.observed, seen]).includes(password));

  // A registry that does not run is told, and nobody fails.
  await deleted(cloud, 'third');
  await forgotten(two.docker);
  await registry.stop();
  const fourth = await started(elsewhere, installing('fourth', 'h2'));
  assert.deepEqual(fourth.notes, ['the registry of the cloud is not used, and what was installed goes from host to host: its container images-registry on h1 does not run']);
  assert.ok(fourth.details.includes('from h1'));
  await registry.start();

  // Another container of the registry has the same volume: keys, password and images are what they were.
  const changed = blueprint(registryBlueprint.blueprint.replace('id: registry', 'id: registry\n  env: { OTHER: x }'));
  await deployed(cloud, changed);
  assert.equal(await execIn(one.docker.getContainer('images-registry'), ['cat', '/var/lib/registry/.clocker/password']), password);

  // By hand, and in blueprints: who knows the hosts comes in, and who is asked believes it.
  await two.exec(['rm', '-rf', '/etc/docker/certs.d']);
  const byHand = await east(t);
  const shipping = { signal: new AbortController().signal, onDetail: () => {} };
  await byHand.pushImage('h1', base, `${at}/shop/web:1`, shipping);
  await deployed(byHand, blueprint(`id: shop\nlocation: h2\nservices:\n- type: docker:${at}/shop/web:1\n  id: web\n  commands: [sleep, "100000"]\n`));
  await deleted(byHand, 'shop');
  await two.docker.getImage(`${at}/shop/web:1`).remove();

  // Pruning knows of it.
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'hosts.yaml');
  await writeFile(file, JSON.stringify({ hosts: configs, clouds: [{ name: 'east', hosts: ['h1', 'h2'] }] }));
  const prune = async (): Promise<string> => (await run(['images', 'prune', '--yes', '--keep', '0', '--hosts', file])).stdout;
  const blobs = async (): Promise<number> => (await execIn(one.docker.getContainer('images-registry'), ['find', '/var/lib/registry/docker/registry/v2/blobs', '-name', 'data'])).trim().split('\n').length;
  const before = await blobs();
  assert.match(await prune(), /^- clocker-caught\/vanilla-software-process:\w+ in the registry images-registry on h1\n$/m);
  assert.ok((await blobs()) < before);
  assert.equal(await prune(), 'Nothing to take away.\n');
  await deleted(cloud, 'fourth');
  await forgotten(two.docker);
  // It was thrown out of the registry: the next that gets it from a host brings it there again.
  const later = await east(t);
  const fifth = await started(later, installing('fifth', 'h2'));
  assert.deepEqual([fifth.notes, fifth.details.includes('from h1')], [[], true]);
  await deleted(later, 'fifth');
  await forgotten(two.docker);
  const sixth = await started(later, installing('sixth', 'h2'));
  assert.deepEqual([sixth.notes, sixth.details.includes(`from ${at}`)], [[], true]);

  // Several at once: installed on one host, and fetched once by the other for all that wait there.
  const many = blueprint(installing('many', 'h1').blueprint.replace('uuid >', 'uuid > /many; cp /many') + ['a', 'b', 'c'].map((id) => installing(id, 'h2').blueprint.replace(/^[^]*services:/, '').replace('id: it', `id: ${id}\n  location: h2`).replace('uuid >', 'uuid > /many; cp /many')).join(''));
  const all = await started(later, many);
  assert.deepEqual(all.notes, []);
  const made = await Promise.all([execIn(one.docker.getContainer('many-it'), ['cat', '/many']), ...['a', 'b', 'c'].map((id) => execIn(two.docker.getContainer(`many-${id}`), ['cat', '/many']))]);
  assert.equal(new Set(made).size, 1, made.join());
  for (const id of ['first', 'sixth', 'many', 'images']) await deleted(cloud, id);
  // Named volumes outlive their application.
  await one.docker.getVolume('images-registry').remove();
  for (const host of hosts) await forgotten(host.docker);
});

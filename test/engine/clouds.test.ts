// Clouds that grow and shrink with what is deployed on them: hosts made by plans, looked at before they are used, and taken away.

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { Engine } from '../../client/engine/engine.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { thisDeployer } from '../../client/identity.ts';
import { busyboxImage, engine, machineImage, nestedHosts } from '../support/lab.ts';
import { dockerAt, exists } from '../support/lab/docker.ts';
import { labCloud } from '../support/lab/run.ts';
import { application, containers, deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

const socketPath = await engine();
const docker = dockerAt(socketPath);
const image = await busyboxImage();
const parent = { name: 'parent', endpoint: `unix://${socketPath}` };
const name = labCloud('growing');
const nested: CloudConfig = {
  name,
  hosts: [],
  placement: { strategies: [], affinityRules: [], maxContainers: 1 },
  isColdEnabled: true,
  maxHosts: 2,
  provisioner: { kind: 'nested', on: 'parent', image: await machineImage() },
};

after(async () => {
  for (const host of [`${name}-1`, `${name}-2`]) await docker.getContainer(`clocker-host-${host}`).remove({ force: true, v: true }).catch(() => undefined);
  for (const host of [`${name}-1`, `${name}-2`]) await docker.getVolume(`clocker-host-${host}`).remove().catch(() => undefined);
  await docker.getNetwork(`clocker-cloud-${name}`).remove().catch(() => undefined);
});

const titles = (lines: readonly string[]): readonly string[] => lines.filter((line) => !line.startsWith('    ')).map((line) => line.replaceAll(name, 'CLOUD'));

test('a cloud grows where nothing fits, and shrinks when there is less', async (t) => {
  const cloud = openCloud([parent], noCredentials, [nested]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  const app = application('growing', image, { e1: { at: name }, e2: { at: name } });
  assert.deepEqual(titles(render(await cloud.plan(app))), [
    '+ add host CLOUD-1 to CLOUD',
    '+ add host CLOUD-2 to CLOUD',
    `+ pull image ${image} on CLOUD-1`,
    `+ pull image ${image} on CLOUD-2`,
    '+ create growing-e1 on CLOUD-1',
    '+ create growing-e2 on CLOUD-2',
    '2 to create, 2 hosts to add.',
  ]);
  await deployed(cloud, app);
  assert.deepEqual(containers(cloud, 'growing').map(({ host }) => host), [`${name}-1`, `${name}-2`]);
  // Only now that they are there its hosts are one Swarm, which the next deployment takes note of.
  await deployed(cloud, app);
  await nothingToDo(cloud, app);

  const third = application('third', image, { e: { at: name } });
  assert.deepEqual((await cloud.plan(third)).refusals.map(({ reason }) => reason.replaceAll(name, 'CLOUD')), ['no host can take it; CLOUD-1, CLOUD-2: has 1 container, of at most 1; CLOUD has 2 hosts, and may have no more']);

  const less = application('growing', image, { e1: { at: name } });
  assert.deepEqual(titles(render(await cloud.plan(less))), ['- remove growing-e2 on CLOUD-2', '- take host CLOUD-2 of CLOUD away', '1 to remove, 1 host to take away, 1 unchanged.']);
  await deployed(cloud, less);
  assert.deepEqual(cloud.observed.hosts.flatMap(({ host, cloud: its }) => (its === name ? [host] : [])), [`${name}-1`]);
  assert.equal(await exists(docker.getContainer(`clocker-host-${name}-2`)), false);
  await nothingToDo(cloud, less);
  // The last host stays.
  await deleted(cloud, 'growing');
  assert.equal(await exists(docker.getContainer(`clocker-host-${name}-1`)), true);
});

test('a host that cannot take what it was made for is released before anything is put there', async (t) => {
  const [host] = await nestedHosts(1);
  assert.ok(host);
  const released: string[] = [];
  const cloud = new Engine((config) => connectDocker(config), {
    deployer: thisDeployer(),
    provisioner: () => ({ provision: async (request) => ({ name: request.name, endpoint: host.endpoint }), release: async (config) => void released.push(config.name), find: async () => [] }),
  });
  t.after(() => cloud.dispose());
  cloud.setHosts([], [{ name: 'picky', hosts: [], placement: { strategies: [{ kind: 'labels', labels: ['disk=ssd'] }], affinityRules: [] }, provisioner: { kind: 'command', command: ['-'] } }]);
  const outcome = await deploy(cloud, application('picked', await busyboxImage([host]), { web: { at: 'picky' } }));
  assert.equal(outcome.kind, 'failed');
  assert.deepEqual(problems(outcome), ['add host picky-1 to picky: it is there, but cannot take web: it lacks the label disk=ssd; it was taken away again']);
  assert.deepEqual(outcome.steps.map(({ state }) => state.kind), ['failed', 'skipped', 'skipped']);
  assert.deepEqual(released, ['picky-1']);
  assert.deepEqual(cloud.observed.hosts, []);
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
});

test('a host of any provisioner is used as it is, and its images are not pulled again', async (t) => {
  const [host] = await nestedHosts(1);
  assert.ok(host);
  const released: string[] = [];
  const cloud = new Engine((config) => connectDocker(config), {
    deployer: thisDeployer(),
    provisioner: () => ({ provision: async (request) => ({ name: request.name, endpoint: host.endpoint }), release: async (config) => void released.push(config.name), find: async () => [] }),
  });
  t.after(() => cloud.dispose());
  cloud.setHosts([], [{ name: 'plain', hosts: [], placement: { strategies: [], affinityRules: [] }, initialHosts: 1, isColdEnabled: true, provisioner: { kind: 'command', command: ['-'] } }]);
  const app = application('placed', await busyboxImage([host]), { web: { at: 'plain' } });
  await deployed(cloud, app);
  assert.deepEqual(cloud.observed.hosts.map(({ host: of, cloud: its, hostname }) => [of, its, hostname]), [['plain-1', 'plain', host.name]]);
  await nothingToDo(cloud, app);
  await deleted(cloud, 'placed');
  assert.deepEqual(released, []);
});

test('how busy a host is, is measured where a strategy goes by it', async (t) => {
  const [idle, busy] = await nestedHosts(2);
  assert.ok(idle && busy);
  const program = await busyboxImage([idle, busy]);
  const burning = await busy.docker.createContainer({ name: 'burning', Image: program, Cmd: ['sh', '-c', 'while true; do :; done'] });
  await burning.start();
  t.after(() => burning.remove({ force: true }));
  const cloud = openCloud([{ name: 'busy', endpoint: busy.endpoint }, { name: 'idle', endpoint: idle.endpoint }], noCredentials, [
    { name: 'pair', hosts: ['busy', 'idle'], placement: { strategies: [{ kind: 'lowest-cpu' }], affinityRules: [] } },
  ]);
  t.after(() => cloud.dispose());
  const unasked = await cloud.plan(application('unasked', program, { web: { at: 'busy' } }));
  assert.equal(unasked.refusals.length, 0);
  const [explained] = await cloud.explain(application('measured', program, { web: { at: 'pair' } }));
  assert.deepEqual(explained?.verdicts.map(({ host, rank }) => `${rank ?? '-'} ${host}`), ['1 idle', '2 busy']);
  const usages = explained.verdicts.map(({ reason }) => Number(/^([\d.]+) % of CPU in use$/.exec(reason)?.[1] ?? assert.fail(reason)));
  t.diagnostic(`busy ${usages[1]} %, idle ${usages[0]} %`);
  assert.ok((usages[1] ?? 0) > 5 && (usages[0] ?? 100) < 5);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, nothingToDo, untilStopped } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const image = await busyboxImage(hosts);
const a = { name: 'a', endpoint: host.endpoint };
const { docker } = host;
const inside = (name: string, ...command: readonly string[]): Promise<string> => execIn(docker.getContainer(name), command);

test('deployed, deployed again, changed, scaled down, deleted', async (t) => {
  const cloud = await cloudOf(t, a);
  const web = { publishedPorts: [{ port: 80, hostPort: 8080, protocol: 'tcp' as const }], env: { PASSWORD: 'hunter2' } };
  const db = { mounts: [{ source: 'shop-data', path: '/data', readOnly: false }, { path: '/cache', readOnly: false }], openPorts: [6379] };
  const blueprint = 'name: shop\nservices:\n- type: docker:x\n  env: {PASSWORD: hunter2}\n';
  const shop = application('shop', image, { web, db, extra: {} }, blueprint);

  await deployed(cloud, shop);
  assert.deepEqual(containers(cloud, 'shop').map(({ containerName, state }) => `${containerName} ${state}`).toSorted(), ['shop-db running', 'shop-extra running', 'shop-web running']);
  assert.deepEqual(container(cloud, 'shop', 'web').ports.map(({ port, hostPort }) => `${hostPort}->${port}`), ['8080->80']);
  await nothingToDo(cloud, shop);

  const before = { web: container(cloud, 'shop', 'web').containerId, db: container(cloud, 'shop', 'db').containerId };
  await inside('shop-db', 'sh', '-c', 'echo kept > /data/file');
  const changed = application('shop', image, { web, db: { ...db, env: { MODE: 'b' } }, extra: {} }, blueprint);
  const plan = await cloud.plan(changed);
  assert.deepEqual(render(plan), ['~ replace shop-db on a', '    environment variable MODE is added', '    the old one stops first: both may write to volume shop-data', '1 to replace, 2 unchanged.']);
  assert.equal((await cloud.apply(plan)).kind, 'done');
  assert.equal(container(cloud, 'shop', 'web').containerId, before.web);
  assert.notEqual(container(cloud, 'shop', 'db').containerId, before.db);
  assert.match(await inside('shop-db', 'cat', '/data/file'), /kept/);
  await nothingToDo(cloud, changed);

  const secretChanged = application('shop', image, { web: { ...web, env: { PASSWORD: 'hunter3' } }, db: { ...db, env: { MODE: 'b' } } }, blueprint);
  assert.deepEqual(render(await cloud.plan(secretChanged)).filter((line) => !line.startsWith('   ')), ['- remove shop-extra on a', '~ replace shop-web on a', '1 to replace, 1 to remove, 1 unchanged.']);
  await deployed(cloud, secretChanged);
  assert.deepEqual(containers(cloud, 'shop').map(({ containerName }) => containerName).toSorted(), ['shop-db', 'shop-web']);

  await deleted(cloud, 'shop');
  assert.deepEqual(await docker.listContainers({ all: true }), []);
  const { Volumes } = await docker.listVolumes();
  assert.deepEqual(Volumes.map(({ Name, Labels }) => [Name, Labels?.['io.clocker.application']]), [['shop-data', 'shop']]);
  await docker.getVolume('shop-data').remove();
});

test('where nothing is in the way the new container runs before the old one stops, elsewhere after', async (t) => {
  const cloud = await cloudOf(t, a);
  const check = async (id: string, more: { readonly publishedPorts?: { port: number; hostPort: number; protocol: 'tcp' }[] }, expected: readonly string[]): Promise<void> => {
    await deployed(cloud, application(id, image, { web: { ...more, env: { N: '1' } } }));
    const plan = await cloud.plan(application(id, image, { web: { ...more, env: { N: '2' } } }));
    const { SystemTime } = (await docker.info()) as { readonly SystemTime: string };
    const since = Date.parse(SystemTime) / 1000;
    assert.equal((await cloud.apply(plan)).kind, 'done');
    const events = await docker.getEvents({ since, until: since + 60, filters: { type: ['container'], event: ['start', 'die'], label: [`io.clocker.application=${id}`] } });
    const told: string[] = [];
    for await (const chunk of events) {
      for (const line of String(chunk).split('\n')) if (line.trim() !== '') told.push((JSON.parse(line) as { readonly Action: string }).Action);
      if (told.length >= expected.length) break;
    }
    assert.deepEqual(told, expected);
    await deleted(cloud, id);
  };
  await check('beside', {}, ['start', 'die']);
  await check('after', { publishedPorts: [{ port: 80, hostPort: 8080, protocol: 'tcp' }] }, ['die', 'start']);
});

test('memory and processors that are asked for are the limits of the container, and are found again', async (t) => {
  const cloud = await cloudOf(t, a);
  const asked = application('limits', image, { web: { memoryBytes: 64 * 2 ** 20, cpuShares: 256 } });
  await deployed(cloud, asked);
  const { HostConfig } = await docker.getContainer('limits-web').inspect();
  assert.deepEqual([HostConfig.Memory, HostConfig.CpuShares], [64 * 2 ** 20, 256]);
  await nothingToDo(cloud, asked);
  assert.deepEqual(container(await cloudOf(t, a), 'limits', 'web').reserved, { cpuShares: 256, memoryBytes: 64 * 2 ** 20 });
  assert.equal(container(cloud, 'limits', 'web').owner?.entityType, `docker:${image}`);
  const more = application('limits', image, { web: { memoryBytes: 96 * 2 ** 20, cpuShares: 256 } });
  assert.deepEqual(render(await cloud.plan(more)), ['~ replace limits-web on a', '    memory limit changes', '    the new one runs before the old one stops', '1 to replace.']);
  const tooMuch = application('greedy', image, { web: { memoryBytes: 2 ** 50 } });
  assert.match((await cloud.plan(tooMuch)).refusals[0]?.reason ?? '', /^it cannot go on a: has .* memory left to reserve, 1024 TiB are asked for$/);
  await deleted(cloud, 'limits');
});

test('everything is found again from labels alone, and no secret is in them', async (t) => {
  const secrets = { env: { API_KEY: 'sesame-street' }, command: [...untilStopped, 'open-sesame'] };
  const shop = application('labels', image, { web: secrets }, `name: labels\nservices: [{type: x, env: {API_KEY: sesame-street}}]\n# ${'long '.repeat(400)}\n`);
  await deployed(await cloudOf(t, a), shop);
  const [info] = await docker.listContainers({ filters: { name: ['labels-web'] } });
  assert.doesNotMatch(JSON.stringify(info?.Labels), /sesame/);

  const stranger = await cloudOf(t, a);
  await nothingToDo(stranger, shop);
  const { owner } = container(stranger, 'labels', 'web');
  assert.equal(owner?.blueprint, shop.blueprint.replace('sesame-street', '"********"'));
  assert.equal(owner?.entityName, 'web');
  await deleted(stranger, 'labels');
});

test('a container of ours that was stopped is started, one that was paused resumed', async (t) => {
  const cloud = await cloudOf(t, a);
  const shop = application('stopped', image, { web: {}, db: {} });
  await deployed(cloud, shop);
  await docker.getContainer('stopped-web').stop();
  await docker.getContainer('stopped-db').pause();
  assert.deepEqual(render(await cloud.plan(shop)), ['~ start stopped-web on a', '~ start stopped-db on a', '2 to start.']);
  await deployed(cloud, shop);
  await nothingToDo(cloud, shop);
  await deleted(cloud, 'stopped');
});

test('labels changed by hand make no lasting harm', async (t) => {
  const cloud = await cloudOf(t, a);
  const shop = application('odd', image, { web: {} });
  const odd = { 'io.clocker.application': 'odd', 'io.clocker.entity': 'web', 'io.clocker.spec': '{"image":', 'io.clocker.blueprint': 'gzip:xx' };
  await docker.createContainer({ name: 'odd-web', Image: image, Cmd: ['true'], Labels: odd });
  await cloud.refresh();
  assert.deepEqual(render(await cloud.plan(shop)), ['~ replace odd-web on a', '    it is not what was deployed', '1 to replace.']);
  await deployed(cloud, shop);
  await nothingToDo(cloud, shop);
  await deleted(cloud, 'odd');
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { test } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import type Docker from 'dockerode';
import { render } from '#core/plan/render.ts';
import { historyOf } from '#core/record/record.ts';
import type { Revision } from '#core/record/revision.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Understand } from '../../client/engine/cloud.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { thisDeployer } from '../../client/identity.ts';
import { understand } from '../../client/understand.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { application, blueprint, cloudOf, container, containers, deleted, deploy, deployed, nothingToDo, seen, untilStopped } from './support.ts';

const hosts = await nestedHosts(2);
const [first, second] = hosts;
assert.ok(first !== undefined && second !== undefined);
const image = await busyboxImage(hosts);
const a = { name: 'a', endpoint: first.endpoint };
const b = { name: 'b', endpoint: second.endpoint };
const reading: Understand = async (text) => understand(text);

const shop = (mode: string, password: string): string => `name: shop
services:
- type: docker:${image}
  id: web
  location: a
  commands: ${JSON.stringify(untilStopped)}
  env: {MODE: ${mode}, PASSWORD: ${password}}
`;

const volumesOf = async (docker: Docker): Promise<string[]> => ((await docker.listVolumes()).Volumes ?? []).map(({ Name }) => Name).toSorted();
const told = (history: readonly Revision[]): string[] => history.map(({ revision, what, outcome, by }) => `${revision} ${outcome} ${what}${by === thisDeployer().by ? '' : ` ${by}`}`);

test('every host remembers who deployed what and when, without secrets; an older revision is deployed again', async (t) => {
  const cloud = await cloudOf(t, a, b);
  await deployed(cloud, blueprint(shop('one', 'hunter2')));
  await deployed(cloud, blueprint(shop('two', 'hunter3')));
  await deployed(cloud, blueprint(shop('two', 'hunter3')));
  const expected = ['2 done 1 to replace.', '1 done 1 to create.'];
  for (const view of [cloud, await cloudOf(t, a), await cloudOf(t, b)]) assert.deepEqual(told(await view.history('shop')), expected);
  for (const { docker } of hosts) {
    const { Volumes } = await docker.listVolumes();
    assert.deepEqual(Volumes.map(({ Name }) => Name).toSorted(), ['clocker-record-shop-1', 'clocker-record-shop-2']);
    assert.doesNotMatch(JSON.stringify(Volumes), /hunter/);
    assert.deepEqual((await docker.listContainers({ all: true })).filter(({ Labels }) => Labels['io.clocker.lock'] !== undefined), []);
  }

  const other = await cloudOf(t, a, b);
  const earlier = await other.recall('shop', 1, reading);
  assert.deepEqual(earlier.entities[0]?.container?.env, { MODE: 'one', PASSWORD: 'hunter3' });
  const plan = await other.plan(earlier);
  assert.deepEqual(render(plan), ['~ replace shop-web on a', '    environment variable MODE changes', '    the new one runs before the old one stops', '1 to replace.']);
  assert.equal((await other.apply(plan, { note: 'rollback to revision 1' })).kind, 'done');
  assert.deepEqual(told(await cloud.history('shop')), ['3 done rollback to revision 1: 1 to replace.', ...expected]);

  await first.docker.getContainer('shop-web').remove({ force: true });
  await assert.rejects(other.recall('shop', 2, reading), /^Error: revision 2 cannot be deployed as it was: .* no container that runs has services\[0\]\.env\.PASSWORD; deploy a blueprint that has it$/);
  await assert.rejects(other.recall('shop', 7, reading), /no host that is up remembers revision 7 of shop/);
  await deleted(cloud, 'shop');
  assert.deepEqual(await cloud.history('shop'), []);
  for (const { docker } of hosts) assert.deepEqual((await docker.listVolumes()).Volumes, []);
});

test('the last ten are kept; a host that has none gets them with the next deployment, losing all of them harms nothing', async (t) => {
  const cloud = await cloudOf(t, a, b);
  const numbered = (number: number): Application => application('many', image, { web: { at: 'a', env: { N: String(number) } } });
  const port = connectDocker(b);
  const old = { application: 'many', applicationName: 'many', by: 'ann@elsewhere', what: '1 to replace.', blueprint: 'name: many\n', outcome: 'done' as const };
  for (let revision = 1; revision <= 10; revision++) await port.records.write({ ...old, revision, atMs: revision }, 'host');
  port.close();
  await deployed(cloud, numbered(11));
  const names = async (): Promise<string[]> => (await second.docker.listVolumes()).Volumes.map(({ Name }) => Name).toSorted();
  const kept = await names();
  assert.deepEqual([kept.length, kept.includes('clocker-record-many-1')], [10, false]);
  for (const name of kept) await second.docker.getVolume(name).remove();
  await deployed(cloud, numbered(12));
  assert.deepEqual(await names(), Array.from({ length: 10 }, (_, index) => `clocker-record-many-${index + 3}`).toSorted());
  for (const { docker } of hosts) for (const { Name } of (await docker.listVolumes()).Volumes) await docker.getVolume(Name).remove();
  await nothingToDo(cloud, numbered(12));
  await deployed(cloud, numbered(13));
  assert.deepEqual(told(await cloud.history('many')), ['1 done 1 to replace.']);
  await deleted(cloud, 'many');
});

test('of ten who ask for a lock at once, one gets it', async () => {
  const port = connectDocker(b);
  const { by, machine, processId, session } = thisDeployer();
  const lock = { application: 'ten', applicationName: 'Ten', atMs: 0, by, what: '', blueprint: '', machine, processId, session };
  const asked = await Promise.all(Array.from({ length: 10 }, () => port.records.lock(lock)));
  const got = asked.filter((id) => id !== undefined);
  assert.equal(got.length, 1);
  const [seen] = await port.records.locks('ten', AbortSignal.timeout(5000));
  assert.deepEqual([seen?.lockId, seen?.by, seen?.host], [got[0], by, 'b']);
  await port.records.unlock(got[0] ?? '');
  assert.deepEqual(await port.records.locks(undefined, AbortSignal.timeout(5000)), []);
  port.close();
});

test('while one deploys another is refused, with owner and age; nothing to do needs no lock; a lock can be broken', async (t) => {
  const [cloud, other] = [await cloudOf(t, a, b), await cloudOf(t, b)];
  const lasting = application('lasting', image, { web: { at: 'b' } });
  await deployed(other, lasting);
  // Somebody on another machine, of whom nobody here knows whether they live.
  const port = connectDocker(b);
  const theirs = await port.records.lock({ application: 'lasting', applicationName: 'lasting', atMs: 5, by: 'bob@elsewhere', what: '1 to replace.', blueprint: 'name: lasting\n', machine: 'elsewhere', processId: 1, session: 'x' });
  assert.ok(theirs !== undefined);
  await nothingToDo(cloud, lasting);
  assert.equal((await deploy(cloud, lasting)).kind, 'done');
  const changed = application('lasting', image, { web: { at: 'b', env: { N: '2' } } });
  const outcome = await deploy(cloud, changed);
  assert.ok(outcome.kind === 'locked');
  assert.deepEqual(outcome.locks.map(({ by, host, what }) => [by, host, what]), [['bob@elsewhere', 'b', '1 to replace.']]);
  assert.ok((outcome.locks[0]?.ageMs ?? -1) >= 0 && (outcome.locks[0]?.ageMs ?? Infinity) < 60_000);
  assert.deepEqual(outcome.steps.map(({ state }) => state.kind), ['skipped']);
  assert.deepEqual((await cloud.locks()).map(({ host }) => host), ['b']);
  assert.deepEqual(cloud.observed.hosts.flatMap((host) => host.containers).map(({ containerName }) => containerName), ['lasting-web']);

  assert.deepEqual((await other.unlock('lasting')).map(({ by }) => by), ['bob@elsewhere']);
  await deployed(cloud, changed);
  assert.deepEqual(told(await other.history('lasting')), ['3 done 1 to replace.', '2 cut short 1 to replace. bob@elsewhere', '1 done 1 to create.']);
  port.close();
  await deleted(cloud, 'lasting');
});

test('the lock of a process of this machine that has died is broken by whoever comes next', async (t) => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', `
    import { connectDocker } from './client/docker/dockerHost.ts';
    import { thisDeployer } from './client/identity.ts';
    const { by, machine, processId, session } = thisDeployer();
    await connectDocker(${JSON.stringify(b)}).records.lock({ application: 'dead', applicationName: 'dead', atMs: 5, by, what: '1 to create.', blueprint: 'name: dead\\n', machine, processId, session });
    console.log('locked');
    setInterval(() => {}, 1000);
  `], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const cloud = await cloudOf(t, a, b);
  const app = application('dead', image, { web: { at: 'a' } });
  assert.equal((await deploy(cloud, app)).kind, 'locked');
  child.kill('SIGKILL');
  await once(child, 'exit');
  await deployed(cloud, app);
  assert.deepEqual(told(await cloud.history('dead')), ['2 done 1 to create.', '1 cut short 1 to create.']);
  await deleted(cloud, 'dead');
});

test('locks and records of an application are on the hosts of its cloud, and found from everywhere', async (t) => {
  const placement = { strategies: [], affinityRules: [] };
  const cloud = openCloud([a, b], noCredentials, [{ name: 'north', hosts: ['a'], placement }, { name: 'south', hosts: ['b'], placement }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  const app = application('northern', image, { web: { at: 'north' } });
  const lockedOn: string[] = [];
  const outcome = await cloud.apply(await cloud.plan(app), { onStep: () => void cloud.locks('northern').then((locks) => lockedOn.push(...locks.map(({ host }) => host)), () => undefined) });
  assert.equal(outcome.kind, 'done');
  assert.deepEqual([...new Set(lockedOn)], ['a']);
  assert.deepEqual(await volumesOf(first.docker), ['clocker-record-northern-1']);
  assert.deepEqual(await volumesOf(second.docker), []);
  assert.deepEqual(told(await (await cloudOf(t, b, a)).history('northern')), ['1 done 1 to create.']);
  await deployed(cloud, application('northern', image, { web: { at: 'south' } }));
  await deployed(cloud, application('northern', image, { web: { at: 'south', env: { N: '2' } } }));
  assert.deepEqual([await volumesOf(first.docker), (await volumesOf(second.docker)).length], [[], 3]);
  await deleted(cloud, 'northern');
});

test('hosts that become a Swarm give it their records, but for those that are too large; without it they have them again', async (t) => {
  const cloud = await cloudOf(t, a, b);
  const large = randomBytes(450 * 1024).toString('base64');
  const numbered = (number: number, more = ''): Application => application('swarming', image, { web: { at: 'a', env: { N: String(number) } } }, `name: swarming\nservices:\n- type: docker:${image}\n  id: web\n# ${more}\n`);
  await deployed(cloud, numbered(1));
  await deployed(cloud, numbered(2, large));
  const port = connectDocker(a);
  const other = connectDocker(b);
  t.after(() => {
    port.close();
    other.close();
  });
  t.after(() => Promise.all(hosts.map(({ docker }) => docker.swarmLeave({ force: true }).catch(() => undefined))));
  await joinHosts([{ host: 'a', port, address: first.address }, { host: 'b', port: other, address: second.address }], { cloud: 'lab' });
  const configs = async (): Promise<readonly string[]> => (await first.docker.listConfigs()).map(({ Spec }) => Spec?.Name ?? '').toSorted();
  await cloud.refresh();
  assert.deepEqual(told(await cloud.history('swarming')), ['2 done 1 to replace.', '1 done 1 to create.']);
  await deployed(cloud, numbered(3));
  assert.deepEqual(await configs(), ['clocker-record-swarming-1', 'clocker-record-swarming-3']);
  for (const { docker } of hosts) assert.deepEqual(await volumesOf(docker), ['clocker-record-swarming-2']);
  const expected = ['3 done 1 to replace.', '2 done 1 to replace.', '1 done 1 to create.'];
  for (const view of [cloud, await cloudOf(t, a), await cloudOf(t, b, a)]) assert.deepEqual(told(await view.history('swarming')), expected);
  assert.equal((await cloud.recall('swarming', 3, reading)).name, 'swarming');

  const swarmNews = await cloudOf(t, a);
  await deployed(cloud, numbered(4));
  await seen(swarmNews, 'what the Swarm remembers', () => historyOf(swarmNews.observed, 'swarming')[0]?.revision === 4);
  await second.docker.swarmLeave({ force: true });
  await cloud.refresh();
  await deployed(cloud, numbered(5));
  assert.deepEqual((await volumesOf(second.docker)).length, 5);
  await deleted(cloud, 'swarming');
  assert.deepEqual(await configs(), []);
  for (const { docker } of hosts) assert.deepEqual(await volumesOf(docker), []);
});

test('what was approved is what is done: hosts that have changed since give a new plan', async (t) => {
  const [cloud, other] = [await cloudOf(t, a, b), await cloudOf(t, a, b)];
  const app = application('fresh', image, { web: { at: 'a' }, db: { at: 'b' } });
  const plan = await cloud.plan(app);
  await deployed(other, application('fresh', image, { web: { at: 'a' } }));
  const outcome = await cloud.apply(plan);
  assert.ok(outcome.kind === 'outdated');
  assert.deepEqual(outcome.plan.actions.map((action) => action.kind === 'create' && action.container.containerName), ['fresh-db']);
  assert.equal(containers(cloud, 'fresh').length, 1);
  assert.equal((await cloud.apply(outcome.plan)).kind, 'done');
  assert.equal(container(cloud, 'fresh', 'db').state, 'running');
  const removal = await other.planDelete('fresh');
  await first.docker.getContainer('fresh-web').remove({ force: true });
  assert.equal((await other.apply(removal)).kind, 'outdated');
  await deleted(cloud, 'fresh');
});

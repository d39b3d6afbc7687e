import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { momentLabels } from '../../client/docker/moments.ts';
import { thisDeployer } from '../../client/identity.ts';
import { eventually } from '../support/lab/docker.ts';
import { busyboxImage, httpImage, nestedHosts, registry } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const image = await busyboxImage(hosts);
const a = { name: 'a', endpoint: host.endpoint };
const { docker } = host;
const port8080 = [{ port: 80, hostPort: 8080, protocol: 'tcp' as const }];

test('a start that fails says which container, where, and its last words; what was made can be deployed again or deleted', async (t) => {
  const cloud = await cloudOf(t, a);
  const bad = application('bad', image, { web: {}, db: { command: ['sh', '-c', 'echo one; echo two >&2; exit 3'] } });
  const outcome = await deploy(cloud, bad);
  assert.equal(outcome.kind, 'failed');
  const failed = outcome.steps.find(({ state }) => state.kind === 'failed')?.state;
  assert.ok(failed?.kind === 'failed');
  assert.equal(failed.problem, 'start container bad-db on a: it exited at once with code 3');
  assert.deepEqual(failed.logTail.toSorted(), ['one', 'two']);
  assert.equal(container(cloud, 'bad', 'db').exitCode, 3);
  assert.equal(container(cloud, 'bad', 'web').state, 'running');
  assert.deepEqual(render(await cloud.plan(bad)), ['~ start bad-db on a', '1 to start, 1 unchanged.']);
  const mended = application('bad', image, { web: {}, db: {} });
  await deployed(cloud, mended);
  await nothingToDo(cloud, mended);
  await deleted(cloud, 'bad');
});

test('what somebody made before its network was there, and then was gone, is deployed by the next', async (t) => {
  const cloud = await cloudOf(t, a);
  const half = application('half', image, { web: {} });
  await deployed(cloud, half);
  const { Config, HostConfig, NetworkSettings } = await docker.getContainer('half-web').inspect();
  await docker.getContainer('half-web').remove({ force: true });
  await docker.getNetwork('clocker-half').remove();
  const { IPAMConfig, Aliases } = NetworkSettings.Networks['clocker-half'] ?? {};
  await docker.createContainer({ ...Config, name: 'half-web', HostConfig, NetworkingConfig: { EndpointsConfig: { 'clocker-half': { IPAMConfig, Aliases: Aliases ?? [] } } } });
  await eventually(async () => assert.equal(container(cloud, 'half', 'web').state, 'created'), 10_000);
  await deployed(cloud, half);
  assert.equal(container(cloud, 'half', 'web').state, 'running');
  await nothingToDo(cloud, half);
  await deleted(cloud, 'half');
});

test('a container that ends well at once has been started', async (t) => {
  const cloud = await cloudOf(t, a);
  await deployed(cloud, application('job', image, { once: { command: ['true'] } }));
  assert.equal(container(cloud, 'job', 'once').exitCode, 0);
  await deleted(cloud, 'job');
});

test('a program that the image does not have', async (t) => {
  const cloud = await cloudOf(t, a);
  const outcome = await deploy(cloud, application('typo', image, { web: { command: ['no-such-program'] } }));
  assert.match(problems(outcome).join(), /^start container typo-web on a: its program cannot be run: exec: "no-such-program".*; check entrypoint, commands and image$/);
  await deleted(cloud, 'typo');
});

test('a replacement that does not stay up is taken back', async (t) => {
  const cloud = await cloudOf(t, a);
  const good = application('back', image, { web: { publishedPorts: port8080 } });
  await deployed(cloud, good);
  const { containerId } = container(cloud, 'back', 'web');
  const outcome = await deploy(cloud, application('back', image, { web: { publishedPorts: port8080, command: ['sh', '-c', 'echo dying; exit 1'] } }));
  assert.deepEqual(problems(outcome), ['start container back-web on a: it exited at once with code 1; the container that was there before runs again']);
  assert.deepEqual(containers(cloud, 'back').map((one) => [one.containerId, one.containerName, one.state]), [[containerId, 'back-web', 'running']]);
  await nothingToDo(cloud, good);
  await deleted(cloud, 'back');
});

test('a replacement that cannot be made leaves the old one running', async (t) => {
  const cloud = await cloudOf(t, a);
  const good = application('keep', image, { web: {} });
  await deployed(cloud, good);
  const outcome = await deploy(cloud, application('keep', image, { web: { mounts: [{ source: 'bad name!', path: '/x', readOnly: false }] } }));
  assert.match(problems(outcome).join(), /^create container keep-web on a: .*; the container that was there before still runs$/);
  await nothingToDo(cloud, good);
  await deleted(cloud, 'keep');
});

test('a port that a stranger has', async (t) => {
  const cloud = await cloudOf(t, a);
  const app = application('port', image, { web: { publishedPorts: port8080 } });
  const plan = await cloud.plan(app);
  const stranger = await docker.createContainer({ name: 'stranger', Image: image, Cmd: ['sleep', '1000'], ExposedPorts: { '80/tcp': {} }, HostConfig: { PortBindings: { '80/tcp': [{ HostPort: '8080' }] } } });
  await stranger.start();
  assert.deepEqual((await cloud.plan(app)).refusals, [
    { entity: 'web', reason: 'it cannot go on a: port 8080 of the host is already taken by container stranger, which Clocker did not make; choose another port or stop that container' },
  ]);
  assert.equal((await cloud.apply(plan)).kind, 'outdated');
  assert.deepEqual(containers(cloud, 'port'), []);
  await stranger.remove({ force: true });
  const program = await docker.createContainer({ name: 'stranger', Image: await httpImage(hosts), HostConfig: { NetworkMode: 'host' } });
  await program.start();
  await eventually(() => fetch(`http://${host.address}:8080`), 10_000);
  assert.deepEqual(problems(await deploy(cloud, app)), ['start container port-web on a: port 8080 of the host is already taken; choose another port or stop what uses it']);
  await program.remove({ force: true });
  await deployed(cloud, app);
  await deleted(cloud, 'port');
});

test('a name that a stranger took after the plan', async (t) => {
  const cloud = await cloudOf(t, a);
  const plan = await cloud.plan(application('name', image, { web: {} }));
  const stranger = await docker.createContainer({ name: 'name-web', Image: image });
  const outcome = await cloud.apply(plan);
  assert.ok(outcome.kind === 'outdated');
  assert.match(outcome.plan.refusals.map(({ reason }) => reason).join(), /name-web/);
  await stranger.remove();
});

test('images: pulled by tag and by digest from a registry with a port; one that is missing stops only what needs it', async (t) => {
  const cloud = await cloudOf(t, a);
  const shelf = await registry();
  t.after(() => shelf.stop());
  await shelf.push(image, 'shop/web:1');
  const tagged = `${shelf.addressFromHosts}/shop/web:1`;
  const app = application('pull', image, { web: { image: tagged }, typo: { image: `${shelf.addressFromHosts}/shop/wbe:1` } });
  const plan = await cloud.plan(app);
  assert.deepEqual(plan.actions.map(({ kind }) => kind), ['pull', 'pull', 'create', 'create']);
  const details: string[] = [];
  const outcome = await cloud.apply(plan, { onStep: (steps) => details.push(...steps.flatMap(({ state }) => (state.kind === 'running' ? [state.detail ?? ''] : []))) });
  assert.deepEqual(outcome.steps.map(({ state }) => state.kind), ['done', 'failed', 'done', 'skipped']);
  assert.match(problems(outcome).join(), /^pull image \S+\/shop\/wbe:1 on a: image \S+\/shop\/wbe:1 was not found: .*correct its name or tag$/);
  assert.ok(details.includes('Pulling from shop/web'), details.join());
  const { RepoDigests } = await docker.getImage(tagged).inspect();
  const digested = RepoDigests?.find((name) => name.startsWith(shelf.addressFromHosts));
  assert.ok(digested !== undefined);
  await deployed(cloud, application('pull', image, { web: { image: digested } }));
  await deleted(cloud, 'pull');
});

test('a registry that is out of reach', async (t) => {
  const cloud = await cloudOf(t, a);
  const outcome = await deploy(cloud, application('far', image, { web: { image: 'registry.invalid/none:1' } }));
  assert.match(problems(outcome).join(), /^pull image registry\.invalid\/none:1 on a: image registry\.invalid\/none:1 is not on the host, and its registry cannot be reached from there \(/);
  assert.deepEqual(containers(cloud, 'far'), []);
});

test('endpoints that lead nowhere, each with one sentence, and no harm to the others', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const at = (name: string): string => `unix://${join(folder, name)}`;
  await writeFile(join(folder, 'file'), '');
  const server = createServer();
  t.after(() => server.close());
  await new Promise<void>((resolve) => server.listen(join(folder, 'shut'), resolve));
  await chmod(join(folder, 'shut'), 0);
  const other = createServer((socket) => socket.end('220 mail.example ESMTP\r\n'));
  t.after(() => other.close());
  await new Promise<void>((resolve) => other.listen(join(folder, 'other'), resolve));
  const hosts = [
    a,
    { name: 'other', endpoint: at('other') },
    { name: 'missing', endpoint: at('none') },
    { name: 'file', endpoint: at('file') },
    { name: 'tcp', endpoint: 'tcp://10.0.0.1:2375' },
    { name: 'nonsense', endpoint: 'my docker' },
  ];
  const cloud = await cloudOf(t, ...hosts);
  const down = (one: Cloud): string[] => one.observed.hosts.map(({ state }) => (state.kind === 'down' ? state.problem : state.kind));
  assert.deepEqual(down(cloud), [
    'up',
    `what answers at ${at('other')} does not speak as a Docker Engine does; correct the endpoint, or look whether the engine there has just stopped`,
    `no Docker Engine at ${at('none')}: there is no such socket; start Docker on the host or correct the endpoint`,
    `nothing answers at ${at('file')}: the Docker Engine is not running; start it`,
    'tcp://10.0.0.1:2375 is not encrypted, and whoever reaches such an engine owns its machine; give the host tls (ca, cert, key), reach it by ssh://, or, in a network that you trust, say insecure: true in its configuration',
    '"my docker" is not an endpoint of a Docker Engine; write it like unix:///var/run/docker.sock, tcp://HOST:2376, ssh://USER@HOST or npipe:////./pipe/docker_engine',
  ]);
  assert.deepEqual((await cloud.plan(application('x', image, { web: { at: 'missing' } }))).refusals.map(({ reason }) => reason), [
    `it cannot go on missing: the host is down: no Docker Engine at ${at('none')}: there is no such socket; start Docker on the host or correct the endpoint`,
  ]);

  // Root may open every socket: this part of the test is somebody else.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) await chmod(folder, 0o755);
  if (isRoot) process.seteuid?.(65_534);
  const locked = await cloudOf(t, { name: 'shut', endpoint: at('shut') }).finally(() => {
    if (isRoot) process.seteuid?.(0);
  });
  assert.deepEqual(down(locked), [`the socket ${at('shut')} may not be opened by this user; add the user to the group "docker" and log in again, or correct the socket's rights`]);
});

test('what the dead have left while they looked around is taken away by whoever deploys next; what the living use, and what is of other machines, stays', async (t) => {
  const me = thisDeployer();
  const dead = spawn('true');
  await once(dead, 'exit');
  const owners = { dead: { machine: me.machine, processId: dead.pid ?? 0 }, living: { machine: me.machine, processId: process.pid }, elsewhere: { machine: 'another', processId: dead.pid ?? 0 } };
  for (const [name, owner] of Object.entries(owners)) await docker.createContainer({ name: `left-${name}`, Image: image, Labels: momentLabels('routes', { ...owner, session: name }) });
  const left = async (): Promise<readonly string[]> => (await docker.listContainers({ all: true, filters: { name: ['left-'] } })).map(({ Names }) => Names[0] ?? '').toSorted();
  const cloud = await cloudOf(t, a);
  await deployed(cloud, application('sweep', image, { web: {} }));
  assert.deepEqual(await left(), ['/left-elsewhere', '/left-living']);
  assert.deepEqual((await docker.listContainers({ all: true })).flatMap(({ Names }) => Names).toSorted(), ['/left-elsewhere', '/left-living', '/sweep-web'], 'reading routes leaves nothing');
  for (const name of await left()) await docker.getContainer(name.slice(1)).remove();
  await deleted(cloud, 'sweep');
});

test('containers that go while they are looked at do not make it fail', async (t) => {
  const cloud = await cloudOf(t, a);
  await deployed(cloud, application('gone', image, Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`once-${index}`, { command: ['true'] }]))));
  const port = connectDocker(a);
  t.after(() => port.close());
  let looks = 0;
  const look = async (): Promise<void> => {
    for (let there = 12; there > 0; looks++) there = (await port.list(undefined, AbortSignal.timeout(60_000))).length;
  };
  await Promise.all([look(), look(), look(), look(), look(), look(), ...containers(cloud, 'gone').map(({ containerId }) => docker.getContainer(containerId).remove({ force: true }))]);
  assert.ok(looks > 6, `${looks} looks`);
  await deleted(cloud, 'gone');
});

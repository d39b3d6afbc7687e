// Images of what was installed, on real engines: caught once, started from, taken to other hosts, pruned.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import { test, type TestContext } from 'node:test';
import type Docker from 'dockerode';
import type { Application } from '#core/blueprint/application.ts';
import { fullReference } from '#core/cluster/imageName.ts';
import { actionTitle, render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { deleted, deployed, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
const base = await busyboxImage([one]);
const configs = [{ name: 'h1', endpoint: one.endpoint }, { name: 'h2', endpoint: two.endpoint }];

async function east(t: TestContext): Promise<Cloud> {
  const cloud = openCloud(configs, undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

/** What was caught, and what is left over from catching. */
async function emptied(docker: Docker): Promise<void> {
  for (const { Id } of await docker.listContainers({ all: true })) await docker.getContainer(Id).remove({ force: true, v: true });
  for (const { RepoTags } of await docker.listImages({ filters: { label: ['io.clocker.caught'] } })) for (const tag of RepoTags ?? []) await docker.getImage(tag).remove();
}

async function caught(docker: Docker): Promise<readonly string[]> {
  return (await docker.listImages({ filters: { label: ['io.clocker.caught'] } })).flatMap(({ RepoTags }) => RepoTags ?? []);
}

/** Entities that install the same, each at a host; every installation writes a line that differs. */
function installing(name: string, at: Readonly<Record<string, string>>, { install = 'mkdir -p /var/cache/apt/archives && touch /var/cache/apt/pkgcache.bin /var/cache/apt/archives/x.deb && cat /proc/sys/kernel/random/uuid > /installed', more = '' } = {}): Application {
  const services = Object.entries(at).map(([id, host]) => `
- type: vanilla-software-process
  id: ${id}
  location: ${host}
  brooklyn.config:
    docker.image.base: ${base}
    shell.env: { DB_PASSWORD: hunter-of-${id}, GREETING: hello }
    install.command: |
      ${install}
    customize.command: echo "${id} $DB_PASSWORD" > /customized
    launch.command: exec sleep 100000
    ${more}`);
  const { application, diagnostics } = understand(`name: ${name}\nservices:${services.join('')}\n`);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return application;
}

const inside = (docker: Docker, name: string, ...command: readonly string[]): Promise<string> => execIn(docker.getContainer(name), command).then((text) => text.trim());

async function images(...args: readonly string[]): Promise<{ readonly stdout: string; readonly exitCode: number | null }> {
  const child = spawn(process.execPath, ['client/cli.ts', 'images', ...args, ...configs.flatMap(({ name, endpoint }) => ['--host', `${name}=${endpoint}`])], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  return { stdout: await textOf(child.stdout), exitCode: await ended };
}

test('the first is installed and caught, the next start from it, on its host and on another one of the cloud; nothing is left to plan', async (t) => {
  await Promise.all([emptied(one.docker), emptied(two.docker)]);
  const cloud = await east(t);
  const first = installing('first', { a: 'h1' });
  assert.ok(render(await cloud.plan(first)).includes('    what is installed is caught as an image'));
  await deployed(cloud, first);
  await nothingToDo(cloud, first);
  const [image = '', ...others] = await caught(one.docker);
  assert.deepEqual(others, []);
  assert.match(image, /^localhost\/clocker-caught\/vanilla-software-process:[0-9a-f]{24}$/);
  assert.deepEqual((await one.docker.listContainers({ all: true })).map(({ Names }) => Names[0]), ['/first-a']);

  assert.equal(await inside(one.docker, 'first-a', 'find', '/var/cache/apt', '-type', 'f'), '', 'what apt would make again is not carried');

  const second = installing('second', { b: 'h1', c: 'h2' });
  const plan = await cloud.plan(second);
  assert.deepEqual(plan.actions.map(actionTitle), [`+ take image ${image} from h1 to h2`, '+ create second-b on h1', '+ create second-c on h2']);
  assert.equal(render(plan).filter((line) => line === '    from the image caught on h1: install is skipped').length, 2);
  await deployed(cloud, second);
  await nothingToDo(cloud, second);
  const installed = await Promise.all([inside(one.docker, 'first-a', 'cat', '/installed'), inside(one.docker, 'second-b', 'cat', '/installed'), inside(two.docker, 'second-c', 'cat', '/installed')]);
  assert.equal(new Set(installed).size, 1, installed.join(' '));
  assert.equal(await inside(two.docker, 'second-c', 'cat', '/customized'), 'c hunter-of-c');

  const found = await one.docker.getImage(image).inspect();
  const history: unknown = await one.docker.getImage(image).history();
  const all = JSON.stringify([found, history]);
  assert.ok(!/hunter|customized|first-a|GREETING/.test(all), all);
  assert.deepEqual(JSON.parse(found.Config.Labels['io.clocker.caught.from'] ?? ''), { base: fullReference(base), phases: ['install'], type: 'vanilla-software-process' });
  assert.equal(await inside(one.docker, 'first-a', 'sh', '-c', 'ls /var/lib/clocker | grep done'), 'customize.done\ndone\ninstall.done');
  const plain = await one.docker.createContainer({ Image: image, Entrypoint: ['sleep'], Cmd: ['60'], HostConfig: { NetworkMode: 'none' } });
  await plain.start();
  assert.equal(await execIn(plain, ['ls', '/var/lib/clocker']).then((text) => text.trim()), 'install.done');
  await plain.remove({ force: true });

  const listed = await images('ls');
  assert.match(listed.stdout, new RegExp(`h1 +${image} .*first-a, second-b|h1 +${image} .*second-b, first-a`));
  assert.deepEqual(await images('prune', '--yes', '--keep', '0'), { stdout: 'Nothing to take away.\n', exitCode: 0 });
  for (const name of ['first', 'second']) await deleted(cloud, name);
  const pruned = await images('prune', '--yes', '--keep', '0');
  assert.match(pruned.stdout, /^- localhost\S+ on h1 \([\d.]+ MB\): none is kept\n- localhost\S+ on h2 .*\n$/);
  assert.deepEqual([await caught(one.docker), await caught(two.docker)], [[], []]);
  assert.deepEqual(await images('ls'), { stdout: 'No image that a deployment caught or built is on these hosts.\n', exitCode: 0 });
});

test('several at once, on two hosts: installed once', async (t) => {
  await Promise.all([emptied(one.docker), emptied(two.docker)]);
  const cloud = await east(t);
  const app = installing('many', { a: 'h1', b: 'h1', c: 'h2', d: 'h2' });
  const details = new Set<string>();
  const outcome = await cloud.apply(await cloud.plan(app), { onStep: (steps) => steps.forEach(({ state }) => { if (state.kind === 'running' && state.detail !== undefined) details.add(state.detail); }) });
  assert.deepEqual(problems(outcome), []);
  const installed = await Promise.all([inside(one.docker, 'many-a', 'cat', '/installed'), inside(one.docker, 'many-b', 'cat', '/installed'), inside(two.docker, 'many-c', 'cat', '/installed'), inside(two.docker, 'many-d', 'cat', '/installed')]);
  assert.equal(new Set(installed).size, 1, installed.join(' '));
  assert.ok(details.has('waiting for the same installation of another container'), [...details].join());
  await nothingToDo(cloud, app);
  await deleted(cloud, 'many');
});

test('two deployments at once, by two who do not know of each other: installed once', async (t) => {
  await Promise.all([emptied(one.docker), emptied(two.docker)]);
  const clouds = await Promise.all([east(t), east(t)]);
  const install = 'cat /proc/sys/kernel/random/uuid > /installed && sleep 2';
  await Promise.all(clouds.map((cloud, index) => deployed(cloud, installing(`app${index}`, { a: 'h1' }, { install }))));
  assert.equal(await inside(one.docker, 'app0-a', 'cat', '/installed'), await inside(one.docker, 'app1-a', 'cat', '/installed'));
  const [cloud] = clouds;
  assert.ok(cloud);
  for (const name of ['app0', 'app1']) await deleted(cloud, name);
});

test('an installation that fails alone works in the container itself; nothing is left over', async (t) => {
  await Promise.all([emptied(one.docker), emptied(two.docker)]);
  const cloud = await east(t);
  // What it needs is in a variable that no installation of others sees.
  const app = installing('own', { a: 'h1', b: 'h1' }, { install: 'tr "\\\\0" "\\\\n" < /proc/1/environ | grep -q hunter-of' });
  await deployed(cloud, app);
  await nothingToDo(cloud, app);
  assert.deepEqual(await caught(one.docker), []);
  assert.deepEqual((await one.docker.listContainers({ all: true })).map(({ Names }) => Names[0] ?? '').toSorted(), ['/own-a', '/own-b']);
  await deleted(cloud, 'own');

  const off = installing('off', { a: 'h1' }, { more: 'docker.container.autoCheckpointImage: false' });
  await deployed(cloud, off);
  assert.deepEqual(await caught(one.docker), []);
  await deleted(cloud, 'off');
});

test('whoever installs is killed: the next deployment goes on with it', async (t) => {
  await Promise.all([emptied(one.docker), emptied(two.docker)]);
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const app = installing('cut', { a: 'h1' }, { install: 'echo begun >> /begun && sleep 2' });
  const file = join(folder, 'cut.yaml');
  await writeFile(file, app.blueprint);
  const child = spawn(process.execPath, ['client/cli.ts', 'deploy', file, '--yes', '--host', `h1=${one.endpoint}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of child.stderr) if (String(chunk).includes(': install')) break;
  child.kill('SIGKILL');
  const cloud = await east(t);
  await deployed(cloud, app);
  assert.equal(await inside(one.docker, 'cut-a', 'cat', '/begun'), 'begun');
  assert.equal((await caught(one.docker)).length, 1);
  await nothingToDo(cloud, app);
  await deleted(cloud, 'cut');
});

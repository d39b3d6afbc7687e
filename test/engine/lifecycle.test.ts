// Entities that commands install, and values that only running entities have, on a real engine.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import { actionTitle, render } from '#core/plan/render.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { execIn } from '../support/lab/docker.ts';
import { debianImage, nestedHosts } from '../support/lab.ts';
import { blueprint, cloudOf, container, containers, deleted, deploy, deployed, nothingToDo, problems, seen, untilStopped } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
await debianImage(hosts);
const a = { name: 'a', endpoint: host.endpoint };
const { docker } = host;
const inside = (name: string, ...command: readonly string[]): Promise<string> => execIn(docker.getContainer(name), command);

const waitForever = 'exec sleep infinity';

test('Redis is installed, launched, checked, stopped, started again without installing, and deleted with its network', async (t) => {
  const cloud = await cloudOf(t, a);
  const store = blueprint('name: store\nservices:\n- type: redis-store\n  id: cache\n');
  const details: string[] = [];
  const outcome = await cloud.apply(await cloud.plan(store), {
    onStep: (steps) => {
      const state = steps.at(-1)?.state;
      if (state?.kind === 'running' && state.detail !== undefined && details.at(-1) !== state.detail) details.push(state.detail);
    },
  });
  assert.deepEqual(problems(outcome), []);
  assert.deepEqual(details, ['install', 'keeping what was installed as an image', 'starting', 'started', 'launch', 'waiting until it runs']);
  assert.match(await inside('store-cache', 'redis-cli', 'ping'), /PONG/);
  await nothingToDo(cloud, store);

  await inside('store-cache', 'sh', '-c', 'redis-cli set kept yes; echo unchanged > /installed-once');
  await docker.getContainer('store-cache').restart();
  await seen(cloud, 'it runs again', () => container(cloud, 'store', 'cache').state === 'running');
  await nothingToDo(cloud, store);
  await docker.getContainer('store-cache').stop();
  assert.deepEqual(render(await cloud.plan(store)), ['~ start store-cache on a', '1 to start.']);
  await deployed(cloud, store);
  assert.match(await inside('store-cache', 'sh', '-c', 'redis-cli get kept; cat /installed-once'), /yes\s+unchanged/);

  await deleted(cloud, 'store');
  assert.deepEqual(await docker.listContainers({ all: true }), []);
  assert.deepEqual((await docker.listNetworks({ filters: { label: ['io.clocker.application'] } })).map(({ Name }) => Name), []);
});

const tiers = (mode: string): Application => blueprint(`
name: tiers
services:
- type: vanilla-software-process
  id: web
  brooklyn.config:
    docker.container.openPorts: [8000]
    shell.env:
      DB_ADDRESS: $brooklyn:entity("db").attributeWhenReady("host.address")
      DB_URL: $brooklyn:formatString("redis://%s:%s", entity("db").attributeWhenReady("host.subnet.hostname"), entity("db").attributeWhenReady("db.port"))
    templates.customize: { "data:,port%20\${config['db.path']}%20\${attribute['host.name']}": template.txt }
    db.path: /data
    launch.command: |
      exec perl -MIO::Socket::INET -e '
        $| = 1;
        my $server = IO::Socket::INET->new(LocalPort => 8000, Listen => 5, ReuseAddr => 1) or die;
        while (my $visitor = $server->accept) {
          while (<$visitor>) { last if /^\\r?$/ }
          my $db = IO::Socket::INET->new(PeerAddr => $ENV{DB_ADDRESS}, PeerPort => 7000) or die "no database: $!";
          print $visitor "HTTP/1.0 200 OK\\r\\n\\r\\n$ENV{DB_URL} says " . <$db>;
          close $visitor;
        }'
- type: vanilla-software-process
  id: db
  brooklyn.parameters:
  - { name: db.port, type: port, default: 7000 }
  brooklyn.initializers:
  - type: org.apache.brooklyn.core.sensor.StaticSensor
    brooklyn.config: { name: db.port, static.value: $brooklyn:config("db.port") }
  brooklyn.config:
    shell.env: { MODE: ${mode} }
    launch.command: |
      exec perl -MIO::Socket::INET -e 'my $s = IO::Socket::INET->new(LocalPort => 7000, Listen => 5, ReuseAddr => 1); while (my $c = $s->accept) { print $c "$ENV{MODE}\\n"; close $c }'
`);

async function ask(cloud: Cloud): Promise<string> {
  const port = container(cloud, 'tiers', 'web').ports.find(({ hostPort }) => hostPort !== undefined)?.hostPort;
  assert.ok(host !== undefined);
  const response = await fetch(`http://${host.address}:${port}/`);
  return (await response.text()).trim();
}

test('two tiers: the second starts when the first runs, with its address; a new address reaches it', async (t) => {
  const cloud = await cloudOf(t, a);
  const first = tiers('one');
  const plan = await cloud.plan(first);
  assert.deepEqual(plan.actions.map(actionTitle), ['+ create tiers-db on a', '+ create tiers-web on a']);
  const waits = new Set<string>();
  const outcome = await cloud.apply(plan, { onStep: (steps) => steps.forEach(({ state }) => { if (state.kind === 'waiting' && state.detail !== undefined) waits.add(state.detail); }) });
  assert.deepEqual(problems(outcome), []);
  assert.ok(waits.has('waiting for db: host.address, db: host.subnet.hostname, db: db.port'), [...waits].join('; '));
  assert.equal(await ask(cloud), 'redis://db:7000 says one');
  assert.equal(await inside('tiers-web', 'cat', '/opt/clocker/run/template.txt').then((text) => text.trim()), 'port /data web');
  await nothingToDo(cloud, first);

  const { containerId } = container(cloud, 'tiers', 'web');
  const second = tiers('two');
  assert.deepEqual(render(await cloud.plan(second)), [
    '~ replace tiers-db on a', '    environment variable MODE changes', '    the new one runs before the old one stops',
    '~ replace tiers-web on a', '    if a value that it waits for changes (db: host.address)', '    the new one runs before the old one stops', '2 to replace.',
  ]);
  await deployed(cloud, second);
  assert.equal(await ask(cloud), 'redis://db:7000 says two');
  const isSameAddress = container(cloud, 'tiers', 'db').addresses['clocker-tiers'] === (await inside('tiers-web', 'sh', '-c', 'echo $DB_ADDRESS')).trim();
  assert.ok(isSameAddress, 'web knows the new address');
  assert.ok(containerId.length > 0);
  await nothingToDo(cloud, second);
  await deleted(cloud, 'tiers');
});

test('a phase that fails shows its last lines; the next deployment goes on from there', async (t) => {
  const cloud = await cloudOf(t, a);
  const text = (launch: string, install = 'test -e /key'): string => `
name: broken
services:
- type: vanilla-software-process
  id: app
  brooklyn.config:
    pre.install.command: echo once >> /pre-install
    install.command: |
      echo looking for the key
      ${install}
    launch.command: ${launch}
`;
  const outcome = await deploy(cloud, blueprint(text(waitForever)));
  assert.deepEqual(problems(outcome), ['install of container broken-app on a: its commands failed with exit code 1']);
  const state = outcome.steps.at(-1)?.state;
  assert.deepEqual(state?.kind === 'failed' ? state.logTail : [], ['looking for the key']);
  await inside('broken-app', 'touch', '/key');
  assert.deepEqual(render(await cloud.plan(blueprint(text(waitForever)))), ['~ start broken-app on a', '1 to start.']);
  await deployed(cloud, blueprint(text(waitForever)));
  assert.equal((await inside('broken-app', 'cat', '/pre-install')).trim(), 'once');
  await nothingToDo(cloud, blueprint(text(waitForever)));

  const dies = await deploy(cloud, blueprint(text("echo 'last words'; exit 3", 'true')));
  assert.match(problems(dies).join(), /^(?:check|launch) of container broken-app on a: the container ended with code 3; the container that was there before still runs$/);
  const end = dies.steps.at(-1)?.state;
  assert.deepEqual(end?.kind === 'failed' ? end.logTail : [], ['last words']);
  await deleted(cloud, 'broken');
});

test('the deploying process is killed in the middle of an installation: the next one goes on with it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const text = `
name: cut
services:
- type: vanilla-software-process
  id: app
  brooklyn.config:
    docker.container.autoCheckpointImage: false
    install.command: |
      echo begun >> /begun
      sleep 2
    shell.env: { ME: '$brooklyn:formatString("at %s", attributeWhenReady("host.address"))' }
    customize.command: test -e /begun && echo "$ME" > /me
    launch.command: ${waitForever}
`;
  const file = join(folder, 'cut.yaml');
  await writeFile(file, text);
  const child = spawn(process.execPath, ['client/cli.ts', 'deploy', file, '--yes', '--host', `a=${a.endpoint}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  for await (const chunk of child.stderr) if (String(chunk).includes(': install')) break;
  child.kill('SIGKILL');
  const cloud = await cloudOf(t, a);
  const app = blueprint(text);
  assert.deepEqual(render(await cloud.plan(app)), ['~ start cut-app on a', '1 to start.']);
  await deployed(cloud, app);
  assert.equal((await inside('cut-app', 'cat', '/begun')).trim(), 'begun');
  assert.equal((await inside('cut-app', 'cat', '/me')).trim(), `at ${container(cloud, 'cut', 'app').addresses['clocker-cut']}`);
  assert.equal(containers(cloud, 'cut').length, 1);
  await nothingToDo(cloud, app);
  await deleted(cloud, 'cut');
});

test('a cluster has as many members as it says, and each deployment makes it so', async (t) => {
  const cloud = await cloudOf(t, a);
  const sized = (size: number): Application => blueprint(`
name: many
services:
- type: cluster
  id: pool
  initialSize: ${size}
  brooklyn.config:
    dynamiccluster.memberspec:
      $brooklyn:entitySpec: { type: "docker:debian:bookworm-slim", commands: ${JSON.stringify(untilStopped)} }
`);
  for (const size of [2, 3, 1]) {
    await deployed(cloud, sized(size));
    assert.deepEqual(containers(cloud, 'many').map(({ containerName }) => containerName).toSorted(), ['many-pool-1', 'many-pool-2', 'many-pool-3'].slice(0, size));
    await nothingToDo(cloud, sized(size));
  }
  await deleted(cloud, 'many');
});

test('an earlier revision has its types and its files again, from any machine; what was not kept must be the same, or is named', async (t) => {
  const [cloud, elsewhere] = [await cloudOf(t, a), await cloudOf(t, a)];
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const catalog = (mode: string): string => `brooklyn.catalog:\n  version: 1\n  items:\n  - id: reader\n    item:\n      type: vanilla-software-process\n      brooklyn.config:\n        files.customize: {page.txt: page.txt, login.env: login.env}\n        shell.env: {MODE: ${mode}}\n        launch.command: ${waitForever}\n`;
  const write = (page: string, password: string): Promise<unknown> => Promise.all([writeFile(join(folder, 'page.txt'), page), writeFile(join(folder, 'login.env'), `PASSWORD=${password}\n`)]);
  const reader = (mode: string): Application => {
    const { application, diagnostics } = understand('name: reader\nservices:\n- type: reader\n  id: web\n', { 'catalog.bom': catalog(mode) });
    assert.ok(application && diagnostics.every(({ severity }) => severity !== 'error'));
    return { ...application, folder };
  };
  await write('first', 'hunter2');
  await deployed(cloud, reader('one'));
  await write('second', 'hunter2');
  await deployed(cloud, reader('two'));
  const { Volumes } = await docker.listVolumes();
  assert.doesNotMatch(JSON.stringify(Volumes), new RegExp(`hunter|${Buffer.from('PASSWORD=hunter2').toString('base64').slice(0, 20)}`));
  const back = await elsewhere.recall('reader', 1, async (text) => understand(text));
  assert.match((await elsewhere.plan(back)).refusals.map(({ reason }) => reason).join(), /^login\.env was not kept with the deployment, and it cannot be read here: /);
  await write('second', 'hunter3');
  assert.match((await elsewhere.plan({ ...back, folder })).refusals.map(({ reason }) => reason).join(), /^login\.env was not kept with the deployment, and here it is another than it was then; /);
  await write('second', 'hunter2');
  await deployed(elsewhere, { ...back, folder });
  assert.equal((await inside('reader-web', 'sh', '-c', 'find / -name page.txt -not -path "/proc/*" | head -1 | xargs cat')).trim(), 'first');
  await nothingToDo(elsewhere, { ...back, folder });
  await deleted(cloud, 'reader');
});

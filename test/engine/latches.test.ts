// Latches of phases on a real engine: what waits with its launch is made and installed meanwhile, and tells its address; cut short,
// it is gone on with.

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { understand } from '../../client/understand.ts';
import { execIn } from '../support/lab/docker.ts';
import { debianImage, nestedHosts } from '../support/lab.ts';
import { cloudOf, container, deleted, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
await debianImage(hosts);
const a = { name: 'a', endpoint: host.endpoint };
const inside = (name: string, command: string): Promise<string> => execIn(host.docker.getContainer(name), ['sh', '-c', command]);

const text = `
name: held
services:
- type: vanilla-software-process
  id: web
  brooklyn.config:
    docker.container.autoCheckpointImage: false
    install.command: echo installed >> /began
    launch.latch: $brooklyn:entity("db").attributeWhenReady("service.isUp")
    launch.command: date +%s%N > /launched; exec sleep infinity
- type: vanilla-software-process
  id: db
  brooklyn.config:
    docker.container.autoCheckpointImage: false
    shell.env: { WEB: $brooklyn:entity("web").attributeWhenReady("host.address") }
    install.command: until test -e /go; do sleep 0.1; done
    launch.command: echo "$WEB" > /web; date +%s%N > /launched; exec sleep infinity
`;

test('an entity that waits with its launch is installed meanwhile and tells its address; killed while it waits, it goes on', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'held.yaml');
  await writeFile(file, text);
  const child = spawn(process.execPath, ['client/cli.ts', 'deploy', file, '--yes', '--host', `a=${a.endpoint}`], { stdio: ['ignore', 'ignore', 'pipe'] });
  let told = '';
  for await (const chunk of child.stderr) {
    told += String(chunk);
    if (told.includes('waiting for db: service.isUp before launch') && told.includes('held-db on a: install')) break;
  }
  assert.match(told, /waiting for db: service\.isUp before launch/);
  child.kill('SIGKILL');

  const cloud = await cloudOf(t, a);
  const { application } = understand(text);
  assert.ok(application);
  assert.equal(await inside('held-web', 'cat /began; ls /launched 2>&1 | grep -c "No such"').then((said) => said.replaceAll(/\s+/g, ' ').trim()), 'installed 1');
  const plan = await cloud.plan(application);
  assert.deepEqual(render(plan).filter((line) => !line.startsWith('  ')), ['~ start held-web on a', '~ replace held-db on a', '1 to replace, 1 to start.']);
  const details = new Set<string>();
  const installing = Promise.withResolvers<void>();
  const applied = cloud.apply(plan, {
    onStep: (steps) => {
      for (const { state, action } of steps) {
        if (state.kind !== 'running' || state.detail === undefined) continue;
        details.add(state.detail);
        if (action.kind === 'replace' && state.detail === 'install') installing.resolve();
      }
    },
  });
  await Promise.race([installing.promise, applied]);
  await inside('held-db', 'touch /go');
  assert.deepEqual(problems(await applied), []);
  assert.ok(details.has('waiting for db: service.isUp before launch'), [...details].join('; '));
  assert.equal((await inside('held-web', 'cat /began')).trim(), 'installed');
  assert.equal((await inside('held-db', 'cat /web')).trim(), container(cloud, 'held', 'web').addresses['clocker-held']);
  const [db, web] = await Promise.all(['held-db', 'held-web'].map(async (name) => BigInt((await inside(name, 'cat /launched')).trim())));
  assert.ok(db !== undefined && web !== undefined && db < web, 'web is launched after db');
  await nothingToDo(cloud, application);
  await deleted(cloud, 'held');
});

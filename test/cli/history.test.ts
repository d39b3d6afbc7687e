import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from 'node:test';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { file, folder, run, says } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const image = await busyboxImage(hosts);
const a = ['--host', `a=${host.endpoint}`];
const shop = (mode: string): string => `name: Shop
services:
- type: docker:${image}
  id: web
  commands: [sh, -c, 'trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done']
  env: {PASSWORD: hunter2, MODE: ${mode}}
`;

test('plan saved and applied, history, rollback, undo, unlock', async () => {
  const name = await file('shop.yaml', shop('one'));
  says(await run(['plan', name, '--out', 'one.plan', ...a]), { exitCode: 0, stdout: /^\+ create shop-web on a\n/ });
  assert.doesNotMatch(await readFile(`${folder}/one.plan`, 'utf8'), /hunter/);
  says(await run(['apply', 'one.plan', ...a]), { exitCode: 0, stdout: /1 to create\.\n$/, stderr: /ok {2}create shop-web/ });
  says(await run(['apply', 'one.plan', ...a]), { exitCode: 1, stdout: /^Nothing to do: 1 container is as wanted\.\n$/, stderr: 'clocker: the hosts or the blueprint have changed since the plan was saved; nothing was done. This is the plan now: save it to carry it out' });
  says(await run(['apply', name, ...a]), { exitCode: 2, stderr: /shop\.yaml is no plan; make one with: clocker plan BLUEPRINT --out shop\.yaml/ });
  says(await run(['undo', 'shop', '--yes', ...a]), { exitCode: 1, stderr: 'clocker: there was nothing before the only deployment of shop that is remembered; to take it away: clocker delete shop' });

  await file('shop.yaml', shop('two'));
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /1 to replace\./, stderr: /ok {2}replace/ });
  says(await run(['undo', 'Shop', '--yes', ...a]), { exitCode: 0, stdout: '~ replace shop-web on a\n    environment variable MODE changes\n    the new one runs before the old one stops\n1 to replace.', stderr: /ok {2}replace/ });
  says(await run(['history', 'shop', ...a]), {
    exitCode: 0,
    stdout: /^REVISION +WHEN +WHO +OUTCOME +WHAT\n3 +\d+ s ago +\S+@\S+ +done +rollback to revision 1: 1 to replace\.\n2 +\d+ s ago +\S+ +done +1 to replace\.\n1 +\d+ s ago +\S+ +done +1 to create\.\n$/,
  });
  const [info] = await host.docker.listContainers();
  assert.deepEqual((await host.docker.getContainer(info?.Id ?? '').inspect()).Config.Env.filter((line) => /^(?:MODE|PASSWORD)=/.test(line)).toSorted(), ['MODE=one', 'PASSWORD=hunter2']);
  says(await run(['rollback', 'shop', '9', '--yes', ...a]), { exitCode: 1, stderr: 'clocker: no host remembers revision 9 of shop; there are 1, 2, 3' });
  says(await run(['rollback', 'shop', 'x', '--yes', ...a]), { exitCode: 2, stderr: /"x" is no revision; they are numbers, told by: clocker history shop/ });
  says(await run(['rollback', 'shop', '2', '--yes', ...a]), { exitCode: 0, stdout: /MODE changes/, stderr: /ok/ });

  const owner = JSON.stringify({ by: 'bob@elsewhere', machine: 'elsewhere', processId: 4711, session: 'x' });
  const labels = { 'io.clocker.lock': owner, 'io.clocker.record': 'shop', 'io.clocker.record.name': 'Shop', 'io.clocker.record.at': new Date(0).toISOString(), 'io.clocker.record.what': '1 to replace.' };
  await host.docker.createContainer({ name: 'clocker-lock-shop', Cmd: ['lock'], Labels: labels });
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /^Nothing to do/ });
  says(await run(['undo', 'shop', '--yes', ...a]), { exitCode: 1, stdout: /1 to replace/, stderr: /clocker: bob@elsewhere has been working on Shop for \d+ s; nothing was done\. Wait until that has ended, or, if nobody does it any more, break the lock: clocker unlock shop\n$/ });
  says(await run(['unlock', 'shop', '--yes', ...a]), { exitCode: 0, stdout: 'The lock of Shop is broken; deploy again to finish what was begun.', stderr: /^bob@elsewhere has been working on Shop for \d+ s \(process 4711\): 1 to replace\.\n$/ });
  says(await run(['unlock', 'shop', '--yes', ...a]), { exitCode: 0, stdout: 'Nobody is working on shop.' });
  says(await run(['delete', 'shop', '--yes', ...a]), { exitCode: 0, stdout: /- forget its history on a\n1 to remove\.\n$/, stderr: /ok/ });
  assert.deepEqual((await host.docker.listVolumes()).Volumes, []);
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { file, run, runInTerminal, says } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const image = await busyboxImage(hosts);
const a = ['--host', `a=${host.endpoint}`];
const untilStopped = '[sh, -c, \'trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done\']';
const shop = `name: Shop
services:
- type: docker:${image}
  id: web
  commands: ${untilStopped}
  env: {PASSWORD: hunter2}
  portBindings: {8080: 80}
- type: docker:${image}
  id: db
  name: Database
  commands: ${untilStopped}
`;

test('plan, deploy, again, change, status, delete', async () => {
  const name = await file('shop.yaml', shop);
  says(await run(['plan', name, ...a]), {
    exitCode: 0,
    stdout: [
      '+ create shop-web on a', `    image ${image}, port 8080 -> 80, address 10.200.0.2`, '    here because a is the only host',
      '+ create shop-db on a', `    image ${image}, address 10.200.0.3`, '    here because a is the only host',
      '2 to create.',
    ].join('\n'),
  });
  const first = await run(['deploy', name, '--yes', ...a]);
  says(first, { exitCode: 0, stdout: /\n2 to create\.\nAPPLICATION +ENTITY +HOST +STATE +IMAGE +PORTS +OPEN\nshop +Database +a +running .*\nshop +web +a +running .* 8080->80\/tcp +http:\/\/\S+:8080\/\n$/, stderr: /^ {2}\.\.\. create shop-web on a\n[^]* {2}ok {2}create shop-db on a \(\d\.\d s\)\n/ });
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /^Nothing to do: 2 containers are as wanted\.\nAPPLICATION/ });

  await file('shop.yaml', shop.replace('hunter2', 'hunter3'));
  says(await run(['plan', name, ...a]), { exitCode: 0, stdout: '~ replace shop-web on a\n    environment variable PASSWORD changes\n    the old one stops first: both use port 8080 of the host\n1 to replace, 1 unchanged.' });
  const json = await run(['deploy', name, '--yes', '--json', ...a]);
  assert.equal(json.exitCode, 0);
  const outcome = JSON.parse(json.stdout) as { readonly outcome: string; readonly steps: readonly unknown[] };
  assert.deepEqual([outcome.outcome, outcome.steps.length], ['done', 1]);
  assert.doesNotMatch(json.stdout + json.stderr, /hunter/);

  says(await run(['status', ...a]), { exitCode: 0, stdout: /^HOST +STATE +ENGINE +CONTAINERS +ENDPOINT\na +up +\S+, \d+ cores, [\d.]+ GiB +2 +unix:\/\/[^]*shop +Database/ });
  const status = await run(['status', 'Shop', '--json', ...a]);
  const { applications } = JSON.parse(status.stdout) as { readonly applications: readonly { readonly id: string; readonly blueprint: string; readonly containers: readonly unknown[] }[] };
  assert.deepEqual(applications.map(({ id, blueprint, containers }) => [id, blueprint, containers.length]), [['shop', shop.replace('hunter2', '"********"'), 2]]);

  says(await run(['delete', 'shpo', '--yes', ...a]), { exitCode: 1, stderr: 'clocker: there is no application shpo; did you mean shop?' });
  says(await run(['delete', 'shop', '--yes', ...a]), { exitCode: 0, stdout: /2 to remove\.\n$/, stderr: /ok {2}remove shop-web on a/ });
  says(await run(['status', ...a]), { exitCode: 0, stdout: /No application is deployed on these hosts\.\n$/ });
});

test('a start that fails', async () => {
  const name = await file('dies.yaml', `name: dies\nservices:\n- type: docker:${image}\n  id: web\n  commands: [sh, -c, "echo last words; exit 3"]\n`);
  says(await run(['deploy', name, '--yes', ...a]), {
    exitCode: 1,
    stdout: /dies +web +a +exited with code 3/,
    stderr: /failed start container dies-web on a: it exited at once with code 3\n {4}its last words:\n {4}\| last words\nclocker: failed: 0 done, 1 failed, 0 not begun; what was made stays and can be deployed again or deleted\n$/,
  });
  assert.equal((await run(['delete', 'dies', '--yes', ...a])).exitCode, 0);
});

test('a plan that cannot be: nothing is done', async () => {
  const name = await file('lost.yaml', shop.replace('services:', 'location: b\nservices:'));
  const sentence = /^! web: there is no host b; the hosts are a\n! db: [^]*This cannot be deployed: 2 problems\.\n$/;
  says(await run(['plan', name, ...a]), { exitCode: 1, stdout: sentence });
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 1, stdout: sentence });
  const { refusals } = JSON.parse((await run(['plan', name, '--json', ...a])).stdout) as { readonly refusals: readonly { readonly entity: string }[] };
  assert.deepEqual(refusals.map(({ entity }) => entity), ['web', 'db']);
});

test('hosts that are down are told about, the others are used', async () => {
  const hostsFile = await file('hosts.yaml', `- name: gone\n  endpoint: /none.sock\n- {name: a, endpoint: "${host.endpoint}"}\n`);
  says(await run(['status', '--hosts', hostsFile]), { exitCode: 0, stdout: /^HOST[^]*gone +down[^]*a +up/, stderr: /^clocker: host gone is down: no Docker Engine at \/none\.sock: there is no such socket; start Docker on the host or correct the endpoint\n$/ });
  says(await run(['status', '--host', 'gone=/none.sock']), { exitCode: 1, stdout: /down/, stderr: /is down/ });
  says(await run(['plan', await file('shop.yaml', shop), '--hosts', hostsFile]), { exitCode: 0, stdout: /here because only a can take it/, stderr: /is down/ });
});

test('the engine of DOCKER_HOST is the default', async () => {
  says(await run(['status'], { env: { DOCKER_HOST: host.endpoint } }), { exitCode: 0, stdout: new RegExp(`\nlocalhost +up .* ${host.endpoint}\n`) });
  says(await run(['plan', await file('here.yaml', shop.replace('services:', 'location: localhost\nservices:'))], { env: { DOCKER_HOST: host.endpoint } }), { exitCode: 0, stdout: /here because the blueprint says localhost/ });
  says(await run(['status'], { env: { DOCKER_HOST: 'tcp://10.0.0.1:2375' } }), { exitCode: 1, stdout: /\ndefault +down/, stderr: /^clocker: host default is down: tcp:\/\/10\.0\.0\.1:2375 is not encrypted/ });
  says(await run(['status'], { env: { DOCKER_HOST: 'what' } }), { exitCode: 2, stderr: /^clocker: DOCKER_HOST: "what" is not an endpoint of a Docker Engine/ });
});

test('a person is asked, with the hosts named; only yes is yes', async () => {
  const name = await file('shop.yaml', shop);
  const no = await runInTerminal(['deploy', name, ...a], { input: 'n\n' });
  assert.match(no.stdout, /Deploy Shop on a\? \[y\/N\] [^]*nothing was done/);
  assert.equal(no.exitCode, 1);
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
  const yes = await runInTerminal(['deploy', name, ...a], { input: 'y\n' });
  assert.equal(yes.exitCode, 0, yes.stdout);
  assert.match(yes.stdout, /\[32m\+ create shop-web on a/);
  assert.equal((await host.docker.listContainers()).length, 2);
  assert.equal((await run(['delete', 'shop', '--yes', ...a])).exitCode, 0);
});

test('Ctrl-C finishes what has begun and leaves the rest', async () => {
  const services = Array.from({ length: 12 }, (_, index) => `- type: docker:${image}\n  id: e${index}\n  commands: ${untilStopped}\n`);
  const name = await file('many.yaml', `name: many\nservices:\n${services.join('')}`);
  let isSent = false;
  const ran = await run(['deploy', name, '--yes', ...a], {
    onStderr: (text, send) => {
      if (isSent || !text.includes('...')) return;
      isSent = true;
      send('SIGINT');
    },
  });
  assert.equal(ran.exitCode, 1);
  assert.match(ran.stderr, /cancelling: what has begun is finished, the rest is left[^]*clocker: cancelled: \d+ done, 0 failed, \d+ not begun; deploy again to go on\n$/);
  const running = (await host.docker.listContainers()).length;
  assert.ok(running > 0 && running < 12, `${running} running`);
  assert.equal((await host.docker.listContainers({ all: true })).length, running);
  assert.equal((await run(['delete', 'many', '--yes', ...a])).exitCode, 0);
});


// Images by hand: to a registry with a password and an authority of its own, from it, from host to host; and all that goes wrong.

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openCloud } from '../../client/controller.ts';
import { run, says } from '../cli/support.ts';
import { eventually } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, registry } from '../support/lab.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
const base = await busyboxImage([one]);
const image = 'clocker-test/ship:1';
await made('clocker-test/ship', '1', base, 'dd if=/dev/urandom of=/random bs=1M count=24');
await made('clocker-test/ship', '2', image, 'echo more > /more');

async function made(repo: string, tag: string, from: string, command: string): Promise<void> {
  const container = await one?.docker.createContainer({ Image: from, Entrypoint: ['sh', '-c', command] });
  await container?.start();
  await container?.wait();
  await container?.commit({ repo, tag });
  await container?.remove();
}

/** A further engine on the second host, whose disk takes 16 MB. */
async function smallEngine(): Promise<string> {
  await two?.exec(['sh', '-ec', `mkdir -p /run/small; mount -t tmpfs -o size=16m tmpfs /run/small
    setsid dockerd --data-root /run/small --exec-root /run/small-exec --pidfile /run/small.pid --storage-driver vfs --bridge none --iptables=false -H tcp://0.0.0.0:2399 --tls=false > /run/small.log 2>&1 &`]);
  await eventually(async () => two?.exec(['grep', '-q', 'API listen on', '/run/small.log']), 20_000);
  return `tcp://${two?.address ?? ''}:2399`;
}

/** The names of its images. */
async function listed(endpoint: string): Promise<readonly string[]> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  execFile('docker', ['-H', endpoint, 'images', '--format', '{{.Repository}}:{{.Tag}}'], (error, stdout) => (error ? reject(error) : resolve(stdout)));
  return (await promise).split('\n').filter((name) => name !== '' && !name.includes('<none>'));
}

test('pushed, pulled and brought from host to host; what goes wrong is one sentence', async (t) => {
  const lab = await registry({ htpasswd: { username: 'me', password: 'secret' }, tls: true });
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  const small = await smallEngine();
  t.after(async () => {
    await lab.stop();
    await rm(folder, { recursive: true });
    await two.exec(['sh', '-c', 'kill $(cat /run/small.pid); for i in $(seq 100); do [ -e /run/small.pid ] || break; sleep 0.1; done; umount /run/small']);
  });
  const at = lab.addressFromHosts;
  const there = `${at}/shop/web:1`;
  await writeFile(join(folder, 'hosts.yaml'), `- {name: a, endpoint: "${one.endpoint}"}\n- {name: b, endpoint: "${two.endpoint}"}\n- {name: small, endpoint: "${small}", insecure: true}\n`);
  const loggedIn = async (password: string): Promise<string> => {
    await mkdir(join(folder, password), { recursive: true });
    await writeFile(join(folder, password, 'config.json'), JSON.stringify({ auths: { [at]: { auth: Buffer.from(`me:${password}`).toString('base64') } } }));
    return join(folder, password);
  };
  const check = async (args: readonly string[], password: string, expected: Parameters<typeof says>[1]): Promise<void> => {
    says(await run(['images', ...args, '--hosts', join(folder, 'hosts.yaml')], { env: { DOCKER_CONFIG: password === '' ? folder : await loggedIn(password) } }), expected);
  };

  await check(['push', image, there], '', { exitCode: 1, stderr: new RegExp(`^clocker: a: the host does not believe the certificate of the registry of image ${there}; put its authority's certificate into /etc/docker/certs\\.d/${at}/ca\\.crt there `) });
  for (const host of hosts) await lab.trustOn(host);
  await check(['push', image, there], '', { exitCode: 1, stderr: `clocker: a: the registry wants a login for image ${there}; log in there (Clocker: Log In to Registry, or docker login on this machine), or correct the image's name` });
  await check(['push', image, there], 'wrong', { exitCode: 1, stderr: `clocker: a: the registry of image ${there} refuses the user name or the password; log in there again (Clocker: Log In to Registry, or docker login on this machine)` });
  await check(['push', image, '127.0.0.1:1/x:1'], '', { exitCode: 1, stderr: /^clocker: a: the registry of image 127\.0\.0\.1:1\/x:1 cannot be reached from the host \(/ });
  await check(['push', image, there], 'secret', { exitCode: 0, stdout: `a: pushed ${there} to ${at}`, stderr: /^(?: {2}a: [\d.]+ of [\d.]+ MB\n)*$/ });
  await check(['pull', there, '--on', 'b'], 'secret', { exitCode: 0, stdout: `b: pulled ${there}`, stderr: /^(?: {2}b: [\d.]+ of [\d.]+ MB\n)*$/ });
  // Nothing of what was tried is left but what was asked for.
  const names = async (docker: typeof one.docker): Promise<readonly string[]> => (await docker.listImages()).flatMap(({ RepoTags }) => RepoTags ?? []).filter((name) => /:\d+$/.test(name) && !name.startsWith('clocker-lab/')).toSorted();
  assert.deepEqual([await names(one.docker), await names(two.docker)], [[image, 'clocker-test/ship:2'], [there]]);

  await check(['transfer', image, '--to', 'b', '--to', 'small'], '', { exitCode: 1, stdout: `b: has ${image} now (0.0 MB sent)`, stderr: /^(?: {2}\w+: [\d.]+ MB\n)*clocker: small: the host has no space left on its disk / });
  await check(['transfer', 'clocker-test/ship:2', '--from', 'a', '--to', 'b'], '', { exitCode: 0, stdout: 'b: has clocker-test/ship:2 now (0.0 MB sent)', stderr: / {2}b: 0\.0 MB/ });
  await check(['transfer', 'clocker-test/ship:2'], '', { exitCode: 1, stdout: 'a: has clocker-test/ship:2 already\nb: has clocker-test/ship:2 already', stderr: /small: the host has no space/ });
  await mkdir(join(folder, 'large'));
  await writeFile(join(folder, 'large/Dockerfile'), 'FROM scratch\nCOPY . /\n');
  await writeFile(join(folder, 'large/data'), Buffer.alloc(24_000_000, 'x'));
  says(await run(['build', join(folder, 'large'), '--tag', 'clocker-test/large:1', '--on', 'small', '--hosts', join(folder, 'hosts.yaml')]), { exitCode: 1, stderr: /clocker: build on small: .*the host has no space left on its disk/ });
  assert.deepEqual(await listed(small), []);
  await check(['transfer', 'clocker-test/no:1', '--to', 'b'], '', { exitCode: 1, stderr: 'clocker: b: image clocker-test/no:1 is on none of the hosts that are up; pull or build it on one of them first' });
  assert.deepEqual(await names(two.docker), [there, image, 'clocker-test/ship:2'].toSorted());

  for (const name of await names(two.docker)) await two.docker.getImage(name).remove();
  const cloud = openCloud([{ name: 'a', endpoint: one.endpoint }, { name: 'b', endpoint: two.endpoint }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  const stop = new AbortController();
  assert.deepEqual(await cloud.transferImage(image, 'a', ['b'], { signal: stop.signal, onDetail: () => stop.abort() }), [{ host: 'b', kind: 'failed', problem: 'cancelled' }]);
  assert.deepEqual(await names(two.docker), []);
  const { signal } = new AbortController();
  const [sent] = await cloud.transferImage(image, undefined, ['b'], { signal, onDetail: () => {} });
  assert.ok(sent?.kind === 'sent' && sent.bytes > 24e6, JSON.stringify(sent));
});

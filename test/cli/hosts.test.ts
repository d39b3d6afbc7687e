// Hosts of the command line: behind SSH, from Docker's contexts, from a hosts file with all that a host may have.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { buildWhenChanged } from '../../scripts/build.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { sshHome, sshServer } from '../support/lab/ssh.ts';
import { authority, tlsEngine } from '../support/lab/tls.ts';
import { command, file, run, says } from './support.ts';

const hosts = await nestedHosts(1);
const [host] = hosts;
assert.ok(host !== undefined);
const image = await busyboxImage(hosts);
const home = await sshHome(after);
const server = await sshServer(host);
await server.admit(home.publicKey);
await home.write('config', 'HashKnownHosts no\n');
const box = ['--host', `box=ssh://deployer@${server.address}`];
const untilStopped = '[sh, -c, \'trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done\']';
const shop = `name: Shop\nservices:\n- {type: "docker:${image}", id: web, commands: ${untilStopped}}\n- {type: "docker:${image}", id: db, commands: ${untilStopped}}\n`;

test('deployed over SSH: refused until the key is trusted, then from nothing to running to nothing', async () => {
  const name = await file('shop.yaml', shop);
  says(await run(['plan', name, ...box]), { exitCode: 1, stdout: /^! web: it cannot go on box/, stderr: new RegExp(`^clocker: host box is down: the key of ssh://deployer@${server.address}:22 is not known: ED25519 (\\S+); .* with: --trust-host-key \\1\n$`) });
  says(await run(['status', ...box, '--trust-host-key', 'SHA256:wrong']), { exitCode: 1, stdout: /down/, stderr: /is not known/ });
  says(await run(['deploy', name, '--yes', ...box, '--trust-host-key', server.fingerprint]), { exitCode: 0, stdout: /\nshop +db +box +running /, stderr: /ok {2}create shop-db on box/ });
  assert.equal(await readFile(join(home.folder, '.ssh/known_hosts'), 'utf8'), `${server.address} ${server.publicKey}\n`);
  assert.equal((await host.docker.listContainers()).length, 2);
  says(await run(['deploy', name, '--yes', ...box]), { exitCode: 0, stdout: /^Nothing to do: 2 containers are as wanted\./ });
  says(await run(['status', ...box], { env: { DOCKER_HOST: 'tcp://10.255.255.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere' } }), { exitCode: 0, stdout: /\nbox +up .* ssh:/ });
  says(await run(['delete', 'shop', '--yes', ...box]), { exitCode: 0, stdout: /2 to remove/, stderr: /ok {2}remove shop-web on box/ });
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
});

test('the built program reaches a host over SSH, too', async () => {
  await buildWhenChanged();
  const built = fileURLToPath(new URL('../../dist/cli.cjs', import.meta.url));
  says(await command(process.execPath, [built, 'status', ...box, '--trust-host-key', server.fingerprint]), { exitCode: 0, stdout: /\nbox +up +\S+, \d+ cores/ });
});

test('a host that is read-only is looked at and never changed', async () => {
  const name = await file('shop.yaml', shop);
  const hostsFile = (extra: string): Promise<string> => file('hosts.yaml', `- name: box\n  endpoint: ${host.endpoint}\n${extra}`);
  says(await run(['deploy', name, '--yes', '--hosts', await hostsFile('  readOnly: true\n')]), { exitCode: 1, stdout: /^! web: it cannot go on box: the host is read-only\n! db: [^]*This cannot be deployed: 2 problems\.\n$/ });
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
  assert.equal((await run(['deploy', name, '--yes', '--hosts', await hostsFile('')])).exitCode, 0);
  const readOnly = ['--hosts', await hostsFile('  readOnly: true\n')];
  says(await run(['deploy', name, '--yes', ...readOnly]), { exitCode: 0, stdout: /^Nothing to do/ });
  const changed = await file('changed.yaml', shop.replace('id: web,', 'id: web, env: {A: 1},'));
  says(await run(['plan', changed, ...readOnly]), { exitCode: 1, stdout: '! web: the plan would replace container shop-web, but host box is read-only; take readOnly away from its configuration, or choose another host\nThis cannot be deployed: 1 problem.' });
  says(await run(['delete', 'shop', '--yes', ...readOnly]), { exitCode: 1, stdout: /^! (?:web|db): the plan would remove container shop-\w+, but host box is read-only; [^]*2 problems\.\n$/ });
  assert.equal((await host.docker.listContainers()).length, 2);
  assert.equal((await run(['delete', 'shop', '--yes', '--hosts', await hostsFile('')])).exitCode, 0);
});

test('a hosts file with files beside it', async () => {
  const ours = await authority(host, 'cli');
  const { address } = host;
  const engine = await tlsEngine(host, 2390, { ...(await ours.issue(`IP:${address}`)), ca: ours.ca });
  after(() => engine.stop());
  const me = await ours.issue('DNS:me');
  await Promise.all([file('ca.pem', ours.ca), file('cert.pem', me.cert), file('key.pem', me.key)]);
  const hostsFile = await file('hosts.yaml', `
- name: safe
  endpoint: tcp://${address}:2390
  tls: {ca: ca.pem, cert: cert.pem, key: key.pem}
  labels: {region: north}
- name: open
  endpoint: ${host.tcpEndpoint}
  insecure: yes
- name: plain
  endpoint: ${host.tcpEndpoint}
`);
  says(await run(['status', '--hosts', hostsFile]), { exitCode: 0, stdout: /\nsafe +up [^]*\nopen +up [^]*\nplain +down/, stderr: /^clocker: host plain is down: tcp:\/\/\S+ is not encrypted[^\n]*\n$/ });
});

test('Docker contexts are hosts; which one is current, and the environment, are of no consequence', async () => {
  const folder = join(home.folder, 'docker-configuration');
  const context = async (name: string, endpoint: string): Promise<void> => {
    const meta = join(folder, 'contexts/meta', createHash('sha256').update(name).digest('hex'));
    await mkdir(meta, { recursive: true });
    await writeFile(join(meta, 'meta.json'), JSON.stringify({ Name: name, Metadata: { Description: `the ${name}` }, Endpoints: { docker: { Host: endpoint, SkipTLSVerify: false } } }));
  };
  await context('lab', host.endpoint);
  await context('far+away', `ssh://deployer@${server.address}`);
  await context('plain', host.tcpEndpoint);
  const config = JSON.stringify({ currentContext: 'plain' });
  await writeFile(join(folder, 'config.json'), config);
  const env = { DOCKER_CONFIG: folder, DOCKER_CONTEXT: 'plain', DOCKER_HOST: 'tcp://10.255.255.1:1' };
  says(await run(['status', '--context', 'lab', '--context', 'far+away', '--trust-host-key', server.fingerprint], { env }), { exitCode: 0, stdout: /\nlab +up [^]*\nfar-away +up / });
  says(await run(['status', '--context', 'plain'], { env }), { exitCode: 1, stdout: /\nplain +down/, stderr: /is not encrypted/ });
  says(await run(['status', '--context', 'labb'], { env }), { exitCode: 2, stderr: /^clocker: there is no Docker context labb in \S+; did you mean lab\?\n/ });
  says(await run(['status', '--context', 'default'], { env: { ...env, DOCKER_HOST: host.endpoint } }), { exitCode: 0, stdout: /\nlocalhost +up/ });
  assert.equal(await readFile(join(folder, 'config.json'), 'utf8'), config);
});

test('a cloud in the hosts file is a location, and status shows it', async () => {
  const hostsFile = await file('hosts.yaml', `hosts:\n- name: box\n  endpoint: ${host.endpoint}\nclouds:\n- name: my-docker-cloud\n  hosts: [box]\n  strategies: [{type: max-containers-placement, maxContainers: 1}]\n`);
  const name = await file('shop.yaml', `location: my-docker-cloud\n${shop}`);
  says(await run(['plan', name, '--hosts', hostsFile]), { exitCode: 1, stdout: '! db: it cannot go on box: has 1 container, of at most 1\n+ create shop-web on box\n    image ' + image + ', address 10.200.0.2\n    here because box is the only host\nThis cannot be deployed: 1 problem.' });
  says(await run(['status', '--hosts', hostsFile]), { exitCode: 0, stdout: /^CLOUD +STATE +MAKES HOSTS\nmy-docker-cloud +1 host up · 0 of 1 container\n\nHOST +STATE +CLOUD .*\nbox +up +my-docker-cloud / });
  const wrong = await file('hosts.yaml', `hosts:\n- name: box\n  endpoint: ${host.endpoint}\nclouds:\n- name: c\n  hosts: [bxo]\n`);
  says(await run(['status', '--hosts', wrong]), { exitCode: 2, stderr: /^clocker: hosts.yaml:6:11: there is no host bxo; did you mean box\?\n/ });
});

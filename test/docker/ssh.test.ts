// Hosts behind real SSH servers: which keys are believed, one connection for everything, what breaks and comes back, what is said when it cannot be.

import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, test, type TestContext } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { buffer } from 'node:stream/consumers';
import Docker from 'dockerode';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { openTransport } from '../../client/docker/transport/transport.ts';
import type { HostConfig } from '#core/host/config.ts';
import { noCredentials, type Credentials, type HostPort } from '../../client/engine/ports.ts';
import { openCloud } from '../../client/controller.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { eventually } from '../support/lab/docker.ts';
import { makeKey, sshHome, sshServer } from '../support/lab/ssh.ts';
import { application, cloudOf, containers, deleted, deployed, seen } from '../engine/support.ts';

const hosts = await nestedHosts(2);
const [host, second] = hosts;
assert.ok(host !== undefined && second !== undefined);
const image = await busyboxImage(hosts);
const home = await sshHome(after);
const server = await sshServer(host);
await server.admit(home.publicKey);
const box: HostConfig = { name: 'box', endpoint: `ssh://deployer@${server.address}` };
const known = `${server.address} ${server.publicKey}\n`;
await home.write('known_hosts', known);

/** Closed when the test ends. */
function port(t: TestContext, config: HostConfig, credentials: Credentials = noCredentials): HostPort {
  const made = connectDocker(config, credentials);
  t.after(() => made.close());
  return made;
}

async function about(t: TestContext, config: HostConfig, credentials?: Credentials): Promise<string> {
  return port(t, config, credentials).about(AbortSignal.timeout(15_000)).then(({ engineVersion }) => `up ${engineVersion.split('.')[0] ?? ''}`, (error: unknown) => (error instanceof Error ? error.message : 'no error'));
}

const up = /^up \d+$/;

test('20 calls at once and 100 after another go through 1 connection', async (t) => {
  const before = await server.logins();
  const one = port(t, box);
  const all = await Promise.all(Array.from({ length: 20 }, () => one.about(AbortSignal.timeout(15_000))));
  assert.equal(new Set(all.map(({ cores }) => cores)).size, 1);
  for (let call = 0; call < 100; call++) await one.hasImage(image, AbortSignal.timeout(5000));
  assert.equal(await server.logins() - before, 1);
  assert.equal(await server.connections(), 1);
  one.close();
  await setTimeout(300);
  assert.equal(await server.connections(), 0);
});

test('a long log comes whole, however slowly it is read', async (t) => {
  const one = port(t, box);
  const talker = await host.docker.createContainer({ name: 'talker', Image: image, Cmd: ['sh', '-c', 'seq 1 400000'] });
  t.after(() => talker.remove({ force: true }));
  await talker.start();
  await talker.wait();
  let [lines, last] = [0, ''];
  await one.logs(talker.id, { tail: 400_000, follow: true, signal: AbortSignal.timeout(60_000) }, ({ text }) => {
    lines += 1;
    last = text;
  });
  assert.deepEqual([lines, last], [400_000, '400000']);
});

test('a stream in both directions: a program in a container reads what is written, sees the end, and answers', async (t) => {
  const container = await host.docker.createContainer({ name: 'echo', Image: image });
  t.after(() => container.remove({ force: true }));
  await container.start();
  const transport = await openTransport(box, noCredentials);
  t.after(() => transport.close());
  const docker = new Docker(Object.assign({ socketPath: 'docker', host: '' }, { agent: transport.agent }));
  const exec = await docker.getContainer(container.id).exec({ Cmd: ['sh', '-c', 'wc -c'], AttachStdin: true, AttachStdout: true, Tty: false });
  const stream = await exec.start({ hijack: true, stdin: true });
  stream.end(Buffer.alloc(3_000_000));
  assert.match((await buffer(stream)).toString(), /3000000\n$/);
  assert.equal((await exec.inspect()).ExitCode, 0);
});

test('an unknown key is refused, with its fingerprint and what to do; nothing was sent', async (t) => {
  await home.write('known_hosts', '');
  t.after(() => home.write('known_hosts', known));
  const before = await server.logins();
  const sentence = await about(t, box);
  assert.equal(sentence, `the key of ssh://deployer@${server.address}:22 is not known: ED25519 ${server.fingerprint}; compare it with what its owner says (ssh-keygen -l shows it there), then trust it`);
  const cloud = await cloudOf(t, box);
  const state = cloud.observed.hosts[0]?.state;
  assert.deepEqual(state?.kind === 'down' ? state.need : undefined, { kind: 'hostKey', address: server.address, keyType: 'ED25519', fingerprint: server.fingerprint });
  assert.equal(await server.logins(), before);
  assert.equal(await readFile(join(home.folder, '.ssh/known_hosts'), 'utf8'), '');
  assert.match(await about(t, box, { ...noCredentials, trusts: (_, fingerprint) => fingerprint === 'SHA256:another' }), /is not known/);
});

test('a key that a person trusts is remembered', async (t) => {
  await home.write('known_hosts', '# mine');
  await home.write('config', 'HashKnownHosts no\n');
  t.after(() => Promise.all([home.write('known_hosts', known), home.write('config', '')]));
  const trusting = { ...noCredentials, trusts: (address: string, fingerprint: string) => address === server.address && fingerprint === server.fingerprint };
  assert.match(await about(t, box, trusting), up);
  assert.equal(await readFile(join(home.folder, '.ssh/known_hosts'), 'utf8'), `# mine\n${known}`);
  assert.match(await about(t, box), up);
  await home.write('known_hosts', '');
  await home.write('config', 'HashKnownHosts yes\n');
  assert.match(await about(t, box, trusting), up);
  assert.match(await readFile(join(home.folder, '.ssh/known_hosts'), 'utf8'), /^\|1\|\S+ ssh-ed25519 \S+\n$/);
  assert.match(await about(t, box), up);
});

test('a changed key is refused loudly, trusted or not', async (t) => {
  const other = await makeKey(join(home.folder, 'other'));
  await home.write('known_hosts', `# mine\n${server.address} ${other}\n`);
  t.after(() => home.write('known_hosts', known));
  const before = await server.logins();
  const loud = new RegExp(`^THE KEY OF ssh://deployer@${server.address}:22 HAS CHANGED: it shows ED25519 ${server.fingerprint.replaceAll('+', String.raw`\+`)}, and .*known_hosts, line 2, knows another one; .*ssh-keygen -R '${server.address}'$`);
  assert.match(await about(t, box), loud);
  assert.match(await about(t, box, { ...noCredentials, trusts: () => true }), loud);
  await home.write('known_hosts', `@revoked * ${server.publicKey}\n${known}`);
  assert.match(await about(t, box, { ...noCredentials, trusts: () => true }), /^THE KEY OF .* IS REVOKED .*line 1/);
  assert.equal(await server.logins(), before);
});

test('a cut connection is a host that is down, and comes back with nothing missed', async (t) => {
  const cloud = await cloudOf(t, box);
  await deployed(cloud, application('cut', image, { web: {}, db: {} }));
  const states: string[] = [];
  cloud.onChange(({ hosts: [one] }) => states.push(one?.state.kind ?? ''));
  const before = await server.logins();
  await server.cut();
  // While nobody listens: one dies, one comes and goes, one comes and stays.
  await host.docker.getContainer('cut-web').kill();
  const gone = await host.docker.createContainer({ name: 'gone', Image: image });
  await gone.remove();
  const stranger = await host.docker.createContainer({ name: 'stranger', Image: image });
  const tookMs = await seen(cloud, 'what happened meanwhile', () => {
    const one = cloud.observed.hosts[0];
    const names = one?.containers.map(({ containerName, state }) => `${containerName} ${state}`).toSorted() ?? [];
    return one?.state.kind === 'up' && names.join() === 'cut-db running,cut-web exited,stranger created';
  }, 15_000);
  t.diagnostic(`restored after ${Math.round(tookMs)} ms`);
  assert.ok(states.includes('down'), states.join());
  assert.equal(await server.logins() - before, 1);
  await stranger.rename({ name: 'renamed' });
  await seen(cloud, 'events flow again', () => cloud.observed.hosts[0]?.containers.some(({ containerName }) => containerName === 'renamed') === true, 2000);
  await stranger.remove();
  await deleted(cloud, 'cut');
});

test('cut again and again while containers come, die and go: what is seen is what is there', async (t) => {
  const cloud = await cloudOf(t, box);
  const { docker } = host;
  const end = new AbortController();
  const made: string[] = [];
  const churn = Array.from({ length: 3 }, async (_, lane) => {
    for (let number = 0; !end.signal.aborted; number++) {
      const container = await docker.createContainer({ name: `lane-${lane}-${number}`, Image: image });
      made.push(container.id);
      await container.start();
      if (number % 3 !== 0) await container.kill();
      if (number % 3 === 1) await container.remove({ force: true });
    }
  });
  for (let cut = 0; cut < 6 || made.length < 12; cut++) {
    await seen(cloud, 'up', () => cloud.observed.hosts[0]?.state.kind === 'up', 15_000);
    await server.cut();
    await seen(cloud, 'down', () => cloud.observed.hosts[0]?.state.kind === 'down', 15_000);
    await setTimeout(200);
  }
  end.abort();
  await Promise.all(churn);
  const there = (await docker.listContainers({ all: true })).map(({ Id, State }) => `${Id} ${State}`).toSorted();
  t.diagnostic(`${made.length} containers made, ${there.length} left`);
  await seen(cloud, 'what is there', () => {
    const [one] = cloud.observed.hosts;
    return one?.state.kind === 'up' && one.containers.map(({ containerId, state }) => `${containerId} ${state}`).toSorted().join() === there.join();
  }, 20_000);
  await Promise.all(there.map((line) => docker.getContainer(line.split(' ')[0] ?? '').remove({ force: true })));
  await seen(cloud, 'nothing', () => cloud.observed.hosts[0]?.containers.length === 0, 10_000);
});

test('an SSH server that is gone for a while', async (t) => {
  const flaky = await sshServer(host, { port: 2201 });
  await home.write('known_hosts', `${known}[${server.address}]:2201 ${flaky.publicKey}\n`);
  const cloud = await cloudOf(t, { name: 'flaky', endpoint: `ssh://deployer@${server.address}:2201` });
  assert.equal(cloud.observed.hosts[0]?.state.kind, 'up');
  await flaky.stop();
  await seen(cloud, 'down', () => {
    const state = cloud.observed.hosts[0]?.state;
    return state?.kind === 'down' && state.problem === `nothing listens at ssh://deployer@${server.address}:2201: the connection was refused; start the service there, or correct the address and the port`;
  });
  const again = await sshServer(host, { port: 2201 });
  await home.write('known_hosts', `${known}[${server.address}]:2201 ${again.publicKey}\n`);
  await seen(cloud, 'up again', () => cloud.observed.hosts[0]?.state.kind === 'up', 20_000);
});

test('a server that does not forward runs the docker command, over few connections, with the same answers', async (t) => {
  const closed = await sshServer(host, { port: 2202, config: ['AllowStreamLocalForwarding no'] });
  await home.write('known_hosts', `${known}[${server.address}]:2202 ${closed.publicKey}\n`);
  const config = { name: 'closed', endpoint: `ssh://deployer@${server.address}:2202` };
  const cloud = await cloudOf(t, config);
  const state = cloud.observed.hosts[0]?.state;
  assert.equal(state?.kind, 'up', state?.kind === 'down' ? state.problem : '');
  await deployed(cloud, application('stdio', image, { web: {}, db: {}, cache: {} }));
  assert.equal(containers(cloud, 'stdio').length, 3);
  const one = port(t, config);
  await one.about(AbortSignal.timeout(5000));
  const before = await closed.logins();
  await Promise.all(Array.from({ length: 20 }, () => one.about(AbortSignal.timeout(15_000))));
  assert.ok(await closed.logins() - before <= 2, `${await closed.logins() - before} more connections`);
  await deleted(cloud, 'stdio');
});

test('a server that neither forwards nor has a docker command', async (t) => {
  const bare = await sshServer(host, { port: 2203, config: ['AllowStreamLocalForwarding no', 'SetEnv PATH=/nowhere'] });
  await home.write('known_hosts', `${known}[${server.address}]:2203 ${bare.publicKey}\n`);
  assert.match(await about(t, { name: 'bare', endpoint: `ssh://deployer@${server.address}:2203` }), /^ssh:\/\/\S+ does not forward to \/var\/run\/docker\.sock, and has no docker command for the other way; allow AllowStreamLocalForwarding/);
});

test('what is wrong with the socket on the other side', async (t) => {
  assert.match(await about(t, { ...box, endpoint: `${box.endpoint}/none.sock` }), /^there is no socket \/none\.sock at ssh:\/\/\S+; start Docker there, or write the path/);
  assert.match(await about(t, { ...box, endpoint: `${box.endpoint}/etc/passwd` }), /^\/etc\/passwd at ssh:\/\/\S+ is no socket; write the path/);
  assert.match(await about(t, { ...box, endpoint: `ssh://guest@${server.address}` }), /^the user of ssh:\/\/guest@\S+ may not open the socket \/var\/run\/docker\.sock there; add that user to the group "docker"/);
  assert.match(await about(t, { ...box, endpoint: `${box.endpoint}/lab/docker.sock` }), up);
  // A socket whose program is gone.
  await host.exec(['sh', '-c', 'rm -f /lab/stale.sock; ssh-agent -a /lab/stale.sock >/dev/null; kill -9 $(pidof ssh-agent); chmod 666 /lab/stale.sock']);
  assert.match(await about(t, { ...box, endpoint: `${box.endpoint}/lab/stale.sock` }), /^nothing answers at the socket \/lab\/stale\.sock of ssh:\/\/\S+: the Docker Engine is not running there; start it$/);
});

test('who is not let in hears what was tried', async (t) => {
  const stranger = join(home.folder, 'stranger');
  await makeKey(stranger);
  await home.write('config', 'IdentityFile ~/stranger\n');
  t.after(() => home.write('config', ''));
  assert.equal(
    await about(t, box),
    `ssh://deployer@${server.address}:22 does not let deployer in; it was shown ${stranger}; add the right public key to ~/.ssh/authorized_keys there, or name the key as identityFile of the host`,
  );
  await home.write('config', 'IdentityFile none\n');
  assert.match(await about(t, box), /there is no key to show: no SSH agent and no key file/);
  assert.match(await about(t, { ...box, identityFile: home.keyFile }), up);
  assert.match(await about(t, { ...box, identityFile: '~/none' }), /^the key file \S+\/none is not there; correct the path/);
  assert.match(await about(t, { ...box, identityFile: '~/.ssh/config' }), /^the key file \S+\/config holds no private key/);
});

test('a key with a passphrase: asked for, wrong, right', async (t) => {
  const locked = join(home.folder, 'locked');
  await server.admit(await makeKey(locked, 'open sesame'));
  await home.write('config', 'IdentityFile none\n');
  t.after(() => home.write('config', ''));
  const config = { ...box, identityFile: locked };
  const passphrase = (given: string): Credentials => ({ ...noCredentials, passphrase: async (file) => (file === locked ? given : undefined) });
  assert.equal(await about(t, config), `the key ${locked} needs a passphrase; give it to the SSH agent with: ssh-add ${locked}`);
  assert.match(await about(t, config, passphrase('open barley')), /needs another passphrase: the one given is wrong/);
  assert.match(await about(t, config, passphrase('open sesame')), up);
  const cloud = openCloud([config], passphrase('open barley'));
  t.after(() => cloud.dispose());
  const state = (await cloud.settled()).hosts[0]?.state;
  assert.deepEqual(state?.kind === 'down' ? state.need : undefined, { kind: 'passphrase', keyFile: locked, isWrong: true });
});

test('a key of the SSH agent; of several, only those that ssh_config names', async (t) => {
  const [agentKey, otherKey] = [join(home.folder, 'agent-key'), join(home.folder, 'agent-other')];
  await makeKey(otherKey);
  await server.admit(await makeKey(agentKey));
  const socket = join(home.folder, 'agent.sock');
  const agent = spawn('ssh-agent', ['-D', '-a', socket], { stdio: 'ignore' });
  t.after(() => agent.kill());
  const add = promisify(execFile);
  const env = { ...process.env, SSH_AUTH_SOCK: socket };
  await eventually(() => add('ssh-add', ['-q', otherKey, agentKey], { env }), 5000);
  await home.write('config', `IdentityFile none\nIdentityAgent ${socket}\n`);
  t.after(() => home.write('config', ''));
  assert.match(await about(t, box), up);
  await home.write('config', `IdentityFile ~/agent-other\nIdentitiesOnly yes\nIdentityAgent ${socket}\n`);
  assert.match(await about(t, box), /it was shown the key of the SSH agent, \S+\/agent-other;/);
  await home.write('config', 'IdentityFile none\nIdentityAgent ~/no-agent.sock\n');
  assert.match(await about(t, box), /there is no key to show/);
});

test('over another server, by a name of ~/.ssh/config with what it includes', async (t) => {
  const inner = await sshServer(second, { config: ['AllowTcpForwarding no'] });
  await inner.admit(home.publicKey);
  await home.write('known_hosts', `${known}inner-rack ${inner.publicKey}\n`);
  await home.write('hosts.conf', `Host inner\n  HostName ${inner.address}\n  User deployer\n  HostKeyAlias inner-rack\n  ProxyJump gate\n`);
  await home.write('config', `Include "*.conf" none.d/*\nHost gate\n  HostName ${server.address}\n  User deployer\nHost round\n  ProxyJump round\nHost prog\n  ProxyCommand nc %h %p\n`);
  t.after(() => home.write('config', ''));
  const before = await inner.logins();
  const one = port(t, { name: 'inner', endpoint: 'ssh://inner' });
  assert.equal((await one.about(AbortSignal.timeout(15_000))).engineVersion.split('.').length, 3);
  assert.equal(await inner.logins() - before, 1);
  assert.match(await inner.log(), new RegExp(`Connection from ${server.address} `));
  assert.match(await about(t, { name: 'round', endpoint: 'ssh://round' }), /ProxyJump in ~\/\.ssh\/config goes in circles/);
  assert.match(await about(t, { name: 'prog', endpoint: 'ssh://prog' }), /gives prog a ProxyCommand, which Clocker does not run; use ProxyJump/);
});

test('what is no SSH server, no machine, no answer', async (t) => {
  assert.match(await about(t, { name: 'x', endpoint: `ssh://deployer@${server.address}:2375` }), /is no SSH server, or refuses every connection|does not answer as an SSH server does|no SSH connection/);
  assert.match(await about(t, { name: 'x', endpoint: `ssh://deployer@${server.address}:9` }), /^nothing listens at ssh:\/\/\S+:9: the connection was refused/);
  assert.match(await about(t, { name: 'x', endpoint: 'ssh://deployer@no-such-machine.invalid' }), /^the name of ssh:\/\/\S+ is not known here/);
});

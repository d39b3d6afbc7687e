// Hosts over TCP: certificates that are right, and each way in which they are not; plain TCP only where somebody has allowed it.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { tlsProblem } from '../../client/docker/transport/problems.ts';
import type { HostConfig } from '#core/host/config.ts';
import { noCredentials, type Credentials } from '../../client/engine/ports.ts';
import { nestedHosts } from '../support/lab.ts';
import { authority, tlsEngine, type Pair } from '../support/lab/tls.ts';
import { cloudOf, seen } from '../engine/support.ts';

const [host] = await nestedHosts(1);
assert.ok(host !== undefined);
const { address } = host;
const folder = await mkdtemp(join(tmpdir(), 'clocker-tls-'));
after(() => rm(folder, { recursive: true }));
const ours = await authority(host, 'ours');
const theirs = await authority(host, 'theirs');
const me = await ours.issue('DNS:me');

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text, { mode: 0o600 });
  return join(folder, name);
}

const ca = await file('ca.pem', ours.ca);
const mine = { cert: await file('cert.pem', me.cert), key: await file('key.pem', me.key) };

async function about(config: Omit<HostConfig, 'name'>, credentials: Credentials = noCredentials): Promise<string> {
  const port = connectDocker({ name: 'box', ...config }, credentials);
  try {
    const { engineVersion, warnings } = await port.about(AbortSignal.timeout(15_000));
    return [`up ${engineVersion.split('.')[0] ?? ''}`, ...warnings].join('; ');
  } catch (error) {
    return error instanceof Error ? error.message : 'no error';
  } finally {
    port.close();
  }
}

/** An engine that shows this certificate, on a port of its own. */
async function engineWith(port: number, pair: Pair): Promise<string> {
  assert.ok(host !== undefined);
  const engine = await tlsEngine(host, port, { ...pair, ca: ours.ca });
  after(() => engine.stop());
  return `tcp://${address}:${port}`;
}

const up = /^up \d+$/;
const good = await engineWith(2376, await ours.issue(`IP:${address}`));

test('with the right certificates, from files and from what is kept', async (t) => {
  assert.match(await about({ endpoint: good, tls: { ca, ...mine } }), up);
  assert.match(await about({ endpoint: good.replace('tcp', 'https'), tls: { ca, ...mine } }), up);
  assert.match(await about({ endpoint: `tcp://${address}`, tls: { ca, ...mine } }), up);
  const kept = { ...noCredentials, tls: async (name: string) => (name === 'box' ? { ca: ours.ca, ...me } : undefined) };
  assert.match(await about({ endpoint: good, tls: {} }, kept), up);
  const cloud = await cloudOf(t, { name: 'box', endpoint: good, tls: { ca, ...mine } });
  assert.equal(cloud.observed.hosts[0]?.state.kind, 'up');
});

test('with a certificate that expires soon, theirs or mine', async () => {
  const soon = await engineWith(2377, await ours.issue(`IP:${address}`, { days: 12 }));
  const day = (days: number): string => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
  assert.equal((await about({ endpoint: soon, tls: { ca, ...mine } })).replace(/^up \d+; /, ''), `the certificate of ${soon} expires in 11 days, on ${day(12)}; renew it`);
  const short = await ours.issue('DNS:me', { days: 1 });
  const tls = { ca, cert: await file('short.pem', short.cert), key: await file('short.key', short.key) };
  assert.equal((await about({ endpoint: good, tls })).replace(/^up \d+; /, ''), `your certificate for ${good} expires within a day, on ${day(1)}; renew it`);
});

test('with a certificate that has expired, theirs or mine', async () => {
  const old = await engineWith(2378, await ours.issue(`IP:${address}`, { days: -1 }));
  assert.equal(await about({ endpoint: old, tls: { ca, ...mine } }), `the certificate of ${old} has expired; renew it there`);
  const past = await ours.issue('DNS:me', { days: -1 });
  assert.match(await about({ endpoint: good, tls: { ca, cert: await file('past.pem', past.cert), key: await file('past.key', past.key) } }), /^your certificate for tcp:\S+ expired on \d{4}-\d\d-\d\d; renew it$/);
});

test('with a certificate for another name', async () => {
  const other = await engineWith(2379, await ours.issue('DNS:box.example,IP:10.9.9.9'));
  assert.equal(
    await about({ endpoint: other, tls: { ca, ...mine } }),
    `the certificate of ${other} is not for this name, but for box.example, 10.9.9.9; use a name that it is for, or give the engine a certificate for this one`,
  );
});

test('of an authority that is not known, here or there', async () => {
  const unknown = `the certificate of ${good} is from an authority that is not known here; if it is yours, name its certificate as ca in the host's tls`;
  assert.equal(await about({ endpoint: good, tls: mine }), unknown);
  assert.equal(await about({ endpoint: good, tls: { ca: await file('theirs.pem', theirs.ca), ...mine } }), unknown);
  const stranger = await theirs.issue('DNS:me');
  const wants = `${good} wants a certificate of yours that is signed by the authority it trusts (--tlscacert), and got none or another one; correct cert and key in the host's tls`;
  assert.equal(await about({ endpoint: good, tls: { ca, cert: await file('stranger.pem', stranger.cert), key: await file('stranger.key', stranger.key) } }), wants);
  assert.equal(await about({ endpoint: good, tls: { ca } }), wants);
});

test('files that are not what they should be', async () => {
  assert.equal(await about({ endpoint: good, tls: { ca: join(folder, 'none.pem'), ...mine } }), `the certificate authority ${join(folder, 'none.pem')} is not there; correct the path in the host's configuration`);
  assert.equal(await about({ endpoint: good, tls: { ca: folder, ...mine } }), `the certificate authority ${folder} is a folder; name a file in the host's configuration`);
  assert.match(await about({ endpoint: good, tls: { ca: 'ca.pem', ...mine } }), /^the certificate authority ca\.pem is no absolute path/);
  assert.equal(await about({ endpoint: good, tls: { ca, cert: mine.key, key: mine.cert } }), `ca, cert or key for ${good} cannot be understood; each must be a file in PEM ("-----BEGIN ...")`);
  const other = await ours.issue('DNS:me');
  assert.equal(await about({ endpoint: good, tls: { ca, cert: mine.cert, key: await file('other.key', other.key) } }), `the key for ${good} does not belong to its certificate; name the two that belong together`);
});

test('a key file that may not be read', async (t) => {
  const secret = await file('secret.key', me.key);
  await chmod(secret, 0);
  // Root may read every file: this test is somebody else.
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) await Promise.all([chmod(folder, 0o755), chmod(ca, 0o644), chmod(mine.cert, 0o644)]);
  if (isRoot) process.seteuid?.(65_534);
  t.after(() => {
    if (isRoot) process.seteuid?.(0);
  });
  assert.equal(await about({ endpoint: good, tls: { ca, cert: mine.cert, key: secret } }), `the key of the certificate ${secret} may not be read by this user; correct its rights`);
});

test('a key with a passphrase', async () => {
  const locked = await ours.issue('DNS:me', { passphrase: 'open-sesame' });
  const tls = { ca, cert: await file('locked.pem', locked.cert), key: await file('locked.key', locked.key) };
  const given = (passphrase: string): Credentials => ({ ...noCredentials, passphrase: async (name) => (name === tls.key ? passphrase : undefined) });
  assert.equal(await about({ endpoint: good, tls }), `the key ${tls.key} needs a passphrase`);
  assert.match(await about({ endpoint: good, tls }, given('open-barley')), /needs another passphrase: the one given is wrong$/);
  assert.match(await about({ endpoint: good, tls }, given('open-sesame')), up);
});

test('plain TCP only with insecure: true', async () => {
  const refusal = `${host.tcpEndpoint} is not encrypted, and whoever reaches such an engine owns its machine; give the host tls (ca, cert, key), reach it by ssh://, or, in a network that you trust, say insecure: true in its configuration`;
  assert.equal(await about({ endpoint: host.tcpEndpoint }), refusal);
  assert.equal(await about({ endpoint: host.tcpEndpoint, insecure: false }), refusal);
  assert.match(await about({ endpoint: host.tcpEndpoint, insecure: true }), up);
  assert.equal(await about({ endpoint: good, insecure: true }), 'the Docker Engine speaks TLS at this endpoint; give the host tls (ca, cert, key) in place of insecure');
  assert.equal(await about({ endpoint: host.tcpEndpoint, tls: { ca, ...mine } }), `${host.tcpEndpoint} does not speak TLS; turn TLS on in its Docker Engine (--tlsverify), or correct the port`);
});

test('no answer, no machine, no port, no pipe', async () => {
  assert.equal(await about({ endpoint: `tcp://${address}:9`, insecure: true }), `nothing listens at tcp://${address}:9: the connection was refused; start the service there, or correct the address and the port`);
  assert.match(await about({ endpoint: 'tcp://no-such-machine.invalid', insecure: true }), /^the name of tcp:\/\/no-such-machine\.invalid is not known here/);
  if (process.platform !== 'win32') assert.equal(await about({ endpoint: 'npipe:////./pipe/docker_engine' }), 'npipe:////./pipe/docker_engine is a named pipe, which only Windows has; use a Unix socket, tcp:// or ssh://');
});

test('a host that is cut off the network is noticed, and comes back', async (t) => {
  t.after(() => host.reconnect());
  const cloud = await cloudOf(t, { name: 'box', endpoint: host.tcpEndpoint, insecure: true });
  const kind = (): string => cloud.observed.hosts[0]?.state.kind ?? '';
  assert.equal(kind(), 'up');
  await host.disconnect();
  t.diagnostic(`noticed after ${Math.round(await seen(cloud, 'down', () => kind() === 'down', 60_000))} ms`);
  await seen(cloud, 'why', () => {
    const state = cloud.observed.hosts[0]?.state;
    return state?.kind === 'down' && /^(nothing answers at|no way leads from here to) tcp:/.test(state.problem);
  }, 20_000);
  await host.reconnect();
  t.diagnostic(`back after ${Math.round(await seen(cloud, 'up', () => kind() === 'up', 60_000))} ms`);
});

test('the environment changes no host that is configured', async (t) => {
  const before = { ...process.env };
  t.after(() => {
    for (const name of ['DOCKER_HOST', 'DOCKER_TLS_VERIFY', 'DOCKER_CERT_PATH', 'DOCKER_PATH_PREFIX']) if (before[name] === undefined) delete process.env[name];
  });
  Object.assign(process.env, { DOCKER_HOST: 'tcp://10.255.255.1:1', DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: '/nowhere', DOCKER_PATH_PREFIX: '/wrong' });
  assert.match(await about({ endpoint: host.endpoint }), up);
  assert.match(await about({ endpoint: host.tcpEndpoint, insecure: true }), up);
  assert.match(await about({ endpoint: good, tls: { ca, ...mine } }), up);
  process.env['DOCKER_HOST'] = 'what is this';
  assert.match(await about({ endpoint: host.endpoint }), up);
  assert.equal(process.env['DOCKER_HOST'], 'what is this');
});

test('an alert is understood under every name that versions of OpenSSL and BoringSSL give it', () => {
  for (const code of ['ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE', 'ERR_SSL_SSL/TLS_ALERT_BAD_CERTIFICATE', 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA']) assert.match(tlsProblem(code, 'tcp://box') ?? '', /^tcp:\/\/box wants a certificate of yours that is signed/);
  for (const code of ['ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED', 'ERR_SSL_TLSV1_CERTIFICATE_REQUIRED']) assert.match(tlsProblem(code, 'tcp://box') ?? '', /^tcp:\/\/box wants to see a certificate of yours/);
  assert.equal(tlsProblem('ENOENT', 'tcp://box'), undefined);
});

// Registries that want something of whoever comes: a password, a token, belief in an authority of their own. Real ones, and a
// place that gives tokens to those who know the password.

import assert from 'node:assert/strict';
import { sign } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { registriesFor } from '../../client/controller.ts';
import { accessTo } from '../../client/docker/registryAccess.ts';
import { noCredentials, type Credentials, type RegistryTexts } from '../../client/engine/ports.ts';
import { busyboxImage, registry } from '../support/lab.ts';

const said = (texts: RegistryTexts): Credentials => ({ ...noCredentials, registry: async () => texts });
const { signal } = new AbortController();

/** What is told of each: its images and tags, or why not. */
async function check(address: string, cases: readonly (readonly [RegistryTexts, string | RegExp])[]): Promise<void> {
  for (const [texts, answer] of cases) {
    const { repositories, tags } = registriesFor(said(texts));
    const told = await (async () => `${String(await repositories(address, signal))} ${String(await tags(address, 'team/web', signal))}`)().catch((error: unknown) => String(error));
    if (typeof answer === 'string') assert.equal(told, answer);
    else assert.match(told, answer);
  }
}

test('with a password, over TLS of its own authority', async (t) => {
  const lab = await registry({ htpasswd: { username: 'me', password: 'se:cret' }, tls: true });
  t.after(() => lab.stop());
  const { address, ca = '' } = lab;
  await lab.push(await busyboxImage(), 'team/web:1');
  const me = { username: 'me', password: 'se:cret' };
  await check(`https://${address}`, [
    [{ ...me, ca }, 'team/web 1'],
    [me, `Error: the certificate of registry ${address} is of an authority that is not known here; give its certificate when you log in there, or put it into /etc/docker/certs.d/${address}/ca.crt`],
    [{ username: 'me', password: 'wrong', ca }, `Error: registry ${address} refuses this user name and password; log in again`],
    [{ ca }, `Error: registry ${address} wants a log-in; log in there with Clocker: Log In to Registry or docker login ${address}`],
  ]);
  await check(`http://${address}`, [[me, /^Error: registry \S+ speaks TLS; write https/]]);
  await check('http://127.0.0.1:1', [[{}, 'Error: registry 127.0.0.1:1 cannot be reached (ECONNREFUSED); see whether it runs and can be reached from here']]);
});

test('with a token', async (t) => {
  const asked: string[] = [];
  let material = { ca: '', key: '' };
  const base64 = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  const tokens = createServer((request, response) => {
    const { searchParams } = new URL(request.url ?? '/', 'https://tokens');
    asked.push(`${request.method ?? ''} ${searchParams.get('service') ?? ''} ${searchParams.get('scope') ?? ''}`);
    if (request.headers.authorization !== `Basic ${Buffer.from('me:secret').toString('base64')}`) return void response.writeHead(401).end();
    const [type = '', name = '', actions = ''] = (searchParams.get('scope') ?? '').split(':');
    const now = Math.floor(Date.now() / 1000);
    const header = { typ: 'JWT', alg: 'ES256', x5c: [material.ca.replaceAll(/-----.*-----|\s/g, '')] };
    const access = type === '' ? [] : [{ type, name, actions: actions.split(',') }];
    const text = `${base64(header)}.${base64({ iss: 'lab', sub: 'me', aud: 'lab', exp: now + 60, nbf: now - 10, iat: now, jti: String(asked.length), access })}`;
    const signature = sign('sha256', Buffer.from(text), { key: material.key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
    response.end(JSON.stringify({ token: `${text}.${signature}` }));
  });
  tokens.listen(0, '127.0.0.1');
  await once(tokens, 'listening');
  const place = tokens.address();
  const lab = await registry({ tls: true, tokensFrom: `https://127.0.0.1:${typeof place === 'object' ? (place?.port ?? 0) : 0}/token` });
  t.after(async () => {
    tokens.close();
    await lab.stop();
  });
  const { ca = '', key = '' } = lab;
  material = { ca, key };
  tokens.setSecureContext({ cert: ca, key });
  const { tags, repositories, comeIn } = registriesFor(said({ username: 'me', password: 'secret', ca }));
  assert.deepEqual(await repositories(`https://${lab.address}`, signal), []);
  await assert.rejects(tags(`https://${lab.address}`, 'team/web', signal), { message: `registry ${lab.address} does not have this` });
  assert.deepEqual(asked, ['GET lab registry:catalog:*', 'GET lab repository:team/web:pull']);
  await assert.rejects(comeIn(`https://${lab.address}`, signal, { username: 'me', password: 'wrong', ca }), { message: `registry ${lab.address} refuses this user name and password; log in again` });
});

test('what a person said goes before what Docker\'s command line has; its authorities are believed, too', async (t: TestContext) => {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'config.json'), JSON.stringify({ auths: { 'a.example': { auth: Buffer.from('cli:secret').toString('base64') } } }));
  await mkdir(join(folder, 'certs.d', 'a.example'), { recursive: true });
  await writeFile(join(folder, 'certs.d', 'a.example', 'ca.crt'), 'PEM of the folder');
  const env = { DOCKER_CONFIG: folder };
  assert.deepEqual(await accessTo('a.example', noCredentials, env), { login: { username: 'cli', password: 'secret', serveraddress: 'a.example' }, ca: 'PEM of the folder' });
  assert.deepEqual(await accessTo('a.example', said({ username: 'me', password: 'mine', ca: 'PEM of mine' }), env), { login: { username: 'me', password: 'mine', serveraddress: 'a.example' }, ca: 'PEM of mine' });
  assert.deepEqual(await accessTo(undefined, noCredentials, env), {});
});

// Log-ins that Docker's command line keeps: found in their order, and used to pull from a registry that asks for one.

import assert from 'node:assert/strict';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { loginOf } from '../../client/docker/registryLogin.ts';
import { busyboxImage, nestedHosts, registry } from '../support/lab.ts';

async function folderWith(t: TestContext, config: object): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'config.json'), JSON.stringify(config));
  return folder;
}

const auth = (text: string): string => Buffer.from(text).toString('base64');

function check(name: string, config: object, asked: string | undefined, answer: object | undefined): void {
  test(`log-in: ${name}`, async (t) => assert.deepEqual(await loginOf(asked, await folderWith(t, config)), answer));
}

check('none', {}, 'a.example', undefined);
check('of a registry with a port', { auths: { 'a.example:5000': { auth: auth('me:se:cret') } } }, 'a.example:5000', { username: 'me', password: 'se:cret', serveraddress: 'a.example:5000' });
check('of another registry', { auths: { 'a.example:5000': { auth: auth('me:secret') } } }, 'a.example', undefined);
check('of an address', { auths: { 'https://a.example': { username: 'me', password: 'secret' } } }, 'a.example', { username: 'me', password: 'secret', serveraddress: 'https://a.example' });
check('of Docker Hub', { auths: { 'https://index.docker.io/v1/': { auth: auth('me:secret') } } }, undefined, { username: 'me', password: 'secret', serveraddress: 'https://index.docker.io/v1/' });
check('a token', { auths: { 'a.example': { identitytoken: 'abc' } } }, 'a.example', { identitytoken: 'abc', serveraddress: 'a.example' });

test('log-in: from helper programs, the one of the registry first', async (t) => {
  const folder = await folderWith(t, { credsStore: 'clocker-all', credHelpers: { 'a.example': 'clocker-one' }, auths: { 'c.example': { auth: auth('me:secret') } } });
  const helper = async (name: string, script: string): Promise<void> => {
    await writeFile(join(folder, `docker-credential-${name}`), `#!/bin/sh\nread -r asked\n${script}\n`);
    await chmod(join(folder, `docker-credential-${name}`), 0o755);
  };
  await helper('clocker-one', `echo '{"Username":"<token>","Secret":"abc"}'`);
  await helper('clocker-all', `[ "$asked" = b.example ] && echo '{"Username":"you","Secret":"hidden"}' || exit 1`);
  const before = process.env['PATH'];
  process.env['PATH'] = `${folder}:${before ?? ''}`;
  t.after(() => (process.env['PATH'] = before));
  assert.deepEqual(await loginOf('a.example', folder), { identitytoken: 'abc', serveraddress: 'a.example' });
  assert.deepEqual(await loginOf('b.example', folder), { username: 'you', password: 'hidden', serveraddress: 'b.example' });
  assert.deepEqual(await loginOf('c.example', folder), { username: 'me', password: 'secret', serveraddress: 'c.example' });
  await assert.rejects(loginOf('a.example', await folderWith(t, { credHelpers: { 'a.example': 'no-such-program' } })), /^Error: the credential helper docker-credential-no-such-program, which Docker's config\.json names, cannot be run; /);
  await assert.rejects(loginOf('a.example', await folderWith(t, { credsStore: '../x' })), /is no name of a program$/);
});

test('an image is pulled from a registry that asks for a log-in', async (t) => {
  const [host] = await nestedHosts(1);
  assert.ok(host !== undefined);
  const lab = await registry({ htpasswd: { username: 'me', password: 'secret' } });
  await lab.push(await busyboxImage(), 'team/locked:1');
  const image = `${lab.addressFromHosts}/team/locked:1`;
  const port = connectDocker({ name: 'a', endpoint: host.endpoint });
  const before = process.env['DOCKER_CONFIG'];
  t.after(async () => {
    if (before === undefined) delete process.env['DOCKER_CONFIG'];
    else process.env['DOCKER_CONFIG'] = before;
    port.close();
    await host.docker.getImage(image).remove().catch(() => {});
  });
  const { signal } = new AbortController();
  for (const auths of [{}, { [lab.addressFromHosts]: { auth: auth('me:wrong') } }]) {
    process.env['DOCKER_CONFIG'] = await folderWith(t, { auths });
    await assert.rejects(port.shipping.pull(image, { onDetail: () => {}, signal }), /^Error: the registry (?:wants a login for image |of image \S+ refuses the user name or the password)/);
  }
  process.env['DOCKER_CONFIG'] = await folderWith(t, { auths: { [lab.addressFromHosts]: { auth: auth('me:secret') } } });
  await port.shipping.pull(image, { onDetail: () => {}, signal });
  assert.equal(await port.hasImage(image, signal), true);
});

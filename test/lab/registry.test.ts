// Registries of the lab refuse and serve as real ones do.

import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { busyboxImage, engine, type LabHost, nestedHosts, registry } from '../support/lab.ts';
import { dockerAt, finished } from '../support/lab/docker.ts';

const credentials = { username: 'ada', password: 'mill' };
let host: LabHost;
let image: string;

before(async () => {
  const [first] = await nestedHosts(1);
  assert.ok(first);
  host = first;
  image = await busyboxImage();
});

test('a registry with a password serves only who knows it', async () => {
  const locked = await registry({ htpasswd: credentials });
  await locked.push(image, 'shop/web:1');
  const name = `${locked.addressFromHosts}/shop/web:1`;
  await assert.rejects(pull(name), /no basic auth credentials/);
  await pull(name, credentials);
  assert.ok((await host.docker.getImage(name).inspect()).RepoDigests.length > 0);
});

test('the outer engine uses the same registry through a local port', async () => {
  const open = await registry();
  await open.push(image, 'web:2');
  const docker = dockerAt(await engine());
  const name = `${open.address}/web:2`;
  await finished(await docker.pull(name));
  await docker.getImage(name).remove();
});

test('a registry with a certificate of its own is refused until it is trusted', async () => {
  const secure = await registry({ tls: true });
  await secure.push(image, 'web:3');
  const name = `${secure.addressFromHosts}/web:3`;
  await assert.rejects(pull(name), /x509/);
  await secure.trustOn(host);
  await pull(name);
});

async function pull(name: string, auth?: typeof credentials): Promise<void> {
  await finished(await host.docker.pull(name, auth === undefined ? {} : { authconfig: { ...auth, serveraddress: '' } }));
}

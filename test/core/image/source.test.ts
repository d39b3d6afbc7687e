// Registries of clouds and entities: how they are written, what images are called there, who logs in.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { coerceSource, nameAtSource } from '#core/image/source.ts';
import { understand } from '#core/check/problems.ts';
import { builtInCatalog } from '../../support/catalog.ts';

const told = (written: string): string => {
  const read = coerceSource(written);
  return read.ok ? read.value : read.problem;
};

test('addresses', () => {
  const addresses = ['registry.example:5000', 'https://registry.example/', 'https://registry.example/team/', '10.0.0.1:5000', 'https://index.docker.io/v1/', 'docker.io'];
  assert.deepEqual(addresses.map(told), ['registry.example:5000', 'registry.example', 'registry.example/team', '10.0.0.1:5000', 'docker.io', 'docker.io']);
  assert.deepEqual(['registry', 'https://me:hunter2@registry.example'].map(told), ['"registry" is not the address of a registry; write one like registry.example:5000.', 'This is not the address of a registry; write one like registry.example:5000.']);
});

test('names there: of images that have no registry in theirs', () => {
  const images = ['redis', 'shop/web:1', 'ghcr.io/a/b:1', 'localhost/clocker-caught/x:1', `redis@sha256:${'0'.repeat(64)}`];
  assert.deepEqual(images.map((image) => nameAtSource(image, 'r:5/team')), ['r:5/team/redis', 'r:5/team/shop/web:1', undefined, undefined, `r:5/team/redis@sha256:${'0'.repeat(64)}`]);
  assert.equal(nameAtSource('redis', 'docker.io'), undefined);
});

test('of an entity and of a cloud, and nothing secret in what is kept of them', () => {
  const { application, diagnostics } = understand(`
services:
- type: docker:redis
  id: a
  registryUrl: registry.example/team
  registryUsername: me
  registryPassword: hunter2
- type: docker-infrastructure
  id: east
  brooklyn.config: { docker.registry.url: "registry.example:5000", docker.registry.writeable: true, docker.registry.username: you, docker.registry.password: "********" }
`, builtInCatalog);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.deepEqual(application?.entities.find(({ key }) => key === 'a')?.container?.source, { address: 'registry.example/team' });
  assert.deepEqual(application?.clouds?.map(({ source }) => source), [{ address: 'registry.example:5000', isWriteable: true }]);
  assert.deepEqual(application?.logins, [{ registry: 'registry.example', username: 'me', password: 'hunter2' }]);
  assert.doesNotMatch(JSON.stringify([application?.entities, application?.clouds]), /hunter2/);
});

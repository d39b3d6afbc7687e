// Images that are there: on a real engine, in a real registry; and how long they are remembered.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { repositories, tags } from '../../client/docker/registry.ts';
import { openCloud } from '../../client/controller.ts';
import { type ImageSources, KnownImages } from '../../client/engine/knownImages.ts';
import { busyboxImage, engine, registry } from '../support/lab.ts';

const none: ImageSources = { onHosts: async () => [], registries: () => [], repositories, tags, nowMs: () => 0 };

test('on a host, and in a registry with its tags', async () => {
  const image = await busyboxImage();
  const lab = await registry();
  const { address } = lab;
  const cloud = openCloud([{ name: 'box', endpoint: `unix://${await engine()}` }, { name: 'down', endpoint: 'unix:///nowhere.sock' }]);
  try {
    for (const as of ['shop/web:1', 'shop/web:2', 'stock:1']) await lab.push(image, as);
    await cloud.settled();
    const known = new KnownImages({ ...none, onHosts: (signal) => cloud.images(signal), registries: () => [address, '127.0.0.1:1'], nowMs: () => performance.now() });
    const written = async (typed: string): Promise<readonly string[]> => (await known.of(typed)).map((one) => `${one.image} ${one.where}`);
    const all = await written('');
    assert.ok(all.includes(`${image} on host box`), all.join('\n'));
    assert.deepEqual(all.filter((one) => one.endsWith(` in ${address}`)).toSorted(), [`${address}/shop/web in ${address}`, `${address}/stock in ${address}`]);
    const tagged = await written(`${address}/shop/web:`);
    assert.deepEqual(tagged.filter((one) => one.includes('/web:') && one.endsWith(` in ${address}`)).toSorted(), [`${address}/shop/web:1 in ${address}`, `${address}/shop/web:2 in ${address}`]);
    assert.deepEqual((await written(`${address}/nothing:`)).filter((one) => one.includes('nothing')), []);
  } finally {
    cloud.dispose();
    await lab.stop();
  }
});

test('a registry that asks for a log-in offers nothing', async () => {
  const lab = await registry({ htpasswd: { username: 'me', password: 'secret' } });
  try {
    await assert.rejects(repositories(lab.address, AbortSignal.timeout(5000)), { message: `registry ${lab.address} wants a log-in; log in there with Clocker: Log In to Registry or docker login ${lab.address}` });
    assert.deepEqual(await new KnownImages({ ...none, registries: () => [lab.address] }).of(''), []);
  } finally {
    await lab.stop();
  }
});

test('what is known is kept for a while, a failure for less; what takes long is there the next time', async () => {
  let now = 0;
  let asked = 0;
  let finish = (): void => {};
  const waiting = new Promise<void>((resolve) => (finish = resolve));
  const known = new KnownImages({
    ...none,
    nowMs: () => now,
    onHosts: async () => {
      if (++asked === 2) throw new Error('not now');
      if (asked === 3) await waiting;
      return [{ image: `a:${asked}`, where: '' }];
    },
  });
  const images = async (atMs: number): Promise<readonly string[]> => {
    now = atMs;
    return (await known.of('')).map(({ image }) => image);
  };
  assert.deepEqual(await images(0), ['a:1']);
  assert.deepEqual(await images(4000), ['a:1']);
  assert.deepEqual(await images(5000), []);
  assert.deepEqual(await images(9000), []);
  assert.equal(asked, 2);
  assert.deepEqual(await images(10_000), []);
  finish();
  assert.deepEqual(await images(10_001), ['a:3']);
});

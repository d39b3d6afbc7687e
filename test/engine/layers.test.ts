// Images from host to host without the layers that the receiver has, between two engines.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { takeFromNearby } from '../../client/engine/images.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
const base = await busyboxImage(hosts);
const { signal } = new AbortController();

async function bytesOf(stream: NodeJS.ReadableStream): Promise<number> {
  let bytes = 0;
  for await (const piece of stream) bytes += piece.length;
  return bytes;
}

test('layers that the receiver has are not sent; one that has none of them gets all', async (t) => {
  const [from, to] = [connectDocker({ name: 'a', endpoint: one.endpoint }), connectDocker({ name: 'b', endpoint: two.endpoint })];
  const image = 'clocker-test/layers:2';
  t.after(async () => {
    for (const { docker } of hosts) await docker.getImage(image).remove().catch(() => {});
    from.close();
    to.close();
  });
  for (const [index, below] of [base, 'clocker-test/layers:1'].entries()) {
    const container = await one.docker.createContainer({ Image: below, Entrypoint: ['sh', '-c', `echo ${index} > /file-${index}`] });
    await container.start();
    await container.wait();
    await container.commit({ repo: 'clocker-test/layers', tag: String(index + 1) });
    await container.remove();
  }
  await one.docker.getImage('clocker-test/layers:1').remove();

  const shared = await to.shipping.layers(base, signal);
  const all = await from.shipping.layers(image, signal);
  assert.deepEqual([all.slice(0, shared.length), all.length - shared.length], [shared, 2]);
  assert.deepEqual(await to.shipping.layers('no-such-image:1', signal), []);
  const [whole, part] = [await bytesOf(await from.shipping.save(image, signal)), await bytesOf(await from.shipping.save(image, signal, shared))];
  assert.ok(part < whole / 2, `${part} of ${whole}`);

  const up = (host: string, endpoint: string) => ({ host, endpoint, cloud: 'east', state: { kind: 'up' as const, engineVersion: '', cores: 1, memoryBytes: 1 }, containers: [] });
  const ground = { observed: { hosts: [up('a', one.endpoint), up('b', two.endpoint)] }, port: (host: string) => (host === 'a' ? from : to) };
  const read = async (): Promise<string> => {
    assert.equal(await takeFromNearby(image, 'b', ground, () => {}, signal), true);
    const container = await two.docker.createContainer({ Image: image, Entrypoint: ['sleep', '100'], HostConfig: { NetworkMode: 'none' } });
    await container.start();
    const text = await execIn(container, ['cat', '/file-0', '/file-1']);
    await container.remove({ force: true });
    await two.docker.getImage(image).remove();
    return text.trim();
  };
  assert.equal(await read(), '0\n1');
  // Nothing that it has is of the same base.
  await two.docker.getImage(base).remove();
  assert.equal(await read(), '0\n1');
});

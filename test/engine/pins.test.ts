// Tags as bytes, on real engines with a real registry: one that moves, one that only a host has, a registry that is gone, and an
// image that is for another platform.

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { test } from 'node:test';
import tar from 'tar-stream';
import { render } from '#core/plan/render.ts';
import type { Application } from '#core/blueprint/application.ts';
import { understand } from '../../client/understand.ts';
import { dockerAt, execIn, finished } from '../support/lab/docker.ts';
import { busyboxImage, engine, nestedHosts, registry } from '../support/lab.ts';
import { application, cloudOf, deleted, deployed, nothingToDo, untilStopped } from './support.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
const base = await busyboxImage([one]);
const outer = dockerAt(await engine());

const runs = { entrypoint: untilStopped, command: [] };

/** On the outer engine: busybox with a word in it. */
async function made(word: string): Promise<string> {
  const container = await outer.createContainer({ Image: base, Entrypoint: ['sh', '-c', `echo ${word} > /word`] });
  await container.start();
  await container.wait();
  const name = `clocker-pins-test:${word}`;
  await container.commit({ repo: 'clocker-pins-test', tag: word });
  await container.remove();
  return name;
}

/** The same image, said to be for another platform. */
async function forPlatform(architecture: string): Promise<string> {
  const layer = tar.pack();
  layer.entry({ name: 'hello' }, 'hello');
  layer.finalize();
  const bytes = await buffer(layer);
  const config = Buffer.from(JSON.stringify({ architecture, os: 'linux', config: { Cmd: ['/hello'] }, rootfs: { type: 'layers', diff_ids: [`sha256:${createHash('sha256').update(bytes).digest('hex')}`] } }));
  const image = tar.pack();
  image.entry({ name: 'config.json' }, config);
  image.entry({ name: 'layer.tar' }, bytes);
  image.entry({ name: 'manifest.json' }, JSON.stringify([{ Config: 'config.json', RepoTags: [`clocker-pins-test:${architecture}`], Layers: ['layer.tar'] }]));
  image.finalize();
  await finished(await outer.loadImage(image.pipe(new PassThrough())));
  return `clocker-pins-test:${architecture}`;
}

test('all hosts run the same bytes; a tag that has moved is followed where that is wanted', async (t) => {
  const lab = await registry();
  const images = await Promise.all([made('first'), made('second'), forPlatform('arm64')]);
  let isUp = true;
  t.after(async () => {
    if (isUp) await lab.stop();
    for (const image of images) await outer.getImage(image).remove().catch(() => {});
  });
  const [first, second, foreign] = images;
  const image = `${lab.addressFromHosts}/shop/web:1`;
  await lab.push(first, 'shop/web:1');
  await lab.push(foreign, 'shop/arm:1');
  const cloud = await cloudOf(t, { name: 'a', endpoint: one.endpoint }, { name: 'b', endpoint: two.endpoint });
  const lines = async (app: Application): Promise<readonly string[]> => render(await cloud.plan(app)).map((line) => line.replaceAll(/\b[0-9a-f]{12}\b/g, 'DIGEST'));
  const word = async (name: string, docker = one.docker): Promise<string> => (await docker.getContainer(name).inspect()).Image;

  // Placed nowhere that it cannot run.
  assert.match((await lines(application('arm', `${lab.addressFromHosts}/shop/arm:1`, { web: {} })))[0] ?? '', /^! web: .*is linux\/(?!arm64)\w+, and the image is for linux\/arm64 only/);

  // A Dockerfile that begins with it is built anew when it moves.
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  await writeFile(join(folder, 'Dockerfile'), `FROM ${lab.addressFromHosts}/shop/base:1\nENTRYPOINT ${JSON.stringify(untilStopped)}\n`);
  await lab.push(first, 'shop/base:1');
  const built = (pullPolicy: string): Application => {
    const read = understand(`name: built\nservices:\n- docker.dockerfile.url: .\n  id: x\n  location: a\n  brooklyn.config: { docker.image.pullPolicy: ${pullPolicy}, docker.dockerfile.name: based }\n`).application;
    assert.ok(read);
    return { ...read, folder };
  };
  const baseWord = async (): Promise<string> => (await execIn(one.docker.getContainer('built-x'), ['cat', '/word'])).trim();
  await deployed(cloud, built('always'));
  assert.equal(await baseWord(), 'first');
  await nothingToDo(cloud, built('always'));
  await lab.push(second, 'shop/base:1');
  await nothingToDo(cloud, built('missing'));
  assert.deepEqual((await cloud.plan(built('always'))).actions.map(({ kind }) => kind), ['build', 'replace']);
  await deployed(cloud, built('always'));
  assert.equal(await baseWord(), 'second');
  await nothingToDo(cloud, built('always'));

  const web = (more: Partial<Parameters<typeof application>[2][string]> = {}): Application => application('web', image, { x: { at: 'a', ...runs, ...more }, y: { at: 'b', ...runs, ...more } });
  assert.deepEqual((await lines(web())).filter((line) => line.includes('pull')), ['+ pull image '.concat(image, ' (DIGEST) on a'), '+ pull image '.concat(image, ' (DIGEST) on b')]);
  await deployed(cloud, application('early', image, { x: { at: 'a', ...runs } }));
  await lab.push(second, 'shop/web:1');
  // The tag has moved; what one host has counts for the other.
  await deployed(cloud, web());
  assert.equal(await word('web-x'), await word('web-y', two.docker));
  assert.equal(await word('web-x'), await word('early-x'));
  await nothingToDo(cloud, web());

  const moved = await lines(web({ pullPolicy: 'always' }));
  assert.deepEqual(moved.filter((line) => /pull|moved/.test(line)), ['a', 'b'].map((host) => `+ pull image ${image} (DIGEST) on ${host}`).concat(Array.from({ length: 2 }, () => `    image ${image} has moved: DIGEST becomes DIGEST`)));
  await deployed(cloud, web({ pullPolicy: 'always' }));
  assert.equal(await word('web-x'), await word('web-y', two.docker));
  assert.notEqual(await word('web-x'), await word('early-x'));
  const beganMs = performance.now();
  await nothingToDo(cloud, web({ pullPolicy: 'always' }));
  t.diagnostic(`planned, with the registry asked, in ${Math.round(performance.now() - beganMs)} ms`);
  await nothingToDo(cloud, application('early', image, { x: { at: 'a', ...runs } }));

  await lab.stop();
  isUp = false;
  // Nothing at its address answers, or says that nobody is there.
  const [note = '', ...rest] = await lines(web({ pullPolicy: 'always' }));
  assert.match(note, /^\* the registry of \S+ (?:cannot be reached from the host|did not answer in time), so whether \S+ has moved is not known: what the hosts have of it is used$/);
  assert.deepEqual(rest, ['Nothing to do: 2 containers are as wanted.']);
  await nothingToDo(cloud, built('always'));
  // What is nowhere but on its host is what it is. Another test may have left it on the other one.
  await two.docker.getImage(base).remove({ force: true }).catch(() => {});
  await nothingToDo(cloud, web());
  assert.match((await lines(application('local', base, { x: { at: 'b', pullPolicy: 'never' } })))[0] ?? '', /^! x: image \S+ is not on host b, and its pull policy is never; bring it there \(clocker images transfer\), or let it be pulled$/);
  await deployed(cloud, application('local', base, { x: { at: 'a', pullPolicy: 'always' } }));
  await nothingToDo(cloud, application('local', base, { x: { at: 'a', pullPolicy: 'always' } }));
  for (const id of ['web', 'early', 'local', 'built']) await deleted(cloud, id);
});

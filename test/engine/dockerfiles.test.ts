// Entities whose images are built from Dockerfiles, on real engines: built once in a cloud, taken to its other hosts, built anew
// where something changed; and what a failure touches.

import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test, type TestContext } from 'node:test';
import type Docker from 'dockerode';
import type { Application } from '#core/blueprint/application.ts';
import { usualKeep } from '#core/image/caught.ts';
import { actionTitle, render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { ImageStores } from '../../client/engine/imageStores.ts';
import { CaughtImages } from '../../client/engine/caught.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { tgz } from '../support/archives.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { container, deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
// The second host gets it from the first.
const base = await busyboxImage([one]);
const forever = 'CMD ["sh", "-c", "trap \\"exit 0\\" TERM; while true; do sleep 1000 & wait $!; done"]\n';

async function folderOf(t: TestContext, files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-'));
  t.after(() => rm(folder, { recursive: true }));
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
  return folder;
}

/** As somebody sees it who comes new. */
async function east(t: TestContext): Promise<Cloud> {
  const cloud = openCloud([{ name: 'h1', endpoint: one?.endpoint ?? '' }, { name: 'h2', endpoint: two?.endpoint ?? '' }], undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

function blueprint(text: string, folder: string | undefined): Application {
  const { application, diagnostics } = understand(text);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return folder === undefined ? application : { ...application, folder };
}

const inside = (docker: Docker, name: string, ...command: readonly string[]): Promise<string> => execIn(docker.getContainer(name), command).then((text) => text.trim());
const built = async (docker: Docker): Promise<readonly string[]> => (await docker.listImages({ filters: { reference: ['localhost/clocker-built/*'] } })).flatMap(({ RepoTags }) => RepoTags ?? []).toSorted();

test('built once, taken to the other host, filled in, left alone, and built anew when what it copies has changed', async (t) => {
  const dockerfile = `ARG VERSION=0\nFROM ${base}\nARG VERSION\nCOPY page run.sh /\nRUN chmod +x /run.sh && echo "$VERSION \${greeting} \${VERSION} \${PATH:+path} \${entity.displayName}" > /said\n${forever}`;
  const folder = await folderOf(t, { 'web/Dockerfile': dockerfile, 'web/page': 'first', 'web/run.sh': 'x', 'web/.dockerignore': 'notes', 'web/notes': '1', 'cache.tgz': await tgz({ Dockerfile: `FROM ${base}\nCOPY data /\n${forever}`, data: 'cached' }) });
  const text = `
name: shop
services:
- docker.dockerfile.url: ./web
  id: web
  name: web
  location: h1
  brooklyn.config:
    docker.dockerfile.substitutions: { VERSION: "1.2", greeting: hello }
- type: clocker.docker.entity.container.application.VanillaDockerApplication
  id: again
  location: h2
  name: web
  dockerfileUrl: ./web
  docker.dockerfile.substitutions: { VERSION: "1.2", greeting: hello }
- type: brooklyn.entity.container.docker.application.DockerfileApplication
  id: cache
  location: h2
  brooklyn.config: { docker.dockerfile.url: cache.tgz, docker.container.environment: { PASSWORD: hunter2 } }
`;
  const cloud = await east(t);
  const app = blueprint(text, folder);
  const plan = await cloud.plan(app);
  const [webImage = '', cacheImage = ''] = plan.actions.flatMap((action) => (action.kind === 'build' ? [action.image] : []));
  assert.match(`${webImage} ${cacheImage}`, /^localhost\/clocker-built\/web:[0-9a-f]{24} localhost\/clocker-built\/cache:[0-9a-f]{24}$/);
  assert.deepEqual(plan.actions.map(actionTitle), [`+ build image ${webImage} on h1`, `+ build image ${cacheImage} on h2`, `+ take image ${webImage} from h1 to h2`, '+ create shop-web on h1', '+ create shop-again on h2', '+ create shop-cache on h2']);
  assert.ok(render(plan).includes('    from ./web'));
  const outcome = await cloud.apply(plan);
  assert.deepEqual(problems(outcome), []);
  assert.equal(outcome.kind, 'done');
  await nothingToDo(cloud, app);
  await nothingToDo(await east(t), app);
  assert.deepEqual([await built(one.docker), await built(two.docker)], [[webImage], [cacheImage, webImage].toSorted()]);
  for (const [docker, name] of [[one.docker, 'shop-web'], [two.docker, 'shop-again']] as const) assert.equal(await inside(docker, name, 'cat', '/said'), '1.2 hello 1.2 path web');
  assert.equal(await inside(two.docker, 'shop-cache', 'cat', '/data'), 'cached');

  await writeFile(join(folder, 'web/notes'), '2');
  await nothingToDo(cloud, app);
  await writeFile(join(folder, 'web/page'), 'second');
  const anew = await cloud.plan(app);
  assert.deepEqual(anew.actions.map(({ kind }) => kind), ['build', 'pull', 'replace', 'replace']);
  assert.match(render(anew).join('\n'), /image localhost\/clocker-built\/web:[0-9a-f]{24} is built anew: its Dockerfile has changed, or what it is built with/);
  // What is looked at is what is built.
  await writeFile(join(folder, 'web/page'), 'third');
  const late = await cloud.apply(anew);
  assert.equal(late.kind, 'failed');
  assert.match(problems(late).join('\n'), /^build image localhost\/clocker-built\/web:[0-9a-f]{24} on h1: what it is built from has changed meanwhile; plan again$/);
  await deployed(cloud, app);
  assert.equal(await inside(two.docker, 'shop-again', 'cat', '/page'), 'third');

  // An earlier deployment has its image again, without the folder; one whose image is gone is refused.
  const back = async (): Promise<Application> => cloud.recall('shop', 1, async (one) => understand(one));
  const goingBack = await cloud.plan(await back());
  assert.deepEqual(goingBack.actions.map(({ kind }) => kind), ['replace', 'replace']);
  assert.equal((await cloud.apply(goingBack)).kind, 'done');
  assert.equal(await inside(two.docker, 'shop-again', 'cat', '/page'), 'first');
  await nothingToDo(cloud, await back());
  await deployed(cloud, app);
  assert.equal(await inside(two.docker, 'shop-again', 'cat', '/page'), 'third');
  for (const { docker } of [one, two]) {
    await docker.getImage(webImage).tag({ repo: 'clocker-test/kept', tag: '1' });
    await docker.getImage(webImage).remove();
  }
  assert.deepEqual((await cloud.plan(await back())).refusals.map(({ reason }) => reason), [`its image was built from ./web, which was not kept with the deployment, and no host that is up has image ${webImage} of then any more; deploy the blueprint of then from its own folder`]);
  const [repo = '', tag = ''] = webImage.split(':');
  for (const { docker } of [one, two]) {
    await docker.getImage('clocker-test/kept:1').tag({ repo, tag });
    await docker.getImage('clocker-test/kept:1').remove();
  }

  // Somebody who has no such folder leaves the image as it is.
  await nothingToDo(cloud, blueprint(text.replace('cache.tgz', join(folder, 'cache.tgz')), undefined));

  // What is built and not used any more goes when somebody asks, or by itself when it is old; what is used stays.
  const current = container(cloud, 'shop', 'web').image;
  const kept = async (count: number): Promise<readonly string[]> => (await cloud.caughtImages({ ...usualKeep, count })).flatMap(({ host, images, prunable }) => images.map(({ kind, type, image, usedBy }) => `${host} ${kind} ${type}: ${usedBy.join()}${prunable.some((other) => other.image.image === image) ? 'goes' : ''}`)).toSorted();
  assert.deepEqual(await kept(0), ['h1 built web: goes', 'h1 built web: shop-web', 'h2 built cache: shop-cache', 'h2 built web: goes', 'h2 built web: shop-again']);
  await cloud.removeImage('h1', webImage);
  assert.deepEqual(await built(one.docker), [current]);
  await assert.rejects(cloud.removeImage('h1', current), /is (?:being )?using/);
  const world = { observed: () => cloud.observed, port: (name: string) => ports.get(name), nowMs: () => Date.now() + 31 * 86_400_000 };
  const later = new CaughtImages({ ...world, stores: new ImageStores(world) });
  const ports = new Map([one, two].map((host, index) => [`h${index + 1}`, connectDocker({ name: `h${index + 1}`, endpoint: host.endpoint })]));
  t.after(() => ports.forEach((port) => port.close()));
  for (const name of ports.keys()) await later.tidy(name, '');
  assert.deepEqual([await built(one.docker), await built(two.docker)], [[current], [cacheImage, current].toSorted()]);
  await deleted(cloud, 'shop');
  await later.tidy('h2', current);
  assert.deepEqual(await built(two.docker), [current]);
});

test('a build that fails fails what needs it, with its line and last words, and leaves no name; what cannot be read is refused', async (t) => {
  const folder = await folderOf(t, { 'good/Dockerfile': `FROM ${base}\n${forever}`, 'bad/Dockerfile': `FROM ${base}\n\nRUN echo one; \\\n  echo two; exit 3\n`, 'odd/Dockerfile': `FROM ${base}\nFOO bar\n`, 'asks/Dockerfile': `FROM ${base}\nENV DB=\${attribute['host.address']}\n`, 'secret/Dockerfile': `FROM ${base}\nENV P=\${password}\n`, 'up.tgz': await tgz({ Dockerfile: 'FROM scratch', '../evil': '' }) });
  const service = (id: string, dockerfile: string, more = ''): string => `\n- { id: ${id}, docker.dockerfile.url: ${dockerfile}, location: h1${more} }`;
  const cloud = await east(t);
  const app = blueprint(`name: bad\nservices:${service('good', 'good')}${service('bad', 'bad')}${service('odd', 'odd/Dockerfile')}`, folder);
  const outcome = await deploy(cloud, app);
  assert.equal(outcome.kind, 'failed');
  const [failing = '', unknown = '', ...rest] = problems(outcome).toSorted();
  assert.match(failing, /^build image localhost\/clocker-built\/bad:\w+ on h1: bad\/Dockerfile:3: RUN echo one;\s+echo two; exit 3: .*code:? 3$/);
  assert.match(unknown, /^build image localhost\/clocker-built\/odd:\w+ on h1: odd\/Dockerfile:2: .*unknown instruction: FOO$/i);
  assert.deepEqual(rest, []);
  assert.deepEqual(outcome.steps.flatMap(({ state }) => (state.kind === 'failed' ? state.logTail : [])), ['one', 'two']);
  assert.deepEqual(outcome.steps.map(({ action, state }) => `${action.kind} ${state.kind}`).toSorted(), ['build done', 'build failed', 'build failed', 'create done', 'create skipped', 'create skipped']);
  assert.deepEqual((await built(one.docker)).filter((name) => /\/(?:bad|odd):/.test(name)), []);
  assert.equal(container(cloud, 'bad', 'good').state, 'running');

  const refused = await cloud.plan(blueprint(`name: bad\nservices:${service('good', 'good')}${service('a', 'nowhere')}${service('b', 'up.tgz')}${service('c', 'asks')}${service('d', 'secret', ', docker.dockerfile.substitutions: { password: hunter2 }')}`, folder));
  assert.deepEqual(refused.refusals.map(({ entity, reason }) => `${entity}: ${reason.replace(folder, '')}`), [
    'a: its image cannot be built from nowhere: there is no file or folder /nowhere',
    'b: its image cannot be built from up.tgz: the archive has an entry ../evil that leads out of it',
    "c: its image cannot be built yet: docker.dockerfile.url: The template cannot be filled in: attribute['host.address'] has no value; write attribute['host.address']!\"...\" for what to use then.",
    'd: its image cannot be built yet: docker.dockerfile.url: its Dockerfile is given a value that looks secret, which would stay in the image for everybody to read; give it to the container (docker.container.environment)',
  ]);
  await deleted(cloud, 'bad');
});

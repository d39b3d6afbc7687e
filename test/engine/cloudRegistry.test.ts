// The registry of a docker cloud, behind a password and with an authority of its own: images are asked of it first, with the log-in
// that the blueprint brings, and what is installed is kept there; what goes wrong is one sentence, and the password is nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type Docker from 'dockerode';
import type { Application } from '#core/blueprint/application.ts';
import type { ImageSource } from '#core/image/source.ts';
import { render } from '#core/plan/render.ts';
import { planJson } from '../../client/cli/planJson.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, registry } from '../support/lab.ts';
import { blueprint, deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

const hosts = await nestedHosts(2);
const [one, two] = hosts;
assert.ok(one !== undefined && two !== undefined);
const base = await busyboxImage([one]);
const password = 'hunter-of-registries';
const lab = await registry({ htpasswd: { username: 'me', password }, tls: true });
const at = lab.addressFromHosts;
await lab.push(base, 'shop/web:1');

/** Two hosts as one cloud; `source` is its registry. */
async function east(source: ImageSource): Promise<Cloud> {
  const cloud = openCloud(
    hosts.map((host, index) => ({ name: `h${index + 1}`, endpoint: host.tcpEndpoint, insecure: true })),
    undefined,
    [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] }, source }],
  );
  await cloud.settled();
  return cloud;
}

/** Something installed once, whose every installation differs. */
const installing = (id: string, host: string, login: string): Application => blueprint(`
id: ${id}
location: ${host}
services:
- type: vanilla-software-process
  id: it
  brooklyn.config:
    docker.image.base: ${base}
    install.command: cat /proc/sys/kernel/random/uuid > /installed
    launch.command: exec sleep 100000
    ${login}
`);

const me = (secret: string): string => `{ docker.registry.url: "${at}", docker.registry.writeable: true, docker.registry.username: me, docker.registry.password: ${secret} }`.slice(2, -2);

async function forgotten(docker: Docker): Promise<void> {
  for (const { RepoTags } of await docker.listImages({ filters: { label: ['io.clocker.caught'] } })) for (const tag of RepoTags ?? []) await docker.getImage(tag).remove();
}

const web = (login: string): Application => blueprint(`id: shop\nlocation: east\nservices:\n- type: docker:shop/web:1\n  id: web\n  brooklyn.config: { docker.image.commands: [sleep, "100000"]${login} }\n`);

test('images are asked of the cloud\'s registry first, with the log-in of the blueprint', async (t) => {
  const cloud = await east({ address: at });
  t.after(() => cloud.dispose());
  const fails = async (app: Application, sentence: RegExp): Promise<void> => {
    const [problem = ''] = problems(await deploy(cloud, app));
    assert.match(problem, sentence);
  };
  const named = `${at}/shop/web:1`;
  await fails(web(''), new RegExp(`^pull image shop/web:1 on h1: the host does not believe the certificate of the registry of image ${named}; put its authority's certificate into /etc/docker/certs\\.d/${at}/ca\\.crt there `));
  for (const host of hosts) await lab.trustOn(host);
  await fails(web(''), new RegExp(`: the registry wants a login for image ${named}; `));
  await fails(web(`, docker.registry.url: "https://${at}/", docker.registry.username: me, docker.registry.password: wrong`), new RegExp(`: the registry of image ${named} refuses the user name or the password; `));
  const app = web(`, docker.registry.url: "https://${at}/", docker.registry.username: me, docker.registry.password: ${password}`);
  const plan = await cloud.plan(app);
  assert.deepEqual(render(plan).slice(0, 2).map((line) => line.replace(/\(\w+\)/, '(digest)')), ['+ pull image shop/web:1 (digest) on h1', `    from ${at}, if it has it`]);
  await deployed(cloud, app);
  await nothingToDo(cloud, app);
  const inspected = await Promise.all((await one.docker.listContainers({ all: true })).map(({ Id }) => one.docker.getContainer(Id).inspect()));
  const volumes = await one.docker.listVolumes();
  assert.ok(inspected.length > 0);
  assert.doesNotMatch(JSON.stringify([planJson(plan), render(plan), inspected, volumes, cloud.observed]), /hunter/);
  await deleted(cloud, 'shop');
});

test('what was installed is pushed once and pulled by another host; a registry that does not help is told and fails nobody', async (t) => {
  t.after(() => lab.stop().catch(() => {}));
  for (const host of hosts) await forgotten(host.docker);
  await busyboxImage([two]);
  /** Gives what was told, and from where the image came. */
  const started = async (id: string, host: string, secret: string, cloud: Cloud): Promise<{ readonly notes: readonly string[]; readonly details: string }> => {
    const details: string[] = [];
    const app = installing(id, host, me(secret).replaceAll(', docker', '\n    docker'));
    const outcome = await cloud.apply(await cloud.plan(app), { onStep: (steps) => steps.forEach(({ state }) => state.kind === 'running' && details.push(state.detail ?? '')) });
    assert.deepEqual([outcome.kind, problems(outcome)], ['done', []]);
    await nothingToDo(cloud, app);
    return { notes: 'notes' in outcome ? (outcome.notes ?? []) : [], details: details.join('\n') };
  };
  const installed = (docker: Docker, id: string): Promise<string> => execIn(docker.getContainer(`${id}-it`), ['cat', '/installed']);
  const notUsed = 'the registry of the cloud is not used, and what was installed goes from host to host: ';

  const here = await east({ address: at });
  t.after(() => here.dispose());
  assert.deepEqual((await started('first', 'h1', password, here)).notes, []);
  const second = await started('second', 'h2', password, here);
  assert.deepEqual([second.notes, /from 127|from h1/.test(second.details), second.details.includes(`from ${at}`)], [[], false, true]);
  assert.equal(await installed(two.docker, 'second'), await installed(one.docker, 'first'));
  const names = (await two.docker.listImages({ filters: { label: ['io.clocker.caught'] } })).flatMap(({ RepoTags, RepoDigests }) => (RepoTags ?? []).concat(RepoDigests ?? []));
  assert.match(names.join(), /^localhost\/clocker-caught\/vanilla-software-process:\w+$/);

  let last = 'second';
  const again = async (id: string, secret: string, note: RegExp): Promise<void> => {
    const cloud = await east({ address: at });
    t.after(() => cloud.dispose());
    await deleted(cloud, last);
    last = id;
    await forgotten(two.docker);
    const told = await started(id, 'h2', secret, cloud);
    assert.deepEqual([told.notes.length, told.details.includes('from h1')], [1, true]);
    assert.match(told.notes.join(), note);
    assert.equal(await installed(two.docker, id), await installed(one.docker, 'first'));
  };
  await again('third', 'wrong', new RegExp(`^${notUsed}the registry ${at} refuses the user name or the password$`));
  await two.exec(['rm', '-r', `/etc/docker/certs.d/${at}`]);
  await again('fourth', password, new RegExp(`^${notUsed}the host does not believe the certificate of the registry ${at}$`));
  await lab.trustOn(two);
  await lab.stop();
  await again('fifth', password, new RegExp(`^${notUsed}the registry ${at} (?:cannot be reached from the host|did not answer in time)$`));
  for (const id of ['first', last]) await deleted(here, id);
});

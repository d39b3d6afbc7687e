// The registry of a docker cloud, behind a password and with an authority of its own: images are asked of it first, with the log-in
// that the blueprint brings; what goes wrong is one sentence, and the password is nowhere.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import type { ImageSource } from '#core/image/source.ts';
import { render } from '#core/plan/render.ts';
import { planJson } from '../../client/cli/planJson.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { busyboxImage, nestedHosts, registry } from '../support/lab.ts';
import { deleted, deploy, deployed, nothingToDo, problems } from './support.ts';

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

function read(text: string): Application {
  const { application, diagnostics } = understand(text);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return application;
}

const web = (login: string): Application => read(`id: shop\nlocation: east\nservices:\n- type: docker:shop/web:1\n  id: web\n  brooklyn.config: { docker.image.commands: [sleep, "100000"]${login} }\n`);

test('images are asked of the cloud\'s registry first, with the log-in of the blueprint', async (t) => {
  t.after(() => lab.stop());
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

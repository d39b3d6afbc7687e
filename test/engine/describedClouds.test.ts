// Docker clouds that blueprints describe, on hosts that are configured and on machines that join over SSH: known to every machine that
// sees the hosts, as they are described now, until their blueprint is deleted.

import assert from 'node:assert/strict';
import { after, test, type TestContext } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import type { HostConfig } from '#core/host/config.ts';
import { noCredentials } from '../../client/engine/ports.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { understand } from '../../client/understand.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { sshHome, sshServer } from '../support/lab/ssh.ts';
import { application, deleted, deployed, nothingToDo } from './support.ts';

const [[first, second], home] = await Promise.all([nestedHosts(2), sshHome(after)]);
assert.ok(first !== undefined && second !== undefined);
const image = await busyboxImage([first, second]);
const a = { name: 'a', endpoint: first.endpoint };
const b = { name: 'b', endpoint: second.endpoint };

/** Another machine that sees these hosts. */
async function machine(t: TestContext, hosts: readonly HostConfig[], settings: readonly CloudConfig[] = []): Promise<Cloud> {
  const cloud = openCloud(hosts, noCredentials, settings);
  t.after(() => cloud.dispose());
  await cloud.settled();
  return cloud;
}

function described(location: string, config: string): Application {
  const { application: made, diagnostics } = understand(`id: clouds\nlocations: ${location}\nservices:\n- type: clocker.docker.entity.DockerInfrastructure\n  id: infra\n  brooklyn.config:\n    entity.dynamicLocation.name: ours\n    docker.host.cluster.initial.size: 1\n${config}`);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error'), []);
  assert.ok(made !== undefined);
  return made;
}

const most = (containers: number): string => `    docker.container.cluster.maxSize: ${containers}\n`;

/** What the machine knows: hosts with the cloud of each, the most containers that a host of ours takes, and what stands against it. */
function check({ observed: { hosts, clouds = [], cloudProblems = [] } }: Cloud, expected: string): void {
  const ours = clouds.find(({ name }) => name === 'ours');
  assert.equal([...hosts.map(({ host, cloud, state }) => `${host}${cloud === undefined ? '' : `@${cloud}`}${state.kind === 'up' ? '' : ` ${state.kind}`}`), ours === undefined ? 'none' : `at most ${ours.placement.maxContainers ?? 'any'}`, ...cloudProblems.map(({ problem }) => problem)].join(', '), expected);
}

test('a cloud of configured hosts is known to others, changes at once, and goes with its blueprint', async (t) => {
  const mine = await machine(t, [a, b]);
  const once = described('[a, b]', most(1));
  assert.deepEqual(render(await mine.plan(once)), ['+ describe cloud ours', 'Only its docker cloud changes.']);
  await deployed(mine, once);
  await nothingToDo(mine, once);
  const other = await machine(t, [b, a]);
  for (const one of [mine, other]) check(one, `${one === mine ? 'a@ours, b@ours' : 'b@ours, a@ours'}, at most 1`);
  check(await machine(t, [a]), 'a, at most 1, there is no host or cloud b for its hosts; there are a');
  check(await machine(t, [a, b], [{ name: 'ours', hosts: ['b'], placement: { strategies: [], affinityRules: [], maxContainers: 7 } }]), 'a, b@ours, at most 7');

  assert.deepEqual((await other.plan(application('two', image, { x: { at: 'ours' }, y: { at: 'infra' } }))).refusals, []);
  assert.deepEqual((await other.plan(application('full', image, { x: { at: 'ours' }, y: { at: 'ours' }, z: { at: 'ours' } }))).refusals.map(({ entity, reason }) => `${entity} ${reason}`), ['z no host can take it; b, a: has 1 container, of at most 1']);
  const more = described('[a]', most(2));
  assert.deepEqual(render(await other.plan(more)), ['~ describe cloud ours anew', '    where its hosts are changes', '    what it asks of placement changes', 'Only its docker cloud changes.']);
  await deployed(other, more);
  await nothingToDo(other, more);
  await mine.history('clouds');
  check(mine, 'a@ours, b, at most 2');
  await deleted(mine, 'clouds');
  check(mine, 'a, b, none');
  await other.history('clouds');
  check(other, 'b, a, none');
  for (const { docker } of [first, second]) assert.deepEqual((await docker.listVolumes()).Volumes, []);
});

test('hosts of a Swarm keep their cloud in it, as it is described now, and no longer than its blueprint', async (t) => {
  const ports = [connectDocker(a), connectDocker(b)] as const;
  t.after(() => ports.forEach((port) => port.close()));
  t.after(() => Promise.all([second, first].map(({ docker }) => docker.swarmLeave({ force: true }))));
  await joinHosts([{ host: 'a', port: ports[0], address: first.address }, { host: 'b', port: ports[1], address: second.address }], { cloud: 'lab' });
  const kept = async (): Promise<readonly string[]> => (await first.docker.listConfigs()).map(({ Spec }) => Spec?.Name ?? '').toSorted();
  const mine = await machine(t, [a, b]);
  await deployed(mine, described('[a, b]', most(1)));
  await deployed(mine, described('[a]', most(2)));
  assert.deepEqual(await kept(), ['clocker-record-clouds-1', 'clocker-record-clouds-2']);
  for (const { docker } of [first, second]) assert.deepEqual((await docker.listVolumes()).Volumes, []);
  check(await machine(t, [b, a]), 'b, a@ours, at most 2');
  check(await machine(t, [a]), 'a@ours, at most 2');
  await deleted(mine, 'clouds');
  assert.deepEqual(await kept(), []);
  check(await machine(t, [a, b]), 'a, b, none');
});

test('machines that join are known by who sees a host outside of their cloud, or one of them', async (t) => {
  const server = await sshServer(second);
  await server.admit(home.publicKey);
  await home.write('known_hosts', `${server.address} ${server.publicKey}\n`);
  const endpoint = `ssh://deployer@${server.address}`;
  const mine = await machine(t, [a]);
  const infrastructure = described(`[{'byon:(hosts="${server.address}")': {user: deployer}}]`, '');
  await deployed(mine, infrastructure);
  await nothingToDo(mine, infrastructure);
  check(mine, 'a, ours-1@ours, at most any');
  const web = application('web', image, { x: { at: 'ours' } });
  const other = await machine(t, [a]);
  check(other, 'a, ours-1@ours, at most any');
  await deployed(other, web);
  check(await machine(t, [{ name: 'box', endpoint }]), 'box@ours, at most any');

  await mine.history('clouds');
  assert.deepEqual((await mine.planDelete('clouds')).refusals.map(({ reason }) => reason), ['it describes the cloud ours, and web is on its host ours-1; delete that first, or configure the cloud']);
  await deleted(mine, 'web');
  assert.deepEqual(render(await mine.planDelete('clouds')), ['- take host ours-1 of ours away', '    because nothing describes ours any more', '- forget its history on a, ours-1', '1 host to take away.']);
  await deleted(mine, 'clouds');
  check(mine, 'a, none');
  for (const { docker } of [first, second]) {
    assert.deepEqual((await docker.listVolumes()).Volumes, []);
    assert.deepEqual(await docker.listContainers({ all: true }), []);
  }
});

// A network across hosts that nobody's blueprint knows, on three real hosts in one Swarm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, containers, deleted, deployed, nothingToDo, problems, type EntityText } from './support.ts';

const hosts = await nestedHosts(3);
const image = await busyboxImage(hosts);
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });
const [first, second, third] = hosts;
assert.ok(first && second && third);

test('a network by hand spans the hosts: joined by what runs, kept through a move, left again', async (t) => {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  t.after(() => ports.forEach(({ port }) => port.close()));
  await joinHosts(ports, { cloud: 'lab' });
  const cloud = await cloudOf(t, ...hosts.map(config));
  const at = (web: LabHost): ReturnType<typeof application> => application('mesh', image, { web: { at: web.name }, db: { at: second.name } });
  const change = async (wish: Parameters<typeof cloud.planNetwork>[0]): Promise<void> => {
    const outcome = await cloud.apply(await cloud.planNetwork(wish));
    assert.equal(outcome.kind, 'done', problems(outcome).join());
  };
  await deployed(cloud, at(first));
  await change({ kind: 'create', network: 'wide', settings: { cidr: '10.66.0.0/24' } });
  await change({ kind: 'connect', network: 'wide', application: 'mesh', entities: ['web'], address: '10.66.0.66' });
  await change({ kind: 'connect', network: 'wide', application: 'mesh' });
  const reaches = (): Promise<string> => eventually(() => execIn(second.docker.getContainer('mesh-db'), ['ping', '-c', '1', '-W', '1', '10.66.0.66']), 10_000);
  await reaches();
  const outcome = await cloud.apply(await cloud.plan(at(third)));
  assert.equal(outcome.kind, 'done', problems(outcome).join());
  assert.deepEqual([container(cloud, 'mesh', 'web').host, container(cloud, 'mesh', 'web').addresses['clockeroverlay-wide'], container(cloud, 'mesh', 'db').addresses['clockeroverlay-wide']], [third.name, '10.66.0.66', '10.66.0.2']);
  await reaches();
  assert.deepEqual(render(await cloud.plan(at(third))).map((line) => line.replace(/ \S+@\S+ /, ' somebody ')), [
    '  web stays on network wide, to which somebody connected it', '  db stays on network wide, to which somebody connected it', 'Nothing to do: 2 containers are as wanted.']);
  await change({ kind: 'disconnect', network: 'wide', application: 'mesh' });
  await change({ kind: 'remove', network: 'wide' });
  await nothingToDo(cloud, at(third));
  await deleted(cloud, 'mesh');
});

test('two machines bring two applications onto one network across hosts at once: nobody gets another\'s address', async (t) => {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker(config(host)) }));
  t.after(() => ports.forEach(({ port }) => port.close()));
  await joinHosts(ports, { cloud: 'lab' });
  const [one, other] = await Promise.all([cloudOf(t, ...hosts.map(config)), cloudOf(t, ...hosts.map(config))]);
  const made = await one.apply(await one.planNetwork({ kind: 'create', network: 'common', settings: { cidr: '10.67.0.0/24' } }));
  assert.equal(made.kind, 'done', problems(made).join());
  await other.refresh();
  const entity = (host: LabHost): EntityText => ({ at: host.name, networks: ['common'] });
  const app = (id: string, [a, b, c]: readonly [LabHost, LabHost, LabHost]): ReturnType<typeof application> => application(id, image, { a: entity(a), b: entity(b), c: entity(c) });
  const [left, right] = [app('left', [first, second, third]), app('right', [second, third, first])];
  const plans = await Promise.all([one.plan(left), other.plan(right)]);
  for (const plan of plans) assert.match(render(plan).join('\n'), /address 10\.67\.0\.2 on common[^]*address 10\.67\.0\.4 on common/);
  const outcomes = await Promise.all([one.apply(plans[0]), other.apply(plans[1])]);
  for (const outcome of outcomes) assert.equal(outcome.kind, 'done', problems(outcome).join());
  await one.refresh();
  const all = ['left', 'right'].flatMap((id) => containers(one, id));
  assert.deepEqual(all.flatMap(({ addresses }) => Object.values(addresses)).toSorted(), all.flatMap(({ owner }) => Object.values(owner?.addresses ?? {})).toSorted());
  const common = all.map(({ addresses }) => addresses['clockeroverlay-common'] ?? '');
  t.diagnostic(common.toSorted().join(', '));
  assert.equal(new Set(common).size, 6);
  for (const address of common) await eventually(() => execIn(second.docker.getContainer('left-b'), ['ping', '-c', '1', '-W', '1', address]), 20_000);
  await nothingToDo(one, left);
  await nothingToDo(one, right);
  await deleted(one, 'left');
  await deleted(one, 'right');
  const removed = await one.apply(await one.planNetwork({ kind: 'remove', network: 'common' }));
  assert.equal(removed.kind, 'done', problems(removed).join());
});

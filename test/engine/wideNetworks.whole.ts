// A network across hosts that nobody's blueprint knows, on three real hosts in one Swarm.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { render } from '#core/plan/render.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, deleted, deployed, nothingToDo, problems } from './support.ts';

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

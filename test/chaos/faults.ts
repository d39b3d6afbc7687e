// What the world does to a deployment besides killing it, one function a fault. Each begins with nothing deployed and ends with
// version one deployed and looked at.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/lab/docker.ts';
import { httpImage, type LabHost } from '../support/lab.ts';
import type { World } from './world.ts';

export type Fault = (world: World) => Promise<void>;

/** Of the application, on each host. */
const network = 'clocker-chaos';
/** What is said to those who were not the first. */
const meanwhile = /has been working on|have changed since|there is no application chaos/;
/** Once the deployment has made something. */
const underWay = /ok {2}(?:create|replace)/;

export const faults: Readonly<Record<string, Fault>> = {
  'an engine crashes and starts again': async (world) => {
    for (const version of ['one', 'two'] as const) {
      const child = world.start(version);
      await child.said(underWay);
      await hostOf(world, 1).killEngine();
      await child.ended;
      await world.settle(version, 'hosts were hurt');
    }
    const child = world.start('deleted');
    await child.said(/ok {2}remove/);
    await hostOf(world, 2).killEngine();
    await child.ended;
    await world.settle('deleted', 'hosts were hurt');
    await world.settle('one');
  },

  'a host dies and comes back': async (world) => {
    for (const version of ['one', 'two'] as const) {
      const child = world.start(version);
      await child.said(underWay);
      await hostOf(world, 1).kill();
      const { end } = await child.ended;
      assert.notEqual(end, 0);
      await assert.rejects(world.converge(version), /refused: .*down/);
      await hostOf(world, 1).restart();
      await world.settle(version, 'hosts were hurt');
    }
  },

  'a host freezes for 15 s': async (world) => {
    const child = world.start('one');
    await child.said(underWay);
    await hostOf(world, 1).pause();
    await sleep(15_000);
    await hostOf(world, 1).unpause();
    await child.ended;
    await world.settle('one', 'hosts were hurt');
  },

  'a host is cut off for 30 s': async (world) => {
    const child = world.start('one');
    await child.said(underWay);
    await hostOf(world, 1).disconnect();
    await sleep(30_000);
    await hostOf(world, 1).reconnect();
    await child.ended;
    await world.settle('one', 'hosts were hurt');
  },

  'a disk is full': async (world) => {
    const host = hostOf(world, 2);
    await inContainersFolder(host, async (sizeKb) => {
      // Room for one or two containers beside what is there.
      await sizeKb((used) => used + 64);
      const { end, said } = await world.start('one').ended;
      assert.notEqual(end, 0);
      assert.match(said, /no space left|disk is full/);
      await sizeKb(() => 20_000);
      await world.settle('one');
      await world.converge('deleted');
    });
    await world.settle('one');
  },

  'a name is taken by a stranger': async (world) => {
    const { docker } = hostOf(world, 2);
    const before = await docker.createContainer({ name: 'chaos-c-port', Image: world.image });
    await assert.rejects(world.converge('one'), /refused: .*chaos-c-port/);
    await before.remove();
    const child = world.start('one');
    await child.said(/\.\.\. create/);
    // One of both comes first.
    const other = await docker.createContainer({ name: 'chaos-c-peer', Image: world.image }).catch(() => undefined);
    await child.ended;
    await other?.remove();
    await world.settle('one');
  },

  'a port is taken by a stranger': async (world) => {
    const host = hostOf(world, 2);
    const program = await host.docker.createContainer({ name: 'program', Image: await httpImage([host]), HostConfig: { NetworkMode: 'host' } });
    await program.start();
    await eventually(() => fetch(`http://${host.address}:8080`), 10_000);
    const { end, said } = await world.start('one').ended;
    assert.notEqual(end, 0);
    assert.match(said, /port 8080 of the host is already taken/);
    await program.remove({ force: true });
    await world.settle('one');
  },

  'an address is taken by a stranger': async (world) => {
    await world.settle('one');
    const { docker } = hostOf(world, 1);
    const ours = docker.getContainer('chaos-b-port');
    const address = (await ours.inspect()).NetworkSettings.Networks[network]?.IPAddress ?? '';
    await ours.remove({ force: true });
    const squatter = await docker.createContainer({
      name: 'squatter', Image: world.image, Cmd: ['sleep', '1000000'], HostConfig: { NetworkMode: network }, NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
    });
    await squatter.start();
    const { end, said } = await world.start('one').ended;
    assert.notEqual(end, 0);
    assert.ok(said.includes(`${address}, the address of b-port, is taken by container squatter`), said);
    assert.ok((await squatter.inspect()).State.Running);
    await squatter.remove({ force: true });
    await world.settle('one');
  },

  'a network is taken by a stranger': async (world) => {
    const { docker } = hostOf(world, 1);
    await docker.createNetwork({ Name: network });
    const { end, said } = await world.start('one').ended;
    assert.notEqual(end, 0);
    assert.match(said, /there is a network clocker-chaos already, which Clocker did not make/);
    const theirs = (await docker.listNetworks()).find(({ Name }) => Name === network);
    assert.deepEqual(Object.keys(theirs?.Containers ?? {}), []);
    await docker.getNetwork(theirs?.Id ?? '').remove();
    await world.settle('one');
  },

  'one deploys while another deletes': async (world) => {
    await world.settle('one');
    const ends = await Promise.all([world.start('two').ended, world.start('deleted').ended]);
    for (const { end, said } of ends) assert.ok(end === 0 || meanwhile.test(said), said);
    await world.settle('deleted');
    const again = await Promise.all([world.start('deleted').ended, world.start('one').ended]);
    for (const { end, said } of again) assert.ok(end === 0 || meanwhile.test(said), said);
    await world.settle('one');
  },

  'three deploy at once': async (world) => {
    const ends = await Promise.all([world.start('one').ended, world.start('one').ended, world.start('two').ended]);
    assert.ok(ends.some(({ end }) => end === 0), ends.map(({ said }) => said).join('\n'));
    for (const { end, said } of ends) assert.ok(end === 0 || meanwhile.test(said), said);
    await world.settle('one');
  },
};

function hostOf({ hosts }: World, index: number): LabHost {
  const host = hosts[index];
  assert.ok(host !== undefined);
  return host;
}

/** Puts what the engine writes of new containers on a small disk while `work` goes on; none of ours may be there before or after. */
async function inContainersFolder(host: LabHost, work: (sizeKb: (sizeOf: (usedKb: number) => number) => Promise<void>) => Promise<void>): Promise<void> {
  const folder = '/var/lib/docker/containers';
  const run = (command: string): Promise<string> => host.exec(['sh', '-c', command]);
  // What is there stays there: strangers go on.
  await run(`cp -a ${folder} /tmp/kept && mount -t tmpfs -o size=20000k tmpfs ${folder} && cp -a /tmp/kept/. ${folder}/`);
  try {
    await work(async (sizeOf) => {
      const used = Number((await run(`df -k --output=used ${folder} | tail -1`)).trim());
      await run(`mount -o remount,size=${sizeOf(used)}k ${folder}`);
    });
  } finally {
    await run(`umount -l ${folder} && rm -rf /tmp/kept`);
  }
}

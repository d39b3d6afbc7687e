// What networks do to a deployment: hosts that lose packets, and hosts of a Swarm that do not reach each other while everybody
// reaches them from here. Nothing about addresses is lost.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type Docker from 'dockerode';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import type { LabHost } from '../support/lab.ts';
import { hostNames } from './application.ts';
import type { Fault } from './faults.ts';
import type { World } from './world.ts';

const underWay = /ok {2}create/;
const everyTenth = '-m statistic --mode random --probability 0.1 -j DROP';

export const networkFaults: Readonly<Record<string, Fault>> = {
  'every tenth packet is lost': async (world) => {
    const stop = await losing(world.hosts);
    try {
      const child = world.start('one');
      await child.ended;
      await world.converge('one', 10);
    } finally {
      await stop();
    }
    await world.settle('one');
  },

  'a host of a Swarm does not reach the others': async (world) => {
    const [, cut] = world.hosts;
    assert.ok(cut);
    const others = world.hosts.filter((host) => host !== cut);
    await joined(world.hosts);
    try {
      await world.converge('one', 10);
      const before = await addresses(world);
      assert.equal(Object.keys(before).length, 12);
      for (const { address } of others) await cut.exec(['iptables', '-I', 'INPUT', '-s', address, '-j', 'DROP']);
      const child = world.start('two');
      await Promise.race([child.said(underWay), sleep(20_000)]);
      await sleep(15_000);
      for (const { address } of others) await cut.exec(['iptables', '-D', 'INPUT', '-s', address, '-j', 'DROP']);
      await child.ended;
      await eventually(async () => joined(world.hosts), 60_000);
      await world.converge('two', 10);
      assert.deepEqual(await addresses(world), before);
      for (const [index, { docker }] of world.hosts.entries()) await allAnswer(docker.getContainer(`chaos-${hostNames[index] ?? ''}-port`), before);
      await world.converge('deleted', 10);
    } finally {
      for (const { docker } of world.hosts) await docker.swarmLeave({ force: true }).catch(() => undefined);
    }
    await world.settle('one');
  },
};

/** By the kernel's own means to spoil networks, or by a rule where it has none; gives how to end it. */
async function losing(hosts: readonly LabHost[]): Promise<() => Promise<void>> {
  const undo = await Promise.all(hosts.map(async (host) => {
    const way = await host.exec(['sh', '-c', `tc qdisc add dev eth0 root netem loss 10% 2>/dev/null && echo netem || { iptables -I INPUT ${everyTenth} && echo rule; }`]);
    return () => host.exec(['sh', '-c', way.includes('netem') ? 'tc qdisc del dev eth0 root' : `iptables -D INPUT ${everyTenth}`]);
  }));
  return async () => void (await Promise.all(undo.map((end) => end())));
}

async function joined(hosts: readonly LabHost[]): Promise<void> {
  const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker({ name: host.name, endpoint: host.endpoint }) }));
  try {
    await joinHosts(ports, { cloud: 'chaos' });
  } finally {
    for (const { port } of ports) port.close();
  }
}

/** From in there, each entity's name leads to its address, wherever it is, and somebody answers there. */
async function allAnswer(container: Docker.Container, expected: Readonly<Record<string, string>>): Promise<void> {
  for (const [entity, address] of Object.entries(expected)) {
    const said = await eventually(() => execIn(container, ['ping', '-c', '1', '-W', '1', `${entity}.chaos`]), 20_000);
    assert.ok(said.includes(`(${address})`), said);
  }
}

/** By entity, as the engines have them. */
async function addresses({ hosts }: World): Promise<Readonly<Record<string, string>>> {
  const all = await Promise.all(hosts.map(({ docker }) => docker.listContainers({ filters: { label: ['io.clocker.application=chaos'] } })));
  return Object.fromEntries(all.flat().map(({ Labels, NetworkSettings }) => [Labels['io.clocker.entity'] ?? '', NetworkSettings.Networks['clockernet-chaos']?.IPAddress ?? '']));
}

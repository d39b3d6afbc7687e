// `npm run bench:network`: what networks across three real hosts cost, each with how it grows: a container on one against a container
// on none, the time from its start to the first answer by name from another host, the silence while it moves beside what bare
// calls take, requests that are lost, and addresses given in memory. Parts by their names: `-- moves`. Ends with exit code 1 where
// a goal is missed.

import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Application } from '#core/blueprint/application.ts';
import { printAddress } from '#core/sdn/address.ts';
import { silenceIn } from '#core/sdn/silence.ts';
import { AddressSpace, subnetOf } from '#core/sdn/subnet.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import type { Insider } from '../../client/engine/insiderPort.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { application, container, deleted, deploy, deployed, type EntityText } from '../engine/support.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { httpImage, nestedHosts, type LabHost } from '../support/lab.ts';

const hosts = await nestedHosts(3);
const [first, second, third] = hosts;
assert.ok(first && second && third);
const image = await httpImage(hosts);
const ports = hosts.map((host) => ({ host: host.name, address: host.address, port: connectDocker({ name: host.name, endpoint: host.endpoint }) }));
await joinHosts(ports, { cloud: 'bench' });
const cloud: Cloud = openCloud(hosts.map(({ name, endpoint }) => ({ name, endpoint })));
await cloud.settled();
/** `/cgi-bin/slow` answers after 0.3 s: so there is always a request that was taken and is not answered yet. */
const slow = `mkdir /www/cgi-bin; printf '#!/bin/sh\\nsleep 0.3\\necho Content-Type: text/plain\\necho\\necho it works\\n' > /www/cgi-bin/slow; chmod +x /www/cgi-bin/slow`;
const command = ['sh', '-c', `${slow}; trap "exit 0" TERM; httpd -f -p 8080 -h /www & wait`];
const web: EntityText = { command, openPorts: [8080] };
let missed = 0;

const parts: Readonly<Record<string, () => Promise<void> | void>> = { connect: connectCost, answer: firstAnswer, moves, addresses: allocation };
for (const [name, part] of Object.entries(parts)) if (process.argv.length < 3 || process.argv.includes(name)) await part();
cloud.dispose();
for (const { port } of ports) port.close();
process.exitCode = missed === 0 ? 0 : 1;

/** A network that was removed just now goes from the other hosts of a Swarm a moment later: then it is planned again. */
async function fresh(app: Application): Promise<void> {
  for (let tries = 5; tries > 0; tries--) {
    await cloud.refresh();
    if ((await deploy(cloud, app)).kind !== 'outdated') break;
    await sleep(1000);
  }
  await deployed(cloud, app);
}

function goal(what: string, value: number, most: number): void {
  const isMet = value <= most;
  if (!isMet) missed++;
  console.log(`${isMet ? 'ok    ' : 'MISSED'} ${what}: ${value.toFixed(2)} (<= ${most})`);
}

/** Bare calls on one host, so that nothing but the network differs. */
async function connectCost(): Promise<void> {
  console.log('\nmilliseconds for each container, created and started four at a time by bare calls on one host');
  const { docker } = first!;
  await docker.createNetwork({ Name: 'bench', Driver: 'overlay', Attachable: true, IPAM: { Config: [{ Subnet: '10.77.0.0/22' }] } });
  const rows: Record<string, Record<string, number>> = {};
  for (const count of [4, 16, 48]) {
    const row: Record<string, number> = {};
    for (const network of ['none', 'bench']) {
      const beganMs = performance.now();
      const made: string[] = [];
      const queue = Array.from({ length: count }, (_, index) => index);
      await Promise.all(Array.from({ length: 4 }, async () => {
        for (let index = queue.shift(); index !== undefined; index = queue.shift()) {
          const one = await docker.createContainer({ Image: image, Cmd: ['sleep', '1000'], HostConfig: { NetworkMode: network }, ...(network === 'bench' && { NetworkingConfig: { EndpointsConfig: { bench: { IPAMConfig: { IPv4Address: `10.77.1.${index + 1}` } } } } }) });
          await one.start();
          made.push(one.id);
        }
      }));
      row[network === 'none' ? 'no network' : 'across hosts'] = Math.round((performance.now() - beganMs) / count);
      await Promise.all(made.map((id) => docker.getContainer(id).remove({ force: true })));
    }
    rows[`${count} containers`] = { ...row, connecting: (row['across hosts'] ?? 0) - (row['no network'] ?? 0) };
  }
  console.table(rows);
  await docker.getNetwork('bench').remove();
}

/** Each time with more containers that are there already. */
async function firstAnswer(): Promise<void> {
  console.log('\nmilliseconds from the start of a container to the first answer by its name from another host');
  const rows: Record<string, Record<string, number>> = {};
  for (const others of [0, 12, 36]) {
    const crowd = Object.fromEntries(Array.from({ length: others }, (_, index) => [`o${index}`, { at: hosts[index % 3]?.name ?? '' }]));
    const with_ = (more: Readonly<Record<string, EntityText>>): Application => application('crowd', image, { client: { at: second!.name }, ...crowd, ...more });
    await fresh(with_({}));
    const inside = await ports[1]!.port.insider.enter({ containerId: container(cloud, 'crowd', 'client').containerId });
    const found = answered(inside, 'web.crowd');
    await fresh(with_({ web: { ...web, at: first!.name } }));
    const { State } = await first!.docker.getContainer('crowd-web').inspect();
    rows[`beside ${others}`] = { milliseconds: Math.round((await found) - Date.parse(State.StartedAt)) };
    await inside.leave();
    await deleted(cloud, 'crowd');
  }
  console.table(rows);
}

/** When the name first led to an open port; milliseconds since 1970. */
async function answered(inside: Insider, name: string): Promise<number> {
  for (;;) {
    const [address] = (await inside.resolve(name)) ?? [];
    if (address !== undefined && (await inside.connect(address, 8080, 200)) === 'open') return Date.now();
  }
}

async function moves(): Promise<void> {
  console.log('\nwithout an answer while a container moves to another host, milliseconds, medians; as a third host sees it');
  const rows: Record<string, Record<string, number>> = {};
  for (const others of [0, 12]) {
    const crowd = Object.fromEntries(Array.from({ length: others }, (_, index) => [`o${index}`, { at: hosts[index % 3]?.name ?? '' }]));
    const app = (entity: EntityText): Application => application('moving', image, { client: { at: third!.name }, ...crowd, web: { ...entity } });
    const silences = { bare: [] as number[], stopFirst: [] as number[], startFirst: [] as number[] };
    const lost = { requests: 0, of: 0 };
    for (const kind of ['stopFirst', 'startFirst'] as const) {
      const wanted = app(kind === 'stopFirst' ? { ...web, mounts: [{ source: 'moving-data', path: '/data', readOnly: false }] } : web);
      await fresh(wanted);
      for (let run = 0; run < 3; run++) {
        const to = container(cloud, 'moving', 'web').host === first!.name ? second! : first!;
        const counted = kind === 'startFirst' ? await asking() : undefined;
        silences[kind].push(await silence(async () => {
          const outcome = await cloud.apply(await cloud.plan(wanted, { to: new Map([['web', to.name]]) }));
          assert.equal(outcome.kind, 'done');
        }));
        const said = await counted?.();
        lost.requests += said?.lost ?? 0;
        lost.of += said?.of ?? 0;
      }
      for (const _ of kind === 'stopFirst' ? [1, 2, 3] : []) {
        const from = container(cloud, 'moving', 'web').host === first!.name ? first! : second!;
        silences.bare.push(await silence(() => bareMove(from, from === first ? second! : first!)));
      }
      await deleted(cloud, 'moving');
    }
    const [bare, stopFirst, startFirst] = [silences.bare, silences.stopFirst, silences.startFirst].map(median);
    rows[`beside ${others}`] = { 'bare calls': bare ?? 0, 'Clocker, stop first': stopFirst ?? 0, 'Clocker, start first': startFirst ?? 0, requests: lost.of, lost: lost.requests };
    goal(`stop first, times bare calls, beside ${others}`, (stopFirst ?? 0) / (bare ?? 1), 1.15);
    goal(`requests lost start first, of ${lost.of}, beside ${others}`, lost.requests, 0);
  }
  console.table(rows);
}

/** What somebody does by hand with the container: stops it, starts its like elsewhere. */
async function bareMove(from: LabHost, to: LabHost): Promise<void> {
  const old = from.docker.getContainer('moving-web');
  const { Config, NetworkSettings: { Networks }, HostConfig } = await old.inspect();
  const address = Networks['clockernet-moving']?.IPAddress ?? '';
  const neu = await to.docker.createContainer({
    name: 'moving-web', Image: image, Cmd: Config.Cmd, Labels: Config.Labels, ExposedPorts: Config.ExposedPorts, Env: Config.Env, Hostname: Config.Hostname,
    HostConfig: { NetworkMode: 'clockernet-moving', Mounts: HostConfig.Mounts ?? [], PortBindings: HostConfig.PortBindings }, NetworkingConfig: { EndpointsConfig: { 'clockernet-moving': { Aliases: ['web'], IPAMConfig: { IPv4Address: address } } } },
  });
  await old.stop();
  await neu.start();
  await old.remove();
}

async function silence(move: () => Promise<void>): Promise<number> {
  const inside = await ports[2]!.port.insider.enter({ containerId: container(cloud, 'moving', 'client').containerId });
  const watch = await inside.watch(container(cloud, 'moving', 'web').addresses['clockernet-moving'] ?? '', 8080, 10);
  await sleep(300);
  await move();
  await sleep(1500);
  const { changes, tookMs } = await watch.stop();
  await inside.leave();
  await cloud.refresh();
  return silenceIn(changes.map(({ atMs, reach }) => ({ atMs, isAnswer: reach === 'open' })), tookMs)?.longestMs ?? Number.NaN;
}

/** Three that ask without a pause and two that ask what takes its time, each one request after the other with ten seconds of patience; gives how to stop them. */
async function asking(): Promise<() => Promise<{ readonly lost: number; readonly of: number }>> {
  const client = third!.docker.getContainer('moving-client');
  const address = container(cloud, 'moving', 'web').addresses['clockernet-moving'] ?? '';
  const ask = (path: string): string => `printf 'GET ${path} HTTP/1.0\\r\\n\\r\\n' | timeout 10 nc ${address} 8080 | grep -q 'it works' && echo answered || echo lost`;
  await execIn(client, ['sh', '-c', 'rm -f /tmp/stop /tmp/asked-*']);
  for (const [index, path] of ['/', '/', '/', '/cgi-bin/slow', '/cgi-bin/slow'].entries()) await execIn(client, ['sh', '-c', `while [ ! -e /tmp/stop ]; do ${ask(path)}; done > /tmp/asked-${index} 2>/dev/null &`]);
  return async () => {
    await execIn(client, ['touch', '/tmp/stop']);
    // Those that wait for an answer are given up after their ten seconds.
    await eventually(() => execIn(client, ['sh', '-c', '! pidof nc']), 15_000);
    const lines = (await execIn(client, ['sh', '-c', 'cat /tmp/asked-*'])).trim().split('\n');
    return { lost: lines.filter((line) => line === 'lost').length, of: lines.length };
  };
}

function allocation(): void {
  console.log('\naddresses given in memory, one after the other, in one /12');
  const rows: Record<string, Record<string, number>> = {};
  for (const count of [10_000, 50_000, 100_000]) {
    const space = new AddressSpace(subnetOf({ base: 0x0a_10_00_00, prefix: 12 }));
    const beganMs = performance.now();
    const given = new Set<string>();
    for (let index = 0; index < count; index++) given.add(printAddress(space.allocate() ?? assert.fail()));
    const tookMs = performance.now() - beganMs;
    assert.equal(given.size, count);
    rows[`${count}`] = { seconds: Number((tookMs / 1000).toFixed(3)), 'a second': Math.round(count / (tookMs / 1000)) };
  }
  console.table(rows);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

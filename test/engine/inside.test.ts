// Looking around inside real containers that bring no tool for it: why one cannot reach another, each link of the way broken in turn,
// and ports of containers opened on this machine, through SSH.

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createConnection, type Socket } from 'node:net';
import { after, test } from 'node:test';
import { buffer } from 'node:stream/consumers';
import { findEntity, type FoundEntity } from '#core/cluster/find.ts';
import { verdict } from '#core/doctor/verdict.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { sshHome, sshServer } from '../support/lab/ssh.ts';
import { httpImage, nestedHosts } from '../support/lab.ts';
import { application, container, deleted, deployed } from './support.ts';

const [host] = await nestedHosts(1);
assert.ok(host);
const image = await httpImage([host]);
const program = (line: string): readonly string[] => ['sh', '-c', `trap "exit 0" TERM; ${line} & wait`];
const shop = application('shop', image, {
  a: { command: program('sleep 1000') },
  b: { command: program('httpd -f -p 127.0.0.1:9000 & httpd -f -p 8080 -h /www'), openPorts: [8080] },
  echo: { command: program('nc -ll -p 7000 -e cat') },
});
const home = await sshHome(after);
const server = await sshServer(host);
await server.admit(home.publicKey);
await home.write('known_hosts', `${server.address} ${server.publicKey}\n`);
const cloud: Cloud = openCloud([{ name: 'box', endpoint: `ssh://deployer@${server.address}` }]);
after(async () => {
  await deleted(cloud, 'shop');
  // Nothing of ours stays.
  assert.deepEqual(await host.docker.listContainers({ all: true }), []);
  cloud.dispose();
});
await deployed(cloud, shop);

const network = 'clocker-shop';
const inB = host.docker.getContainer('shop-b');
const addressOf = (entity: string): string => container(cloud, 'shop', entity).addresses[network] ?? assert.fail();

/** With the network of a container, but with the tools of its host. */
async function within(entity: string, command: string): Promise<string> {
  const { State } = await host!.docker.getContainer(`shop-${entity}`).inspect();
  return host!.exec(['sh', '-c', `nsenter -t ${State.Pid} -n ${command}`]);
}

async function answer(port?: number): Promise<string> {
  await cloud.refresh();
  const found = (entity: string): FoundEntity => {
    const one = findEntity(cloud.observed, entity);
    return typeof one === 'string' ? assert.fail(one) : one;
  };
  const { checks, broken } = verdict(await cloud.diagnose(found('a'), found('b'), port));
  return broken ?? checks.map(({ what, isWell }) => `${isWell ? '' : 'not: '}${what}`).join('; ');
}

test('why a cannot reach b: whatever is broken first is told, and nothing else', async () => {
  const [a, b, echo] = ['a', 'b', 'echo'].map(addressOf);
  const well = `a runs on box; b runs on box; both are on a network: ${network}; b resolves to ${b}; there is a route to ${b}; port 8080 of b is open`;
  /** What is done, what is told, how it is put right again. */
  const check = async (breakIt: () => Promise<unknown>, told: string | RegExp, mend: () => Promise<unknown>, port?: number): Promise<void> => {
    await breakIt();
    const said = await answer(port);
    if (typeof told === 'string') assert.equal(said, told);
    else assert.match(said, told);
    await mend();
  };
  const nothing = async (): Promise<void> => {};
  await check(nothing, well, nothing);
  await check(nothing, 'nothing in the container of b listens on port 81; what listens there: httpd on 8080, httpd on 9000', nothing, 81);
  await check(nothing, 'httpd in the container of b listens on port 9000 for itself alone (127.0.0.1)', nothing, 9000);
  await check(() => within('b', `iptables -I INPUT -s ${a} -p tcp --dport 8080 -j DROP`), 'port 8080 of b is open from inside and silent from a', () => within('b', 'iptables -F INPUT'));
  await check(() => within('a', 'ip route flush table main'), `a has no route to ${b}`, async () => within('a', 'ip route add 10.200.0.0/24 dev eth0').then(() => within('a', 'ip route add default via 10.200.0.1')));
  await check(() => execIn(host.docker.getContainer('shop-a'), ['sh', '-c', `echo "${echo} b" >> /etc/hosts`]), `b is ${echo} in the file /etc/hosts of a, and not ${b}`, () => execIn(host.docker.getContainer('shop-a'), ['sh', '-c', 'grep -v " b$" /etc/hosts > /tmp/hosts; cat /tmp/hosts > /etc/hosts']));
  const [attached, apart] = (['connect', 'disconnect'] as const).map((how) => (entity: string, aliases: readonly string[], address?: string): Promise<unknown> =>
    host.docker.getNetwork(network)[how]({ Container: `shop-${entity}`, EndpointConfig: { Aliases: [...aliases], ...(address !== undefined && { IPAMConfig: { IPv4Address: address } }) } }));
  assert.ok(attached && apart);
  await check(() => apart('echo', []).then(() => attached('echo', ['b'], echo)), `b leads to ${echo}, too, which is not b`, () => apart('echo', []).then(() => attached('echo', ['echo'], echo)));
  await check(() => apart('b', []), `no network has both: a is on ${network}, b on none`, () => attached('b', ['b'], b));
  await check(() => inB.kill(), 'b does not run: its container on box has ended with exit code 137', () => inB.start());
});

test('who asks anew is held back while those that were taken are answered, and taken again afterwards, however that ends', async (t) => {
  await cloud.refresh();
  const port = connectDocker({ name: 'box', endpoint: host.endpoint });
  t.after(() => port.close());
  const [a, echo] = ['a', 'echo'].map((entity) => container(cloud, 'shop', entity).containerId);
  assert.ok(a !== undefined && echo !== undefined);
  const inA = await port.insider.enter({ containerId: a });
  const ask = (): Promise<string> => inA.connect(addressOf('echo'), 7000, 300);
  const idle = await port.insider.holdBack(echo, [7000], 1000);
  assert.deepEqual([idle.how, await ask()], ['drained', 'silent']);
  await idle.release();
  assert.equal(await ask(), 'open');

  // One that is open is no longer waited for when it lasts, and goes on meanwhile.
  const relay = await inA.relay(addressOf('echo'), 7000, 1000);
  assert.ok(typeof relay !== 'string');
  const lasting = await port.insider.holdBack(echo, [7000], 1000);
  assert.deepEqual([lasting.how, await ask()], ['drained', 'silent']);
  relay.write('still here');
  assert.equal(String((await once(relay, 'data'))[0]), 'still here');
  // Whoever holds back is gone without a word.
  await host.docker.getContainer(await joinedBy(echo)).kill();
  await eventually(async () => assert.equal(await ask(), 'open'), 5000);
  await lasting.release();
  relay.end();
  relay.resume();
  await once(relay, 'end');
  await inA.leave();
});

/** Our container that has joined this one. */
async function joinedBy(containerId: string): Promise<string> {
  const all = await Promise.all((await host!.docker.listContainers({ filters: { label: ['io.clocker.moment'] } })).map(({ Id }) => host!.docker.getContainer(Id).inspect()));
  return all.find(({ HostConfig }) => HostConfig.NetworkMode === `container:${containerId}`)?.Id ?? assert.fail();
}

async function talk(port: number, say: (socket: Socket) => void): Promise<Buffer> {
  const socket = createConnection({ port, host: '127.0.0.1', allowHalfOpen: true });
  say(socket);
  return buffer(socket);
}

test('a port that nobody publishes, opened on this machine through SSH: several at once, either side may end first', async () => {
  await cloud.refresh();
  const found = findEntity(cloud.observed, 'shop/echo');
  assert.ok(typeof found !== 'string');
  const forwarding = await cloud.openPort(found, 7000);
  const texts = [1, 2, 3, 4].map((times) => randomBytes(times * 300_000));
  // Each says all, ends its half, and then hears all.
  const heard = await Promise.all(texts.map((text) => talk(forwarding.port, (socket) => socket.end(text))));
  assert.deepEqual(heard.map((bytes, index) => bytes.equals(texts[index] ?? Buffer.alloc(0))), [true, true, true, true]);
  await forwarding.close();

  const web = findEntity(cloud.observed, 'shop/b');
  assert.ok(typeof web !== 'string');
  const toWeb = await cloud.openPort(web, 8080);
  // The server ends first, and the client has not ended its half.
  assert.match((await talk(toWeb.port, (socket) => socket.write('GET / HTTP/1.0\r\n\r\n'))).toString(), /it works\n$/);
  await inB.restart({ t: 1 });
  assert.match((await talk(toWeb.port, (socket) => socket.write('GET / HTTP/1.0\r\n\r\n'))).toString(), /it works\n$/);
  await toWeb.close();
  await assert.rejects(cloud.openPort(web, 81), { message: 'port 81 of b is refused' });
  assert.equal(await server.logins(), 1);
});

test('a watch ends though the container that it looks from was killed', async () => {
  const port = connectDocker({ name: 'box', endpoint: host.endpoint });
  try {
    const { containerId } = container(cloud, 'shop', 'a');
    const inside = await port.insider.enter({ containerId });
    const watch = await inside.watch(addressOf('b'), 8080, 10);
    await eventually(async () => assert.equal(watch.now(), 'open'), 5000);
    await host.docker.getContainer(containerId).kill();
    await assert.rejects(watch.stop(), /whoever watched is gone/);
    await inside.leave();
  } finally {
    port.close();
  }
});

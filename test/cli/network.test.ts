import assert from 'node:assert/strict';
import { test } from 'node:test';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { file, run, says } from './support.ts';

const [host] = await nestedHosts(1);
assert.ok(host !== undefined);
const image = await busyboxImage([host]);
const a = ['--host', `a=${host.endpoint}`];
const service = (id: string, more = ''): string => `- type: docker:${image}
  id: ${id}
  commands: [sh, -c, 'trap "exit 0" TERM; while true; do sleep 1000 & wait $!; done']
${more}`;
const keptLine = (network: string): RegExp => new RegExp(`^ {2}web stays on network ${network}, to which \\S+@\\S+ connected it$`, 'm');

test('networks are made, joined, kept by deployments, left and removed', async () => {
  const name = await file('shop.yaml', `name: Shop\nservices:\n${service('web')}${service('db')}`);
  says(await run(['network', 'ls', ...a]), { exitCode: 0, stdout: 'There is no network of ours on these hosts; clocker network create NAME makes one.' });
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /2 to create/, stderr: /ok/ });
  says(await run(['network', 'connect', 'back', 'shop', '--yes', ...a]), { exitCode: 1, stdout: /^! web: there is no network back; declare it as a virtual-network with this networkId, or make it: clocker network create back$/m });

  const made = ['network', 'create', 'back', '--cidr', '10.9.0.0/24', '--reserved', '10.9.0.1-10.9.0.9', '--gateway', '10.9.0.254', '--internal', '--yes', ...a];
  says(await run(made), { exitCode: 0, stdout: '+ create network back with 10.9.0.0/24 on a\n    no way leads out of it; without 10.9.0.1-10.9.0.9\nA network to create.', stderr: /ok {2}create network back/ });
  says(await run(made), { exitCode: 1, stdout: /^! back: network back is on host a already$/m });
  says(await run(['network', 'create', 'other', '--cidr', '10.9.0.128/25', '--yes', ...a]), { exitCode: 1, stdout: /^! other: network other: 10\.9\.0\.128\/25 overlaps 10\.9\.0\.0\/24, the subnet of network clockerbridge-back on a; the next free subnet is 10\.200\.1\.0\/24$/m });

  says(await run(['network', 'connect', 'back', 'shop', 'web', '--address', '10.9.0.7', '--yes', ...a]), { exitCode: 1, stdout: /^! web: network\.address: 10\.9\.0\.7 is kept out of network back/m });
  says(await run(['network', 'connect', 'back', 'shop', 'web', '--address', '10.9.0.77', '--alias', 'shopfront', '--yes', ...a]), { exitCode: 0, stdout: '~ connect shop-web to network back with 10.9.0.77 on a\n1 to connect.', stderr: /ok {2}connect shop-web/ });
  says(await run(['network', 'connect', 'back', 'Shop', '--yes', ...a]), { exitCode: 0, stdout: '~ connect shop-db to network back with 10.9.0.10 on a\n1 to connect, 1 unchanged.', stderr: /ok/ });
  assert.match(await execIn(host.docker.getContainer('shop-db'), ['ping', '-c', '1', '-W', '1', 'shopfront']), /\(10\.9\.0\.77\)/);
  says(await run(['network', 'inspect', 'back', ...a]), { exitCode: 0, stdout: /^back: bridge, 10\.9\.0\.0\/24, internal; made by hand; on a as clockerbridge-back\nNAME +ADDRESS +HOST +STATE\ndb\.shop +10\.9\.0\.10 +a +running\nweb\.shop +10\.9\.0\.77 +a +running\n$/ });

  // Deployments keep it, and say so; also where the container is made anew.
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: keptLine('back') });
  await file('shop.yaml', `name: Shop\nservices:\n${service('web', '  env: {MODE: two}\n')}${service('db')}`);
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: keptLine('back'), stderr: /ok {2}replace shop-web/ });
  assert.match(await execIn(host.docker.getContainer('shop-db'), ['ping', '-c', '1', '-W', '1', 'shopfront']), /\(10\.9\.0\.77\)/);

  // With every record lost, containers tell.
  for (const { Name } of (await host.docker.listVolumes()).Volumes) await host.docker.getVolume(Name).remove();
  says(await run(['plan', name, ...a]), { exitCode: 0, stdout: '  web stays on network back, on which it is\n  db stays on network back, on which it is\nNothing to do: 2 containers are as wanted.' });

  says(await run(['network', 'disconnect', 'back', 'shop', 'db', '--yes', ...a]), { exitCode: 0, stdout: '~ disconnect shop-db from network back on a\n1 to disconnect.', stderr: /ok/ });
  says(await run(['network', 'rm', 'back', '--yes', ...a]), { exitCode: 1, stdout: /^! back: shop-web is on it; disconnect it first$/m });
  says(await run(['network', 'disconnect', 'back', 'shop', '--yes', ...a]), { exitCode: 0, stdout: /1 to disconnect, 1 unchanged/, stderr: /ok/ });
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /^Nothing to do: 2 containers are as wanted\.\n/ });
  says(await run(['network', 'rm', 'back', '--yes', ...a]), { exitCode: 0, stdout: '- remove network back on a\nA network to remove.', stderr: /ok/ });

  // Its application's own network is left and joined again in the same way.
  const db = host.docker.getContainer('shop-db');
  const web = host.docker.getContainer('shop-web');
  says(await run(['network', 'disconnect', 'shop', 'shop', 'db', '--yes', ...a]), { exitCode: 0, stdout: /^~ disconnect shop-db from network clocker-shop on a\n\* shop-db is on no network then: [^\n]+\n1 to disconnect\.\n$/, stderr: /ok/ });
  await assert.rejects(execIn(web, ['ping', '-c', '1', '-W', '1', 'db']));
  await db.restart({ t: 0 });
  assert.deepEqual(Object.keys((await db.inspect()).NetworkSettings.Networks), ['none']);
  await file('shop.yaml', `name: Shop\nservices:\n${service('web', '  env: {MODE: two}\n')}${service('db', '  env: {MODE: two}\n')}`);
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /^ {2}db stays off its application's own network, from which \S+@\S+ disconnected it$/m, stderr: /ok {2}replace shop-db/ });
  assert.deepEqual(Object.keys((await host.docker.getContainer('shop-db').inspect()).NetworkSettings.Networks), ['none']);
  says(await run(['network', 'connect', 'shop', 'shop', 'db', '--alias', 'stock', '--yes', ...a]), { exitCode: 0, stdout: '~ connect shop-db to network clocker-shop with 10.200.0.3 on a\n1 to connect.', stderr: /ok/ });
  assert.match(await execIn(web, ['ping', '-c', '1', '-W', '1', 'stock']), /\(10\.200\.0\.3\)/);
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /^Nothing to do: 2 containers are as wanted\.\n/ });

  // Its container taken away by hand, an entity has its address from the record.
  await host.docker.getContainer('shop-web').remove({ force: true });
  says(await run(['plan', name, ...a]), { exitCode: 0, stdout: /address 10\.200\.0\.2\n/ });
  await host.docker.getContainer('shop-db').remove({ force: true });
  says(await run(['plan', name, ...a]), { exitCode: 0, stdout: /create shop-web[^+]*address 10\.200\.0\.2\n[^+]*\+ create shop-db[^+]*address 10\.200\.0\.3\n/ });
  says(await run(['delete', 'shop', '--yes', ...a]), { exitCode: 0, stdout: /network/, stderr: /ok/ });
  says(await run(['network', 'ls', '--json', ...a]), { exitCode: 0, stdout: '[]' });
});

test('networks tell what they are, and containers on which they are', async () => {
  const asked = `  env:
    BLOCK: $brooklyn:entity("back").attributeWhenReady("network.cidr")
    STOCK: $brooklyn:entity("db").attributeWhenReady("docker.network.back.address")
  brooklyn.config: {network.list: [back]}
`;
  const name = await file('told.yaml', `name: Told\nservices:\n${service('web', asked)}${service('db', '  brooklyn.config: {network.list: [back]}\n')}- type: virtual-network\n  id: back\n  size: 28\n`);
  says(await run(['deploy', name, '--yes', ...a]), { exitCode: 0, stdout: /create network back with 10\.200\.0\.0\/28 on a/, stderr: /ok/ });
  assert.match(await execIn(host.docker.getContainer('told-web'), ['env']), /^BLOCK=10\.200\.0\.0\/28\nSTOCK=10\.200\.0\.[23]$/m);
  says(await run(['plan', name, ...a]), { exitCode: 0, stdout: 'Nothing to do: 2 containers are as wanted.' });
  says(await run(['sensors', 'told', 'back', ...a]), { exitCode: 0, stdout: /back +network\.id +back\n[^]*network\.cidr +10\.200\.0\.0\/28\n[^]*network\.gateway +10\.200\.0\.1\n[^]*network\.driver +bridge\n[^]*network\.allocated +2\n[^]*network\.connected\.containers +\[?db\.told, ?web\.told/ });
  says(await run(['sensors', 'told', 'db', ...a]), { exitCode: 0, stdout: /db +docker\.network\.ids +.*told.*\n[^]*docker\.network\.back\.address +10\.200\.0\.[23]\n/ });
  says(await run(['delete', 'told', '--yes', ...a]), { exitCode: 0, stdout: /network/, stderr: /ok/ });
});

test('a link leads to the other by its alias, whatever takes its place', async () => {
  const linked = async (memory: string): Promise<string> => file('linked.yaml', `name: Linked\nservices:\n${service('web', '  links: {stock: $brooklyn:entity("db")}\n')}${service('db', `  openPorts: [6379]\n  env: {MODE: one}\n  brooklyn.config: {docker.memory: ${memory}}\n`)}`);
  const web = host.docker.getContainer('linked-web');
  const found = async (): Promise<string> => /\((10\.200\.0\.\d+)\)/.exec(await execIn(web, ['ping', '-c', '1', '-W', '1', 'stock']))?.[1] ?? '';
  const addressOf = async (): Promise<string> => (await host.docker.getContainer('linked-db').inspect()).NetworkSettings.Networks['clocker-linked']?.IPAddress ?? '-';
  says(await run(['deploy', await linked('32m'), '--yes', ...a]), { exitCode: 0, stdout: /2 to create/, stderr: /ok/ });
  assert.deepEqual((await execIn(web, ['env'])).split('\n').filter((line) => line.startsWith('STOCK_')).toSorted(), [
    'STOCK_ENV_MODE=one', 'STOCK_NAME=/web/stock', 'STOCK_PORT=tcp://db:6379', 'STOCK_PORT_6379_TCP=tcp://db:6379', 'STOCK_PORT_6379_TCP_ADDR=db', 'STOCK_PORT_6379_TCP_PORT=6379', 'STOCK_PORT_6379_TCP_PROTO=tcp',
  ]);
  assert.equal(await found(), await addressOf());
  const { Id } = await web.inspect();
  says(await run(['deploy', await linked('48m'), '--yes', ...a]), { exitCode: 0, stdout: /1 to replace, 1 unchanged/, stderr: /ok {2}replace linked-db/ });
  assert.deepEqual([await found(), (await web.inspect()).Id], [await addressOf(), Id]);
  says(await run(['delete', 'linked', '--yes', ...a]), { exitCode: 0, stdout: /linked/, stderr: /ok/ });
});

test('a cloud says where addresses come from, and that applications have no networks of their own', async () => {
  const hosts = await file('hosts.yaml', `hosts:\n- {name: a, endpoint: "${host.endpoint}"}\nclouds:\n- {name: ours, hosts: [a], networks: {cidr: 10.40.0.0/16, size: 26, ofApplications: false}}\n`);
  const name = await file('listed.yaml', `name: Listed\nlocation: ours\nservices:\n${service('web', '  brooklyn.config: {network.list: [back]}\n')}${service('alone')}- type: virtual-network\n  id: back\n`);
  says(await run(['deploy', name, '--yes', '--hosts', hosts]), { exitCode: 0, stdout: /create network back with 10\.40\.0\.0\/26 on a/, stderr: /ok/ });
  const networksOf = async (id: string): Promise<readonly string[]> => Object.keys((await host.docker.getContainer(id).inspect()).NetworkSettings.Networks);
  assert.deepEqual([await networksOf('listed-web'), await networksOf('listed-alone')], [['clockerbridge-back'], ['none']]);
  says(await run(['plan', name, '--hosts', hosts]), { exitCode: 0, stdout: 'Nothing to do: 2 containers are as wanted.' });
  says(await run(['delete', 'listed', '--yes', '--hosts', hosts]), { exitCode: 0, stdout: /back/, stderr: /ok/ });
});

test('wrong usage', async () => {
  says(await run(['network', 'lst', ...a]), { exitCode: 2, stderr: /^clocker: clocker network lst: did you mean ls\?\n/ });
  says(await run(['network', 'connect', 'back', '--yes', ...a]), { exitCode: 2, stderr: /clocker network connect takes NETWORK APP \[ENTITY\.\.\.\]/ });
  says(await run(['network', 'create', 'x', '--cidr', '10.1', '--yes', ...a]), { exitCode: 2, stderr: /--cidr: "10\.1" is no block of addresses; write one like 10\.1\.0\.0\/24/ });
  says(await run(['network', 'inspect', 'x', ...a]), { exitCode: 1, stderr: 'clocker: there is no network x' });
});

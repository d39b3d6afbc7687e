// Networks across three real hosts: joined into one Swarm, everybody reached by name from everywhere.

import assert from 'node:assert/strict';
import { test, type TestContext } from 'node:test';
import { findEntity, type FoundEntity } from '#core/cluster/find.ts';
import { verdict } from '#core/doctor/verdict.ts';
import { render } from '#core/plan/render.ts';
import { openCloud } from '../../client/controller.ts';
import { connectDocker } from '../../client/docker/dockerHost.ts';
import { joinHosts } from '../../client/engine/sdn/joinHosts.ts';
import { eventually, execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../support/lab.ts';
import { application, cloudOf, container, deleted, deployed, nothingToDo } from './support.ts';

const hosts = await nestedHosts(3);
const image = await busyboxImage(hosts);
const config = ({ name, endpoint }: LabHost): { readonly name: string; readonly endpoint: string } => ({ name, endpoint });
const [first, second, third] = hosts;
assert.ok(first && second && third);

/** Closed when the test ends. */
function joining(t: TestContext, all: readonly LabHost[]): Parameters<typeof joinHosts>[0] {
  return all.map((host) => {
    const port = connectDocker(config(host));
    t.after(() => port.close());
    return { host: host.name, port, address: host.address };
  });
}

async function roles(host: LabHost): Promise<string> {
  const nodes = await host.docker.listNodes();
  return nodes.map(({ Spec, Status }) => `${Spec?.Role ?? ''} ${Status?.State ?? ''}`).toSorted().join(', ');
}

test('a host in somebody else\'s Swarm is not touched', async (t) => {
  await second.docker.swarmInit({ ListenAddr: '0.0.0.0:2377', AdvertiseAddr: second.address });
  const before = await second.docker.swarmInspect();
  await assert.rejects(joinHosts(joining(t, hosts), { cloud: 'lab' }), {
    message: `host ${second.name} is in a Swarm that was not made for the docker cloud lab, and it is left alone; run "docker swarm leave" on it if that Swarm is no longer needed, or take the host out of the cloud`,
  });
  assert.deepEqual(await second.docker.swarmInspect(), before);
  await second.docker.swarmLeave({ force: true });
});

test('three hosts become one Swarm with three managers, by two machines at once, and stay it', async (t) => {
  const details: string[] = [];
  await Promise.all([joinHosts(joining(t, hosts), { cloud: 'lab', onDetail: (detail) => details.push(detail) }), joinHosts(joining(t, hosts), { cloud: 'lab' })]);
  assert.equal(await roles(first), 'manager ready, manager ready, manager ready', details.join('\n'));
  assert.equal(await joinHosts(joining(t, hosts), { cloud: 'lab' }), false);
});

test('entities on three hosts reach one another by every name', async (t) => {
  const cloud = await cloudOf(t, ...hosts.map(config));
  const shop = application('shop', image, Object.fromEntries(hosts.map(({ name }, index) => [`e${index}`, { at: name }])));
  const plan = await cloud.plan(shop);
  assert.equal(render(plan)[0], `+ create network clockernet-shop with 10.200.0.0/24 on ${first.name}`);
  await deployed(cloud, shop);
  await nothingToDo(cloud, shop);
  await matrix(cloud, 'shop', ['e0', 'e1', 'e2']);
  const before = container(cloud, 'shop', 'e1').addresses;
  await deployed(cloud, application('shop', image, Object.fromEntries(hosts.map(({ name }, index) => [`e${index}`, { at: name, ...(index === 1 && { env: { N: '2' } }) }]))));
  assert.deepEqual(container(cloud, 'shop', 'e1').addresses, before);
  await matrix(cloud, 'shop', ['e0', 'e1', 'e2']);
  await deleted(cloud, 'shop');
  await eventually(async () => assert.deepEqual((await first.docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith('clocker')), []), 5000);
});

async function matrix(cloud: Parameters<typeof container>[0], id: string, entities: readonly string[]): Promise<void> {
  for (const from of entities) {
    const { host, containerId } = container(cloud, id, from);
    const inside = hosts.find(({ name }) => name === host)?.docker.getContainer(containerId);
    assert.ok(inside);
    for (const to of entities) {
      const address = container(cloud, id, to).owner?.addresses?.[`clockernet-${id}`];
      assert.ok(address !== undefined);
      for (const name of [to, `${to}.${id}`, `${to}.${id}.internal`, address]) {
        // Hosts of a Swarm hear of a name by gossip, and what is lost of that comes again with the next full exchange.
        const said = await eventually(() => execIn(inside, ['ping', '-c', '1', '-W', '1', name]), 20_000);
        assert.ok(said.includes(`(${address})`) || said.includes(`PING ${address}`), said);
      }
    }
  }
}

test('a cloud whose networks are encrypted between hosts: where their kernels cannot, it is told why nothing gets through', async (t) => {
  const cloud = openCloud(hosts.map(config), undefined, [{ name: 'lab', hosts: hosts.map(({ name }) => name), placement: { strategies: [], affinityRules: [] }, sdn: { 'sdn.network.encrypted': 'true' } }]);
  t.after(() => cloud.dispose());
  await cloud.settled();
  const shop = application('secret', image, { a: { at: first.name }, b: { at: second.name, command: ['sh', '-c', 'trap "exit 0" TERM; nc -ll -p 7000 -e cat & wait'], openPorts: [7000] } });
  await deployed(cloud, shop);
  await nothingToDo(cloud, shop);
  assert.ok('encrypted' in ((await first.docker.getNetwork('clockernet-secret').inspect()).Options ?? {}));
  const found = (entity: string): FoundEntity => {
    const one = findEntity(cloud.observed, entity);
    return typeof one === 'string' ? assert.fail(one) : one;
  };
  // What Docker asks of the kernel for it.
  const canEncrypt = await first.exec(['ip', 'xfrm', 'state', 'add', 'src', '192.0.2.1', 'dst', '192.0.2.2', 'proto', 'esp', 'spi', '0x7', 'aead', 'rfc4106(gcm(aes))', `0x${'11'.repeat(20)}`, '64']).then(() => true, () => false);
  const { broken, advice } = verdict(await cloud.diagnose(found('a'), found('b'), 7000));
  if (canEncrypt) assert.equal(broken, undefined);
  else assert.match(`${broken}; ${advice}`, /^port 7000 of b is open from inside and silent from a; what goes between them is encrypted, which the kernels of both hosts must be able to \(ESP: modprobe esp4\);/);
  await deleted(cloud, 'secret');
});

test('a host that fell out comes back, and what its node was is struck off', async (t) => {
  await third.docker.swarmLeave({ force: true });
  await joinHosts(joining(t, hosts), { cloud: 'lab' });
  await eventually(async () => assert.equal(await roles(first), 'manager ready, manager ready, manager ready'), 10_000);
  assert.equal(await joinHosts(joining(t, hosts), { cloud: 'lab' }), false);
});

// Networks besides an application's own, on a real host: made where they are declared, joined and left without making anything
// anew, kept off what the host reaches otherwise.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Application } from '#core/blueprint/application.ts';
import type { DeclaredNetwork } from '#core/cluster/network.ts';
import { render } from '#core/plan/render.ts';
import { execIn } from '../support/lab/docker.ts';
import { busyboxImage, nestedHosts } from '../support/lab.ts';
import { application, cloudOf, container, deleted, deployed, nothingToDo, type EntityText } from './support.ts';

const [host] = await nestedHosts(1);
assert.ok(host);
const image = await busyboxImage([host]);

function shop(entities: Readonly<Record<string, EntityText>>, networks: readonly DeclaredNetwork[] = [], id = 'shop'): Application {
  return { ...application(id, image, entities), ...(networks.length > 0 && { networks }) };
}

const backend: DeclaredNetwork = { id: 'backend', entity: 'backend', settings: { cidr: '10.1.0.0/24', gateway: '10.1.0.254', reserved: ['10.1.0.1-10.1.0.9'], isInternal: true, ipv6: 'fd00:1::/64' } };

test('declared networks: made with what they ask for, joined and left by containers that run on', async (t) => {
  const cloud = await cloudOf(t, { name: host.name, endpoint: host.endpoint });
  const whole = shop({ web: { networks: ['backend'] }, db: { networks: ['backend'], addresses: { backend: '10.1.0.77' } }, other: {} }, [backend]);
  const plan = render(await cloud.plan(whole)).join('\n');
  assert.match(plan, /^\+ create network backend with 10\.1\.0\.0\/24 on \S+\n {4}no way leads out of it; IPv6 fd00:1::\/64; without 10\.1\.0\.1-10\.1\.0\.9$/m);
  assert.match(plan, /address 10\.200\.0\.2, address 10\.1\.0\.10 on backend/);
  await deployed(cloud, whole);
  await nothingToDo(cloud, whole);
  const web = host.docker.getContainer('shop-web');
  assert.match(await execIn(web, ['ip', 'addr']), /10\.1\.0\.10\/24[^]*fd00:1::a\/64/);
  assert.match(await execIn(web, ['ping', '-c', '1', '-W', '1', '10.1.0.77']), /1 packets received|1 received/);
  const made: { readonly Internal?: boolean; readonly EnableIPv6?: boolean } = await host.docker.getNetwork('clockerbridge-backend').inspect();
  assert.deepEqual([made.Internal, made.EnableIPv6], [true, true]);

  // The list of web changes: the container stays.
  const { containerId } = container(cloud, 'shop', 'web');
  const without = shop({ web: {}, db: { networks: ['backend'], addresses: { backend: '10.1.0.78' } }, other: { networks: ['backend'] } }, [backend]);
  assert.deepEqual(render(await cloud.plan(without)).slice(0, -1).toSorted(), [
    `~ connect shop-db to network backend with 10.1.0.78 in place of 10.1.0.77 on ${host.name}`,
    `~ connect shop-other to network backend with 10.1.0.11 on ${host.name}`,
    `~ disconnect shop-web from network backend on ${host.name}`,
  ]);
  await deployed(cloud, without);
  await nothingToDo(cloud, without);
  assert.equal(container(cloud, 'shop', 'web').containerId, containerId);
  assert.deepEqual(container(cloud, 'shop', 'web').networks, ['clocker-shop']);
  assert.match(await execIn(host.docker.getContainer('shop-other'), ['ping', '-c', '1', '-W', '1', 'db']), /10\.1\.0\.78|10\.200\.0\.3|fd00:1::4e/);

  // Another application joins it by its id, and nobody takes it away from under it.
  const second = shop({ api: { networks: ['backend'] } }, [], 'second');
  await deployed(cloud, second);
  // What was web's stays web's.
  assert.equal(container(cloud, 'second', 'api').owner?.addresses?.['clockerbridge-backend'], '10.1.0.12');
  assert.match(render(await cloud.planDelete('shop')).join('\n'), /network backend stays on \S+, because second-api is on it/);
  await deleted(cloud, 'shop');
  await deleted(cloud, 'second');
  await host.docker.getNetwork('clockerbridge-backend').remove();
});

test('what overlaps is refused before anything is made, with the next free subnet', async (t) => {
  const cloud = await cloudOf(t, { name: host.name, endpoint: host.endpoint });
  const taken = shop({ web: { networks: ['lan'] } }, [{ id: 'lan', entity: 'lan', settings: { cidr: `${host.address}/24` } }]);
  const [refusal = ''] = render(await cloud.plan(taken));
  assert.match(refusal, /^! lan: network lan: \d+\.\d+\.\d+\.0\/24 overlaps \d+\.\d+\.\d+\.0\/\d+, to which host \S+ has a route; the next free subnet is 10\.20\d\.\d+\.0\/24$/);
  assert.deepEqual((await host.docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith('clocker')), []);
});

test('a macvlan on a device of the host, and an overlay that is encrypted where the kernel can', async (t) => {
  const cloud = await cloudOf(t, { name: host.name, endpoint: host.endpoint });
  const lan = shop({ web: { networks: ['lan'], addresses: { lan: '10.77.0.20' } }, db: { networks: ['lan'] } }, [{ id: 'lan', entity: 'lan', settings: { cidr: '10.77.0.0/24', parent: 'eth0', ipv6: 'fd00:77::/64' } }]);
  await deployed(cloud, lan);
  await nothingToDo(cloud, lan);
  const made = await host.docker.getNetwork('clockermacvlan-lan').inspect();
  assert.deepEqual([made.Driver, made.Options?.['parent']], ['macvlan', 'eth0']);
  assert.match(await execIn(host.docker.getContainer('shop-db'), ['ping', '-c', '1', '-W', '1', '10.77.0.20']), /1 packets received/);
  assert.match(await execIn(host.docker.getContainer('shop-web'), ['ip', 'addr']), /10\.77\.0\.20\/24[^]*fd00:77::14\/64/);
  assert.match(await execIn(host.docker.getContainer('shop-db'), ['ping', '-6', '-c', '1', '-W', '2', 'fd00:77::14']), /1 packets received/);
  await deleted(cloud, 'shop');

  await host.docker.swarmInit({ ListenAddr: '0.0.0.0:2377', AdvertiseAddr: host.address });
  await cloud.refresh();
  const secret: DeclaredNetwork = { id: 'secret', entity: 'secret', driver: 'overlay', settings: { isEncrypted: true } };
  await deployed(cloud, shop({ web: { networks: ['secret'] } }, [secret]));
  await nothingToDo(cloud, shop({ web: { networks: ['secret'] } }, [secret]));
  const network = await host.docker.getNetwork('clockeroverlay-secret').inspect();
  assert.equal(network.Driver, 'overlay');
  assert.ok(network.Options && 'encrypted' in network.Options);
  const other = shop({ web: { networks: ['secret'] } }, [{ ...secret, settings: {} }]);
  assert.match(render(await cloud.plan(other)).join('\n'), /^! secret: network secret is there with other settings, and a network cannot be changed;/m);
  await deleted(cloud, 'shop');
  await host.docker.swarmLeave({ force: true });
});

test('an application without a network of its own: its members are on what they list alone', async (t) => {
  const cloud = await cloudOf(t, { name: host.name, endpoint: host.endpoint });
  const front: DeclaredNetwork = { id: 'front', entity: 'front', settings: { cidr: '10.3.0.0/24' } };
  const alone = shop({ web: { networks: ['backend', 'front'], hasOwnNetwork: false }, db: { networks: ['backend'], hasOwnNetwork: false }, job: { hasOwnNetwork: false } }, [backend, front]);
  await deployed(cloud, alone);
  await nothingToDo(cloud, alone);
  assert.deepEqual(['web', 'db', 'job'].map((entity) => container(cloud, 'shop', entity).networks?.toSorted()), [['clockerbridge-backend', 'clockerbridge-front'], ['clockerbridge-backend'], ['none']]);
  assert.match(await execIn(host.docker.getContainer('shop-db'), ['ping', '-c', '1', '-W', '1', 'web.shop']), /\(10\.1\.0\.10\)|\(fd00:1::a\)/);
  assert.deepEqual((await host.docker.listNetworks()).map(({ Name }) => Name).filter((name) => name.startsWith('clocker')).toSorted(), ['clockerbridge-backend', 'clockerbridge-front']);

  // With one, it is joined by what runs.
  const { containerId } = container(cloud, 'shop', 'job');
  const together = shop({ web: { networks: ['backend', 'front'] }, db: { networks: ['backend'] }, job: {} }, [backend, front]);
  await deployed(cloud, together);
  await nothingToDo(cloud, together);
  assert.deepEqual([container(cloud, 'shop', 'job').containerId, container(cloud, 'shop', 'job').networks], [containerId, ['clocker-shop']]);
  await deployed(cloud, alone);
  assert.deepEqual(container(cloud, 'shop', 'job').networks, ['none']);
  await deleted(cloud, 'shop');
});

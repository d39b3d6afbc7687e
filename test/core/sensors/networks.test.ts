// What networks tell of themselves, and containers of the networks that they are on: a blueprint and networks in, values out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { NetworkSight } from '#core/sdn/sight.ts';
import { sightsOf } from '#core/sdn/sight.ts';
import { understand } from '#core/check/problems.ts';
import { readBlock } from '#core/sdn/address.ts';
import { subnetOf } from '#core/sdn/subnet.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { observed } from '../plan/cluster.ts';
import { applicationOf, sensorLines, worldOf } from './live.ts';

const blueprint = `
services:
- type: docker:nginx
  id: web
  env: { BLOCK: $brooklyn:entity("lan").attributeWhenReady("network.cidr") }
  brooklyn.config: { network.list: [back] }
- { type: "docker:redis", id: db, env: { WEB: $brooklyn:entity("web").attributeWhenReady("docker.network.back.address") } }
- { type: virtual-network, id: lan, networkId: back }
- { type: virtual-network, id: other, cidr: 10.9.0.0/24 }
`;
const subnet = subnetOf(readBlock('10.1.0.0/24') ?? assert.fail());
const back: NetworkSight = { id: 'back', isOwn: false, networkName: 'clockerbridge-back', driver: 'bridge', subnet, members: [{ name: 'db.shop' }, { name: 'web.app', address: '10.1.0.2' }] };
const own: NetworkSight = { id: 'app', isOwn: true, networkName: 'clocker-app', driver: 'bridge', members: [] };

function check(name: string, networks: readonly NetworkSight[], expected: readonly string[]): void {
  test(name, () => {
    const { container, ...world } = worldOf({ web: 'running' });
    const here = (entity: string): ReturnType<typeof container> => {
      const found = container(entity);
      return found && { ...found, addresses: { 'clocker-app': '10.0.0.3', 'clockerbridge-back': '10.1.0.2' } };
    };
    const entities = applicationOf(blueprint).live?.({ ...world, container: here, networks: () => networks }) ?? [];
    assert.deepEqual(sensorLines(entities, ['lan network.id', 'lan network.cidr', 'lan network.gateway', 'lan network.driver', 'lan network.allocated', 'lan network.connected.containers', 'other network.cidr', 'web docker.network.ids', 'web docker.network.addresses', 'web docker.network.back.address', 'web host.subnet.address', 'web host.subnet.hostname']), expected);
  });
}

check('where they are there', [own, back], [
  'lan: network.id = back', 'lan: network.cidr = 10.1.0.0/24', 'lan: network.gateway = 10.1.0.1', 'lan: network.driver = bridge', 'lan: network.allocated = 1', 'lan: network.connected.containers = [db.shop, web.app]',
  'other: network.cidr = 10.9.0.0/24', 'web: docker.network.ids = [app, back]', 'web: docker.network.addresses = {app=10.0.0.3, back=10.1.0.2}', 'web: docker.network.back.address = 10.1.0.2', 'web: host.subnet.address = 10.0.0.3', 'web: host.subnet.hostname = web',
]);
check('before they are made, what is written is known', [], [
  'lan: network.id = back', 'lan: network.cidr has no value', 'lan: network.gateway has no value', 'lan: network.driver has no value', 'lan: network.allocated has no value', 'lan: network.connected.containers has no value',
  'other: network.cidr = 10.9.0.0/24', 'web: docker.network.ids = []', 'web: docker.network.addresses = {}', 'web: docker.network.back.address has no value', 'web: host.subnet.address = 10.0.0.3', 'web: host.subnet.hostname = web',
]);

test('who waits for a network gets what it has', () => {
  const application = applicationOf(blueprint);
  const envOf = (networks: readonly NetworkSight[]): unknown => {
    const entities = application.settle?.({ container: () => undefined, file: () => undefined, networks: () => networks }) ?? [];
    return entities.filter(({ container }) => container).map(({ key, container, pending = [] }) => `${key}: ${Object.values(container?.env ?? {}).join()} ${pending.join()}`);
  };
  assert.deepEqual(envOf([]), ['web:  lan: network.cidr', 'db:  web: docker.network.back.address']);
  assert.deepEqual(envOf([back]), ['web: 10.1.0.0/24 ', 'db:  web: docker.network.back.address']);
});

test('a sensor of a network that the container is not on is an error', () => {
  const { diagnostics } = understand('name: app\nservices:\n- { type: "docker:nginx", id: web }\n- { type: "docker:nginx", id: db, env: { X: $brooklyn:entity("web").attributeWhenReady("docker.network.back.address") } }\n', builtInCatalog);
  assert.deepEqual(diagnostics.map(({ message }) => message.replace(/^.*?(waits)/, '$1')), ['waits for the sensor docker.network.back.address of web, which nothing gives a value; write the value itself, or take another sensor']);
});

test('networks as hosts show them', () => {
  const seen = observed('a up\n  shop-web running shop/web nginx\n  shop-db exited shop/db redis\nb up\n  x running - nginx');
  const on = (one: (typeof seen.hosts)[number]['containers'][number]): typeof one => ({ ...one, networks: ['clockerbridge-back'], addresses: one.state === 'running' ? { 'clockerbridge-back': '10.1.0.2' } : {} });
  const hosts = seen.hosts.map((host) => Object.assign({}, host, { containers: host.containers.map(on), networks: [{ networkName: 'clockerbridge-back', networkId: 'back', application: '', driver: 'bridge' as const, subnet }] }));
  const look = sightsOf({ hosts });
  assert.deepEqual(look(), [{ ...back, members: [{ name: 'db.shop' }, { name: 'web.shop', address: '10.1.0.2' }] }]);
  assert.equal(look(), look());
});

// Addresses of an application's containers: what is on the hosts in, subnets and addresses out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Application } from '#core/blueprint/application.ts';
import type { Observed, ObservedContainer, ObservedHost, ObservedNetwork } from '#core/cluster/observed.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { diff } from '#core/plan/diff.ts';
import { counting } from '#core/plan/lost.ts';
import { render } from '#core/plan/render.ts';
import { readAddress, readBlock } from '#core/sdn/address.ts';
import { assign, nextSubnetFor, poolFrom, rebase } from '#core/sdn/assign.ts';
import { subnetOf } from '#core/sdn/subnet.ts';
import { application, lines, observed } from '../plan/cluster.ts';

/** Nothing runs and nothing is read. */
const nothing = { file: () => undefined };

const subnet = (cidr: string): NonNullable<ObservedNetwork['subnet']> => subnetOf(readBlock(cidr) ?? assert.fail());

interface More {
  /** `a clocker-shop shop 10.200.0.0/24`: a network on a host, of an application; `a - - 10.200.0.0/24` one of somebody else. */
  readonly networks?: readonly string[];
  /** `a shop-web 10.200.0.7`: the address of a container, on its application's bridge. */
  readonly addresses?: readonly string[];
  /** All hosts are in one Swarm. */
  readonly isSwarm?: boolean;
}

function world(text: string, { networks = [], addresses = [], isSwarm = false }: More = {}): Observed {
  const hosts = observed(text).hosts.map((host, index): ObservedHost => {
    const mine = networks.map((line) => line.split(' ')).filter(([name]) => name === host.host);
    const ours = mine.filter(([, networkName]) => networkName !== '-').map(([, networkName = '', owner = '', cidr]): ObservedNetwork => {
      const network = { networkName, application: owner, driver: networkName.startsWith('clockernet') ? 'overlay' : 'bridge' } as const;
      return cidr === undefined ? network : Object.assign(network, { subnet: subnet(cidr) });
    });
    const containers = host.containers.map((container): ObservedContainer => {
      const [, , address] = addresses.map((line) => line.split(' ')).find(([name, containerName]) => name === host.host && containerName === container.containerName) ?? [];
      const { owner } = container;
      const networkName = isSwarm ? `clockernet-${owner?.application ?? ''}` : `clocker-${owner?.application ?? ''}`;
      if (address === undefined) return container;
      return owner === undefined ? { ...container, addresses: { 'clocker-shop': address } } : { ...container, networks: [networkName], owner: { ...owner, addresses: { [networkName]: address } } };
    });
    const swarm = { nodeId: `n${index}`, address: `192.168.7.${index + 10}`, isManager: true, isActive: true, managers: ['n0'], nodes: 3 };
    const seen = { containers, networks: ours, takenBlocks: mine.filter(([, networkName]) => networkName === '-').map(([, , , cidr = '']) => cidr) };
    return Object.assign(host, seen, isSwarm ? { swarm } : {});
  });
  return { hosts };
}

function placesOf(app: Application, seen: Observed): string[] {
  const { containers, refusals } = wantedOf(app, seen, nothing);
  return [
    ...containers.map(({ entity, host, networks }) => `${entity} on ${host}: ${networks.map(({ address = '-', subnet: at }) => `${address} in ${at?.cidr ?? '-'}`).join(', ')}`),
    ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`),
  ];
}

function check(name: string, hosts: string, entities: string, answer: string, more: More & { readonly fixed?: Readonly<Record<string, string>> } = {}): void {
  test(name, () => {
    const app = application(entities);
    const withFixed = { ...app, entities: app.entities.map((entity) => {
      const address = more.fixed?.[entity.key];
      return address === undefined || !entity.container ? entity : Object.assign(entity, { container: { ...entity.container, address } });
    }) };
    assert.deepEqual(placesOf(withFixed, world(hosts, more)), lines(answer));
  });
}

check('one after the other, in a subnet of its own', 'a up', 'web nginx\ndb redis', `
  web on a: 10.200.0.2 in 10.200.0.0/24
  db on a: 10.200.0.3 in 10.200.0.0/24`);

check('networks that are there are kept off, wherever they are', 'a up\nb up', 'web nginx @a', `
  web on a: 10.200.2.2 in 10.200.2.0/24`, { networks: ['a - - 10.200.0.0/24', 'b clocker-other other 10.200.1.0/24'] });

check('bridges of one application have the same subnet on all hosts', 'a up\nb up', 'web nginx @a\ndb redis @b', `
  web on a: 10.200.0.2 in 10.200.0.0/24
  db on b: 10.200.0.3 in 10.200.0.0/24`);

check('except where it is in use', 'a up\nb up', 'web nginx @a\ndb redis @b', `
  web on a: 10.200.5.2 in 10.200.5.0/24
  db on b: 10.200.0.2 in 10.200.0.0/24`, { networks: ['a clocker-shop shop 10.200.5.0/24', 'b - - 10.200.5.128/25'] });

check('across hosts there is one', 'a up\nb up', 'web nginx @a\ndb redis @b', `
  web on a: 10.200.0.2 in 10.200.0.0/24
  db on b: 10.200.0.3 in 10.200.0.0/24`, { isSwarm: true });

check('what a container has stays its own, and nobody else gets it', 'a up\n  shop-db exited shop/db redis\n  shop-gone running shop/gone nginx', 'web nginx\ndb redis\nnew nginx', `
  web on a: 10.200.0.4 in 10.200.0.0/24
  db on a: 10.200.0.2 in 10.200.0.0/24
  new on a: 10.200.0.5 in 10.200.0.0/24`, { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db 10.200.0.2', 'a shop-gone 10.200.0.3'] });

check('also where it goes to another host', 'a up\n  shop-db running shop/db redis\nb up', 'db redis @b', `
  db on b: 10.200.0.9 in 10.200.0.0/24`, { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db 10.200.0.9'] });

check('a stranger on the network keeps what it has', 'a up\n  stranger running - nginx', 'web nginx', `
  web on a: 10.200.0.3 in 10.200.0.0/24`, { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a stranger 10.200.0.2'] });

check('what a stranger took of a container while that was not there', 'a up\n  shop-web exited shop/web nginx\n  stranger running - nginx', 'web nginx', `
  web on a: - in 10.200.0.0/24
  ! web: 10.200.0.2, the address of web, is taken by container stranger, which Clocker did not make; disconnect that from network clocker-shop`, { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-web 10.200.0.2', 'a stranger 10.200.0.2'] });

check('what the blueprint says comes first', 'a up', 'web nginx\ndb redis', `
  web on a: 10.200.0.3 in 10.200.0.0/24
  db on a: 10.200.0.2 in 10.200.0.0/24`, { fixed: { db: '10.200.0.2' } });

check('an address of another', 'a up\n  shop-db running shop/db redis', 'web nginx\ndb redis', `
  db on a: 10.200.0.2 in 10.200.0.0/24
  ! web: network.address: 10.200.0.2 is the address of shop-db; choose another`.replace('\n  db', '\n  web on a: - in 10.200.0.0/24\n  db'), { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db 10.200.0.2'], fixed: { web: '10.200.0.2' } });

check('addresses that cannot be', 'a up', 'web nginx\ndb redis\nmq rabbit', `
  web on a: - in 10.200.0.0/24
  db on a: - in 10.200.0.0/24
  mq on a: - in 10.200.0.0/24
  ! web: network.address: 10.1.0.2 is not in 10.200.0.0/24, the subnet of network clocker-shop
  ! db: network.address: 10.200.0.250 is in 10.200.0.192/26, which is kept for what joins network clocker-shop by itself; choose another
  ! mq: network.address: 10.200.0.1 is kept for something else in network clocker-shop; choose another`, { fixed: { web: '10.1.0.2', db: '10.200.0.250', mq: '10.200.0.1' } });

check('a network that was made without a subnet of ours gives its own', 'a up', 'web nginx', '  web on a: - in -', { networks: ['a clocker-shop shop'] });

test('what was on a host that is given up keeps its address elsewhere', () => {
  const all = world('a up\nb down: gone\n  shop-db running shop/db redis', { networks: ['a clockernet-shop shop 10.200.0.0/24', 'b clockernet-shop shop 10.200.0.0/24'], addresses: ['b shop-db 10.200.0.7'], isSwarm: true });
  assert.deepEqual(placesOf(application('db redis\nweb nginx'), counting(all, 'shop', ['b'])), ['db on a: 10.200.0.7 in 10.200.0.0/24', 'web on a: 10.200.0.2 in 10.200.0.0/24']);
});

test('more containers than addresses', () => {
  const seen = world('a up', { networks: ['a clocker-shop shop 10.200.0.0/28'] });
  const all = placesOf(application(Array.from({ length: 11 }, (_, index) => `e${index} nginx`).join('\n')), seen);
  assert.equal(all.at(-1), '! e10: no address is left in 10.200.0.0/28, the subnet of network clocker-shop; give the cloud larger subnets (sdn.network.size)');
});

test('the pool of a cloud', () => {
  const text = (keys: Readonly<Record<string, string>>): unknown => {
    const pool = poolFrom(keys);
    return typeof pool === 'string' ? pool : `${pool.block.prefix} ${pool.prefix}`;
  };
  assert.equal(text({}), '13 24');
  assert.equal(text({ 'sdn.network.cidr': '169.254.0.0/16', 'sdn.network.size': '27' }), '16 27');
  assert.equal(text({ 'sdn.network.cidr': '10.0.0.0/26' }), '26 26');
  assert.equal(text({ 'sdn.network.cidr': 'ten' }), 'sdn.network.cidr: "ten" is no block of addresses; write one like 10.200.0.0/13');
  assert.equal(text({ 'sdn.network.size': '30' }), 'sdn.network.size: "30" is no size of a subnet; it is the length of its prefix, from 8 to 28');
  assert.equal(text({ 'sdn.network.cidr': '10.0.0.0/26', 'sdn.network.size': '20' }), 'sdn.network.size: subnets of 20 bits do not fit into 10.0.0.0/26');
});

test('a changed address replaces the container, and the plan says so', () => {
  const seen = world('a up\n  shop-db running shop/db redis', { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db 10.200.0.2'] });
  const app = application('db redis');
  assert.deepEqual(render(diff(wantedOf(app, seen, nothing), seen)), ['Nothing to do: 1 container is as wanted.']);
  const changed = { ...app, entities: app.entities.map((entity) => (entity.container ? Object.assign(entity, { container: { ...entity.container, address: '10.200.0.9' } }) : entity)) };
  assert.deepEqual(render(diff(wantedOf(changed, seen, nothing), seen)), ['~ replace shop-db on a', '    its address 10.200.0.2 becomes 10.200.0.9', '    the new one runs before the old one stops', '1 to replace.']);
});

test('a container that was left standing by for another is made anew with its address, whether or not it was started', () => {
  const planFor = (state: string, actual: string, standsBy: readonly string[]): readonly string[] => {
    const seen = world(`a up\n  shop-db ${state} shop/db redis`, { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db 10.200.0.2'] });
    const [host] = seen.hosts;
    const [container] = host?.containers ?? [];
    assert.ok(host && container);
    const left = { hosts: [{ ...host, containers: [{ ...container, standsBy, addresses: actual === '' ? {} : { 'clocker-shop': actual } }] }] };
    return render(diff(wantedOf(application('db redis'), left, nothing), left)).slice(0, 2);
  };
  assert.deepEqual(planFor('running', '10.200.0.192', ['clocker-shop']), ['~ replace shop-db on a', '    its address 10.200.0.192 becomes 10.200.0.2']);
  assert.deepEqual(planFor('created', '', ['clocker-shop']), ['~ replace shop-db on a', '    it was left standing by, without its address 10.200.0.2']);
  assert.deepEqual(planFor('created', '', []), ['~ start shop-db on a', '1 to start.']);
});

test('a container that was about to be given the address of another gets it once that is gone', () => {
  const seen = world('a up\n  shop-db running shop/db redis\n  shop-db.replaced-old running shop/db redis', { networks: ['a clocker-shop shop 10.200.0.0/24'], addresses: ['a shop-db.replaced-old 10.200.0.2'] });
  const [host] = seen.hosts;
  assert.ok(host);
  const between = { hosts: [{ ...host, containers: host.containers.map((container) => (container.containerName === 'shop-db' ? Object.assign(container, { networks: [] }) : container)) }] };
  assert.deepEqual(diff(wantedOf(application('db redis'), between, nothing), between).actions.map((action) => [action.kind, 'containerName' in action && action.containerName]), [['remove', 'shop-db.replaced-old'], ['connect', 'shop-db']]);
});

test('a place in another subnet', () => {
  const attachment = { networkName: 'n', driver: 'bridge', aliases: [], subnet: subnet('10.200.0.0/24'), address: '10.200.0.7', isNewAddress: true } as const;
  assert.equal(rebase(attachment, subnet('10.200.9.0/24')).address, '10.200.9.7');
  assert.equal(rebase(attachment, subnet('10.200.9.0/28')).address, '10.200.9.7');
  assert.equal(rebase({ ...attachment, address: '10.200.0.13' }, subnet('10.200.9.0/28')).address, undefined);
  const { isNewAddress: _, ...old } = attachment;
  assert.equal(rebase(old, subnet('10.200.9.0/24')).address, undefined, 'an address that is its own does not change unseen');
});

/**
 * Several machines deploy at once, each from what it saw at some moment. An engine gives an address to whoever comes first and
 * refuses the others, who take the next: whatever the order, everybody gets one, nobody the same, and who had one keeps it.
 */
test('however deployments are interleaved, no address is given twice', () => {
  const step = fc.record({ machine: fc.nat({ max: 3 }), look: fc.boolean() });
  fc.assert(fc.property(fc.array(step, { minLength: 30, maxLength: 120 }), fc.array(fc.nat({ max: 40 }), { maxLength: 4 }), (steps, before) => {
    // The engine: who has which address. Some had theirs before.
    const engine = new Map<string, string>(before.flatMap((offset, index): [string, string][] => [[`10.200.0.${offset + 2}`, `m0-e${index}`]]));
    const held = (entity: string): string | undefined => [...engine].find(([, owner]) => owner === entity)?.[0];
    const kept = new Map([...engine].map(([address, entity]) => [entity, address]));
    const network = { networkName: 'clocker-shop', application: 'shop', driver: 'bridge', subnet: subnet('10.200.0.0/24') } as const;
    const look = (): Observed => ({
      hosts: observed('a up').hosts.map((host) => Object.assign(host, {
        networks: [network],
        containers: [...engine].map(([address, entity], index) => {
          const owner = { application: 'shop', applicationName: 'Shop', entity, entityName: entity, specHash: '', addresses: { 'clocker-shop': address } };
          return { containerId: `${index}`, containerName: entity, host: 'a', image: 'x', state: 'created' as const, health: 'none' as const, ports: [], addresses: {}, createdAtMs: 0, owner };
        }),
      })),
    });
    const machines = Array.from({ length: 4 }, (_, index) => ({
      todo: Array.from({ length: 6 }, (__, at) => `m${index}-e${at}`).filter((entity) => index > 0 || !kept.has(entity)),
      seen: look(),
      shunned: new Map([['clocker-shop', new Set<string>()]]),
    }));
    const one = (machine: (typeof machines)[number]): void => {
      const [entity] = machine.todo;
      if (entity === undefined) return;
      const desired = wantedOf(application(`${entity} nginx`), machine.seen, nothing).containers;
      const address = assign(desired, machine.seen, { shunned: machine.shunned }).containers[0]?.networks[0]?.address ?? assert.fail();
      if (engine.has(address)) machine.shunned.get('clocker-shop')?.add(address);
      else {
        engine.set(address, entity);
        machine.todo.shift();
      }
    };
    for (const { machine: index, look: isLooking } of steps) {
      const machine = machines[index] ?? assert.fail();
      if (isLooking) machine.seen = look();
      else one(machine);
    }
    for (const machine of machines) while (machine.todo.length > 0) one(machine);
    for (const [entity, address] of kept) assert.equal(held(entity), address);
    const all = [...engine.values()];
    assert.equal(new Set(all).size, all.length);
    assert.equal(all.length, 24);
    for (const address of engine.keys()) assert.ok((readAddress(address) ?? 0) % 256 >= 2 && (readAddress(address) ?? 0) % 256 < 192);
  }), { numRuns: 60 });
});

test('the next subnet for a network that lost its own', () => {
  const found = nextSubnetFor(world('a up', { networks: ['a - - 10.200.0.0/24'] }), 'a');
  assert.equal(typeof found === 'string' ? found : found.cidr, '10.200.1.0/24');
});

// Networks besides an application's own: what blueprints declare and list, and what is on the hosts, in; what is planned out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Application } from '#core/blueprint/application.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { diff } from '#core/plan/diff.ts';
import { render } from '#core/plan/render.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import type { Assignment } from '#core/record/revision.ts';
import { overlap, printAddress, readAddress, readBlock, readRange } from '#core/sdn/address.ts';
import { addressAt, printAddress6, readAddress6, readBlock6 } from '#core/sdn/address6.ts';
import type { DeclaredNetwork } from '#core/cluster/network.ts';
import { hostsOfNewSubnets, routesIn } from '#core/sdn/routes.ts';
import { AddressSpace, subnetOf } from '#core/sdn/subnet.ts';
import { application, lines, observed } from '../plan/cluster.ts';

interface More {
  /** By entity, the ids that it lists. */
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly addresses?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly networks?: Readonly<Record<string, Partial<DeclaredNetwork['settings']> & Pick<Partial<DeclaredNetwork>, 'driver'>>>;
  /** On every host. */
  readonly host?: Partial<ObservedHost>;
  readonly assignments?: readonly Assignment[];
  readonly isSwarm?: boolean;
}

function shop(entities: string, { lists = {}, addresses = {}, networks = {} }: More): Application {
  const app = application(entities);
  return {
    ...app,
    entities: app.entities.map((entity) => (entity.container ? Object.assign({}, entity, { container: { ...entity.container, ...(lists[entity.key] && { networks: lists[entity.key] }), ...(addresses[entity.key] && { addresses: addresses[entity.key] }) } }) : entity)),
    networks: Object.entries(networks).map(([id, { driver, ...settings }]) => Object.assign({ id, entity: id, settings }, driver && { driver })),
  };
}

function world(hosts: string, { host = {}, assignments, isSwarm = false }: More): Observed {
  const record = { application: 'shop', applicationName: 'Shop', revision: 1, atMs: 1, by: 'ann@laptop', what: '', outcome: 'done' as const };
  return {
    hosts: observed(hosts).hosts.map((one, index) => {
      const swarm = { nodeId: `n${index}`, address: `192.168.7.${index + 10}`, isManager: true, isActive: true, managers: ['n0'], nodes: 3 };
      return Object.assign(one, host, assignments && { records: [Object.assign({ assignments }, record)] }, isSwarm && { swarm });
    }),
  };
}

function planOf(app: Application, seen: Observed): readonly string[] {
  return render(diff(wantedOf(app, seen, { file: () => undefined }), seen)).filter((line) => !/^ {4}here because/.test(line)).map((line) => line.replace(/image \S+, /, ''));
}

function check(name: string, hosts: string, entities: string, more: More, answer: string): void {
  test(name, () => assert.deepEqual(planOf(shop(entities, more), world(hosts, more)), lines(answer)));
}

check('a declared network is made where the application is, and joined by those that list it', 'a up', 'web nginx\ndb redis', { lists: { web: ['back'] }, networks: { back: { cidr: '10.1.0.0/24', isInternal: true } } }, `
  + create network back with 10.1.0.0/24 on a
      no way leads out of it
  + create shop-web on a
      address 10.200.0.2, address 10.1.0.2 on back
  + create shop-db on a
      address 10.200.0.3
  2 to create.`);

check('without a block it gets the next free one of its size', 'a up', 'web nginx', { lists: { web: ['back'] }, networks: { back: { size: 28 } } }, `
  + create network back with 10.200.0.0/28 on a
  + create shop-web on a
      address 10.200.1.2, address 10.200.0.2 on back
  1 to create.`);

check('across hosts it is one, which a manager makes', 'a up\nb up', 'web nginx @a\ndb redis @b', { isSwarm: true, lists: { web: ['back'], db: ['back'] }, networks: { back: { cidr: '10.1.0.0/24', isEncrypted: true } } }, `
  + create network back with 10.1.0.0/24 on a
      encrypted between hosts, whose kernels must be able to (ESP)
  + create network clockernet-shop with 10.200.0.0/24 on a
  + create shop-web on a
      address 10.200.0.2, address 10.1.0.2 on back
  + create shop-db on b
      address 10.200.0.3, address 10.1.0.3 on back
  2 to create.`);

check('a macvlan is on a device of each host, and its addresses are unique among all', 'a up\nb up', 'web nginx @a\ndb redis @b', { host: { routes: ['192.168.0.0/24'] }, lists: { web: ['lan'], db: ['lan'] }, networks: { lan: { cidr: '192.168.0.0/24', gateway: '192.168.0.1', parent: 'eth0', reserved: ['192.168.0.2-192.168.0.99'] } } }, `
  + create network lan with 192.168.0.0/24 on a
      macvlan on eth0; without 192.168.0.2-192.168.0.99
  + create network lan with 192.168.0.0/24 on b
      macvlan on eth0; without 192.168.0.2-192.168.0.99
  + create shop-web on a
      address 10.200.0.2, address 192.168.0.100 on lan
  + create shop-db on b
      address 10.200.0.3, address 192.168.0.101 on lan
  2 to create.`);

check('a network of a blueprint without containers', 'a up', 'group group', { networks: { back: { cidr: '10.1.0.0/24' } } }, `
    network back is not made: it comes with the containers of this blueprint, which has none; declare it beside them, or make it by hand: clocker network create back
  Nothing to do.`);

check('a block that is in use is refused with the next free one', 'a up', 'web nginx', { host: { takenBlocks: ['10.1.0.0/16'] }, lists: { web: ['back'] }, networks: { back: { cidr: '10.1.7.0/24' } } }, `
  ! back: network back: 10.1.7.0/24 overlaps 10.1.0.0/16, which another network of host a has; the next free subnet is 10.200.0.0/24
  + create shop-web on a
      address 10.200.0.2
  This cannot be deployed: 1 problem.`);

check('so is one to which the host has a route', 'a up', 'web nginx', { host: { routes: ['10.1.0.0/16'] }, networks: { back: { cidr: '10.1.7.0/24' } } }, `
  ! back: network back: 10.1.7.0/24 overlaps 10.1.0.0/16, to which host a has a route; the next free subnet is 10.200.0.0/24
  + create shop-web on a
      address 10.200.0.2
  This cannot be deployed: 1 problem.`);

check('two that overlap each other', 'a up', 'web nginx', { networks: { back: { cidr: '10.1.0.0/16' }, front: { cidr: '10.1.7.0/24' } } }, `
  ! front: network front: 10.1.7.0/24 overlaps 10.1.0.0/16, the subnet of network clockerbridge-back; the next free subnet is 10.200.0.0/24
  + create network back with 10.1.0.0/16 on a
  + create shop-web on a
      address 10.200.0.2
  This cannot be deployed: 1 problem.`);

check('where a route takes all of the usual pool, others are taken', 'a up', 'web nginx', { host: { routes: ['10.0.0.0/8'] } }, `
  + create shop-web on a
      address 172.24.0.2
  1 to create.`);

check('a network that nobody has', 'a up', 'web nginx', { lists: { web: ['nowhere'] } }, `
  ! web: there is no network nowhere; declare it as a virtual-network with this networkId, or make it: clocker network create nowhere
  + create shop-web on a
      address 10.200.0.2
  This cannot be deployed: 1 problem.`);

const running = 'a up\n  shop-web running shop/web nginx';
const there = { networks: [{ networkName: 'clocker-shop', application: 'shop', driver: 'bridge' as const }, { networkName: 'clockerbridge-back', networkId: 'back', application: '', driver: 'bridge' as const, subnet: subnetOf(readBlock('10.1.0.0/24') ?? assert.fail()) }] };

check('what a person connected is kept, and told', running, 'web nginx', { host: there, assignments: [{ entity: 'web', network: 'back', isConnected: true, by: 'ann@laptop' }] }, `
    web stays on network back, to which ann@laptop connected it
  Nothing to do: 1 container is as wanted.`);

check('so is what a person disconnected', running, 'web nginx', { host: there, lists: { web: ['back'] }, assignments: [{ entity: 'web', network: 'back', isConnected: false, by: 'ann@laptop' }] }, `
    web stays off network back, from which ann@laptop disconnected it
  Nothing to do: 1 container is as wanted.`);

const back = { networkName: 'clockerbridge-back', networkId: 'back', application: '', driver: 'bridge' as const, subnet: subnetOf(readBlock('10.1.0.0/24') ?? assert.fail()) };
const own = { networkName: 'clocker-shop', application: 'shop', driver: 'bridge' as const, subnet: subnetOf(readBlock('10.200.0.0/24') ?? assert.fail()) };

/** What runs is on these networks. */
function on(names: readonly string[], more: More, hosts = running): Observed {
  const { hosts: all, ...seen } = world(hosts, more);
  return { ...seen, hosts: all.map((host) => Object.assign({}, host, { containers: host.containers.map((one) => Object.assign({}, one, { networks: names })) })) };
}

function kept(name: string, entities: string, names: readonly string[], more: More, answer: string, cloud: Partial<Observed> = {}): void {
  test(name, () => assert.deepEqual(planOf(shop(entities, more), { ...on(names, more), ...cloud }), lines(answer)));
}

const off: Assignment = { entity: 'web', network: 'shop', isOwn: true, isConnected: false, by: 'ann@laptop' };
kept('who was taken off its application\'s own network stays off it, which stays', 'web nginx', ['none'], { host: { networks: [own] }, assignments: [off] }, `
    web stays off its application's own network, from which ann@laptop disconnected it
  Nothing to do: 1 container is as wanted.`);
kept('also where no record is left and a container alone tells', 'web nginx', ['clockerbridge-back'], { host: { networks: [own, back] } }, `
    web stays off its application's own network, on which it is not
    web stays on network back, on which it is
  Nothing to do: 1 container is as wanted.`);
kept('what a person never took off comes back', 'web nginx', ['clockerbridge-back'], { host: { networks: [own, back] }, lists: { web: ['back'] }, assignments: [] }, `
  ~ connect shop-web to network clocker-shop with 10.200.0.2 on a
  1 to connect.`);
kept('an address that a person chose there is kept', 'web nginx', ['clocker-shop'], { host: { networks: [own] }, assignments: [{ ...off, isConnected: true, address: '10.200.0.50' }] }, `
    web keeps 10.200.0.50 on its application's own network, which ann@laptop gave it
  Nothing to do: 1 container is as wanted.`);

const without = { clouds: [{ name: 'ours', hosts: ['a'], placement: { strategies: [], affinityRules: [] }, sdn: { 'sdn.applicationNetwork.create': 'false' } }] };
kept('a cloud without networks of applications: those that are listed alone', 'web nginx\ndb redis', ['clockerbridge-back'], { host: { cloud: 'ours', networks: [back] }, lists: { web: ['back'], db: ['back'] }, assignments: [] }, `
  + create shop-db on a
      address 10.1.0.3 on back
  1 to create, 1 unchanged.`, without);
kept('what is on the network of its application leaves it there', 'web nginx', ['clocker-shop', 'clockerbridge-back'], { host: { cloud: 'ours', networks: [own, back] }, lists: { web: ['back'] }, assignments: [] }, `
  ~ disconnect shop-web from network clocker-shop on a
  - remove network clocker-shop on a
  1 to disconnect.`, without);
kept('whoever publishes ports is on a network', 'web nginx 8080->80', ['none'], { host: { cloud: 'ours' }, assignments: [] }, `
  ! web: it publishes ports, but it is on no network: its application has no network of its own (sdn.applicationNetwork.create is false); add one to its network.list
  ~ replace shop-web on a
      published ports change
      the new one runs before the old one stops
  This cannot be deployed: 1 problem.`, without);

test('IPv6 addresses are printed as they are read, and are as far into their block as wanted', () => {
  assert.deepEqual(['fd00:1::', '::', '::1', '1:2:3:4:5:6:7:8', 'fe80::1:0:0:1', '0:0:1::'].map((text) => printAddress6(readAddress6(text) ?? assert.fail(text))), ['fd00:1::', '::', '::1', '1:2:3:4:5:6:7:8', 'fe80::1:0:0:1', '0:0:1::']);
  assert.deepEqual(['fd00', '1::2::3', '12345::', 'g::', '1:2:3:4:5:6:7:8:9'].map(readAddress6), [undefined, undefined, undefined, undefined, undefined]);
  assert.equal(addressAt(readBlock6('fd00:1::/64') ?? assert.fail(), 78), 'fd00:1::4e');
  assert.equal(addressAt(readBlock6('fd00:1::/124') ?? assert.fail(), 16), undefined);
  fc.assert(fc.property(fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), (address) => assert.equal(readAddress6(printAddress6(address)), address)));
  fc.assert(fc.property(fc.array(fc.constantFrom(0n, 0n, 1n, 0xabcdn), { minLength: 8, maxLength: 8 }), (groups) => {
    const address = groups.reduce<bigint>((sum, group) => (sum << 16n) + group, 0n);
    assert.equal(readAddress6(printAddress6(address)), address);
  }));
});

test('nobody is given what is kept out, and everything else is given', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 255 }), (one, other) => {
      const [first, last] = [Math.min(one, other), Math.max(one, other)];
      const base = readAddress('10.1.0.0') ?? assert.fail();
      const subnet = { ...subnetOf(readBlock('10.1.0.0/24') ?? assert.fail()), reserved: [`${printAddress(base + first)}-${printAddress(base + last)}`] };
      const space = new AddressSpace(subnet);
      const given = new Set<number>();
      for (let address = space.allocate(); address !== undefined; address = space.allocate()) given.add(address - base);
      const expected = Array.from({ length: 192 }, (_, offset) => offset).filter((offset) => offset > 1 && (offset < first || offset > last));
      assert.deepEqual([...given], expected);
    }),
  );
});

test('blocks of networks that are planned never overlap each other, nor anything of their host', () => {
  const block = fc.tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 16, max: 24 })).map(([third, prefix]) => `10.${200 + (third % 8)}.${third * 4}.0/${prefix}`);
  fc.assert(
    fc.property(fc.array(block, { maxLength: 6 }), fc.array(block, { maxLength: 6 }), fc.array(fc.option(block), { maxLength: 5 }), (takenBlocks, routes, asked) => {
      const networks = Object.fromEntries(asked.map((cidr, index) => [`n${index}`, cidr === null ? {} : { cidr }]));
      const seen = world('a up\nb up', { host: { takenBlocks, routes } });
      const wanted = wantedOf(shop('web nginx @a\ndb redis @b', { networks }), seen, { file: () => undefined });
      const own = wanted.containers.flatMap(({ host, networks: on }) => on.flatMap(({ networkName, subnet }) => (subnet ? [{ host, networkName, cidr: subnet.cidr }] : [])));
      const made = [...own, ...(wanted.networks ?? []).flatMap(({ host, networkName, subnet }) => (subnet ? [{ host, networkName, cidr: subnet.cidr }] : []))];
      const meets = (a: string, b: string): boolean => overlap(readBlock(a) ?? assert.fail(a), readBlock(b) ?? assert.fail(b));
      for (const { cidr, host, networkName } of made) {
        for (const other of [...takenBlocks, ...routes]) assert.ok(!meets(cidr, other), `${cidr} ${other}`);
        for (const other of made) assert.ok(other.networkName === networkName || other.host !== host || !meets(cidr, other.cidr), `${cidr} ${other.cidr}`);
      }
    }),
  );
});

test('routes are those of the kernel, without the engine\'s own', () => {
  const table = `Iface\tDestination\tGateway\tFlags\tRefCnt\tUse\tMetric\tMask\tMTU\tWindow\tIRTT
eth0\t00000000\t010011AC\t0003\t0\t0\t0\t00000000\t0\t0\t0
eth0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
tun0\t0000000A\t00000000\t0001\t0\t0\t0\t000000FF\t0\t0\t0
tun0\t0501A8C0\t00000000\t0005\t0\t0\t0\tFFFFFFFF\t0\t0\t0
docker0\t000012AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0
br-0123456789ab\t0000C80A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
clocker0\t0001C80A\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0
`;
  assert.deepEqual(routesIn(table, ['10.200.1.0/24']), ['10.0.0.0/8', '172.17.0.0/16', '192.168.1.5/32']);
  assert.deepEqual(routesIn('nothing of the kind', []), []);
});

test('only hosts that get a new subnet are asked for their routes', () => {
  const seen = world('a up\nb up\nc up', {});
  const wanted = wantedOf(shop('web nginx @a', { lists: { web: ['lan'] }, networks: { lan: { cidr: '10.9.0.0/24', parent: 'eth0' } } }), seen, { file: () => undefined });
  assert.deepEqual(hostsOfNewSubnets(wanted, seen), ['a']);
  assert.deepEqual(hostsOfNewSubnets(wanted, { hosts: seen.hosts.map((host) => Object.assign({}, host, there)) }), []);
});

test('ranges', () => {
  assert.deepEqual(['10.1.0.5', '10.1.0.0/28', '10.1.0.10 - 10.1.0.20', '10.1.0.20-10.1.0.10', 'x', '1.1.1.1-2.2.2.2-3.3.3.3'].map((text) => {
    const range = readRange(text);
    return range && `${printAddress(range.first)} ${printAddress(range.last)}`;
  }), ['10.1.0.5 10.1.0.5', '10.1.0.0 10.1.0.15', '10.1.0.10 10.1.0.20', undefined, undefined, undefined]);
});

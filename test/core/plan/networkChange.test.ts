// Networks that are changed while applications run: what is on the hosts and what a person wants in, the plan and what is
// remembered out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed, ObservedHost, ObservedNetwork } from '#core/cluster/observed.ts';
import { changeNetwork, hostsOfChange, type NetworkChange } from '#core/plan/networkChange.ts';
import { render } from '#core/plan/render.ts';
import { readBlock } from '#core/sdn/address.ts';
import { subnetOf } from '#core/sdn/subnet.ts';
import { byId } from '#core/view/node.ts';
import { networksView } from '#core/view/networks.ts';
import { lines, observed } from './cluster.ts';

/**
 * `a back bridge 10.1.0.0/24`: networks on hosts; `a shop-web back 10.1.0.7`: who is on which with what. `a shop-web own 10.200.0.2` is on its
 * application's own there, `a shop-web off` is not; all others are on one that is of no account.
 */
function world(hosts: string, networks: string, on = '', isSwarm = false): Observed {
  const network = (line: string): ObservedNetwork => {
    const [, id = '', driver, cidr = '', application = ''] = line.split(' ');
    const by = driver === 'overlay' || driver === 'macvlan' ? driver : 'bridge';
    return { networkName: `clocker${by}-${id}`, networkId: id, application, driver: by, subnet: subnetOf(readBlock(cidr) ?? assert.fail(cidr)) };
  };
  return {
    hosts: observed(hosts).hosts.map((host, index): ObservedHost => {
      const mine = (text: string): string[] => text.split('\n').map((line) => line.trim()).filter((line) => line.startsWith(`${host.host} `));
      const shared = mine(networks).map(network);
      const ownName = isSwarm ? 'clockernet-shop' : 'clocker-shop';
      const own: ObservedNetwork[] = / own /.test(on) ? [{ networkName: ownName, application: 'shop', driver: isSwarm ? 'overlay' : 'bridge', subnet: subnetOf(readBlock('10.200.0.0/24') ?? assert.fail()) }] : [];
      const containers = host.containers.map((container) => {
        const places = mine(on).map((line) => line.split(' ')).filter(([, name]) => name === container.containerName);
        const addresses = Object.fromEntries(places.flatMap(([, , id = '', address = '']) => (address === '' ? [] : [[shared.find((one) => one.networkId === id)?.networkName ?? ownName, address]])));
        const isOff = places.some(([, , id]) => id === 'off');
        const names = [...new Set([...(isOff ? [] : [ownName]), ...Object.keys(addresses)])];
        return Object.assign({}, container, { networks: names.length === 0 ? ['none'] : names, addresses }, container.owner && { owner: Object.assign({}, container.owner, { addresses }) });
      });
      return Object.assign(host, { networks: [...own, ...shared], containers }, isSwarm && { swarm: { nodeId: `n${index}`, address: `192.168.7.${index + 10}`, isManager: true, isActive: true, managers: ['n0'], nodes: 3 } });
    }),
  };
}

function check(name: string, change: NetworkChange, seen: Observed, answer: string, remembered?: readonly string[]): void {
  test(name, () => {
    const plan = changeNetwork(change, 'ann@laptop', seen);
    assert.deepEqual(render(plan), lines(answer));
    if (remembered) assert.deepEqual(plan.assignments?.map((one) => `${one.isConnected ? '+' : '-'} ${one.entity} ${one.isOwn === true ? 'own' : one.network}${one.address === undefined ? '' : ` ${one.address}`} by ${one.by}`), remembered);
  });
}

const shop = 'a up\n  shop-web running shop/web nginx\n  shop-db exited shop/db redis\nb up\n  shop-mq running shop/mq rabbit';

check('created on every host', { kind: 'create', network: 'back', settings: {} }, world(shop, ''), `
  + create network back with 10.200.0.0/24 on a
  + create network back with 10.200.0.0/24 on b
  A network to create.`);
check('created once where hosts are one Swarm', { kind: 'create', network: 'back', settings: { isEncrypted: true } }, world(shop, '', '', true), `
  + create network back with 10.200.0.0/24 on a
      encrypted between hosts, whose kernels must be able to (ESP)
  A network to create.`);
check('created with a bad name, and what is there', { kind: 'create', network: 'a b', settings: {}, hosts: ['a', 'z'] }, world(shop, ''), `
  ! a b: "a b" is no name of a network; take letters, digits, "-", "_" and ".", beginning with a letter or a digit
  ! a b: there is no host z
  This cannot be deployed: 2 problems.`);
check('an overlay where there is no Swarm', { kind: 'create', network: 'back', driver: 'overlay', settings: {}, hosts: ['a'] }, world(shop, ''), `
  ! back: it is to be an overlay, and host a is no manager of a Swarm; make a docker cloud of the hosts, or take another provider
  This cannot be deployed: 1 problem.`);

check('a whole application, also what does not run, and a bridge on a host that lacks it', { kind: 'connect', network: 'back', application: 'shop' }, world(shop, 'a back bridge 10.1.0.0/24', 'a shop-web back 10.1.0.2'), `
  ~ connect shop-db to network back with 10.1.0.3 on a
  + create network back with 10.1.0.0/24 on b
  ~ connect shop-mq to network back with 10.1.0.4 on b
  2 to connect, 1 unchanged.`, ['+ web back by ', '+ db back by ann@laptop', '+ mq back by ann@laptop']);
check('with another address than it has', { kind: 'connect', network: 'back', application: 'shop', entities: ['web'], address: '10.1.0.50' }, world(shop, 'a back bridge 10.1.0.0/24', 'a shop-web back 10.1.0.2'), `
  ~ connect shop-web to network back with 10.1.0.50 in place of 10.1.0.2 on a
  1 to connect.`, ['+ web back 10.1.0.50 by ann@laptop']);
check('with an address of somebody else', { kind: 'connect', network: 'back', application: 'shop', entities: ['db'], address: '10.1.0.2' }, world(shop, 'a back bridge 10.1.0.0/24', 'a shop-web back 10.1.0.2'), `
  ! db: network.address: 10.1.0.2 is the address of shop-web; choose another
  ~ connect shop-db to network back on a
  This cannot be deployed: 1 problem.`);
check('one address for several', { kind: 'connect', network: 'back', application: 'shop', address: '10.1.0.2' }, world(shop, 'a back bridge 10.1.0.0/24'), `
  ! back: one address cannot be that of 3 containers; name one entity
  This cannot be deployed: 1 problem.`);
check('an overlay does not reach hosts outside its Swarm', { kind: 'connect', network: 'back', application: 'shop', entities: ['mq'] }, world(shop, 'a back overlay 10.1.0.0/24'), `
  ! mq: network back does not reach host b, where shop-mq is
  This cannot be deployed: 1 problem.`);
check('nobody by that name', { kind: 'connect', network: 'back', application: 'shop', entities: ['nobody'] }, world(shop, 'a back bridge 10.1.0.0/24'), `
  ! nobody: application shop has no container for nobody
  This cannot be deployed: 1 problem.`);

check('taken off', { kind: 'disconnect', network: 'back', application: 'shop' }, world(shop, 'a back bridge 10.1.0.0/24', 'a shop-web back 10.1.0.2'), `
  ~ disconnect shop-web from network back on a
  1 to disconnect, 2 unchanged.`, ['- web back by ann@laptop']);
check('taken off where it is not', { kind: 'disconnect', network: 'back', application: 'shop', entities: ['db'] }, world(shop, 'a back bridge 10.1.0.0/24'), `
  ! back: shop-db is not on network back
  This cannot be deployed: 1 problem.`);

const inShop = { application: 'shop', network: 'shop' } as const;
check('taken off its application\'s own network, and on no other one', { kind: 'disconnect', ...inShop, entities: ['web'] }, world(shop, '', 'a shop-web own 10.200.0.2'), `
  ~ disconnect shop-web from network clocker-shop on a
  * shop-web is on no network then: it reaches nobody, and nobody reaches it, not through its published ports either
  1 to disconnect.`, ['- web own by ann@laptop']);
check('taken off its application\'s own network across hosts, and left on another', { kind: 'disconnect', ...inShop, entities: ['web'] }, world(shop, 'a back overlay 10.1.0.0/24', 'a shop-web own 10.200.0.2\na shop-web back 10.1.0.2', true), `
  ~ disconnect shop-web from network clockernet-shop on a
  1 to disconnect.`, ['+ web back by ', '- web own by ann@laptop']);
check('back on its application\'s own network: nothing is left to remember', { kind: 'connect', ...inShop, entities: ['web'] }, world(shop, '', 'a shop-web off\na shop-db own 10.200.0.3'), `
  ~ connect shop-web to network clocker-shop with 10.200.0.2 on a
  1 to connect.`, []);
check('with a chosen address there', { kind: 'connect', ...inShop, network: 'clocker-shop', entities: ['web'], address: '10.200.0.50' }, world(shop, '', 'a shop-web own 10.200.0.2'), `
  ~ connect shop-web to network clocker-shop with 10.200.0.50 in place of 10.200.0.2 on a
  1 to connect.`, ['+ web own 10.200.0.50 by ann@laptop']);
check('a network of that id comes first', { kind: 'disconnect', ...inShop, entities: ['web'] }, world(shop, 'a shop bridge 10.1.0.0/24', 'a shop-web own 10.200.0.2\na shop-web shop 10.1.0.2'), `
  ~ disconnect shop-web from network shop on a
  1 to disconnect.`, ['- web shop by ann@laptop']);
check('where the application has none', { kind: 'connect', ...inShop, entities: ['web'] }, world(shop, '', 'a shop-web off'), `
  ! web: application shop has no network of its own on host a; deploy it, and it is made
  This cannot be deployed: 1 problem.`);

check('removed when nobody is on it', { kind: 'remove', network: 'back' }, world(shop, 'a back bridge 10.1.0.0/24\nb back bridge 10.1.0.0/24'), `
  - remove network back on a
  - remove network back on b
  A network to remove.`);
check('not removed while somebody is', { kind: 'remove', network: 'back' }, world(shop, 'a back bridge 10.1.0.0/24', 'a shop-web back 10.1.0.2'), `
  ! back: shop-web is on it; disconnect it first
  - remove network back on a
  This cannot be deployed: 1 problem.`);

test('the hosts of new networks are those whose routes count', () => {
  const seen = world(shop, '');
  assert.deepEqual(hostsOfChange({ kind: 'create', network: 'back', settings: {}, hosts: ['b'] }, seen), ['b']);
  assert.deepEqual(hostsOfChange({ kind: 'create', network: 'lan', settings: { parent: 'eth0' } }, seen), []);
  assert.deepEqual(hostsOfChange({ kind: 'create', network: 'back', settings: {} }, world(shop, '', '', true)), ['a', 'b']);
});

test('the view has networks with their members, by address and name', () => {
  const nodes = networksView(world(shop, 'a back bridge 10.1.0.0/24 shop\na lan macvlan 10.2.0.0/24', 'a shop-web back 10.1.0.2\na shop-db back 10.1.0.3'));
  assert.deepEqual(nodes.flatMap(({ label, description, contextValue, children }) => [`${label}: ${description} (${contextValue})`, ...children.map((child) => `  ${child.label}: ${child.description} (${child.contextValue})`)]), [
    'back: 10.1.0.0/24 · of shop (network.shared)',
    '  db.shop: 10.1.0.3 · exited · a (member.shared)',
    '  web.shop: 10.1.0.2 · a (member.shared)',
    'lan: 10.2.0.0/24 · made by hand (network.shared)',
  ]);
  assert.equal(byId(nodes).size, 4);
});

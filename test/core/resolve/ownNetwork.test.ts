// Applications without a network of their own: blueprints in, the networks of their containers out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '#core/cluster/observed.ts';
import { understand } from '#core/check/problems.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { observed } from '../plan/cluster.ts';

/** `web: back 10.1.0.2`, and what is refused. */
function check(name: string, blueprint: string, expected: readonly string[]): void {
  test(name, () => {
    const { application, diagnostics } = understand(`id: shop\n${blueprint.trim()}\n`, builtInCatalog);
    assert.deepEqual(diagnostics.map(({ message }) => message), []);
    assert.ok(application);
    const seen: Observed = { hosts: observed('a up').hosts };
    const { containers, refusals } = wantedOf(application, seen, { file: () => undefined });
    assert.deepEqual([
      ...containers.map(({ entity, networks }) => `${entity}: ${networks.map(({ networkName, networkId, address }) => `${networkId ?? networkName} ${address ?? ''}`).join(', ')}`),
      ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`),
    ], expected);
  });
}

const back = '- { type: virtual-network, id: back, cidr: 10.1.0.0/24 }';

check('an application says so for all of its entities, and one of them otherwise', `
brooklyn.config: { sdn.applicationNetwork.create: false }
services:
- { type: "docker:nginx", id: web, brooklyn.config: { network.list: [back] } }
- { type: "docker:redis", id: db, brooklyn.config: { network.list: [back], sdn.applicationNetwork.create: true } }
${back}`, ['web: back 10.1.0.2', 'db: clocker-shop 10.200.0.2, back 10.1.0.3']);

check('an address of a network that is not there', `
services:
- type: docker:nginx
  id: web
  openPorts: [80]
  brooklyn.config: { sdn.applicationNetwork.create: false, network.address: 10.200.0.9 }`, [
  'web: ',
  '! web: network.address: its application has no network of its own (sdn.applicationNetwork.create is false); say on which network it is to have 10.200.0.9: network.address: {ID: 10.200.0.9}',
  '! web: it publishes ports, but it is on no network: its application has no network of its own (sdn.applicationNetwork.create is false); add one to its network.list',
]);

check('of each network its own', `
services:
- { type: "docker:nginx", id: web, brooklyn.config: { sdn.applicationNetwork.create: false, network.list: [back], network.address: { back: 10.1.0.77 } } }
${back}`, ['web: back 10.1.0.77']);

// Blocks of addresses that hosts use, told by the editor: what overlaps one is marked where it is written, with the next free one as the fix.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { BlockInUse } from '#core/sdn/inUse.ts';
import { blocksInUse, blocksNotification } from '#core/sdn/inUse.ts';
import { readBlock } from '#core/sdn/address.ts';
import { subnetOf } from '#core/sdn/subnet.ts';
import { observed } from '../core/plan/cluster.ts';
import { bundledServer, Client } from './client.ts';

const used: readonly BlockInUse[] = [
  { block: '10.1.0.0/16', what: 'which another network of host box has' },
  { block: '10.2.0.0/24', what: 'the subnet of network clockerbridge-mine on box', network: 'mine' },
  { block: '10.200.0.0/24', what: 'the subnet of network clocker-shop on box' },
];

test('what overlaps is marked while it is typed, and not any more once nothing is in the way', async () => {
  const server = await bundledServer();
  const client = await Client.start(server.file);
  try {
    const network = (id: string, cidr: string, more = ''): string => `- { type: virtual-network, networkId: ${id}, cidr: ${cidr}${more} }\n`;
    const text = `services:\n${network('back', '10.1.7.0/24')}${network('mine', '10.2.0.0/24')}${network('theirs', '10.1.9.0/24', ', parent: eth0')}${network('free', '10.9.0.0/24')}`;
    client.open('file:///shop.blueprint.yaml', text);
    const overlaps = (): readonly string[] | undefined =>
      client.published.at(-1)?.diagnostics.filter(({ code }) => code === 'overlapping-subnets').map(({ message, severity, range }) => `${range.start.line} ${severity} ${typeof message === 'string' ? message : message.value}`);
    await client.until(() => overlaps()?.length === 0 || undefined);
    client.notify(blocksNotification, { blocks: used });
    await client.until(() => overlaps()?.length === 1 || undefined);
    assert.deepEqual(overlaps(), ['1 2 10.1.7.0/24 overlaps 10.1.0.0/16, which another network of host box has; the next free subnet is 10.200.1.0/24']);
    client.notify(blocksNotification, { blocks: [{ nonsense: true }] });
    await client.until(() => overlaps()?.length === 0 || undefined);
  } finally {
    await client.stop();
    server.remove();
  }
});

test('the blocks of hosts', () => {
  const [a, b] = observed('a up\nb up').hosts;
  assert.ok(a && b);
  const subnet = subnetOf(readBlock('10.2.0.0/24') ?? assert.fail());
  const mine = { networkName: 'clockerbridge-mine', networkId: 'mine', application: '', driver: 'bridge' as const, subnet };
  assert.deepEqual(blocksInUse({ hosts: [{ ...b, networks: [mine], takenBlocks: ['172.17.0.0/16'] }, { ...a, networks: [mine], takenBlocks: ['172.17.0.0/16'], routes: ['192.168.0.0/24'] }] }), [
    { block: '10.2.0.0/24', what: 'the subnet of network clockerbridge-mine on b', network: 'mine' },
    { block: '172.17.0.0/16', what: 'which another network of host b has' },
    { block: '192.168.0.0/24', what: 'to which host a has a route' },
  ]);
});

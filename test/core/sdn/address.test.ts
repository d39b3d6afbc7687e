// Addresses, blocks and subnets as values.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { blockAround, includes, lastOf, overlap, printAddress, printBlock, readAddress, readBlock, type Block } from '#core/sdn/address.ts';
import { AddressSpace, nextSubnet, subnetOf } from '#core/sdn/subnet.ts';

const address = fc.integer({ min: 0, max: 2 ** 32 - 1 });
const block = fc.tuple(address, fc.integer({ min: 8, max: 30 })).map(([base, prefix]) => blockAround(base, prefix));

test('what is printed reads the same', () => {
  fc.assert(fc.property(address, (one) => readAddress(printAddress(one)) === one));
  fc.assert(fc.property(block, (one) => assert.deepEqual(readBlock(printBlock(one)), one)));
});

test('what is no address or block', () => {
  for (const text of ['', '1.2.3', '1.2.3.4.5', '256.1.1.1', '1.2.3.4 ', '01.2.3.4', '1.2.3.x', '1..2.3']) assert.equal(readAddress(text), undefined, text);
  for (const text of ['1.2.3.4', '1.2.3.4/33', '1.2.3/8', '1.2.3.4/', '/8']) assert.equal(readBlock(text), undefined, text);
  assert.equal(printBlock(readBlock('10.1.2.3/8') ?? assert.fail()), '10.0.0.0/8');
});

test('blocks overlap where they have an address in common', () => {
  fc.assert(fc.property(block, block, (a, b) => overlap(a, b) === (includes(a, b.base) || includes(a, lastOf(b)) || includes(b, a.base))));
});

function checkNext(pool: string, prefix: number, taken: string, answer: string): void {
  test(`the next subnet of ${prefix} bits in ${pool} beside ${taken === '' ? 'nothing' : taken}`, () => {
    const blocks = taken.split(' ').flatMap((text) => readBlock(text) ?? []);
    const found = nextSubnet({ block: readBlock(pool) ?? assert.fail(), prefix }, blocks);
    assert.equal(found === undefined ? '-' : printBlock(found), answer);
  });
}

checkNext('10.200.0.0/13', 24, '', '10.200.0.0/24');
checkNext('10.200.0.0/13', 24, '10.200.0.0/24 10.200.1.0/24 10.200.3.0/24', '10.200.2.0/24');
checkNext('10.200.0.0/13', 24, '10.200.0.128/25', '10.200.1.0/24');
checkNext('10.200.0.0/13', 24, '10.192.0.0/11', '-');
checkNext('10.200.0.0/23', 24, '10.200.0.0/28 10.200.1.7/32', '-');
checkNext('169.254.0.0/16', 27, '169.254.0.0/24', '169.254.1.0/27');
checkNext('0.0.0.0/0', 8, '0.0.0.0/1', '128.0.0.0/8');
checkNext('10.0.0.0/24', 16, '', '-');

test('subnets never overlap what is taken, nor one another, and none is left out', () => {
  fc.assert(fc.property(fc.array(block, { maxLength: 8 }), fc.integer({ min: 20, max: 26 }), (strangers, prefix) => {
    const pool: Block = { base: 0x0a_00_00_00, prefix: 20 };
    const made: Block[] = [];
    for (;;) {
      const next = nextSubnet({ block: pool, prefix }, [...strangers, ...made]);
      if (next === undefined) break;
      assert.ok(![...strangers, ...made].some((other) => overlap(next, other)));
      made.push(next);
    }
    const step = 2 ** (32 - prefix);
    const free = Array.from({ length: 2 ** (prefix - pool.prefix) }, (_, index) => ({ base: pool.base + index * step, prefix })).filter((one) => !strangers.some((other) => overlap(one, other)));
    assert.deepEqual(made, free);
  }));
});

test('the first address is the gateway\'s, the last quarter the engines\'', () => {
  const subnet = subnetOf(readBlock('10.200.7.0/28') ?? assert.fail());
  assert.deepEqual(subnet, { cidr: '10.200.7.0/28', gateway: '10.200.7.1', range: '10.200.7.12/30' });
  const space = new AddressSpace(subnet);
  const given = Array.from({ length: 12 }, () => space.allocate()).map((one) => (one === undefined ? '-' : printAddress(one).replace('10.200.7.', '')));
  assert.equal(given.join(' '), '2 3 4 5 6 7 8 9 10 11 - -');
});

test('no address is given twice, and what is put back is given again', () => {
  const commands = fc.array(fc.oneof(fc.constant('next' as const), fc.nat({ max: 63 }).map((offset) => ({ take: offset })), fc.nat({ max: 63 }).map((offset) => ({ release: offset }))), { maxLength: 200 });
  fc.assert(fc.property(commands, (all) => {
    const space = new AddressSpace(subnetOf({ base: 0, prefix: 26 }));
    const held = new Set<number>();
    for (const command of all) {
      if (command === 'next') {
        const one = space.allocate();
        if (one === undefined) assert.equal(held.size, 46);
        else assert.ok(!held.has(one) && one >= 2 && one < 48);
        if (one !== undefined) held.add(one);
      } else if ('take' in command) {
        const isThere = space.take(command.take);
        assert.equal(isThere, !held.has(command.take) && command.take >= 2 && command.take < 48);
        held.add(isThere ? command.take : -1);
        held.delete(-1);
      } else if (held.delete(command.release)) space.release(command.release);
    }
  }));
});

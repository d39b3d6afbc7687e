// What images have in common.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { sharedLayers } from '#core/image/layers.ts';

function check(layers: string, others: readonly string[], answer: string): void {
  test(`layers: ${layers} with ${others.join(', ') || 'none'}`, () => assert.equal(sharedLayers(layers.split(''), others.map((other) => other.split(''))).join(''), answer));
}

check('abc', [], '');
check('abc', ['xabc'], '');
check('abc', ['ab', 'abx', 'a'], 'ab');
check('abc', ['abcd'], 'abc');
check('', ['a'], '');

test('layers: what is shared begins both', () => fc.assert(fc.property(fc.array(fc.constantFrom('a', 'b')), fc.array(fc.array(fc.constantFrom('a', 'b'))), (layers, others) => {
  const shared = sharedLayers(layers, others);
  const begins = (whole: readonly string[], length: number): boolean => layers.slice(0, length).every((layer, index) => whole[index] === layer);
  assert.ok(shared.length === 0 || others.some((other) => begins(other, shared.length)));
  assert.ok(shared.length === layers.length || !others.some((other) => begins(other, shared.length + 1)));
})));

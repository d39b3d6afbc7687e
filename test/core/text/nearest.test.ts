import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { distance, nearest, nearestFew } from '#core/text/nearest.ts';

const words = ['config', 'component', 'child', 'sibling', 'attributeWhenReady', 'self'];

function check(word: string, expected: string | undefined): void {
  test(`${word} -> ${expected ?? 'nothing near'}`, () => assert.equal(nearest(word, words), expected));
}

check('confg', 'config');
check('cofnig', 'config');
check('CONFIG', 'config');
check('componnet', 'component');
check('attributeWhenRedy', 'attributeWhenReady');
check('slef', 'self');
check('zebra', undefined);
check('config', undefined);
check('', undefined);

test('the closest come first', () => {
  assert.deepEqual(nearestFew('childs', ['hidlds', 'child', 'other'], 2), ['child', 'hidlds']);
});

test('a swap of neighbours is one change, as is a letter more, less or other', () => {
  assert.equal(distance('ab', 'ba'), 1);
  assert.equal(distance('abc', 'ab'), 1);
  assert.equal(distance('abc', 'axc'), 1);
  assert.equal(distance('ca', 'abc'), 3);
});

test('distance is the same both ways, zero for equal words only, and a limit never changes a small one', () => {
  const word = fc.string({ maxLength: 12, unit: fc.constantFrom('a', 'b', 'c') });
  fc.assert(
    fc.property(word, word, fc.nat(6), (a, b, limit) => {
      const exact = distance(a, b);
      assert.equal(distance(b, a), exact);
      assert.equal(exact === 0, a === b);
      const limited = distance(a, b, limit);
      if (exact <= limit) assert.equal(limited, exact);
      else assert.ok(limited > limit);
    }),
  );
});

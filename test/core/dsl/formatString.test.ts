// Patterns, values, and what Java's String.format makes of them.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { format, valuesAskedFor } from '#core/dsl/formatString.ts';
import type { Value } from '#core/dsl/value.ts';

function check(pattern: string, values: readonly Value[], expected: string | RegExp): void {
  test(`${pattern} with ${values.length}`, () => {
    const formatted = format(pattern, values);
    if (typeof expected === 'string') assert.deepEqual(formatted, { ok: true, text: expected });
    else assert.match(formatted.ok ? formatted.text : formatted.problem, expected);
  });
}

check('http://%s:%s/', ['h', 80], 'http://h:80/');
check('%2$s %1$s %s', ['a', 'b'], 'b a a');
check('%0$s %s', ['a', 'b'], 'a b');
check('%s %<s', ['a'], 'a a');
check('%5s|%-5s|%.2s', ['ab', 'ab', 'abc'], '   ab|ab   |ab');
check('%S', ['ab'], 'AB');
check('%d %+d %05d %,d (%(d)', [1, 2, -3, 1234567, -4], '1 +2 -0003 1,234,567 ((4))');
check('%x %X %#x %x %o', [255, 255, 255, -1, 8], 'ff FF 0xff ffffffff 10');
check('%f %.1f %08.2f %e', [0.5, { double: 2 }, 1.5, 12345.678], '0.500000 2.0 00001.50 1.234568e+04');
check('%b %b %b', [true, null, 'x'], 'true false true');
check('%c%c', ['a', 66], 'aB');
check('%n100%%', [], '\n100%');
check('%s %s %s', [null, ['a', 1], new Map([['k', 'v']])], 'null [a, 1] {k=v}');
check('%s', [{ double: 1 }], '1.0');
check('%h', ['abc'], '17862');
check('%d', ['1'], /%d does not take a text/);
check('%f', [1], /%f does not take a number/);
check('%s', [], /asks for 1, and 0 are given/);
check('50% of', [], /% o has no value/);
check('%', [], /%% for a percent sign/);
check('%tY', [1], /not supported/);
check('%999999s', ['a'], /wider/);
check('%-s', ['a'], /how wide/);

test('how many values a pattern asks for', () => {
  assert.equal(valuesAskedFor('%s %s %% %n %<s'), 2);
  assert.equal(valuesAskedFor('%3$s %s'), 3);
});

test('never throws, and as many values as asked for are enough for %s', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('%', 's', 'd', '1', '$', '-', '.', ' ', 'a', '0', '<') }), (pattern) => {
      format(pattern, ['a', 1, null]);
      const asked = valuesAskedFor(pattern);
      if (typeof asked === 'number' && asked < 20 && !pattern.includes('d') && !pattern.includes('<')) assert.ok(format(pattern, Array.from({ length: asked }, () => 'x')).ok, pattern);
    }),
  );
});

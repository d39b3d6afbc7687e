// Lists made from lists: what changed between two of them is known, and what was made of the rest is kept.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { changesBetween, exchanged, Mapped } from '#core/incremental/changes.ts';

function check(before: string, now: string, gone: string, come: string): void {
  test(`${before} -> ${now}`, () => {
    const changes = changesBetween(before.split(''), now.split(''));
    assert.deepEqual([changes.gone.join(''), changes.come.join('')], [gone, come]);
  });
}

check('', '', '', '');
check('abc', 'abc', '', '');
check('abc', 'axc', 'b', 'x');
check('abc', 'ac', 'b', '');
check('ac', 'abc', '', 'b');
check('abcd', 'acbd', '', '');
check('abc', '', 'abc', '');

/** Each step: where, how many go, how many come, and whether somebody looks at the list then. */
const steps = fc.array(fc.tuple(fc.nat(20), fc.nat(3), fc.nat(3), fc.boolean()), { maxLength: 30 });

test('however lists came from each other, what was made of them is what would be made afresh', () => {
  fc.assert(
    fc.property(fc.nat(20), steps, (length, all) => {
      let next = 0;
      let list: readonly number[] = Array.from({ length }, () => next++);
      let seen = list;
      let made = 0;
      let unseen = 0;
      const mapped = new Mapped<number, string>();
      const make = (one: number): string | undefined => (made++, one % 7 === 3 ? undefined : `<${one}>`);
      mapped.of(list, make);
      for (const [at, gone, come, isSeen] of all) {
        const start = Math.min(at, list.length);
        list = exchanged(list, start, Math.min(gone, list.length - start), Array.from({ length: come }, () => next++));
        unseen++;
        if (!isSeen) continue;
        made = 0;
        const { gone: left, come: arrived } = changesBetween(seen, list);
        assert.deepEqual(left, seen.filter((one) => !list.includes(one)));
        assert.deepEqual(arrived, list.filter((one) => !seen.includes(one)));
        const afresh = list.map((one) => (one % 7 === 3 ? undefined : `<${one}>`));
        assert.deepEqual(mapped.of(list, make), afresh.includes(undefined) ? undefined : afresh);
        if (unseen === 1) assert.equal(made, come);
        seen = list;
        unseen = 0;
      }
    }),
  );
});

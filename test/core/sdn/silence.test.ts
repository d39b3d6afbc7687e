// What was heard of something that is asked again and again, and what is said of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { silenceClause, silenceIn } from '#core/sdn/silence.ts';

/** `0+ 100- 350+ 400`: answered at 0, silent from 100 to 350, watched until 400. */
function check(heard: string, clause: string): void {
  test(`${heard} reads "${clause}"`, () => {
    const words = heard.split(' ');
    const changes = words.slice(0, -1).map((word) => ({ atMs: Number.parseInt(word), isAnswer: word.endsWith('+') }));
    assert.equal(silenceClause(silenceIn(changes, Number(words.at(-1))), 'x'), clause);
  });
}

check('0+ 1000', 'x answered all the time');
check('0+ 100- 350+ 400', 'x did not answer for 0.25 s');
check('0- 50+ 100- 150+ 300- 1300+ 1400', 'x did not answer for 1.00 s');
check('0+ 100- 200- 300+ 400', 'x did not answer for 0.20 s');
check('0+ 100- 2100', 'x has not answered for 2.00 s, and does not yet');
check('0- 2100', 'how long it did not answer could not be measured: x did not answer before');

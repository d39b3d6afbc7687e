// Java's patterns and replacements, and what they make of a text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { compile, replaceAll } from '#core/dsl/regex.ts';

function check(source: string, pattern: string, replacement: string, expected: string | RegExp): void {
  test(`${pattern} -> ${replacement}`, () => {
    const replaced = replaceAll(source, pattern, replacement);
    if (typeof expected === 'string') assert.deepEqual(replaced, { ok: true, text: expected });
    else assert.match(replaced.ok ? replaced.text : replaced.problem, expected);
  });
}

check('Broooklyn', 'o+', 'oo', 'Brooklyn');
check('http://a', '^http:', 'https:', 'https://a');
check('a-b', '(\\w)-(\\w)', '$2-$1', 'b-a');
check('a1', '(?<letter>[a-z])(\\d)', '${letter}:$2', 'a:1');
check('x', 'x', '\\$1', '$1');
check('ab', '(a)(b)?', '$10', 'a0');
check('a.b', '\\Q.\\E', '-', 'a-b');
check('ABC', '(?i)b', 'x', 'AxC');
check('a b\tc', '\\s+', '_', 'a_b_c');
check('tab\u00a0x', '\\h', '_', 'tab_x');
check('naïve 1', '\\p{Alpha}', '.', '..ï.. 1');
check('naïve', '\\p{L}', '.', '.....');
check('end\n', 'end$', 'x', 'x\n');
check('a}b]', '[}\\]]', '', 'ab');
check('a}b', '}', '', 'ab');
check('{x}', '\\{x\\}', 'y', 'y');
check('a/b', '/', '\\\\', 'a\\b');
check('aab', 'a{2}', 'x', 'xb');
check('AbC', '\\x41|\\u0062', '.', '..C');
check('x', 'x', '$', /must name a group/);
check('x', 'x', '$3', /group 3, which the pattern does not have/);
check('x', 'x', '${no}', /group no, which/);
check('x', 'a++', '', /possessive/);
check('x', '(?>a)', '', /atomic/);
check('x', '[a&&b]', '', /intersection/);
check('x', '(a', '', /no regular expression/);
check('x', 'a\\', '', /backslash/);
check('x', '\\G', '', /\\G is not supported/);

test('never throws', () => {
  const pattern = fc.string({ unit: fc.constantFrom('\\', '[', ']', '(', ')', '{', '}', '?', '+', '*', '^', '$', '|', '.', 'a', '1', 'Q', 'E', 'p', '<', '>', '&', '-', 'k', 'é') });
  fc.assert(fc.property(pattern, fc.string(), (given, replacement) => void replaceAll('a-b', given, replacement)), { numRuns: 2000 });
});

test('a pattern is compiled for all matches and whole characters', () => {
  const compiled = compile('.');
  assert.ok(compiled.ok);
  assert.equal('😀a'.replace(compiled.regex, '_'), '__');
});

// What is wrong with a text, where, and how it is mended; and the laws: parsing never throws, print is its inverse.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applyEdits } from '#core/text/diagnostic.ts';
import { maxDepth, parse } from '#core/dsl/parse.ts';
import { print } from '#core/dsl/print.ts';
import { childrenOf, type Expression } from '#core/dsl/tree.ts';
import { contains } from '#core/text/span.ts';
import { canonical, withoutPlaces } from './support.ts';

/** `carets` stand under the first problem; `mended` is the text after its fix. */
function check(text: string, carets: string, message: RegExp, mended?: string): void {
  test(text, () => {
    const [problem] = parse(text).problems;
    assert.ok(problem, 'nothing is found');
    assert.equal(' '.repeat(problem.span.start) + '^'.repeat(Math.max(1, problem.span.end - problem.span.start)), carets.trimEnd());
    assert.match(problem.message, message);
    if (mended === undefined) return;
    assert.ok(problem.suggestion, 'there is no fix');
    const fixed = applyEdits(text, [problem.suggestion]);
    assert.equal(fixed, mended);
    assert.deepEqual(parse(fixed).problems, []);
  });
}

check('$brooklyn:config(a.b)', '                  ^^', /write "a\.b"/, '$brooklyn:config("a.b")');
check('$brooklyn:config(a-b-c)', '                  ^^^^', /write "a-b-c"/, '$brooklyn:config("a-b-c")');
check("$brooklyn:config('x')", '                 ^', /double quotes/, '$brooklyn:config("x")');
check('$brooklyn:config("x"', '                ^', /not closed/, '$brooklyn:config("x")');
check('$brooklyn:config("x', '                 ^^', /string is not closed/);
check('$brooklyn:config("x"))', '                     ^', /closes nothing/, '$brooklyn:config("x")');
check('$brooklyn:config("x"]', '                    ^', /\) is expected/, '$brooklyn:config("x")');
check('$brooklyn:f("x" "y")', '                ^', /comma is missing/, '$brooklyn:f("x" , "y")');
check('$brooklyn:f(,"x")', '            ^', /argument is missing/);
check('$brooklyn:entity ("x")', '                ^', /No space/, '$brooklyn:entity("x")');
check('$brooklyn:entity("x").', '                     ^', /after the dot/);
check('$brooklyn:entity("x")."k"', '                      ^^^', /brackets/, '$brooklyn:entity("x")["k"]');
check('$brooklyn:entity("x")[]', '                     ^^', /empty/);
check('$brooklyn:entity("x")[[0]]', '                      ^', /directly inside/);
check(String.raw`$brooklyn:literal("\d")`, '                   ^^', /no escape/, String.raw`$brooklyn:literal("\\d")`);
check('$brooklyn:config("x"):8080', '                     ^^^^^', /formatString/);
check('"x" ', '   ^', /not even a space/, '"x"');
check('$brooklyn:f([1,2])', '               ^', /Only the first/);

test('half a text still gives what is there', () => {
  assert.equal(print(parse('$brooklyn:entity("db").attributeWhenReady(').tree), '$brooklyn:entity("db").attributeWhenReady()');
  assert.equal(print(parse('$brooklyn:formatString("%s", config("a"').tree), '$brooklyn:formatString("%s", config("a"))');
});

test('print drops the prefix inside and keeps it at the start', () => {
  assert.equal(print(parse('$brooklyn:formatString( "%s-%s" ,config("a"),$brooklyn:config("b") , )').tree), '$brooklyn:formatString("%s-%s", config("a"), config("b"))');
});

test('parse of print is identity', () => {
  fc.assert(
    fc.property(canonical, (tree) => {
      const { tree: again, problems } = parse(print(tree));
      assert.deepEqual(problems, []);
      assert.deepEqual(withoutPlaces(again), withoutPlaces(tree));
    }),
    { numRuns: 500 },
  );
});

const noise = fc.string({ maxLength: 60, unit: fc.constantFrom('"', '\\', '(', ')', '[', ']', '.', ',', ' ', '\n', 'a', '0', '$brooklyn:', 'config', 'function', "'", 'é', '😀', '\ud800', '-', ':') });

test('never throws, and every span lies inside its parent', () => {
  fc.assert(
    fc.property(fc.oneof(noise, fc.string()), (text) => {
      const { tree, problems } = parse(text);
      const whole = { start: 0, end: text.length };
      for (const { span } of problems) assert.ok(contains(whole, span) && span.start <= span.end, JSON.stringify(span));
      inside(tree, whole);
      print(tree);
    }),
    { numRuns: 3000 },
  );
});

function inside(tree: Expression, parent: { start: number; end: number }): void {
  assert.ok(contains(parent, tree.span), `${JSON.stringify(tree)} is outside of ${JSON.stringify(parent)}`);
  for (const child of childrenOf(tree)) inside(child, tree.span);
}

test('100 kB are read in an instant, whatever they are', () => {
  const texts = [
    `$brooklyn:f(${'"x",'.repeat(25_000)})`,
    `f()${'.g()'.repeat(25_000)}`,
    'f('.repeat(50_000),
    'a.'.repeat(50_000),
    `f(${'a.'.repeat(50_000)})`,
    '"\\x'.repeat(33_000),
    `f(${"'x' ".repeat(25_000)}`,
    '['.repeat(100_000),
    `f()${'['.repeat(100_000)}`,
    `f()${'. '.repeat(50_000)}`,
  ];
  for (const text of texts) {
    const start = performance.now();
    parse(text);
    assert.ok(performance.now() - start < 500, `${text.slice(0, 20)} took ${performance.now() - start} ms`);
  }
});

test('deep nesting is refused, not run into', () => {
  const deep = (depth: number): string => `${'f('.repeat(depth)}"x"${')'.repeat(depth)}`;
  assert.deepEqual(parse(deep(maxDepth)).problems, []);
  assert.match(parse(deep(10_000)).problems[0]?.message ?? '', /nested/);
});

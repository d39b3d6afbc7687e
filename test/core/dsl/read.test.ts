// YAML values as expressions: both forms, data around them, and places in the document whatever the quoting.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseYaml } from '#core/blueprint/yaml.ts';
import { functions } from '#core/dsl/functions.ts';
import { print } from '#core/dsl/print.ts';
import { holdsExpression, readValue } from '#core/dsl/read.ts';
import { childrenOf, type Expression } from '#core/dsl/tree.ts';

function read(source: string): { value: Expression; problems: readonly { message: string }[] } {
  const { root } = parseYaml(source);
  assert.ok(root);
  return readValue(root, source);
}

function check(source: string, printed: string): void {
  test(source, () => {
    const { value, problems } = read(source);
    assert.deepEqual(problems, []);
    assert.equal(print(value), printed);
  });
}

check('$brooklyn:config("x")', '$brooklyn:config("x")');
check('{ $brooklyn:config: x }', '$brooklyn:config("x")');
check('{ $brooklyn:formatString: ["%s:%s", $brooklyn:self(), 80] }', '$brooklyn:formatString("%s:%s", self(), 80)');
check('{ $brooklyn:object: { type: T, list: [1, $brooklyn:self()] } }', `{ $brooklyn:object: [ { "type": "T", "list": [ 1, '$brooklyn:self()' ] } ] }`);
check('[ " $brooklyn:self()", plain, 1.0, yes ]', '[ " $brooklyn:self()", "plain", 1.0, true ]');
check('{ $brooklyn:literal("k"): v }', `{ '$brooklyn:literal("k")': "v" }`);
check('{ $brooklyn:chain: [ $brooklyn:self(), { config: [ k ] }, "[0]" ] }', `{ $brooklyn:chain: [ '$brooklyn:self()', { "config": [ "k" ] }, "[0]" ] }`);

/** The text `"mark"` is somewhere in the source, and its place must be just there. */
function place(what: string, source: string): void {
  test(`place in ${what}`, () => {
    const found = strings(read(source).value).find(({ value }) => value === 'mark');
    assert.ok(found, 'it is not read');
    assert.equal(source.slice(found.span.start, found.span.end).replaceAll('\\', ''), '"mark"');
  });
}

function strings(value: Expression): Extract<Expression, { kind: 'string' }>[] {
  return value.kind === 'string' ? [value] : childrenOf(value).flatMap(strings);
}

place('a plain value', 'k: $brooklyn:config("mark")\n');
place('single quotes', `k: '$brooklyn:formatString("it''s %s", "mark")'\n`);
place('double quotes', 'k: "$brooklyn:formatString(\\"\\u0041\\t%s\\", \\"mark\\")"\n');
place('a plain value over lines', 'k: $brooklyn:formatString("%s-%s",\n     "a",\n     "mark")\n');
place('a folded block', 'k: >-\n  $brooklyn:formatString("%s-%s",\n  "a",\n  "mark")\n');
place('a literal block', 'k: |\n  $brooklyn:formatString("%s",\n    "mark")\n');
place('double quotes over lines', 'k: "$brooklyn:formatString(\\"%s\\",\n   \\"mark\\")"\n');
place('single quotes over lines', `k: '$brooklyn:formatString("%s",\n\n   "mark")'\n`);
place('the key form', 'k:\n  $brooklyn:formatString: [ "$brooklyn:config(\\"mark\\")" ]\n');

test('a map that holds an expression somewhere is known to', () => {
  const holds = (source: string): boolean => holdsExpression(parseYaml(source).root ?? assert.fail());
  assert.equal(holds('[a, { b: [ $brooklyn:self() ] }]'), true);
  assert.equal(holds('[a, { b: [ " $brooklyn:self()" ] }]'), false);
});

for (const { name, example, sentence } of functions) {
  test(`${name}: the example of the table is one`, () => {
    assert.deepEqual(read(example).problems, []);
    assert.match(example, new RegExp(`\\b${name}\\b`));
    assert.match(sentence, /^[A-Z].*\.$/);
  });
}

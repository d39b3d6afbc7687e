// Values of a blueprint's config, with carets under what is found: `^^^ code severity: words of the message`.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseYaml } from '#core/blueprint/yaml.ts';
import { diagnose } from '#core/diagnostics/expressions.ts';
import { check, findingOf } from '#core/dsl/check.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { parse } from '#core/dsl/parse.ts';
import { print } from '#core/dsl/print.ts';
import { readValue } from '#core/dsl/read.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { application, canonical } from './support.ts';
import type { KnownType } from '#core/dsl/scope.ts';

const postgres: KnownType = { name: 'Postgres', configKeys: new Set(['postgres.port', 'db.name']), sensors: new Set(['host.name', 'datastore.url']), isComplete: true };
const unclear: KnownType = { ...postgres, isComplete: false };
const web = {
  id: 'web',
  type: postgres,
  config: `
loop: $brooklyn:config("loop")
one: $brooklyn:config("two")
two: $brooklyn:formatString("%s", config("one"))
size: $brooklyn:parent().config("size")
peer: $brooklyn:sibling("db").config("back")
`,
  children: [{ id: 'page' }],
};
const shop = application({ id: 'shop', config: 'size: 1', children: [web, { id: 'db', type: postgres, config: 'back: $brooklyn:entity("web").config("peer")' }, { id: 'odd', type: unclear }] });
const item = application({ id: 'item', isFragment: true, children: [web] });
const growing = application({ id: 'shop', mayGrow: true, children: [web] });

interface Case {
  readonly at?: string;
  readonly key?: string;
  readonly mended?: string;
  readonly mayGrow?: boolean;
  readonly isFragment?: boolean;
}

/** Reads `value` as YAML and checks it at an entity; each of `expected` is a line of carets and what is said there. */
function expect(value: string, expected: readonly string[], { at = 'web', key, mended, mayGrow = false, isFragment = false }: Case = {}): void {
  test(`${value}${key === undefined ? '' : ` as ${key}`}`, () => {
    const { root } = parseYaml(value);
    assert.ok(root);
    const read = readValue(root, value);
    const self = (isFragment ? item : mayGrow ? growing : shop).at(at);
    const found = [...read.problems.map(findingOf), ...check(read.value, key === undefined ? { self } : { self, key })].map(diagnose);
    const lines = found.map(({ span, code, severity, message }) => ({ carets: ' '.repeat(span.start) + '^'.repeat(span.end - span.start), said: `${code} ${severity}: ${message}` }));
    assert.equal(lines.length, expected.length, JSON.stringify(lines));
    for (const [index, line] of expected.entries()) {
      const [, carets = '', start = '', words = ''] = /^( *\^+) ([^:]+: )(.*)$/.exec(line) ?? [];
      const { carets: marked, said } = lines[index] ?? { carets: '', said: '' };
      assert.equal(marked, carets, said);
      assert.ok(said.startsWith(start), said);
      assert.match(said, new RegExp(words));
    }
    if (mended !== undefined) assert.equal(applyEdits(value, found[0]?.fixes[0]?.edits ?? []), mended);
  });
}

expect('$brooklyn:entity("db").attributeWhenReady("host.name")', []);
expect('$brooklyn:confg("x")', ['          ^^^^^ unknown-function error: .*did you mean config'], { mended: '$brooklyn:config("x")' });
expect('$brooklyn:entity("db").attributeWhenRedy("host.name")', ['                       ^^^^^^^^^^^^^^^^^ unknown-function error: .*of an entity; did you mean attributeWhenReady'], {
  mended: '$brooklyn:entity("db").attributeWhenReady("host.name")',
});
expect('$brooklyn:config("db.name").getId()', ['                            ^^^^^ unknown-function warning: .*on a value']);
expect('$brooklyn:self().external("p", "k", "l")', ['                               ^^^^^^^^ wrong-arguments error: .*external\\(key\\)']);
expect('$brooklyn:self().literal("x")', ['                 ^^^^^^^ unknown-function error: literal begins an expression']);
expect('$brooklyn:config("db.name").urlEncode()', []);
expect('$brooklyn:self', ['^^^^^^^^^^^^^^ dsl-syntax error: .*without its parentheses'], { mended: '$brooklyn:self()' });

// Arguments.
expect('$brooklyn:parent("x")', ['                 ^^^ wrong-arguments error: called with 1 argument; it is parent\\(\\)']);
expect('$brooklyn:component()', ['^^^^^^^^^^^^^^^^^^^^^ wrong-arguments error: component\\(id\\) or component\\(scope, id\\)']);
expect('$brooklyn:component("siblng", "db")', ['                    ^^^^^^^^ unknown-scope error: did you mean sibling'], { mended: '$brooklyn:component("sibling", "db")' });
expect('$brooklyn:component("members_only", "db")', ['                                    ^^^^ out-of-scope-reference information: not a member']);
expect('$brooklyn:location(first)', ['                   ^^^^^ wrong-arguments error: a number']);
expect('$brooklyn:entity(self)', ['                 ^^^^ wrong-arguments information: only the text', '                 ^^^^ unknown-entity-reference warning: No entity has the id self']);
expect('$brooklyn:formatString("%s-%s", "a")', ['                       ^^^^^^^ wrong-arguments warning: asks for 2 values, and 1 is given']);
expect('$brooklyn:formatString("%s", "a", "b")', ['                       ^^^^ wrong-arguments information: of the 2 given']);
expect('$brooklyn:formatString("100%", "a")', ['                       ^^^^^^ wrong-arguments warning: write %%']);
expect('$brooklyn:formatString("%d", 1)', ['                       ^^^^ wrong-arguments error: does not take a text']);
expect('$brooklyn:regexReplacement("a", "a++", "b")', ['                                ^^^^^ wrong-arguments warning: possessive']);
expect('$brooklyn:template("${config[")', ['                   ^^^^^^^^^^^ wrong-arguments warning: template']);
expect('{ $brooklyn:entitySpec: { foo: x } }', ['                        ^^^^^^^^^^ wrong-arguments error: needs a type']);
expect('{ $brooklyn:object: { typ: x } }', ['                    ^^^^^^^^^^ wrong-arguments error: needs a type', '                      ^^^ wrong-arguments warning: did you mean type']);
expect('{ $brooklyn:attributeWhenReady: [ "host.name", { timeout_if_dwn: 1m } ] }', ['                                                 ^^^^^^^^^^^^^^ wrong-arguments warning: did you mean timeout_if_down']);
expect('{ $brooklyn:attributeWhenReady: [ "host.name", { abort_if_on_fire: 5m } ] }', ['                                                                   ^^ wrong-arguments error: true or false']);
expect('{ $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: [ "host.name", { timeout: 5m } ] } ] }', []);
expect('{ $brooklyn:chain: [ $brooklyn:entity("db"), { attributeWhenReady: "host.name" } ] }', ['                                             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ wrong-arguments error: neither']);
expect('{ $brooklyn:self: [], x: 1 }', ['  ^^^^^^^^^^^^^^ dsl-syntax error: beside other keys']);

// References.
expect('$brooklyn:entity("bd")', ['                 ^^^^ unknown-entity-reference warning: did you mean db'], { mended: '$brooklyn:entity("db")' });
expect('$brooklyn:entity("bd")', ['                 ^^^^ unknown-entity-reference information: No entity'], { mayGrow: true });
expect('$brooklyn:entity(config("x"))', ['                        ^^^ unknown-config-key-reference information: nothing sets it']);
expect('$brooklyn:child("db")', ['                ^^^^ out-of-scope-reference error: not a child']);
expect('$brooklyn:descendant("web")', ['                     ^^^^^ out-of-scope-reference error: not below']);
expect('$brooklyn:root().descendant("web")', []);
expect('$brooklyn:parent().parent().config("x")', [], { isFragment: true });
expect('$brooklyn:sibling("db")', ['                  ^^^^ unknown-entity-reference information: No entity'], { isFragment: true });
expect('$brooklyn:entity("db").attributeWhenReady("other.sensor")', ['                                          ^^^^^^^^^^^^^^ unknown-sensor information: unless an enricher']);
expect('$brooklyn:parent().parent()', ['                   ^^^^^^ out-of-scope-reference warning: root']);
expect('$brooklyn:entity("db").attributeWhenReady("host.nme")', ['                                          ^^^^^^^^^^ unknown-sensor warning: did you mean host.name'], {
  mended: '$brooklyn:entity("db").attributeWhenReady("host.name")',
});
expect('$brooklyn:entity("odd").attributeWhenReady("host.nme")', []);
expect('$brooklyn:entity("db").config("db.nam")', ['                              ^^^^^^^^ unknown-config-key-reference information: did you mean db.name']);
expect('"$brooklyn:entity(\\"bd\\")"', ['                  ^^^^^^ unknown-entity-reference warning: did you mean db'], { mended: '"$brooklyn:entity(\\"db\\")"' });

// A key that is made of itself; the same key of the parent is another.
expect('$brooklyn:config("loop")', ['^^^^^^^^^^^^^^^^^^^^^^^^ recursive-reference error: loop refers to itself; '], { key: 'loop' });
expect('$brooklyn:config("two")', ['^^^^^^^^^^^^^^^^^^^^^^^ recursive-reference error: by way of two'], { key: 'one' });
expect('$brooklyn:parent().config("size")', [], { key: 'size' });
expect('$brooklyn:sibling("db").config("back")', ['                        ^^^^^^^^^^^^^^ recursive-reference error: by way of back'], { key: 'peer' });

test('never throws', () => {
  fc.assert(
    fc.property(fc.oneof(canonical, fc.string().map((text) => parse(text).tree)), (tree) => {
      for (const { span } of check(tree, { self: shop.at('web'), key: 'one' })) assert.ok(span.start <= span.end);
    }),
    { numRuns: 1000 },
  );
});

test('100 kB are checked, evaluated and printed in an instant', () => {
  const texts = [
    `$brooklyn:formatString(${'"%s",'.repeat(20_000)})`,
    `$brooklyn:formatString("%s", ${'attributeWhenReady("a"),'.repeat(4000)})`,
    `$brooklyn:self()${'.self()'.repeat(15_000)}`,
    `$brooklyn:formatString("%s", ${'config("one"),'.repeat(7000)})`,
  ];
  for (const text of texts) {
    const start = performance.now();
    const { tree } = parse(text);
    check(tree, { self: shop.at('web'), key: 'one' });
    evaluate(tree, { self: shop.at('web') });
    print(tree);
    assert.ok(performance.now() - start < 1500, `${text.slice(0, 40)} took ${performance.now() - start} ms`);
  }
});

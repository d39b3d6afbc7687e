// `$0` is the cursor: what is under it, and in which calls.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { parseYaml } from '#core/blueprint/yaml.ts';
import { staticResult } from '#core/dsl/check.ts';
import { locate, locateIn, type Located } from '#core/dsl/locate.ts';
import { readValue } from '#core/dsl/read.ts';
import { plainName, type Link } from '#core/dsl/tree.ts';
import { application } from './support.ts';

function check(marked: string, expected: string): void {
  test(marked, () => {
    const offset = marked.indexOf('$0');
    const text = marked.replace('$0', '');
    assert.equal(shown(locate(text, offset), text), expected);
  });
}

function shown(located: Located, text: string): string {
  const calls = located.enclosing.map(({ call, index, receiver }) => `${links(receiver)}${plainName(call.name)}#${index}`);
  const what = `${located.kind}${'receiver' in located ? ` on '${links(located.receiver)}'` : ''}${'prefix' in located ? ` '${located.prefix}'` : ''} of '${text.slice(located.span.start, located.span.end)}'`;
  return [what, ...calls].join(' in ');
}

function links(given: readonly Link[]): string {
  return given.map((link) => (link.kind === 'call' ? `${plainName(link.name)}().` : '[].')).join('');
}

check('$brooklyn:con$0', "function on '' 'con' of 'con'");
check('$brooklyn:$0', "function on '' '' of ''");
check('$brooklyn:con$0fig("x")', "function on '' 'con' of 'config'");
check('$brooklyn:config($0', "function on '' '' of '' in config#0");
check('$brooklyn:config($0)', "function on '' '' of '' in config#0");
check('$brooklyn:config("po$0', "text 'po' of 'po' in config#0");
check('$brooklyn:config("po$0rt")', "text 'po' of 'port' in config#0");
check('$brooklyn:config("port"$0)', "nothing of '' in config#0");
check('$brooklyn:config("port")$0', "nothing of ''");
check('$brooklyn:entity("db").$0', "function on 'entity().' '' of ''");
check('$brooklyn:entity("db").attr$0', "function on 'entity().' 'attr' of 'attr'");
check('$brooklyn:entity("db").attr$0("x")', "function on 'entity().' 'attr' of 'attr'");
check('$brooklyn:entity("db").attributeWhenReady("$0', "text '' of '' in entity().attributeWhenReady#0");
check('$brooklyn:config("k")["a$0"]', "selector on 'config().' 'a' of 'a'");
check('$brooklyn:formatString("%s-%s", co$0', "function on '' 'co' of 'co' in formatString#1");
check('$brooklyn:formatString("%s-%s", config("a"), $0)', "function on '' '' of '' in formatString#2");
check('$brooklyn:formatString("%s", entity("db").config("$0"))', "text '' of '' in formatString#1 in entity().config#0");
check('$brooklyn:formatString("%s", entity("db").con$0', "function on 'entity().' 'con' of 'con' in formatString#1");
check('$brooklyn:component("sib$0", "db")', "text 'sib' of 'sib' in component#0");
check('$brooklyn:formatString(config("a$0", b', "text 'a' of 'a' in formatString#0 in config#0");

test('in YAML, what is under the cursor has the place it has in the document', () => {
  const source = `url:\n  $brooklyn:formatString:\n  - "%s"\n  - "$brooklyn:config(\\"po"\n`;
  const { root } = parseYaml(source);
  assert.ok(root);
  const { value } = readValue(root, source);
  const offset = source.indexOf('po"') + 2;
  assert.equal(shown(locateIn(value, source, offset), source), "text 'po' of 'po' in formatString#1 in config#0");
});

test('what a chain leads to is known without running it', () => {
  const { root } = application({ id: 'app', children: [{ id: 'db' }] });
  const located = locate('$brooklyn:entity("db").', 23);
  assert.equal(located.kind, 'function');
  const known = 'receiver' in located ? staticResult(located.receiver, root) : undefined;
  assert.equal(known?.result, 'entity');
  assert.equal(known.entity?.id, 'db');
});

test('never throws, and what a completion replaces lies in the text', () => {
  const noise = fc.string({ unit: fc.constantFrom('"', '(', ')', '[', ']', '.', ',', ' ', 'a', '$brooklyn:', '\\') });
  fc.assert(
    fc.property(noise, fc.nat(100), (text, offset) => {
      const { span } = locate(text, Math.min(offset, text.length));
      assert.ok(span.start >= 0 && span.start <= span.end && span.end <= text.length);
    }),
    { numRuns: 3000 },
  );
});

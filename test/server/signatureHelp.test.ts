// Signature help: the signature at the cursor, with stars around the active parameter.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { signatureHelp } from '../../server/features/signatureHelp.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf, withCursor } from './features.ts';

const head = 'services:\n- type: docker:redis\n  id: db\n  brooklyn.config:\n    x: ';

/** `wanted` is undefined where there is no help. */
function check(expression: string, wanted: string | undefined, around = head): void {
  for (const fixture of [around + expression, `${around}${expression}\n    after: 1\n`.replaceAll('\n', '\r\n')]) {
    const { text, offset } = withCursor(fixture);
    const help = signatureHelp(documentOf(text), offset, true);
    const { label, parameters = [] } = help?.signatures[help.activeSignature ?? 0] ?? {};
    const active = parameters[help?.activeParameter ?? -1]?.label;
    assert.equal(active === undefined || typeof active === 'string' ? label : `${label?.slice(0, active[0])}*${label?.slice(...active)}*${label?.slice(active[1])}`, wanted, fixture);
  }
}

test('the parameter at the cursor', () => {
  check('$brooklyn:entity($0', 'entity(*id*)');
  check('$brooklyn:entity($0)', 'entity(*id*)');
  check('$brooklyn:entity("d$0', 'entity(*id*)');
  check('$brooklyn:entity("d$0b")', 'entity(*id*)');
  check('$brooklyn:regexReplacement("a", $0', 'regexReplacement(source, *pattern*, replacement)');
  check('$brooklyn:regexReplacement("a", "b"$0, "c")', 'regexReplacement(source, *pattern*, replacement)');
  check('$brooklyn:regexReplacement("a", "b", $0"c")', 'regexReplacement(source, pattern, *replacement*)');
  check('$brooklyn:location($0)', 'location(*index?*)');
  check('$brooklyn:self($0)', 'self()');
});

test('of several signatures the first that has room', () => {
  check('$brooklyn:component("$0")', 'component(*id*)');
  check('$brooklyn:component("sibling", $0', 'component(scope, *id*)');
  check('$brooklyn:component("sib$0ling", "db")', 'component(*scope*, id)');
  check('$brooklyn:sensor("a", $0)', 'sensor(type, *sensor*)');
  check('$brooklyn:entity("a", $0)', 'entity(id)');
});

test('a parameter that takes the rest', () => {
  check('$brooklyn:formatString("$0', 'formatString(*pattern*, values...)');
  check('$brooklyn:formatString("%s %s", 1, 2, $0', 'formatString(pattern, *values...*)');
});

test('nested calls: the innermost', () => {
  check('$brooklyn:formatString("%s", entity("db").attributeWhenReady($0', 'attributeWhenReady(*sensor*, options?)');
  check('$brooklyn:formatString("%s", entity("db")$0', 'formatString(pattern, *values...*)');
  check('$brooklyn:formatString("%s", $brooklyn:config("$0"), 2)', 'config(*key*)');
  check('$brooklyn:config("p").regexReplacement($0', 'regexReplacement(*pattern*, replacement)');
});

test('in quotes, over several lines, in the key form', () => {
  check('"$brooklyn:formatString(\\"%s\\", entity(\\"$0', 'entity(*id*)');
  check('"$brooklyn:regexReplacement(\\"%s\\", $0)"', 'regexReplacement(source, *pattern*, replacement)');
  check("'$brooklyn:regexReplacement(\"it''s\", $0", 'regexReplacement(source, *pattern*, replacement)');
  check('>-\n      $brooklyn:regexReplacement("a",\n      "$0b", "c")', 'regexReplacement(source, *pattern*, replacement)');
  check('\n      $brooklyn:regexReplacement:\n      - a\n      - b$0\n      - c', 'regexReplacement(source, *pattern*, replacement)');
  check('\n      $brooklyn:regexReplacement:\n      - a\n      - $brooklyn:config("$0")\n      - c', 'config(*key*)');
  check('{ y: "$brooklyn:entity(\\"$0', 'entity(*id*)');
  check('[ $brooklyn:entity("$0', 'entity(*id*)');
});

test('none where there is no call around, or none that is known', () => {
  check('$brooklyn:entity("db")$0', undefined);
  check('$brooklyn:entity$0', undefined);
  check('$brooklyn:unknown($0', undefined);
  check('entity($0', undefined);
  check('1 # $brooklyn:entity($0', undefined);
  check('docker:redis$0', undefined, 'services:\n- type: ');
  check('\n      $brooklyn:entitySpec:\n        type: docker:re$0dis', undefined);
});

test('labels as text for an editor that knows no places in them', () => {
  const { text, offset } = withCursor(`${head}$brooklyn:component($0`);
  assert.deepEqual(signatureHelp(documentOf(text), offset, false)?.signatures.map(({ parameters }) => parameters?.map(({ label }) => label)), [['id'], ['scope', 'id']]);
});

test('at every place of every text: an answer whose numbers are in range', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const help = signatureHelp(documentOf(text), number % (text.length + 1), true);
      if (help) assert.ok(help.signatures[help.activeSignature ?? -1] !== undefined && (help.activeParameter ?? -1) >= 0);
    }),
    { numRuns: 500 },
  );
});

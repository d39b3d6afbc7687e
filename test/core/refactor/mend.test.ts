import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { read } from '#core/blueprint/read.ts';
import { check as diagnose } from '#core/check/check.ts';
import { difference, fixAll } from '#core/refactor/fixAll.ts';
import { quote, unquotedVersions } from '#core/refactor/quoteVersion.ts';
import { addConfig, missingConfig } from '#core/refactor/required.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { blueprints, mutated } from '../../support/mutations.ts';
import { at, codesOf } from './support.ts';

const allOf = (text: string): ReturnType<typeof diagnose> => diagnose(read(text), builtInCatalog);

test('every fix that is sure, until nothing is left to fix', () => {
  const text = `services:
- type: brooklyn.entity.webapp.tomcat.TomcatServer
  brookyn.policies:
  - type: brooklyn.policy.ha.ServiceRestarter
  version: 7.10
`;
  const after = applyEdits(text, fixAll(text, allOf));
  assert.equal(
    after,
    `services:
- type: org.apache.brooklyn.entity.webapp.tomcat.TomcatServer
  brooklyn.policies:
  - type: org.apache.brooklyn.policy.ha.ServiceRestarter
  version: "7.10"
`,
  );
  assert.deepEqual(codesOf(after), []);
});

test('where there is a choice, it is a person\'s', () => {
  const unsure = 'services:\n- type: tomcat-serve\n';
  assert.ok(allOf(unsure).some(({ fixes }) => fixes.length > 1));
  assert.deepEqual(fixAll(unsure, allOf), []);
  assert.deepEqual(fixAll('services:\n- type: docker:redis:7\n', allOf), []);
});

test('fixing comes to an end: a second time there is nothing', () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const after = applyEdits(text, fixAll(text, allOf));
      assert.deepEqual(fixAll(after, allOf), []);
    }),
    { numRuns: 300 },
  );
});

test('the difference of two texts makes one of the other, whole characters', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('a', 'b', '\u{1F600}', '\u{1F601}', '\n') }), fc.string({ unit: fc.constantFrom('a', 'b', '\u{1F600}', '\u{1F601}', '\n') }), (before, after) => {
      const edit = difference(before, after);
      assert.equal(applyEdits(before, [edit]), after);
      assert.ok(edit.newText.isWellFormed());
    }),
  );
});

test('versions in quotes', () => {
  const text = 'services:\n- type: x\n  version: 7\n  java.version: 1.8\n  other: 7\n  docker.image.tag: 2016-01-01\n  app.version: "3"\n  version2: 1\n';
  assert.equal(applyEdits(text, unquotedVersions(read(text).root).map(quote)), text.replace(' 7\n', ' "7"\n').replace('1.8', '"1.8"').replace('2016-01-01', '"2016-01-01"'));
  assert.deepEqual(unquotedVersions(undefined), []);
});

/** The entity at `$0` with what its type requires; then nothing is missing. */
function required(fixture: string, after: string): void {
  const { text, placed } = at(fixture);
  const result = applyEdits(text, addConfig(placed, text, missingConfig(placed)));
  assert.equal(result, after);
  if (result === text) return;
  assert.ok(codesOf(text).includes('constraint-violated'));
  assert.ok(!codesOf(result).includes('constraint-violated'), codesOf(result).join());
}

test('config that the type requires, with a value of its type', () => {
  required('services:\n- type: url-mapping$0   # where\n  id: x', 'services:\n- type: url-mapping   # where\n  brooklyn.config:\n    urlmapping.domain: CHANGE_ME\n  id: x');
  required(
    'services:\r\n- type: geoscaling-dns$0\r\n  brooklyn.config:\r\n      geoscaling.username: me\r\n',
    'services:\r\n- type: geoscaling-dns\r\n  brooklyn.config:\r\n      geoscaling.username: me\r\n      geoscaling.password: CHANGE_ME\r\n      geoscaling.primary.domain.name: CHANGE_ME\r\n',
  );
  required('services:\n- type: redis-slave$0\n  brooklyn.config:', 'services:\n- type: redis-slave\n  brooklyn.config:\n    redis.master: $brooklyn:entity("db")\n'.replace('$brooklyn:entity("db")', '"$brooklyn:entity(\\"db\\")"'));
});

test('what is given somewhere is not required, nor is what cannot be added', () => {
  for (const text of [
    'services:\n- type: docker:redis:7$0\n',
    'services:\n- type: url-mapping$0\n  urlmapping.domain: x\n',
    'brooklyn.config:\n  urlmapping.domain: x\nservices:\n- type: url-mapping$0\n',
    'services:\n- { type: url-mapping$0 }\n',
    'services:\n- type: unknown$0\n',
  ]) {
    const { text: plain, placed } = at(text);
    assert.equal(applyEdits(plain, addConfig(placed, plain, missingConfig(placed))), plain);
  }
});

// What is named in a text, and what each place means: `line:column kind word role`, and the origin where it is not the text.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import type { Names } from '#core/navigate/name.ts';
import { blueprints, mutated } from '../../support/mutations.ts';
import { fixtureOf, linesOf, workspaceOf } from './texts.ts';

/** The names of the first file. */
function check(source: string, ...wanted: readonly string[]): void {
  const [first] = workspaceOf(fixtureOf(source).files).texts;
  assert.ok(first);
  assert.deepEqual(linesOf(first), wanted);
}

test('ids of entities, in every function that takes one', () => {
  check(
    `id: shop
services:
- type: docker:redis:7
  id: db
- type: docker:nginx
  id: web
  brooklyn.config:
    a: $brooklyn:entity("db").attributeWhenReady("x")
    b: $brooklyn:component("sibling", "db")
    c: $brooklyn:formatString("%s", sibling(db).config("k"))
    d: { $brooklyn:entity: db }
    e: "$brooklyn:entity(\\"db\\")"
    f: $brooklyn:component("parent", "whatever")
    g: $brooklyn:ancestor("shop")
    i:
      $brooklyn:chain:
      - $brooklyn:entity("db")
      - attributeWhenReady: ["x", { timeout: 1m }]
    j: $brooklyn:literal("entity(\\"db\\")")
    k: $brooklyn:entity("nobody")
`,
    '1:5 entity shop declaration',
    '4:7 entity db declaration',
    '6:7 entity web declaration',
    '8:5 configKey a set',
    '8:26 entity db use',
    '9:5 configKey b set',
    '9:40 entity db use',
    '10:5 configKey c set',
    '10:45 entity db use',
    '10:57 configKey k use',
    '11:5 configKey d set',
    '11:28 entity db use',
    '12:5 configKey e set',
    '12:28 entity db use',
    '13:5 configKey f set',
    '14:5 configKey g set',
    '14:28 entity shop use',
    '15:5 configKey i set',
    '17:27 entity db use',
    '19:5 configKey j set',
    '20:5 configKey k set',
    '20:26 entity nobody use unknown',
  );
});

test('ids without an expression: values that are entities by the type of their key, affinity rules', () => {
  check(
    `services:
- type: redis-store
  id: main
- type: redis-slave
  redis.master: main
  brooklyn.config:
    affinity.rules: [ NOT ID main, TYPE x ]
`,
    '2:9 type redis-store use builtIn',
    '3:7 entity main declaration',
    '4:9 type redis-slave use builtIn',
    '5:3 configKey redis.master set builtIn',
    '5:17 entity main use',
    '7:5 configKey affinity.rules set builtIn',
    '7:30 entity main use',
  );
});

test('types: of entities, members, policies, objects; items with versions and aliases', () => {
  check(
    `brooklyn.catalog:
  version: "2.0"
  items:
  - id: web
    aliases: [ old-web ]
    item:
      type: tomcat-server
  - id: tomcat-server
    item:
      type: tomcat-server
  - id: placing
    itemType: bean
    item: { type: max-containers-placement }
services:
- type: web:2.0
- type: old-web
- type: docker:web
- type: dynamic-cluster
  memberSpec:
    $brooklyn:entitySpec:
      type: "web"
  brooklyn.config:
    x:
    - $brooklyn:object:
        type: placing
  brooklyn.policies:
  - type: org.acme.Policy
`,
    '4:9 type web declaration',
    '5:16 type old-web declaration',
    '7:13 type tomcat-server use',
    '8:9 type tomcat-server declaration',
    '10:13 type tomcat-server use builtIn',
    '11:9 type placing declaration',
    '13:19 type max-containers-placement use builtIn',
    '15:9 type web use',
    '16:9 type old-web use',
    '18:9 type dynamic-cluster use builtIn',
    '19:3 configKey memberSpec set builtIn',
    '21:14 type web use',
    '23:5 configKey x set',
    '25:15 type placing use',
    '27:11 type org.acme.Policy use unknown',
  );
});

test('config keys: declared, set, asked for, in templates and constraints', () => {
  check(
    `services:
- type: docker:nginx
  id: web
  brooklyn.parameters:
  - name: size
    flag: howMany
    constraints: [ { requiredIf: other }, { any: [ { forbiddenUnlessAnyOf: [ other ] } ] } ]
  - other
  howMany: 3
  unknown: 4
  brooklyn.config:
    size: 1
    t: $brooklyn:template("\${config['size']} \${config.size} <#if config[\\"other\\"]??>x</#if> config['size']")
    u: $brooklyn:config("size")
    v: $brooklyn:config(self(), "size")
    docker.container.openPorts.configKeys: [ size ]
`,
    '3:7 entity web declaration',
    '5:11 configKey size declaration',
    '6:11 configKey howMany declaration',
    '7:34 configKey other use',
    '7:78 configKey other use',
    '8:5 configKey other declaration',
    '9:3 configKey howMany set',
    '12:5 configKey size set',
    '13:5 configKey t set',
    '13:38 configKey size use',
    '13:55 configKey size use',
    '13:75 configKey other use',
    '14:5 configKey u set',
    '14:26 configKey size use',
    '15:5 configKey v set',
    '15:34 configKey size use',
    '16:5 configKey docker.container.openPorts.configKeys set builtIn',
    '16:46 configKey size use',
  );
});

test('networks', () => {
  check(
    `services:
- type: virtual-network
  networkId: back
- type: docker:nginx
  network.list: [ back, "front" ]
`,
    '2:9 type virtual-network use builtIn',
    '3:3 configKey networkId set builtIn',
    '3:14 network back declaration',
    '5:3 configKey network.list set builtIn',
    '5:19 network back use',
    '5:26 network front use unknown',
  );
});

test('what an item brings along is an entity of that item', () => {
  check(
    `--- shop.blueprint.yaml
services:
- type: pair
  id: two
  brooklyn.config:
    x: $brooklyn:entity("inner").config("y")
--- pair.bom
brooklyn.catalog:
  version: "1"
  items:
  - id: pair
    item:
      services:
      - type: docker:redis
        id: inner
`,
    '2:9 type pair use',
    '3:7 entity two declaration',
    '5:5 configKey x set',
    '5:26 entity inner use',
    '5:42 configKey y use',
  );
});

test('of any text: words lie where they are said to be, in order, and nothing throws', () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const [file] = workspaceOf([{ uri: 'untitled:Untitled-1', text }]).texts;
      let last = 0;
      for (const { word, span, writing } of file?.names.all ?? []) {
        assert.ok(last <= span.start && span.start <= span.end && span.end <= text.length);
        last = span.start;
        if (writing === 'plain' || writing === 'word') assert.equal(text.slice(span.start, span.end), word);
      }
    }),
    { numRuns: 500 },
  );
});

test('a question about one word or one place is answered as by all names', () => {
  const anchored = 'x-common: &c { url: $brooklyn:entity("db"), name.a: 1 }\nservices:\n- type: docker:redis\n  id: db\n  brooklyn.config: { <<: *c, own: $brooklyn:config("name.a") }\n- { type: "docker:nginx", id: "web", x: $brooklyn:entity("db") }\n';
  fc.assert(
    fc.property(mutated([...blueprints, anchored]), fc.nat(), (text, number) => {
      const names = (): Names | undefined => workspaceOf([{ uri: 'file:///shop/a.blueprint.yaml', text }]).texts[0]?.names;
      const all = names()?.all ?? [];
      const at = number % (text.length + 1);
      assert.deepEqual(names()?.at(at), all.find(({ span }) => span.start <= at && at <= span.end));
      const word = all[number % Math.max(1, all.length)]?.word;
      if (word !== undefined) assert.deepEqual(names()?.with([word]), all.filter((one) => one.word === word));
      assert.deepEqual(names()?.declared, all.filter(({ role }) => role === 'declaration'));
    }),
    { numRuns: 500 },
  );
});

// References and highlights: all marked places name the same thing as the one at the cursor.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { DocumentHighlightKind } from 'vscode-languageserver-types';

import { highlight } from '../../server/features/highlight.ts';
import { references } from '../../server/features/references.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';
import { crlf, opened, shownRange } from './navigation.ts';

function check(source: string): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, offset, textsWith, marked, files } = opened(fixture);
    const found = references(document, offset, true, textsWith).map(({ uri, range }) => shownRange(files, uri, range));
    assert.deepEqual(found.toSorted(), marked, fixture);
  }
}

test('an id: here and nowhere else', () => {
  check(`--- shop.blueprint.yaml
services:
- type: docker:redis
  id: <<db>>
- type: docker:nginx
  brooklyn.config:
    a: $brooklyn:entity("<<d$0b>>").config("db")
    b: $brooklyn:component("sibling", "<<db>>")
    c: { $brooklyn:sibling: [ '<<db>>' ] }
    d: $brooklyn:template("\${config['db']}")
    affinity.rules: [ NOT ID <<db>>, TYPE db ]
    docker.container.links: { db: <<db>> }
--- other.blueprint.yaml
services:
- type: docker:redis
  id: db
`);
});

test('an id that members share', () => {
  check(`services:
- type: dynamic-cluster
  firstMemberSpec: { $brooklyn:entitySpec: { type: docker:redis, id: <<member>> } }
  memberSpec: { $brooklyn:entitySpec: { type: docker:redis, id: <<mem$0ber>>, x: $brooklyn:entity("<<member>>") } }
`);
});

test('the id of a blueprint: in expressions of others', () => {
  check(`--- shared.blueprint.yaml
id: <<sha$0red>>
services:
- type: docker:redis
  id: db
  x: $brooklyn:ancestor("<<shared>>")
--- shop.blueprint.yaml
services:
- type: docker:redis
  x: $brooklyn:application("<<shared>>").entity("db")
--- other.blueprint.yaml
id: other
services:
- type: docker:redis
  id: shared
`);
});

test('an item: every use of every version in every file', () => {
  check(`--- shop.blueprint.yaml
services:
- type: <<our-$0web>>
- type: "<<our-web>>:1.0"
- type: docker:our-web
  name: our-web
--- ours.bom
brooklyn.catalog:
  items:
  - id: <<our-web>>
    item: { type: tomcat-server }
  - id: two
    item:
      services:
      - type: dynamic-cluster
        memberSpec: { $brooklyn:entitySpec: { type: <<our-web>> } }
`);
});

test('a built-in type: by all of its names', () => {
  check(`--- shop.blueprint.yaml
services:
- type: <<tomcat-$0server>>
--- other.blueprint.yaml
services:
- type: <<org.apache.brooklyn.entity.webapp.tomcat.TomcatServer>>
- type: jetty6-server
`);
});

test('a parameter: of entities of the type and of types made from it, not of others', () => {
  check(`--- shop.blueprint.yaml
services:
- type: our-web
  brooklyn.config: { <<our.port>>: 1 }
- type: big-web
  id: big
  <<our.port>>: 2
- type: docker:redis
  brooklyn.config: { x: $brooklyn:entity("big").config("<<our.p$0ort>>") }
- type: docker:redis
  brooklyn.config: { "http.port": $brooklyn:config("http.port") }
--- ours.bom
brooklyn.catalog:
  items:
  - id: our-web
    item:
      type: tomcat-server
      brooklyn.parameters: [ <<our.port>> ]
  - id: big-web
    item: { type: our-web, brooklyn.config: { <<our.port>>: 3 } }
  - id: another
    item: { type: tomcat-server, brooklyn.parameters: [ our.port ], x: $brooklyn:config("our.port") }
`);
});

test('a value that is set above the entity whose parameter it is', () => {
  check(`brooklyn.config: { <<si$0ze>>: 3 }
services:
- type: docker:nginx
  brooklyn.parameters: [ <<size>> ]
  x: $brooklyn:config("<<size>>")
`);
});

test('a network: of the file that declares it, or of the only one that does', () => {
  const shop = '--- shop.blueprint.yaml\nservices:\n- type: docker:nginx\n  network.list: [ <<ba$0ck>> ]\n';
  check(`${shop}--- nets.blueprint.yaml\nservices:\n- type: virtual-network\n  networkId: <<back>>\n`);
  check(`${shop}- type: virtual-network\n  networkId: <<back>>\n--- nets.blueprint.yaml\nservices:\n- type: virtual-network\n  networkId: back\n`);
});

test('a network without an id of its own goes by that of the entity', () => {
  check('services:\n- type: virtual-network\n  id: <<back>>\n- type: docker:nginx\n  x: $brooklyn:entity("<<back>>")\n  network.list: [ <<ba$0ck>> ]\n');
});

test('an id in a value whose parameter the entity declares as an entity', () => {
  check('services:\n- type: docker:redis\n  id: <<d$0b>>\n- type: docker:nginx\n  brooklyn.parameters: [ { name: store, type: entity } ]\n  brooklyn.config: { store: <<db>>, other: db }\n');
});

test('nothing where nothing is named', () => {
  check('services:\n- type: docker:re$0dis\n');
  check('name: Sh$0op\nservices:\n- type: docker:redis\n');
  check('# d$0b\nservices:\n- type: docker:redis\n  id: db\n');
});

test('without the declaration', () => {
  const { document, offset, textsWith } = opened('services:\n- type: docker:redis\n  id: d$0b\n  x: $brooklyn:entity("db")\n');
  assert.deepEqual(references(document, offset, false, textsWith).map(({ range }) => range.start.line), [3]);
});

test('highlights: of this text, where it is declared or set is a write', () => {
  const { document, offset } = opened('--- a.blueprint.yaml\nservices:\n- type: ours\n  id: db\n  size: 3\n  x: $brooklyn:config("si$0ze")\n--- b.bom\nbrooklyn.catalog:\n  items:\n  - id: ours\n    item: { type: docker:redis, brooklyn.parameters: [ size ] }\n');
  assert.deepEqual(highlight(document, offset), [
    { range: { start: { line: 3, character: 2 }, end: { line: 3, character: 6 } }, kind: DocumentHighlightKind.Write },
    { range: { start: { line: 4, character: 23 }, end: { line: 4, character: 27 } }, kind: DocumentHighlightKind.Read },
  ]);
  const id = opened('services:\n- type: docker:redis\n  id: d$0b\n  x: $brooklyn:entity("db")\n');
  assert.deepEqual(highlight(id.document, id.offset).map(({ kind }) => kind), [DocumentHighlightKind.Write, DocumentHighlightKind.Read]);
});

test('at every place of every text: an answer that names the place itself', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const at = number % (text.length + 1);
      const found = highlight(document, at);
      assert.ok(found.length === 0 || found.some(({ range }) => document.lines.offsetAt(range.start) <= at && at <= document.lines.offsetAt(range.end)));
      assert.deepEqual(references(document, at, true, () => [document]).map(({ range }) => range), found.map(({ range }) => range));
    }),
    { numRuns: 300 },
  );
});

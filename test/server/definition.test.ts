// Go to definition and to type definition: the cursor is `$0`, the places to go to are marked.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { asLocations, definition } from '../../server/features/definition.ts';
import { typeDefinition } from '../../server/features/typeDefinition.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';
import { crlf, opened, shownRange } from './navigation.ts';

function check(feature: typeof definition, source: string): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, offset, textsWith, marked, files } = opened(fixture);
    const found = asLocations(feature(document, offset, textsWith)).map(({ uri, range }) => shownRange(files, uri, range));
    assert.deepEqual(found.toSorted(), marked, fixture);
  }
}

const defined = (source: string): void => check(definition, source);

test('an id', () => {
  defined('services:\n- type: docker:redis\n  id: <<db>>\n- type: docker:nginx\n  brooklyn.config:\n    x: $brooklyn:entity("d$0b").config("y")\n');
  defined('services:\n- type: docker:redis\n  id: "<<db>>"\n- type: docker:nginx\n  brooklyn.config:\n    x: { $brooklyn:entity: $0db }\n');
  defined('services:\n- type: docker:redis\n  id: <<d$0b>>\n');
  defined('services:\n- type: docker:redis\n  id: <<\u{1F600}db>>\n- type: docker:nginx\n  x: $brooklyn:formatString("\u{1F600}%s", entity("\u{1F600}d$0b"))\n');
  defined('services:\n- type: docker:redis\n  id: db\n- type: docker:nginx\n  brooklyn.config:\n    x: $brooklyn:entity("other$0")\n');
});

test('of two with the same id the one that is meant', () => {
  defined(`services:
- type: basic-application
  brooklyn.children:
  - type: docker:redis
    id: db
- type: basic-application
  brooklyn.children:
  - type: docker:redis
    id: <<db>>
  - type: docker:nginx
    brooklyn.config:
      x: $brooklyn:sibling("$0db")
`);
});

test('an item is a space of ids of its own', () => {
  defined(`brooklyn.catalog:
  items:
  - id: one
    item: { services: [ { type: docker:redis, id: db }, { type: docker:nginx, x: $brooklyn:entity("db") } ] }
  - id: two
    item: { services: [ { type: docker:redis, id: <<db>> }, { type: docker:nginx, x: '$brooklyn:entity("d$0b")' } ] }
`);
});

test('an item of the catalog: here, in other files, in the version asked for', () => {
  const uses = (type: string): string => `--- shop.blueprint.yaml\nservices:\n- type: ${type}\n`;
  const item = (version: string, id: string): string => `brooklyn.catalog:\n  version: "${version}"\n  items:\n  - id: ${id}\n    item: { type: docker:redis }\n`;
  defined(`${uses('st$0ore')}--- store.bom\n${item('1.0', '<<store>>')}`);
  defined(`${uses('st$0ore')}--- one.bom\n${item('1.0', 'store')}--- two.bom\n${item('1.10', '<<store>>')}`);
  defined(`${uses('"s$0tore:1.0"')}--- one.bom\n${item('1.0', '<<store>>')}--- two.bom\n${item('1.1', 'store')}`);
  defined(`${item('1.0', '<<store>>')}services:\n- type: store$0\n`);
  defined(uses('tomcat$0-server'));
  defined(uses('docker:re$0dis'));
});

test('a parameter: from a value, an expression, a template; its flag', () => {
  const bom = '--- ours.bom\nbrooklyn.catalog:\n  items:\n  - id: our-web\n    item:\n      type: tomcat-server\n      brooklyn.parameters:\n      - name: <<our.port>>\n        flag: ourPort\n';
  const shop = '--- shop.blueprint.yaml\nservices:\n- type: our-web\n  id: web\n';
  defined(`${shop}  brooklyn.config:\n    our.p$0ort: 80\n${bom}`);
  defined(`${shop}- type: docker:x\n  x: $brooklyn:entity("web").config("our.p$0ort")\n${bom}`);
  defined(`${shop}  x: $brooklyn:template("\${config['our.p$0ort']}")\n${bom}`);
  defined(`${shop}  x: $brooklyn:template("\${config.our.p$0ort}")\n${bom}`);
  defined(`${shop}  our$0Port: 80\n${bom.replace('<<our.port>>', 'our.port').replace('ourPort', '<<ourPort>>')}`);
  defined(`${shop}  brooklyn.config:\n    http.po$0rt: 80\n${bom.replace('<<our.port>>', 'our.port')}`);
});

test('a config key that nobody declares is defined where it is set, the nearest first', () => {
  defined('brooklyn.config:\n  <<stage>>: test\nservices:\n- type: docker:nginx\n  x: $brooklyn:config("sta$0ge")\n');
  defined('brooklyn.config:\n  stage: test\nservices:\n- type: docker:nginx\n  brooklyn.config:\n    <<stage>>: other\n    x: $brooklyn:config("sta$0ge")\n');
  defined('brooklyn.config:\n  <<stage>>: test\nservices:\n- type: docker:nginx\n  brooklyn.config:\n    stage: other\n    x: $brooklyn:parent().config("sta$0ge")\n');
});

test('a network, here or in another file', () => {
  defined('services:\n- type: virtual-network\n  networkId: <<back>>\n- type: docker:nginx\n  network.list: [ ba$0ck ]\n');
  defined('--- shop.blueprint.yaml\nservices:\n- type: docker:nginx\n  network.list: [ ba$0ck ]\n--- nets.blueprint.yaml\nservices:\n- type: virtual-network\n  network.id: "<<back>>"\n');
});

test('entities of another application, and of an item', () => {
  defined('--- shop.blueprint.yaml\nservices:\n- type: docker:nginx\n  x: $brooklyn:application("sha$0red").entity("db")\n--- shared.blueprint.yaml\nid: <<shared>>\nservices:\n- type: docker:redis\n  id: db\n');
  defined('--- shop.blueprint.yaml\nservices:\n- type: docker:nginx\n  x: $brooklyn:application("shared").entity("d$0b")\n--- shared.blueprint.yaml\nid: shared\nservices:\n- type: docker:redis\n  id: <<db>>\n');
  defined('--- shop.blueprint.yaml\nservices:\n- type: pair\n- type: docker:nginx\n  x: $brooklyn:entity("inn$0er")\n--- pair.bom\nbrooklyn.catalog:\n  items:\n  - id: pair\n    item: { services: [ { type: docker:redis, id: <<inner>> } ] }\n');
});

test('in untitled documents and outside of any folder', () => {
  defined('--- untitled:Untitled-1\nservices:\n- type: docker:redis\n  id: <<db>>\n- type: docker:nginx\n  x: $brooklyn:entity("d$0b")\n');
  defined('--- vscode-remote://ssh-remote+host/srv/x.blueprint.yaml\nservices:\n- type: docker:redis\n  id: <<db>>\n- type: docker:nginx\n  x: $brooklyn:entity("d$0b")\n');
});

test('in half-typed text', () => {
  defined('services:\n- type: docker:redis\n  id: <<db>>\n- type: docker:nginx\n  brooklyn.config:\n    x: $brooklyn:entity("d$0b\n');
  defined('services:\n- type: docker:redis\n  id: <<db>>\n- type: docker:nginx\n  brooklyn.config:\n    x: $brooklyn:formatString("a", entity("d$0b"), \n    y\n');
});

test('the type of an entity, of a parameter', () => {
  const bom = '--- ours.bom\nbrooklyn.catalog:\n  items:\n  - id: <<our-web>>\n    item:\n      type: tomcat-server\n      brooklyn.parameters:\n      - name: our.port\n';
  const shop = '--- shop.blueprint.yaml\nservices:\n- type: our-web\n  id: web\n  name: Web\n';
  const at = (text: string): void => check(typeDefinition, text);
  at(`${shop.replace('our-web', 'our-w$0eb')}${bom}`);
  at(`${shop.replace('id: web', 'id: we$0b')}${bom}`);
  at(`${shop.replace('name: Web', 'name: W$0eb')}${bom}`);
  at(`${shop}  x: $brooklyn:self().config("our.p$0ort")\n${bom}`);
  at(`${shop}- type: docker:redis\n  x: $brooklyn:entity("we$0b")\n${bom}`);
  at('services:\n- type: docker:redis\n  name: a$0\n');
});

test('at every place of every text: an answer', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const at = number % (text.length + 1);
      definition(document, at, () => [document]);
      typeDefinition(document, at, () => [document]);
    }),
    { numRuns: 300 },
  );
});

// Rename: the texts after it, or the sentence that refuses it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { type TextEdit, TextDocumentEdit } from 'vscode-languageserver-types';

import { Lines } from '#core/text/span.ts';
import { prepareRename, renameEdits } from '../../server/features/rename.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { fixtureOf } from '../core/navigate/texts.ts';
import { documentOf } from './features.ts';
import { crlf, opened } from './navigation.ts';

/** Everything that is marked gets the new name, and nothing else changes. */
function check(source: string, newName: string): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, offset, textsWith, files } = opened(fixture);
    assert.ok(!('refusal' in prepareRename(document, offset, textsWith)));
    const edit = renameEdits(document, offset, newName, false, textsWith);
    assert.ok('changes' in edit && edit.changes, JSON.stringify(edit));
    const wanted = fixtureOf(fixture.replaceAll(/<<[^>]*>>/g, newName)).files;
    for (const [index, { uri, text }] of files.entries()) assert.equal(applied(text, edit.changes[uri] ?? []), wanted[index]?.text, uri);
  }
}

function applied(text: string, edits: readonly TextEdit[]): string {
  const lines = new Lines(text);
  return edits.toReversed().reduce((result, { range, newText }) => result.slice(0, lines.offsetAt(range.start)) + newText + result.slice(lines.offsetAt(range.end)), text);
}

/** `newName` absent: renaming is refused before anybody types one. */
function refused(source: string, newName: string | undefined, why: string): void {
  const { document, offset, textsWith } = opened(source);
  const prepared = prepareRename(document, offset, textsWith);
  assert.equal('refusal' in prepared, newName === undefined, JSON.stringify(prepared));
  const answer = newName === undefined ? prepared : renameEdits(document, offset, newName, true, textsWith);
  assert.ok('refusal' in answer, JSON.stringify(answer));
  assert.equal(answer.refusal, why);
}

test('an id, in whatever way it is written', () => {
  check(
    `services:
- type: docker:redis
  id: <<d$0b>>
- type: docker:nginx
  brooklyn.config:
    a: $brooklyn:formatString("db %s", entity("<<db>>").config("db"))
    b: "$brooklyn:entity(\\"<<db>>\\")"
    c: '$brooklyn:entity("<<db>>")'
    d: { $brooklyn:entity: ['<<db>>'] }
    e: >-
      $brooklyn:formatString("\u{1F600} %s",
      entity("<<db>>"))
    f: $brooklyn:entity(<<db>>)
`,
    'store_1',
  );
  check("services:\n- type: docker:redis\n  id: '<<d$0b>>'\n  x: $brooklyn:entity(\"<<db>>\")\n", 'ストア-\u{20BB7}');
});

test('an item, a parameter, a network: in all files', () => {
  check(
    `--- shop.blueprint.yaml
services:
- type: <<our$0-web>>
- type: "<<our-web>>:1.0" # our-web
--- ours.bom
brooklyn.catalog:
  items:
  - id: "<<our-web>>"
    item: { type: docker:our-web }
`,
    'web.2',
  );
  check(
    `--- ours.bom
brooklyn.catalog:
  items:
  - id: our-web
    item:
      type: tomcat-server
      brooklyn.parameters:
      - name: <<our.p$0ort>>
        flag: port
      brooklyn.config: { url: '$brooklyn:template("\${config.<<our.port>>} \${config[''<<our.port>>'']}")' }
--- shop.blueprint.yaml
services:
- type: our-web
  port: 80
  brooklyn.config: { <<our.port>>: 80 }
`,
    'port.of.ours',
  );
  check('--- nets.blueprint.yaml\nservices:\n- type: virtual-network\n  networkId: <<back>>\n--- shop.blueprint.yaml\nservices:\n- type: docker:nginx\n  network.list: [ <<ba$0ck>>, front ]\n', 'inner');
  check('brooklyn.config: { <<stage>>: test }\nservices:\n- type: docker:nginx\n  x: $brooklyn:config("<<sta$0ge>>")\n', 'phase');
});

test('the range and what is proposed', () => {
  const { document, offset, textsWith } = opened('services:\n- type: docker:redis\n  id: db\n  x: $brooklyn:entity("$0db")\n');
  assert.deepEqual(prepareRename(document, offset, textsWith), { range: { start: { line: 3, character: 23 }, end: { line: 3, character: 25 } }, placeholder: 'db' });
});

test('edits name the version of an open document, and none for a file', () => {
  const { document, offset, textsWith } = opened('--- shop.blueprint.yaml\nservices:\n- type: ou$0rs\n--- ours.bom\nbrooklyn.catalog:\n  items:\n  - id: ours\n    item: { type: docker:redis }\n');
  const edit = renameEdits(document, offset, 'theirs', true, textsWith);
  assert.ok('documentChanges' in edit && edit.documentChanges);
  assert.deepEqual(edit.documentChanges.map((change) => (TextDocumentEdit.is(change) ? [change.textDocument.uri, change.textDocument.version] : [])), [
    ['file:///shop/shop.blueprint.yaml', 7],
    ['file:///shop/ours.bom', null],
  ]);
});

test('what cannot be renamed says why', () => {
  refused('services:\n- type: tomcat$0-server\n', undefined, 'tomcat-server is a type that comes with Clocker, and keeps its name.');
  refused('services:\n- type: org.acme.Th$0ing\n', undefined, 'org.acme.Thing is the name of a Java class, and keeps its name.');
  refused('brooklyn.catalog:\n  items:\n  - id: org.acme.Th$0ing\n    item: { type: org.acme.Thing }\n', undefined, 'org.acme.Thing is the name of a Java class, and keeps its name.');
  refused('services:\n- type: unheard$0-of\n', undefined, 'No file of this workspace declares the type unheard-of.');
  refused('services:\n- type: tomcat-server\n  brooklyn.config: { http.po$0rt: 80 }\n', undefined, 'http.port is a config key of a type that comes with Clocker, and keeps its name.');
  refused('services:\n- type: unheard-of\n  brooklyn.config: { their.k$0ey: 80 }\n', undefined, 'their.key may be a config key of a type whose definition is not in this workspace; only what is declared in it can be renamed.');
  refused('--- a.blueprint.yaml\nbrooklyn.config: { sta$0ge: x }\nservices:\n- type: ours\n--- b.bom\nbrooklyn.catalog:\n  items:\n  - id: ours\n    item: { type: docker:redis, x: $brooklyn:config("stage") }\n', undefined, 'stage is asked for at line 4 of b.bom too, which may get it from here; declare it as a parameter there first.');
  refused('services:\n- type: docker:redis\n  x: $brooklyn:entity("no$0body")\n', undefined, 'No entity here has the id nobody.');
  refused('services:\n- type: docker:redis\n  network.list: [ nowh$0ere ]\n', undefined, 'No file of this workspace declares the network nowhere.');
  refused('name: Sho$0p\nservices:\n- type: docker:redis\n', undefined, 'Here stands no id, catalog item, config key or network that could be renamed.');
  refused('--- a.blueprint.yaml\nservices:\n- type: docker:redis\n  network.list: [ ba$0ck ]\n--- b.blueprint.yaml\nservices:\n- type: virtual-network\n  networkId: back\n--- c.blueprint.yaml\nservices:\n- type: virtual-network\n  networkId: back\n', undefined, 'Several files declare the network back, and any of them may be meant here.');
  refused('services:\n- type: docker:redis\n  id: &name d$0b\n- type: docker:nginx\n  x: { $brooklyn:entity: *name }\n', undefined, 'db is written as an alias or over several lines at line 5 of shop.blueprint.yaml, and cannot be changed there.');
});

test('what may not be a name says why', () => {
  const id = 'services:\n- type: docker:redis\n  id: d$0b\n- type: docker:nginx\n  id: web\n  x: $brooklyn:entity(db)\n';
  refused(id, '', 'The name of an entity cannot be empty.');
  refused(id, 'a b', 'A name cannot hold white space: "a b".');
  refused(id, 'a"b', 'A name is made of letters, digits, _, - and .; " is none of them.');
  refused(id, '\u{1F600}', 'A name is made of letters, digits, _, - and .; \u{1F600} is none of them.');
  refused(id, '-a', 'A name begins with a letter, a digit or _, not with -.');
  refused(id, 'web', 'web is the name of another entity already, at line 5 of shop.blueprint.yaml.');
  refused(id, 'yes', 'yes without quotes is read as a boolean at line 3 of shop.blueprint.yaml.');
  refused(id, '010', '010 without quotes is read as a number at line 3 of shop.blueprint.yaml.');
  refused(id, 'a-b', 'a-b would need quotes at line 6 of shop.blueprint.yaml.');
  const item = 'brooklyn.catalog:\n  items:\n  - id: o$0urs\n    item: { type: docker:redis, brooklyn.parameters: [ one, two ] }\n';
  refused(item, 'a:1', 'A colon separates a type from its version, and cannot stand in its name.');
  refused(item, 'tomcat-server', 'There is a type tomcat-server already.');
  refused(item.replace('$0', '').replace('one', '$0one'), 'two', 'The type has a config key two already.');
  refused(item.replace('$0', '').replace('one', '$0one'), 'docker.image.name', 'The type has a config key docker.image.name already.');
});

test('at every place of every text: an answer', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(), (text, number) => {
      const document = documentOf(text);
      const at = number % (text.length + 1);
      const prepared = prepareRename(document, at, () => [document]);
      const edit = renameEdits(document, at, 'fresh', true, () => [document]);
      if ('refusal' in prepared) assert.deepEqual(edit, prepared);
      else assert.ok(document.lines.offsetAt(prepared.range.start) <= at && at <= document.lines.offsetAt(prepared.range.end));
    }),
    { numRuns: 300 },
  );
});

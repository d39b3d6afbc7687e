import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { span } from '#core/text/span.ts';
import { editsBetween, encode, legend, TokenHistory, tokensOf } from '../../server/features/semanticTokens.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';

/** Each token as `text:type`, `!` for a declaration, `~` for what is deprecated; the tokens of a line on one line. */
function check(text: string, wanted: string): void {
  const document = documentOf(text);
  const lines: string[] = [];
  for (const { span: place, type, modifiers } of tokensOf(document)) {
    const { line } = document.lines.positionAt(place.start);
    const shown = `${text.slice(place.start, place.end)}:${type}${modifiers.includes('declaration') ? '!' : ''}${modifiers.includes('deprecated') ? '~' : ''}`;
    lines[line] = lines[line] === undefined ? shown : `${lines[line]} ${shown}`;
  }
  assert.equal(lines.filter((line) => line !== undefined).join('\n'), wanted.trim());
}

test('keys, types, ids, config keys, flags', () => {
  check(
    `name: Shop
services:
- type: brooklyn.entity.webapp.tomcat.TomcatServer
  id: web
  unknown: 1
  brooklyn.config:
    http.port: 80
- type: docker:redis:7
  openPorts: [6379]
  brooklyn.config:
    docker.openPorts: [1]
  brooklyn.parameters:
  - name: size
    type: integer
`,
    `
name:keyword
services:keyword
type:keyword brooklyn.entity.webapp.tomcat.TomcatServer:class~
id:keyword web:variable!
brooklyn.config:keyword
http.port:property
type:keyword docker:redis:7:class
openPorts:parameter
brooklyn.config:keyword
docker.openPorts:property~
brooklyn.parameters:keyword
name:keyword size:parameter!
type:keyword integer:class
`,
  );
});

test('expressions: functions and what their arguments name', () => {
  check(
    `services:
- type: docker:x
  env:
    A: $brooklyn:entity("db").attributeWhenReady("host.address")
    B: '$brooklyn:formatString("%s-%s", $brooklyn:component("sibling", "db").config("a.b")[0], 5)'
    C:
      $brooklyn:chain:
      - $brooklyn:entity("db")
    D:
      $brooklyn:regexReplacement: [ a, "b", $brooklyn:config("c") ]
    E: $brooklyn:unknown("x")
  memberSpec:
    $brooklyn:entitySpec:
      type: docker:y
      x:
        $brooklyn:object:
          type: clocker.docker.location.strategy.basic.MaxContainersPlacementStrategy
          brooklyn.config: { maxContainers: 12 }
`,
    `
services:keyword
type:keyword docker:x:class
env:parameter
entity:function "db":variable attributeWhenReady:function "host.address":event
formatString:function "%s-%s":string component:function "sibling":enumMember "db":variable config:function "a.b":property 0:number 5:number
chain:function
entity:function "db":variable
regexReplacement:function a:string "b":string config:function "c":property
"x":string
entitySpec:function
type:keyword docker:y:class
object:function
type:keyword clocker.docker.location.strategy.basic.MaxContainersPlacementStrategy:class
brooklyn.config:keyword maxContainers:property
`,
  );
});

test('a catalog', () => {
  check(
    `brooklyn.catalog:
  version: "1"
  items:
  - id: web
    itemType: entity
    item: { type: docker:nginx }
`,
    `
brooklyn.catalog:keyword
version:keyword
items:keyword
id:keyword web:class!
itemType:keyword entity:enumMember
item:keyword type:keyword docker:nginx:class
`,
  );
});

test('only what touches the range', () => {
  const document = documentOf('name: a\nservices:\n- type: docker:x\n- type: docker:y\n');
  const start = document.text.indexOf('- type: docker:y');
  assert.deepEqual(tokensOf(document, span(start, start + 5)).map(({ span: place }) => document.text.slice(place.start, place.end)), ['type']);
});

test('places relative to the one before, in UTF-16, one line each', () => {
  const document = documentOf('services:\r\n- { "\u{1F600}": 1, type: docker:x, name: $brooklyn:formatString("a\r\n  b") }\r\n');
  const index = (type: string): number => legend.tokenTypes.indexOf(type);
  assert.deepEqual(encode(tokensOf(document), document), [
    [0, 0, 8, index('keyword'), 0],
    [1, 13, 4, index('keyword'), 0],
    [0, 6, 8, index('class'), 0],
    [0, 10, 4, index('keyword'), 0],
    [0, 16, 12, index('function'), 0],
    [0, 13, 2, index('string'), 0],
    [1, 2, 2, index('string'), 0],
  ].flat());
});

test('tokens are sorted, do not overlap and stay in their lines, whatever the text', () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const document = documentOf(`brooklyn.catalog: {}\n${text}`);
      const data = encode(tokensOf(document), document);
      let line = 0;
      let end = 0;
      let character = 0;
      for (let at = 0; at < data.length; at += 5) {
        const [lines = 0, characters = 0, length = 0, type = -1] = data.slice(at, at + 5);
        line += lines;
        character = lines > 0 ? characters : character + characters;
        assert.ok(lines > 0 || character >= end);
        end = character + length;
        assert.ok(length > 0 && end <= document.lines.textOf(line).length && type >= 0);
      }
    }),
    { numRuns: 500 },
  );
});

test('the edits between two lists make one of the other', () => {
  const numbers = fc.array(fc.nat(3), { maxLength: 20 });
  fc.assert(
    fc.property(numbers, numbers, (before, after) => {
      const result = [...before];
      for (const { start, deleteCount, data = [] } of editsBetween(before, after)) result.splice(start, deleteCount, ...data);
      assert.deepEqual(result, after);
    }),
  );
});

test('only what is new travels; all of it where what went before is not known', () => {
  const history = new TokenHistory();
  const { resultId } = history.whole('a', [1, 2, 3]);
  assert.ok(resultId !== undefined);
  const delta = history.delta('a', resultId, [1, 5, 3]);
  assert.deepEqual('edits' in delta && delta.edits, [{ start: 1, deleteCount: 1, data: [5] }]);
  assert.ok('data' in history.delta('a', resultId, [1]));
  assert.ok('data' in history.delta('b', resultId, [1]));
});

// Call hierarchy: for whom the entity at the cursor waits (`->`), and who waits for it (`<-`), with the places of the sensors.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CallHierarchyItem, Range } from 'vscode-languageserver-types';

import { incomingCalls, outgoingCalls, prepareCallHierarchy } from '../../server/features/callHierarchy.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';
import { crlf, opened } from './navigation.ts';

function check(source: string, ...wanted: readonly string[]): void {
  for (const fixture of [source, crlf(source)]) {
    const { document, offset } = opened(fixture);
    const found: string[] = [];
    const places = (ranges: readonly Range[]): string => ranges.map(({ start }) => start.line + 1).join(' ');
    for (const item of prepareCallHierarchy(document, offset)) {
      found.push(`${item.name}${item.detail === undefined ? '' : ` (${item.detail})`}`);
      for (const { to, fromRanges } of outgoingCalls(document, item)) found.push(`-> ${to.name} ${places(fromRanges)}`);
      for (const { from, fromRanges } of incomingCalls(document, item)) found.push(`<- ${from.name} ${places(fromRanges)}`);
    }
    assert.deepEqual(found, wanted);
  }
}

const shop = `name: Shop
services:
- type: docker:redis
  id: db
- type: docker:nginx
  id: web
  name: Web
  brooklyn.config:
    a: $brooklyn:entity("db").attributeWhenReady("host.address")
    b: { $brooklyn:chain: [ $brooklyn:sibling("db"), { attributeWhenReady: [ host.name, { timeout: 1m } ] } ] }
    c: $brooklyn:attributeWhenReady("own")
    d: $brooklyn:entity("db").template("\${attribute['x']} \${config['y']}")
    e: $brooklyn:entity("db").config("no.wait")
    f: $brooklyn:entity("db").sensor("no.wait")
  brooklyn.children:
  - type: docker:busybox
    name: Side
    x: $brooklyn:formatString("%s", parent().attributeWhenReady("main.uri"))
- type: dynamic-cluster
  brooklyn.enrichers:
  - type: org.apache.brooklyn.enricher.stock.Transformer
    enricher.targetValue: $brooklyn:entity("web").attributeWhenReadyAllowingOnFire("y")
`;

test('who waits for whom, from every place in an entity', () => {
  const web = ['web (docker:nginx)', '-> db 9 10 12', '<- Side 18', '<- dynamic-cluster 22'];
  check(shop.replace('id: web', 'id: w$0eb'), ...web);
  check(shop.replace('name: Web', 'na$0me: Web'), ...web);
  check(shop.replace('e: $brooklyn', 'e$0: $brooklyn'), ...web);
  check(shop.replace('entity("web")', 'entity("we$0b")'), ...web);
  check(shop.replace('id: db', 'id: d$0b'), 'db (docker:redis)', '<- web 9 10 12');
  check(shop.replace('name: Side', 'name: Si$0de'), 'Side (docker:busybox)', '-> web 18');
  check(shop.replace('type: dynamic', 'type: d$0ynamic'), 'dynamic-cluster', '-> web 22');
  check(shop.replace('name: Shop', 'name: Sh$0op'), 'Shop');
});

test('in half-typed text', () => {
  check('services:\n- type: docker:redis\n  id: db\n- type: docker:nginx\n  id: we$0b\n  x: $brooklyn:entity("db").attributeWhenReady("host\n', 'web (docker:nginx)', '-> db 6');
});

test('nothing outside of entities', () => {
  check('brooklyn.catalog:\n  version: "1$0"\n  items: []\n');
});

test('of any text: whoever waits is waited by, and items lie in the text', () => {
  const same = (a: CallHierarchyItem, b: CallHierarchyItem): boolean => JSON.stringify(a) === JSON.stringify(b);
  fc.assert(
    fc.property(mutated([...blueprints, shop]), fc.nat(), (text, number) => {
      const document = documentOf(text);
      for (const item of prepareCallHierarchy(document, number % (text.length + 1))) {
        for (const { to, fromRanges } of outgoingCalls(document, item)) {
          const back = incomingCalls(document, to).find(({ from }) => same(from, item));
          assert.deepEqual(back?.fromRanges, fromRanges);
        }
      }
    }),
    { numRuns: 300 },
  );
});

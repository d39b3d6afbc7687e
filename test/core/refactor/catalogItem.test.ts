import assert from 'node:assert/strict';
import { test } from 'node:test';

import { extractItem, inlineItem, ownItem } from '#core/refactor/catalogItem.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { at, codesOf, commentsIn, meaningOf } from './support.ts';

/** The text after the entity at `$0` became a catalog item; the application is the same. */
function extracted(fixture: string, after: string | undefined): void {
  const { text, context, placed } = at(fixture);
  const result = extractItem(placed, context);
  assert.equal(result && applyEdits(text, result.edits), after);
  if (after === undefined) return;
  assert.deepEqual(meaningOf(after), meaningOf(text));
  assert.deepEqual(commentsIn(after), commentsIn(text));
  assert.deepEqual(codesOf(after), codesOf(text));
}

function inlined(fixture: string, after: string | undefined): void {
  const { text, context, placed } = at(fixture);
  const item = ownItem(placed, context);
  const edits = item && inlineItem(placed, item, context);
  assert.equal(edits && applyEdits(text, edits), after);
  if (after !== undefined) assert.deepEqual(meaningOf(after), meaningOf(text));
}

test('an entity becomes an item of a new catalog; what names and places it stays', () => {
  extracted(
    `name: My Shop
services:
# the store
- type: docker:redis:7   # with a tag
  id: db
  name: Database
  # where it listens
  openPorts: [6379]$0
  brooklyn.config:
    # free
    own.key: 1
  brooklyn.policies:
  - type: org.apache.brooklyn.policy.ha.ServiceRestarter
  location: host-a
- type: docker:nginx:1
  id: web
  env:
    DB: $brooklyn:entity("db").config("own.key")
`,
    `name: My Shop
services:
# the store
- type: my-shop-db   # with a tag
  id: db
  name: Database
  brooklyn.policies:
  - type: org.apache.brooklyn.policy.ha.ServiceRestarter
  location: host-a
- type: docker:nginx:1
  id: web
  env:
    DB: $brooklyn:entity("db").config("own.key")

brooklyn.catalog:
  version: "1.0.0"
  items:
  - id: my-shop-db
    itemType: entity
    item:
      type: docker:redis:7
      # where it listens
      openPorts: [6379]
      brooklyn.config:
        # free
        own.key: 1
`,
  );
});

test('an entity becomes one more item of the catalog that is there', () => {
  extracted(
    `brooklyn.catalog:
  version: "1"
  items:
    - id: redis
      item:
        type: docker:redis:6
    # the end of the items
services:
- type: docker:redis:7$0
  brooklyn.parameters:
  - name: size
    type: integer
    default: 3
  brooklyn.children:
  - type: docker:busybox
    env: { SIZE: $brooklyn:parent().config("size") }
`,
    `brooklyn.catalog:
  version: "1"
  items:
    - id: redis
      item:
        type: docker:redis:6
    - id: redis-2
      itemType: entity
      item:
        type: docker:redis:7
        brooklyn.parameters:
        - name: size
          type: integer
          default: 3
        brooklyn.children:
        - type: docker:busybox
          env: { SIZE: $brooklyn:parent().config("size") }
    # the end of the items
services:
- type: redis-2
  id: redis
`,
  );
  extracted('services:\r\n- type: docker:redis:7$0\r\n  id: db\r\n  openPorts: [1]', 'services:\r\n- type: db\r\n  id: db\r\n\r\nbrooklyn.catalog:\r\n  version: "1.0.0"\r\n  items:\r\n  - id: db\r\n    itemType: entity\r\n    item:\r\n      type: docker:redis:7\r\n      openPorts: [1]\r\n');
});

test('what cannot be taken out is left', () => {
  extracted('services:\n- { type: "docker:redis:7$0" }\n', undefined);
  extracted('services:\n- type: docker:redis:7$0\n  env: &e { A: b }\n', undefined);
  extracted('services:\n- type: docker:redis:7$0\n  env: { A: $brooklyn:scopeRoot().config("x") }\n', undefined);
  extracted('services:\n- openPorts: [1]\n  type: docker:redis:7$0\n', undefined);
  extracted('brooklyn.catalog:\n  version: "1"\n  items:\n  - id: x\n    item:\n      type: docker:redis:7$0\n', undefined);
});

const catalog = `brooklyn.catalog:
  version: "1"
  items:
  - id: store
    item:
      type: docker:redis:7
      # where it listens
      openPorts: [6379]
      brooklyn.config:
        a: 1
        b: 2
      brooklyn.children:
      - type: docker:busybox
        id: helper
`;

test('an item is written out where it is used', () => {
  inlined(
    `${catalog}services:
- type: store$0   # ours
  id: db
- type: store
`,
    `${catalog}services:
- type: docker:redis:7   # ours
  # where it listens
  openPorts: [6379]
  brooklyn.config:
    a: 1
    b: 2
  brooklyn.children:
  - type: docker:busybox
    id: helper
  id: db
- type: store
`,
  );
});

test('what the entity says itself wins', () => {
  inlined(
    `${catalog}services:
- type: store$0
  brooklyn.config:
    b: 3
    docker.container.openPorts: [1]
`,
    `${catalog}services:
- type: docker:redis:7
  id: store
  brooklyn.children:
  - type: docker:busybox
    id: helper
  brooklyn.config:
    b: 3
    docker.container.openPorts: [1]
    a: 1
`,
  );
  inlined(`${catalog}services:\n- type: store$0\n  brooklyn.children:\n  - type: docker:nginx\n`, undefined);
  inlined(`${catalog}services:\n- type: docker:redis:7$0\n`, undefined);
});

test('out and in again: the same application', () => {
  const { text, context, placed } = at('services:\n- type: docker:redis:7$0\n  id: db\n  openPorts: [6379]\n  brooklyn.config:\n    x: 1\n');
  const there = applyEdits(text, extractItem(placed, context)?.edits ?? []);
  const use = at(there.replace('type: db', 'type: db$0'));
  const item = ownItem(use.placed, use.context);
  assert.ok(item);
  const back = applyEdits(there, inlineItem(use.placed, item, use.context) ?? []);
  assert.deepEqual(meaningOf(back), meaningOf(text));
  assert.match(back, /^services:\n- type: docker:redis:7\n/);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { read } from '#core/blueprint/read.ts';
import { sortServices } from '#core/refactor/sortServices.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { codesOf, commentsIn } from './support.ts';

function check(text: string, after: string): void {
  const result = applyEdits(text, sortServices(read(text)));
  assert.equal(result, after);
  assert.deepEqual(commentsIn(result), commentsIn(text));
  assert.deepEqual(codesOf(result), codesOf(text));
  assert.deepEqual(sortServices(read(result)), []);
}

test('who is waited for stands first, the others by name; comments and blank lines stay where they belong', () => {
  check(
    `name: Shop
services:
# the page
- type: docker:nginx:1
  name: Web
  env:
    DB: $brooklyn:formatString("%s", entity("db").attributeWhenReady("host.address"))
    # the end of the page

# the store
- type: docker:redis:7   # fast
  id: db
- type: docker:busybox
  name: A

# the end
location: host-a
`,
    `name: Shop
services:
- type: docker:busybox
  name: A

# the store
- type: docker:redis:7   # fast
  id: db
# the page
- type: docker:nginx:1
  name: Web
  env:
    DB: $brooklyn:formatString("%s", entity("db").attributeWhenReady("host.address"))
    # the end of the page

# the end
location: host-a
`,
  );
});

test('waiting for what is inside of another service, in the key form, at the end of a text', () => {
  check(
    'services:\r\n- type: a\r\n  x:\r\n    $brooklyn:chain:\r\n    - $brooklyn:component("inner")\r\n    - attributeWhenReady: [y]\r\n- type: z\r\n  brooklyn.children:\r\n  - type: b\r\n    id: inner',
    'services:\r\n- type: z\r\n  brooklyn.children:\r\n  - type: b\r\n    id: inner\r\n- type: a\r\n  x:\r\n    $brooklyn:chain:\r\n    - $brooklyn:component("inner")\r\n    - attributeWhenReady: [y]',
  );
});

test('services that wait for each other', () => {
  check(
    'services:\n- type: z\n  id: b\n  x: $brooklyn:entity("a").attributeWhenReady("y")\n- type: z\n  id: a\n  x: $brooklyn:entity("b").attributeWhenReady("y")\n',
    'services:\n- type: z\n  id: a\n  x: $brooklyn:entity("b").attributeWhenReady("y")\n- type: z\n  id: b\n  x: $brooklyn:entity("a").attributeWhenReady("y")\n',
  );
});

test('what cannot be moved stays', () => {
  const stays = (text: string): void => check(text, text);
  stays('services:\n- type: b\n  x: &a 1\n- type: a\n  x: *a\n');
  stays('services: [{ type: b }, { type: a }]\n');
  stays('services:\n- type: b\n  id: x\n- type: a\n  id: x\n');
  stays('services:\n- type: a\n- type: b\n');
  stays('services:\n- b\n- a\n');
});

test('in any order the same services come out', () => {
  const service = fc.record({ id: fc.constantFrom('a', 'b', 'c', 'd', 'e'), waits: fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e'), { maxLength: 2 }), text: fc.constantFrom('', '  # note\n', '  t: |\n    - x\n\n    y\n') });
  fc.assert(
    fc.property(fc.uniqueArray(service, { selector: ({ id }) => id, maxLength: 5 }), (services) => {
      const texts = services.map(({ id, waits, text }) => `# ${id}\n- type: x\n  id: ${id}\n${waits.map((other, index) => `  w${index}: $brooklyn:entity("${other}").attributeWhenReady("s")\n`).join('')}${text}`);
      const text = `services:\n${texts.join('')}name: x\n`;
      const result = applyEdits(text, sortServices(read(text)));
      assert.deepEqual(read(result).plan?.children.map(({ id }) => id?.value).toSorted(), services.map(({ id }) => id).toSorted());
      assert.deepEqual(texts.filter((part) => !result.includes(part.trimEnd())), []);
      assert.deepEqual(sortServices(read(result)), []);
    }),
    { numRuns: 300 },
  );
});

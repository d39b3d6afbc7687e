import assert from 'node:assert/strict';
import { test } from 'node:test';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { format } from '#core/format/format.ts';
import { isSameTree } from '#core/format/same.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import { span } from '#core/text/span.ts';

/** What the text is after formatting; it says the same, and formatting again changes nothing. */
function check(before: string, after: string, tabSize = 2): void {
  const formatted = applyEdits(before, format(before, { tabSize }));
  assert.equal(formatted, after);
  assert.deepEqual(format(formatted, { tabSize }), []);
  assert.ok(isSameTree(parseYaml(before).root, parseYaml(formatted).root));
}

const same = (text: string): void => check(text, text);

test('lists stand under their key, maps are indented', () => {
  check(
    `services:
    - type: docker:redis:7
      id: db
      brooklyn.config:
          a: 1
          b:
            - x
            -   y: 1
                z: 2
    -   type: tomcat
        name: Web
location:   host-a
`,
    `services:
- type: docker:redis:7
  id: db
  brooklyn.config:
    a: 1
    b:
    - x
    - y: 1
      z: 2
- type: tomcat
  name: Web
location: host-a
`,
  );
  same('services:\n- type: a\n  brooklyn.children:\n  - type: b\n    brooklyn.children:\n    - type: c\n');
  check('a:\n- - x\n  -   y\n-\n    z: 1\n', 'a:\n- - x\n  - y\n-\n  z: 1\n');
});

test('the size of an indentation is the editor\'s', () => {
  check('services:\n- type: a\n  brooklyn.config:\n    x:\n      y: 1\n', 'services:\n- type: a\n  brooklyn.config:\n      x:\n          y: 1\n', 4);
});

test('comments stay with what they stand at', () => {
  check(
    `# head
services:
    # the first
    - type: a   # why
      # still the first
    # the second
    - type: b
      brooklyn.config:
          # about x
          x: 1
          # the end of the config
      # the end of the entity
# the end
`,
    `# head
services:
# the first
- type: a   # why
  # still the first
# the second
- type: b
  brooklyn.config:
    # about x
    x: 1
    # the end of the config
  # the end of the entity
# the end
`,
  );
});

test('one space behind colons and dashes, none at the ends of lines', () => {
  check('services: \n-   type:   a  \n    id :    x\n    env: {A:    1, "B":2}\t\n', 'services:\n- type: a\n  id: x\n  env: {A: 1, "B": 2}\n');
  same('a:    # about a\n  b: 1\n');
  same('a: http://x:80/\nb: "c:   d"\n');
});

test('at most one blank line in a row, none at either end, a line break at the end', () => {
  check('\n\na: 1\n\n\n  \nb: 2\n\n\n', 'a: 1\n\nb: 2\n');
  check('a: 1', 'a: 1\n');
  check('a: 1\r\n\r\n\r\nb: 2', 'a: 1\r\n\r\nb: 2\r\n');
  check('a: 1\n   ', 'a: 1\n');
});

test('block scalars keep their value to the last space', () => {
  check(
    `a:
    b: |
        text  
          more
  
         
        end

    c: >-
            folded
             text
    d:
    - |
     x
    -   >+
          y


`,
    `a:
  b: |
    text  
      more

     
    end

  c: >-
    folded
     text
  d:
  - |
    x
  - >+
    y


`,
  );
  same('a: |\n  text');
  check('a:\n    b: |2\n        x\n      y\n', 'a:\n  b: |2\n      x\n    y\n');
  check('a: |   \n   x\n\n\n\nb: 1\n', 'a: |\n  x\n\nb: 1\n');
  check('a: |-\n   x', 'a: |-\n  x');
});

test('texts over several lines move with their line', () => {
  check(
    `a:
    b: "one
      two  \\
        three

      four"
    c: plain   
      text
       goes on
    d: 'x
        y'
`,
    `a:
  b: "one
    two  \\
      three

    four"
  c: plain
    text
     goes on
  d: 'x
      y'
`,
  );
  same('a: "x\n y"\nb: c\n d\n');
});

test('brackets over several lines are indented by their depth', () => {
  check(
    `a:
    b: {
       x: 1,
          y: [ 1,
       2, {
       z: 3 }
         ]
    # inside
      }
    c: [ a,
      b ]
- no
`.replace('- no\n', ''),
    `a:
  b: {
    x: 1,
    y: [ 1,
      2, {
        z: 3 }
    ]
    # inside
  }
  c: [ a,
    b ]
`,
  );
  check('a:\n-   { x: 1,\n  y: "p\n  q" }\n', 'a:\n- { x: 1,\n    y: "p\n  q" }\n');
});

test('anchors, aliases, merge keys, tags', () => {
  check(
    `a: &base
    x: 1
b:
    <<: *base
    y: *base
c:
    - &one
      z: !!str 1
    - *one
`,
    `a: &base
  x: 1
b:
  <<: *base
  y: *base
c:
- &one
  z: !!str 1
- *one
`,
  );
});

test('beyond the BMP, CRLF, only the first document', () => {
  check('"\u{1F600}":\r\n    "\u{1F600}\u{1F600}":    x\r\n', '"\u{1F600}":\r\n  "\u{1F600}\u{1F600}": x\r\n');
  check('---\na:\n    b: 1\n---\nc:\n    d: 1\n\n\n', '---\na:\n  b: 1\n---\nc:\n    d: 1\n\n\n');
});

test('a text with errors is not touched, nor keys behind question marks moved', () => {
  assert.deepEqual(format('a:   b: c\n   \n', { tabSize: 2 }), []);
  assert.deepEqual(format('', { tabSize: 2 }), []);
  assert.deepEqual(format('just   text  \n\n\n', { tabSize: 2 }), []);
  check('? a\n:   b\nc:\n     d:  1  \n', '? a\n:   b\nc:\n     d:  1\n');
});

/** Formats the lines that the marks `«` and `»` enclose. */
function checkRange(marked: string, after: string): void {
  const start = marked.indexOf('«');
  const end = marked.indexOf('»') - 1;
  const text = marked.replace(/[«»]/g, '');
  const formatted = applyEdits(text, format(text, { tabSize: 2, within: span(start, end) }));
  assert.equal(formatted, after);
  assert.ok(isSameTree(parseYaml(text).root, parseYaml(formatted).root));
}

test('a selection is formatted in place: what reaches beyond it does not move', () => {
  checkRange('services:\n    - type: a\n«      brooklyn.config:\n          x:   1\n»    - type: b  \n', 'services:\n    - type: a\n      brooklyn.config:\n        x: 1\n    - type: b  \n');
  checkRange('a:\n    «b: 1  »\n    c: 2  \n', 'a:\n    b: 1\n    c: 2  \n');
  checkRange('a:\n    «b: |\n»        x\n        y\n', 'a:\n    b: |\n        x\n        y\n');
  checkRange('«services:\n    - type: a\n      id: b\n»\n\nname:   x\n', 'services:\n- type: a\n  id: b\n\n\nname:   x\n');
});

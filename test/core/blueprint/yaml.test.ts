// The YAML tree: text on the left, the tree in short form on the right, `key@start-end` for places where they matter.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { type YamlNode, parseYaml } from '#core/blueprint/yaml.ts';

function short(node: YamlNode | undefined): string {
  if (!node) return 'nothing';
  switch (node.kind) {
    case 'scalar':
      return typeof node.value === 'string' ? JSON.stringify(node.value) : typeof node.value === 'object' && node.value !== null ? 'date' : String(node.value);
    case 'list':
      return `[${node.items.map(short).join(', ')}]`;
    case 'map':
      return `{${node.entries.map(({ key, value }) => `${short(key)}: ${short(value)}`).join(', ')}}`;
  }
}

function check(text: string, tree: string, ...messages: readonly RegExp[]): void {
  test(JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}...` : text), () => {
    const { root, diagnostics } = parseYaml(text);
    assert.equal(short(root), tree);
    assert.equal(diagnostics.length, messages.length, diagnostics.map(({ message }) => message).join('\n'));
    for (const [index, message] of messages.entries()) assert.match(diagnostics[index]?.message ?? '', message);
  });
}

check('', 'nothing');
check('# nothing here', 'nothing');
check('a: 1\nb: "1"\nc: [yes, ~]', '{"a": 1, "b": "1", "c": [true, null]}');
check('a: 1\na: 2', '{"a": 1, "a": 2}');
check('a:\n- b: 1\n  c: 2', '{"a": [{"b": 1, "c": 2}]}');
check('a: >\n  folded\n  text\nb: |\n  kept\n', '{"a": "folded text\\n", "b": "kept\\n"}');
check('x: &x {a: 1, b: 2}\ny: *x', '{"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 2}}');
check('x: &x {a: 1, b: 2}\ny:\n  <<: *x\n  b: 3', '{"x": {"a": 1, "b": 2}, "y": {"a": 1, "b": 3}}');
check('x: &x {a: 1}\ny: &y {a: 2, c: 3}\nz:\n  <<: [*x, *y]', '{"x": {"a": 1}, "y": {"a": 2, "c": 3}, "z": {"a": 1, "c": 3}}');
check('__proto__: 1\nconstructor: {toString: 2}', '{"__proto__": 1, "constructor": {"toString": 2}}');
check('a: 1\n---\nb: 2', '{"a": 1}', /only the first document/);
check('a: !!str 12', '{"a": "12"}');
check('a: *b', '{"a": null}', /unresolved alias|no anchor/i);
check('a: &a [*a]', '{"a": [null]}', /contain itself/);
check('a: !!java.util.Date x', '{"a": "x"}', /not allowed/);
check('a: b: c', '{"a": {"b": "c"}}', /mapping values are not allowed/);
check('a:\n\tb: 1', '{"a": null, "b": 1}', /tabs may not indent/);
check('a: [1, 2', '{"a": [1, 2]}', /not closed/);
check('a:\n- b: "c\n  d: 1\n- e: 2\n', '{"a": [{"b": "", "d": 1}, {"e": 2}]}', /not closed.*quote/);
check("a:\n- b: 'c\n  d: 1\n- e: 2", '{"a": [{"b": "", "d": 1}, {"e": 2}]}', /not closed.*quote/);
check('"a', '""', /not closed.*quote/);
check('["]', '[""]', /must end with/, /not closed.*quote/);
check('a:\n- b: 1\nnam\n- c: 2\n', '{"a": [{"b": 1}, {"c": 2}]}', /between two entries/);
check('a:\n  - b: 1\nnam\n\n # d\n -x: y z\n  - c: 2\n', '{"a": [{"b": 1}, {"c": 2}]}', /between two entries/, /between two entries/);
check('a: |\n  - b\n  nam\n  - c\n', '{"a": "- b\\nnam\\n- c\\n"}');
check('a:\n- "b\n\n  c"\n- |\n d\n', '{"a": ["b\\nc", "d\\n"]}');
check('a:\n- b\nc:\n- d\n', '{"a": ["b"], "c": ["d"]}');
check('\u0000', 'nothing', /U\+0000/);
check('a: \u007f', 'nothing', /U\+007F/);
check('['.repeat(10_000), 'nothing', /nesting is deeper/);

test('an alias bomb is refused in bounded time', () => {
  const letters = 'abcdefghijkl'.split('');
  const lines = letters.map((letter, index) => `${letter}: &${letter} [${Array(9).fill(index === 0 ? '1' : `*${letters[index - 1] ?? ''}`).join(', ')}]`);
  assert.deepEqual(parseYaml(lines.join('\n')).diagnostics.map(({ code }) => code), ['too-large']);
});

test('a text beyond three million characters is refused unread', () => {
  assert.deepEqual(parseYaml('a: 1\n'.repeat(700_000)).diagnostics.map(({ code }) => code), ['too-large']);
});

test('places are those of the text', () => {
  const text = 'name: "Shop"\nservices:\n- type: redis';
  const { root } = parseYaml(text);
  const entries = root?.kind === 'map' ? root.entries : [];
  assert.deepEqual(entries.map(({ key, value }) => [text.slice(key.span.start, key.span.end), text.slice(value.span.start, value.span.end)]), [
    ['name', '"Shop"'],
    ['services', '- type: redis'],
  ]);
});

test('a key that is but a tag lies within its map', () => {
  const { root } = parseYaml('!}:\n  a: 1\n');
  assert.ok(root?.kind === 'map' && root.entries[0]);
  assert.deepEqual([root.span.start, root.entries[0].key.span.start], [1, 1]);
});

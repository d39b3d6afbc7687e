// Every expression whose reading by Brooklyn's own parser is known: the same tree here, or an error in both.

import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { parse } from '#core/dsl/parse.ts';
import type { Expression, Link } from '#core/dsl/tree.ts';

const file = fileURLToPath(new URL('../../../shared/conformance/dsl-parse.json', import.meta.url));
const isAbsent = !existsSync(file);

test('expressions are read as Brooklyn reads them', { skip: isAbsent && `the conformance data is not here: ${file}` }, async (t) => {
  const groups = JSON.parse(readFileSync(file, 'utf8')) as Record<string, { expression: string; tree?: unknown; error?: boolean }[]>;
  for (const [group, rows] of Object.entries(groups)) {
    await t.test(`${group}: ${rows.length}`, () => {
      assert.ok(rows.length > 100);
      for (const { expression, tree, error } of rows) {
        const { tree: ours, problems } = parse(expression);
        const errors = problems.filter(({ isOddity }) => isOddity !== true);
        if (error) assert.ok(errors.length > 0, `accepted, but Brooklyn refuses it: ${expression}`);
        else {
          assert.deepEqual(errors, [], expression);
          assert.deepEqual(plain(ours), tree, expression);
        }
      }
    });
  }
});

function plain(expression: Expression): unknown {
  switch (expression.kind) {
    case 'string':
      return { str: expression.value };
    case 'word':
      return { prop: expression.text };
    case 'chain':
      return expression.links.map(plainLink);
    case 'scalar':
    case 'list':
    case 'map':
      return assert.fail(`the text form has no ${expression.kind}`);
  }
}

function plainLink(link: Link): unknown {
  if (link.kind === 'call') return { fn: link.name, args: link.args.map(plain) };
  return { prop: link.key.kind === 'string' ? link.key.value : link.key.kind === 'word' ? link.key.text : plain(link.key) };
}

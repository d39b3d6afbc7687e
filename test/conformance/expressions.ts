// Expressions and the trees that Brooklyn's own parser makes of them.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';

import { parse } from '#core/dsl/parse.ts';
import type { Expression, Link } from '#core/dsl/tree.ts';

export interface ExpressionRow {
  readonly group: string;
  readonly expression: string;
  readonly tree?: unknown;
  readonly error?: boolean;
}

export function expressionRows(file: string): readonly ExpressionRow[] {
  const groups = JSON.parse(readFileSync(file, 'utf8')) as Record<string, readonly Omit<ExpressionRow, 'group'>[]>;
  return Object.entries(groups).flatMap(([group, rows]) => rows.map((row) => Object.assign({ group }, row)));
}

/** Throws where ours is another tree, or not an error where Brooklyn has one. */
export function assertSame({ expression, tree, error }: ExpressionRow): void {
  const { tree: ours, problems } = parse(expression);
  const errors = problems.filter(({ isOddity }) => isOddity !== true);
  if (error) {
    assert.ok(errors.length > 0, `accepted, but Brooklyn refuses it: ${expression}`);
    return;
  }
  assert.deepEqual(errors, [], expression);
  assert.deepEqual(plain(ours), tree, expression);
}

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

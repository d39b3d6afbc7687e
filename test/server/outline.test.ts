import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { DocumentSymbol, Range } from 'vscode-languageserver-types';

import { symbols } from '../../server/features/symbols.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf } from './features.ts';

/** The outline as text: one line a symbol, indented, `name (detail) firstLine-lastLine`. */
function check(text: string, ...wanted: readonly string[]): void {
  const shown = (level: number, all: readonly DocumentSymbol[]): readonly string[] =>
    all.flatMap(({ name, detail, range, children }) => [`${'  '.repeat(level)}${name}${detail === undefined ? '' : ` (${detail})`} ${range.start.line}-${range.end.line}`, ...shown(level + 1, children ?? [])]);
  assert.deepEqual(shown(0, symbols(documentOf(text))), wanted);
}

test('an application: entities, children, members, policies, parameters', () => {
  check(
    `name: Shop
services:
- type: docker:redis:7
  id: db
- type: dynamic-cluster
  name: Web
  id: web
  memberSpec:
    $brooklyn:entitySpec:
      type: tomcat-server
  brooklyn.policies:
  - type: org.apache.brooklyn.policy.ha.ServiceRestarter
  brooklyn.parameters:
  - name: size
    type: integer
  brooklyn.children:
  - type: docker:nginx:1

location: host-a
`,
    'Shop 0-18',
    '  db (docker:redis:7) 2-3',
    '  Web (web · dynamic-cluster) 4-16',
    '    size (integer) 13-14',
    '    docker:nginx:1 16-16',
    '    tomcat-server (memberSpec:) 9-9',
    '    ServiceRestarter (policy) 11-11',
  );
});

test('a catalog: its items and what they define', () => {
  check(
    `brooklyn.catalog:
  version: "1.0"
  items:
  - id: shop
    itemType: template
    item:
      services:
      - type: docker:redis:7
        id: db
  - id: web
    item:
      type: tomcat-server
      brooklyn.parameters:
      - name: size
`,
    'shop (1.0 · template) 3-8',
    '  db (docker:redis:7) 7-8',
    'web (1.0) 9-13',
    '  size 13-13',
  );
});

test('nothing where nothing is', () => {
  check('');
  check('name: Shop\n');
});

test('names are never empty, selections lie in ranges, children in their parents', () => {
  const within = (inner: Range, outer: Range): boolean => {
    const number = ({ line, character }: Range['start']): number => line * 100_000 + character;
    return number(outer.start) <= number(inner.start) && number(inner.end) <= number(outer.end);
  };
  const verify = ({ name, range, selectionRange, children }: DocumentSymbol): void => {
    assert.notEqual(name, '');
    assert.ok(within(selectionRange, range));
    for (const child of children ?? []) verify(child);
  };
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      for (const symbol of symbols(documentOf(text))) verify(symbol);
    }),
    { numRuns: 300 },
  );
});

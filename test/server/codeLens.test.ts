import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import type { TextsWith } from '#core/navigate/across.ts';
import { codeLenses, resolveLens } from '../../server/features/codeLens.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { documentOf, uri } from './features.ts';

const alone: TextsWith = () => [];
const wanted = { deploy: true, references: true };

/** Each lens as `line: title`. */
function check(text: string, settings: typeof wanted, hasCommands: boolean, ...lenses: readonly string[]): void {
  const document = documentOf(text);
  const shown = codeLenses(document, settings, hasCommands).map((lens) => (lens.command ? lens : resolveLens(lens, document, alone, hasCommands)));
  assert.deepEqual(shown.map(({ range, command }) => `${range.start.line}: ${command?.title}${command?.command === '' ? ' (no command)' : ''}`), lenses);
}

const shop = `# a shop
services:
- type: docker:redis:7
  id: db
- type: docker:nginx
  id: web
  env:
    A: $brooklyn:entity("db").config("x")
    B: $brooklyn:component("db").config("x")
`;

test('deploy and plan above an application, references at ids', () => {
  check(shop, wanted, true, '0: Deploy', '0: Show Plan', '3: 2 references', '5: 0 references (no command)');
  check(shop, { deploy: false, references: true }, true, '3: 2 references', '5: 0 references (no command)');
  check(shop, { deploy: true, references: false }, true, '0: Deploy', '0: Show Plan');
  check(shop, { deploy: false, references: false }, true);
});

test('an editor that does not know the commands gets the counts alone', () => {
  check(shop, wanted, false, '3: 2 references (no command)', '5: 0 references (no command)');
});

test('a catalog has nothing to deploy', () => {
  check('brooklyn.catalog:\n  version: "1"\n  items:\n  - id: web\n    item: { type: docker:nginx }\n  - id: shop\n    item:\n      services:\n      - type: web\n', wanted, true, '3: 1 reference', '5: 0 references (no command)');
});

test('what the commands get', () => {
  const document = documentOf(shop);
  const [deploy, plan, db] = codeLenses(document, wanted, true);
  assert.deepEqual([deploy?.command?.command, deploy?.command?.arguments], ['clocker.deployBlueprint', [uri]]);
  assert.deepEqual([plan?.command?.command, plan?.command?.arguments], ['clocker.showPlan', [uri]]);
  assert.ok(db);
  const { command } = resolveLens(db, document, alone, true);
  const at = (line: number, start: number): unknown => ({ uri, range: { start: { line, character: start }, end: { line, character: start + 2 } } });
  assert.deepEqual([command?.command, command?.arguments], ['clocker.showReferences', [{ uri, position: { line: 3, character: 6 }, locations: [at(7, 25), at(8, 28)] }]]);
});

test('a lens of an older version says nothing', () => {
  const document = documentOf(shop);
  const lens = { range: document.lines.rangeOf({ start: 0, end: 0 }), data: { uri, version: 7, start: 40 } };
  assert.equal(resolveLens(lens, document, alone, true).command?.title, '');
  assert.equal(resolveLens({ range: lens.range }, undefined, alone, true).command?.title, '');
});

test('any text at all', () => {
  fc.assert(
    fc.property(mutated(blueprints), (text) => {
      const document = documentOf(`brooklyn.catalog: {}\n${text}`);
      for (const lens of codeLenses(document, wanted, true)) assert.ok(resolveLens(lens, document, alone, true));
    }),
    { numRuns: 200 },
  );
});

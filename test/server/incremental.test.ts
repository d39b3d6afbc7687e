// What is kept of one edit for the next changes no answer: after any edit each feature says what it says of the text read afresh.
// `FUZZ_RUNS` makes more of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import * as fc from 'fast-check';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };
import { codeLenses } from '../../server/features/codeLens.ts';
import type { BlueprintDocument } from '../../server/features/document.ts';
import { folding } from '../../server/features/folding.ts';
import { inlayHints } from '../../server/features/inlayHints.ts';
import { links } from '../../server/features/links.ts';
import { encode, encodedTokens, tokensOf } from '../../server/features/semanticTokens.ts';
import { symbols } from '../../server/features/symbols.ts';
import { defaults } from '../../server/settings.ts';
import { Workspace } from '../../server/workspace.ts';
import { edited, published, sources } from '../core/incremental/edits.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 30);
const uri = 'file:///a.blueprint.yaml';

function opened(text: string): Workspace {
  const workspace = new Workspace();
  workspace.learn(builtIn as BuiltIn);
  workspace.update(uri, 1, text, true);
  return workspace;
}

function answers(document: BlueprintDocument): object {
  const half = { start: 0, end: Math.ceil(document.text.length / 2) };
  return {
    tokens: [...encodedTokens(document)],
    symbols: symbols(document),
    folding: folding(document),
    links: links(document),
    hints: inlayHints(document, half, defaults.inlayHints),
    lenses: codeLenses(document, defaults.codeLens, true).map(({ range }) => range),
    names: document.names.all.map(({ kind, word, span: { start, end }, key, role }) => ({ kind, word, start, end, key, role })),
  };
}

test(`after any edit each answer is that of the text read afresh (${runs} runs)`, () => {
  fc.assert(
    fc.property(edited([...sources, ...published], 5), ({ text, edits }) => {
      const workspace = opened(text);
      for (const { edit, text: after } of edits) {
        const before = workspace.view(uri);
        assert.ok(before);
        const range = before.lines.rangeOf(edit.span);
        // What an editor cannot point at, the middle of a line break, is changed as a whole.
        const isExact = before.lines.offsetAt(range.start) === edit.span.start && before.lines.offsetAt(range.end) === edit.span.end;
        workspace.change(uri, 2, [isExact ? { range, text: edit.newText } : { text: after }]);
        const [document, fresh] = [workspace.view(uri), opened(after).view(uri)];
        assert.ok(document && fresh);
        assert.equal(document.text, after);
        assert.deepEqual(answers(document), answers(fresh));
        assert.deepEqual([...encodedTokens(document)], encode(tokensOf(document), document));
      }
    }),
    { numRuns: runs },
  );
});

test('services that become policies by one deletion are coloured as policies', () => {
  const text = `brooklyn.policies:
  - type: a.Policy
services:
${'- serviceType: docker:redis:7\n  id: web\n  brooklyn.policies:\n  - policyType: a.Policy\n'.repeat(2)}`;
  const [at, to] = [text.indexOf('  - type: a.Policy'), text.indexOf('- serviceType')];
  const workspace = opened(text);
  const before = workspace.view(uri);
  assert.ok(before);
  encodedTokens(before);
  workspace.change(uri, 2, [{ range: before.lines.rangeOf({ start: at, end: to }), text: '' }]);
  const [document, fresh] = [workspace.view(uri), opened(text.slice(0, at) + text.slice(to)).view(uri)];
  assert.ok(document && fresh);
  assert.deepEqual(answers(document), answers(fresh));
});

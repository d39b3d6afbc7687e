// Every diagnostic's definition is its test: the carets of its example are what is reported, and its fixes give the fixed text.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '#core/blueprint/read.ts';
import { problemsOf } from '#core/check/problems.ts';
import { rules } from '#core/diagnostics/all.ts';
import type { Rule } from '#core/diagnostics/rule.ts';
import { applyEdits, type Diagnostic } from '#core/text/diagnostic.ts';
import { assertDiagnostics, withoutCarets } from '../../support/carets.ts';
import { builtInCatalog } from '../../support/catalog.ts';

function diagnose(text: string): readonly Diagnostic[] {
  return problemsOf(read(text), builtInCatalog);
}

for (const rule of Object.values<Rule>(rules)) {
  test(`${rule.code}: the example has it where the carets say`, () => {
    assertDiagnostics(rule.example, diagnose(rule.example).filter(({ code }) => code === rule.code));
  });
  const { fixed } = rule;
  if (fixed === undefined) continue;
  test(`${rule.code}: the fix gives the fixed text`, () => {
    const edits = diagnose(rule.example).filter(({ code }) => code === rule.code).flatMap(({ fixes }) => fixes[0]?.edits ?? []);
    assert.equal(withoutCarets(applyEdits(rule.example, edits)), withoutCarets(fixed));
    assert.deepEqual(diagnose(withoutCarets(fixed)).filter(({ code }) => code === rule.code), []);
  });
}

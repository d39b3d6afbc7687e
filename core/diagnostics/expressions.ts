// What reading and checking an expression found -> diagnostics of the rules beside this file.

import { dslSyntax } from '#core/diagnostics/dslSyntax.ts';
import { outOfScopeReference } from '#core/diagnostics/outOfScopeReference.ts';
import { recursiveReference } from '#core/diagnostics/recursiveReference.ts';
import { report, type Rule } from '#core/diagnostics/rule.ts';
import { unknownConfigKeyReference } from '#core/diagnostics/unknownConfigKeyReference.ts';
import { unknownEntityReference } from '#core/diagnostics/unknownEntityReference.ts';
import { unknownFunction } from '#core/diagnostics/unknownFunction.ts';
import { unknownScope } from '#core/diagnostics/unknownScope.ts';
import { unknownSensor } from '#core/diagnostics/unknownSensor.ts';
import { wrongArguments } from '#core/diagnostics/wrongArguments.ts';
import type { Finding, FindingKind } from '#core/dsl/finding.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';

const rules: Readonly<Record<FindingKind, Rule>> = {
  'dsl-syntax': dslSyntax,
  'out-of-scope-reference': outOfScopeReference,
  'recursive-reference': recursiveReference,
  'unknown-config-key-reference': unknownConfigKeyReference,
  'unknown-entity-reference': unknownEntityReference,
  'unknown-function': unknownFunction,
  'unknown-scope': unknownScope,
  'unknown-sensor': unknownSensor,
  'wrong-arguments': wrongArguments,
};

/** A finding as a diagnostic; its places are taken as places in the document. */
export function diagnose({ kind, span, message, suggestion, severity }: Finding): Diagnostic {
  const fixes = suggestion ? [{ title: suggestion.title, edits: [{ span: suggestion.span, newText: suggestion.newText }] }] : [];
  return report(rules[kind], span, message, { fixes, ...(severity && { severity }) });
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Diagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';

import { rules } from '#core/diagnostics/all.ts';
import type { Rule } from '#core/diagnostics/rule.ts';
import { codeActions } from '../../server/features/codeActions.ts';
import { diagnosticsOf } from '../../server/features/diagnostics.ts';
import { expectedIn } from '../support/carets.ts';
import { applied, documentOf, uri, withCursor } from './features.ts';

function textOf(message: Diagnostic['message']): string {
  return typeof message === 'string' ? message : message.value;
}

/** The diagnostics of a fixture, at its carets; more may be found, none missed. */
function check(fixture: string): void {
  const found = diagnosticsOf(documentOf(fixture)).map(({ range, message }) => ({ line: range.start.line, from: range.start.character, to: range.end.character, message: textOf(message) }));
  const wanted = expectedIn(fixture);
  assert.ok(wanted.length > 0);
  for (const { line, from, to, message } of wanted) {
    assert.ok(found.some((one) => one.line === line && one.from === from && one.to === to && one.message.includes(message)), `${line}:${from}-${to} ${message} is not in ${JSON.stringify(found)}`);
  }
}

test('places are lines and UTF-16 columns', () => {
  check(`services:
- type: redis-stor
#       ^^^^^^^^^^ unknown type redis-stor
  brookyn.policies: []
# ^^^^^^^^^^^^^^^^ did you mean brooklyn.policies?
`);
  check(`"\u{1F600}": x
services:
- { name: "\u{1F600}\u{1F600}", type: redis-stor }
#                       ^^^^^^^^^^ unknown type
`);
});

test('each has its code, a page about it, its source and its severity', () => {
  const [diagnostic] = diagnosticsOf(documentOf('services:\n- type: redis-stor\n'));
  assert.ok(diagnostic);
  assert.equal(diagnostic.code, 'unknown-type');
  assert.equal(diagnostic.source, 'clocker');
  assert.equal(diagnostic.severity, DiagnosticSeverity.Warning);
});

test('an old name is struck through', () => {
  const [diagnostic] = diagnosticsOf(documentOf('services:\n- type: brooklyn.entity.webapp.tomcat.TomcatServer\n'));
  assert.deepEqual([diagnostic?.code, diagnostic?.severity, diagnostic?.tags], ['old-type-name', DiagnosticSeverity.Information, [DiagnosticTag.Deprecated]]);
});

test('the other place is shown, too', () => {
  const all = diagnosticsOf(documentOf('services:\n- type: docker:redis:7\n  name: a\n  name: b\n'));
  const doubled = all.find(({ code }) => code === 'duplicate-key');
  assert.deepEqual(doubled?.relatedInformation?.map(({ location }) => [location.uri, location.range.start.line]), [[uri, 2]]);
});

/** The first fix at `$0`: its title, and the text after it. */
function fixes(fixture: string, title: string, after: string): void {
  const { text, offset } = withCursor(fixture);
  const document = documentOf(text);
  const at = document.lines.positionAt(offset);
  const known = diagnosticsOf(document);
  const [action] = codeActions(document, { start: at, end: at }, known);
  assert.ok(action, 'there is no fix');
  assert.equal(action.title, title);
  assert.ok(known.some((one) => one === action.diagnostics?.[0]));
  assert.equal(applied(document, action.edit?.changes?.[uri] ?? []), after);
}

test('quick fixes', () => {
  fixes('services:\n- type: docker:redis:7\n  brook$0yn.policies: []\n', 'Change to brooklyn.policies', 'services:\n- type: docker:redis:7\n  brooklyn.policies: []\n');
  fixes('services:\n- type: brooklyn.entity.webapp.$0tomcat.TomcatServer\n', 'Change to org.apache.brooklyn.entity.webapp.tomcat.TomcatServer', 'services:\n- type: org.apache.brooklyn.entity.webapp.tomcat.TomcatServer\n');
  const document = documentOf('services:\n- type: docker:redis:7\n');
  assert.deepEqual(codeActions(document, document.lines.rangeOf({ start: 0, end: 30 }), [], { only: ['quickfix'] }), []);
});

test('every rule that has a fix has a quick fix', () => {
  const all: readonly Rule[] = Object.values(rules);
  for (const { code, example, fixed } of all.filter((rule) => rule.fixed !== undefined)) {
    const document = documentOf(example);
    const whole = document.lines.rangeOf({ start: 0, end: example.length });
    const actions = codeActions(document, whole, diagnosticsOf(document)).filter(({ diagnostics }) => diagnostics?.[0]?.code === code);
    assert.ok(actions.length > 0, `${code}, to become\n${fixed}`);
  }
});

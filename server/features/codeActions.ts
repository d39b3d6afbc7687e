// Quick fixes: each way to mend a diagnostic that touches the range asked for.

import type { CodeAction, Diagnostic as LspDiagnostic, Range } from 'vscode-languageserver-types';
import { CodeActionKind } from 'vscode-languageserver-types';

import { lspDiagnostic } from './diagnostics.ts';
import type { BlueprintDocument } from './document.ts';

/** `known` are the diagnostics as the editor has them: a fix names the one that it mends. */
export function codeActions(document: BlueprintDocument, range: Range, known: readonly LspDiagnostic[]): CodeAction[] {
  const start = document.lines.offsetAt(range.start);
  const end = document.lines.offsetAt(range.end);
  const touched = document.diagnostics.filter(({ span }) => span.start <= end && start <= span.end);
  const actions = new Map<string, CodeAction & { diagnostics: LspDiagnostic[] }>();
  for (const diagnostic of touched) {
    const own = lspDiagnostic(diagnostic, document);
    const shown = known.find((other) => other.code === own.code && other.message === own.message && sameRange(other.range, own.range)) ?? own;
    for (const { title, edits } of diagnostic.fixes) {
      // Two diagnostics may have one remedy.
      const sameFix = JSON.stringify([title, edits]);
      const before = actions.get(sameFix);
      if (before) before.diagnostics.push(shown);
      else {
        const changes = { [document.uri]: edits.map(({ span, newText }) => ({ range: document.lines.rangeOf(span), newText })) };
        actions.set(sameFix, { title, kind: CodeActionKind.QuickFix, diagnostics: [shown], isPreferred: diagnostic.fixes.length === 1, edit: { changes } });
      }
    }
  }
  return [...actions.values()];
}

function sameRange(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character;
}

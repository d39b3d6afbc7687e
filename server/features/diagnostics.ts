// Diagnostics as LSP has them. What is wrong is found by core/check; here is only how it is shown.

import { type Diagnostic as LspDiagnostic, DiagnosticSeverity, DiagnosticTag } from 'vscode-languageserver-types';

import type { Diagnostic, Severity } from '#core/text/diagnostic.ts';
import type { BlueprintDocument } from './document.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** What of a document is needed to show what is wrong with it. */
export type Diagnosed = Pick<BlueprintDocument, 'uri' | 'lines' | 'diagnostics'>;

export function diagnosticsOf(document: Diagnosed): LspDiagnostic[] {
  return document.diagnostics.map((diagnostic) => lspDiagnostic(diagnostic, document));
}

export function lspDiagnostic({ code, severity, span, message, related }: Diagnostic, { uri, lines }: Pick<BlueprintDocument, 'uri' | 'lines'>): LspDiagnostic {
  return {
    range: lines.rangeOf(span),
    severity: severities[severity],
    code,
    source: 'clocker',
    message,
    ...(code.startsWith('old-') && { tags: [DiagnosticTag.Deprecated] }),
    ...(related.length > 0 && { relatedInformation: related.map((other) => ({ location: { uri, range: lines.rangeOf(other.span) }, message: other.message })) }),
  };
}

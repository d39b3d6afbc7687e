// The shape of one diagnostic's definition. The definition is its own documentation and its own test: `example` is a
// blueprint with carets under what is reported, `fixed` is what the example becomes when every fix is applied.

import type { Code } from '#core/diagnostics/codes.ts';
import type { Diagnostic, Fix, Related, Severity } from '#core/text/diagnostic.ts';
import type { Span } from '#core/text/span.ts';

export interface Rule {
  readonly code: Code;
  readonly severity: Severity;
  /** What is wrong, as a short claim: "A key is written twice". */
  readonly title: string;
  /** Why it matters: what Brooklyn or the cloud would do with it. One to four sentences of Markdown. */
  readonly why: string;
  /** A blueprint that has the fault. A line `#   ^^^^` points at the characters above it; the text after the carets is part of the message. */
  readonly example: string;
  /** The example after the first fix of each of its diagnostics; absent where there is no fix. */
  readonly fixed?: string;
}

/** Checks that a rule is well formed, at compile time; gives it back. */
export function rule<const R extends Rule>(definition: R): R {
  return definition;
}

/** A diagnostic of this rule at a place. */
export function report(
  { code, severity }: Rule,
  span: Span,
  message: string,
  more: { readonly fixes?: readonly Fix[]; readonly related?: readonly Related[]; readonly severity?: Severity } = {},
): Diagnostic {
  return { code, severity: more.severity ?? severity, span, message, fixes: more.fixes ?? [], related: more.related ?? [] };
}

// What is wrong with a text, as plain data: a code from the closed list, a place, a sentence, and the fixes there are.

import type { Code } from '#core/diagnostics/codes.ts';
import type { Span } from '#core/text/span.ts';

export type Severity = 'error' | 'warning' | 'information' | 'hint';

/** Replace the text in `span` by `newText`; an empty span inserts. */
export interface Edit {
  readonly span: Span;
  readonly newText: string;
}

/** One way to mend a diagnostic: `title` says what will be done, in the imperative. The edits do not overlap. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly Edit[];
}

/** Another place that matters for the diagnostic: the first of two equal keys, say. */
export interface Related {
  readonly span: Span;
  readonly message: string;
}

export interface Diagnostic {
  readonly code: Code;
  readonly severity: Severity;
  readonly span: Span;
  /** One sentence: what is wrong and, where it helps, what to do. It never holds a value that may be secret. */
  readonly message: string;
  readonly fixes: readonly Fix[];
  readonly related: readonly Related[];
}

/** Applies edits that do not overlap, whatever their order. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let done = 0;
  for (const { span, newText } of edits.toReversed().toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    pieces.push(text.slice(done, span.start), newText);
    done = Math.max(done, span.end);
  }
  return pieces.join('') + text.slice(done);
}

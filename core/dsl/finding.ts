// What checking an expression finds, as plain data. core/diagnostics/expressions.ts makes diagnostics of it.

import type { Suggestion } from '#core/dsl/tree.ts';
import type { Severity } from '#core/text/diagnostic.ts';
import type { Span } from '#core/text/span.ts';

/** Each is the code of its diagnostic. */
export type FindingKind =
  | 'dsl-syntax'
  | 'unknown-function'
  | 'wrong-arguments'
  | 'unknown-scope'
  | 'unknown-entity-reference'
  | 'out-of-scope-reference'
  | 'unknown-sensor'
  | 'unknown-config-key-reference'
  | 'recursive-reference';

export interface Finding {
  readonly kind: FindingKind;
  readonly span: Span;
  /** One sentence without anything that may be secret. */
  readonly message: string;
  readonly suggestion?: Suggestion;
  /** Where it differs from what such findings usually are. */
  readonly severity?: Severity;
}

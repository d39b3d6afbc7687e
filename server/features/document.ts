// What every feature is given: one version of one document, read, and what is known around it. Features answer with plain LSP
// data; offsets become positions in `lines` alone.

import type { Reading } from '#core/blueprint/read.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import type { CheckContext } from '#core/check/context.ts';
import type { Names } from '#core/navigate/name.ts';
import type { Diagnostic, Edit } from '#core/text/diagnostic.ts';
import type { Lines } from '#core/text/span.ts';

export interface BlueprintDocument {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly lines: Lines;
  readonly reading: Reading;
  /** Built-in types and those of the workspace, of this document too. */
  readonly catalog: Catalog;
  readonly context: CheckContext;
  readonly diagnostics: readonly Diagnostic[];
  /** The document as it would be after an edit. That is good until it, or any document, is asked for again. */
  readonly suppose: (edit: Edit) => Supposed;
  /** What is named in it and where, found when first asked for. */
  readonly names: Names;
}

export interface Supposed {
  readonly reading: Reading;
  readonly context: CheckContext;
}

/** What the editor can do with an answer. */
export interface EditorAbilities {
  /** Tab stops (`$1`) in what is inserted. */
  readonly snippets: boolean;
  /** Several lines are inserted as they are, without the editor's indentation. */
  readonly asIs: boolean;
  /** The command that asks for completions again: after a key was inserted, its value is wanted. */
  readonly suggestAgain: string | undefined;
}

// Formatting of a document or a selection, and the indentation of a line that was just begun. What is changed is decided in
// core/format; here is what an editor asks with.

import type { FormattingOptions, TextEdit } from 'vscode-languageserver-types';

import { format } from '#core/format/format.ts';
import { indentNewLine } from '#core/format/newLine.ts';
import type { Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';
import { textEdits } from './edits.ts';

/** White space of all lines, or of those that `within` touches. Tabs may not indent YAML, so `insertSpaces` has no say. */
export function formatting(document: BlueprintDocument, { tabSize }: FormattingOptions, within?: Span): TextEdit[] {
  return textEdits(document, format(document.text, { tabSize, ...(within && { within }) }));
}

/** After a line break was typed: `offset` is in the new line. */
export function onTypeFormatting(document: BlueprintDocument, offset: number, { tabSize }: FormattingOptions): TextEdit[] {
  return textEdits(document, indentNewLine(document.text, offset, tabSize, document.reading.root));
}

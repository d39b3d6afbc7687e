// Edits by offsets as edits by lines and columns.

import type { TextEdit } from 'vscode-languageserver-types';

import type { Edit } from '#core/text/diagnostic.ts';
import type { BlueprintDocument } from './document.ts';

/** In the order of their places, no two at the same place: what is inserted where something is replaced becomes part of the replacement, for editors differ in which they do first. */
export function textEdits({ lines }: Pick<BlueprintDocument, 'lines'>, edits: readonly Edit[]): TextEdit[] {
  const merged: Edit[] = [];
  for (const edit of edits.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end)) {
    const last = merged.at(-1);
    if (last && last.span.start === edit.span.start) merged[merged.length - 1] = { span: edit.span, newText: last.newText + edit.newText };
    else merged.push(edit);
  }
  return merged.map(({ span, newText }) => ({ range: lines.rangeOf(span), newText }));
}

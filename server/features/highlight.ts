// Document highlight: the other places of this text that name what is under the cursor; where it is declared or set is a write.

import { type DocumentHighlight, DocumentHighlightKind } from 'vscode-languageserver-types';

import { placesOf } from '#core/navigate/across.ts';
import type { BlueprintDocument } from './document.ts';

export function highlight(document: BlueprintDocument, offset: number): DocumentHighlight[] {
  const name = document.names.at(offset);
  if (!name) return [];
  return placesOf({ file: document, name }, () => [document], document.context.catalog).map((place) => ({
    range: document.lines.rangeOf(place.name.span),
    kind: place.name.role === 'use' ? DocumentHighlightKind.Read : DocumentHighlightKind.Write,
  }));
}

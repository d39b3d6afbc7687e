// Linked editing: an id and its uses change together while it is typed, where they all stand in this text as the same plain word.

import type { Range } from 'vscode-languageserver-types';

import { placesOf, type TextsWith } from '#core/navigate/across.ts';
import type { BlueprintDocument } from './document.ts';

/** What may be typed without ending it: the letters of a name. */
const wordPattern = String.raw`[\p{L}\p{M}\p{N}_.-]*`;

export function linkedEditing(document: BlueprintDocument, offset: number, textsWith: TextsWith): { readonly ranges: Range[]; readonly wordPattern: string } | undefined {
  const name = document.names.at(offset);
  if (name?.kind !== 'entity') return undefined;
  const places = placesOf({ file: document, name }, textsWith, document.context.catalog);
  const isSafe = places.every((place) => place.file.uri === document.uri && place.name.writing !== 'elsewhere' && document.text.slice(place.name.span.start, place.name.span.end) === name.word);
  const declared = places.filter((place) => place.name.role === 'declaration');
  if (!isSafe || declared.length !== 1 || places.length < 2) return undefined;
  return { ranges: places.map((place) => document.lines.rangeOf(place.name.span)), wordPattern };
}

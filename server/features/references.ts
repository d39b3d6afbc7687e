// Find references: every place of the workspace that names the same thing.

import type { Location } from 'vscode-languageserver-types';

import { placesOf, type TextsWith } from '#core/navigate/across.ts';
import type { BlueprintDocument } from './document.ts';

export function references(document: BlueprintDocument, offset: number, withDeclaration: boolean, textsWith: TextsWith): Location[] {
  const name = document.names.at(offset);
  if (!name) return [];
  return placesOf({ file: document, name }, textsWith, document.context.catalog)
    .filter((place) => withDeclaration || place.name.role !== 'declaration')
    .map((place) => ({ uri: place.file.uri, range: place.file.lines.rangeOf(place.name.span) }));
}

// Go to definition: where an id, a catalog item, a parameter or a network is declared. Built-in types stand in no file.

import type { Location, LocationLink } from 'vscode-languageserver-types';

import { definitionsOf, type PlaceInText, type TextsWith } from '#core/navigate/across.ts';
import type { Span } from '#core/text/span.ts';
import type { BlueprintDocument } from './document.ts';

export function definition(document: BlueprintDocument, offset: number, textsWith: TextsWith): LocationLink[] {
  const name = document.names.at(offset);
  return name ? definitionsOf({ file: document, name }, textsWith, document.context.catalog).map((place) => linkTo(place, document, name.span)) : [];
}

/** A way from a place of a document to another place. */
export function linkTo({ file, span }: PlaceInText, { lines }: Pick<BlueprintDocument, 'lines'>, from: Span): LocationLink {
  const targetRange = file.lines.rangeOf(span);
  return { originSelectionRange: lines.rangeOf(from), targetUri: file.uri, targetRange, targetSelectionRange: targetRange };
}

/** For an editor that does not know links. */
export function asLocations(links: readonly LocationLink[]): Location[] {
  return links.map(({ targetUri, targetSelectionRange }) => ({ uri: targetUri, range: targetSelectionRange }));
}

// Go to type definition: the catalog item that an entity is made from, or that declares a parameter.

import type { LocationLink } from 'vscode-languageserver-types';

import type { YamlMap } from '#core/blueprint/yaml.ts';
import { typeNameOf, placeAt } from '#core/complete/place.ts';
import { definitionsOf, type TextsWith } from '#core/navigate/across.ts';
import { keyOf, typeWord, type Name } from '#core/navigate/name.ts';
import type { Span } from '#core/text/span.ts';
import { linkTo } from './definition.ts';
import type { BlueprintDocument } from './document.ts';

export function typeDefinition(document: BlueprintDocument, offset: number, textsWith: TextsWith): LocationLink[] {
  const name = document.names.at(offset);
  if (name) return linksTo(name.typeName, name.span, document, textsWith);
  // Anywhere else, the type of the entity around is as good a guess as any.
  const place = placeAt(document.reading, offset);
  return place?.entity ? linksTo(typeNameOf(place.entity), wordOf(place.entity.map, offset), document, textsWith) : [];
}

function linksTo(written: string | undefined, from: Span, document: BlueprintDocument, textsWith: TextsWith): LocationLink[] {
  const known = written === undefined ? undefined : typeWord(written);
  if (!known) return [];
  const use: Name = { kind: 'type', ...known, span: from, writing: 'plain', key: keyOf('type', known.word), role: 'use', origin: 'text' };
  return definitionsOf({ file: document, name: use }, textsWith, document.context.catalog).map((place) => linkTo(place, document, from));
}

/** What the editor shows as the place that was asked about: the key or value at the cursor. */
function wordOf({ entries }: YamlMap, offset: number): Span {
  const entry = entries.find(({ span }) => span.start <= offset && offset <= span.end);
  const node = entry && offset > entry.key.span.end && entry.value.kind === 'scalar' ? entry.value : entry?.key;
  return node?.span ?? { start: offset, end: offset };
}

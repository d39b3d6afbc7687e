// An entity made a catalog item of the same file, and an item written out where it is used.

import { CodeActionKind } from 'vscode-languageserver-types';

import { extractItem, inlineItem, ownItem } from '#core/refactor/catalogItem.ts';
import { entityAt, offer, type Offering } from './offer.ts';

export const offerExtraction: Offering = (document, selected) => {
  const entity = entityAt(document, selected);
  const extraction = entity && extractItem(entity, document.context);
  return extraction ? offer(`Extract into the catalog item ${extraction.itemId}`, CodeActionKind.RefactorExtract, extraction.edits) : [];
};

export const offerInlining: Offering = (document, selected) => {
  const entity = entityAt(document, selected);
  const item = entity && ownItem(entity, document.context);
  return entity && item ? offer(`Inline the catalog item ${item.id?.value ?? ''}`, CodeActionKind.RefactorInline, inlineItem(entity, item, document.context)) : [];
};

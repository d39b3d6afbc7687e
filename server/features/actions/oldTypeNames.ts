// Old names of types, all of a document at once.

import { CodeActionKind } from 'vscode-languageserver-types';

import { sureFixes } from '#core/refactor/fixAll.ts';
import { isTouched, offer, type Offering } from './offer.ts';

export const offerOldTypeNames: Offering = ({ diagnostics }, selected) => {
  const old = diagnostics.filter(({ code }) => code === 'old-type-name');
  if (!old.some(({ span }) => isTouched(span, selected))) return [];
  return offer(old.length === 1 ? 'Convert the old type name' : `Convert all ${old.length} old type names`, CodeActionKind.RefactorRewrite, sureFixes(old));
};

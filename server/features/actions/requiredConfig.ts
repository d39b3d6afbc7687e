// Config that the type of an entity requires and nobody gave.

import { CodeActionKind } from 'vscode-languageserver-types';

import { addConfig, missingConfig } from '#core/refactor/required.ts';
import { entityAt, offer, type Offering } from './offer.ts';

export const offerRequiredConfig: Offering = (document, selected) => {
  const entity = entityAt(document, selected);
  if (!entity) return [];
  const missing = missingConfig(entity);
  const names = missing.length > 3 ? `${missing.length} required config keys` : missing.map(({ name }) => name).join(', ');
  return offer(`Add ${names}`, CodeActionKind.QuickFix, addConfig(entity, document.text, missing));
};

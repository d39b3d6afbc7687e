// The services of a blueprint in the order in which they can start: offered at the key `services`.

import { CodeActionKind } from 'vscode-languageserver-types';

import { entryOf } from '#core/blueprint/tree.ts';
import { sortServices } from '#core/refactor/sortServices.ts';
import { isTouched, offer } from './offer.ts';
import type { Offering } from './offer.ts';

export const offerSorting: Offering = ({ reading }, selected) => {
  const services = reading.root?.kind === 'map' ? entryOf(reading.root, 'services') : undefined;
  return services && isTouched(services.key.span, selected) ? offer('Sort services: who is waited for first', CodeActionKind.RefactorRewrite, sortServices(reading)) : [];
};

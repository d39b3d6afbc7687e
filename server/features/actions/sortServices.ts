// The services of a blueprint in the order in which they can start: offered at the key `services`.

import { CodeActionKind } from 'vscode-languageserver-types';

import { entryOf } from '#core/blueprint/tree.ts';
import { sortServices } from '#core/refactor/sortServices.ts';
import { isTouched, offer, type Offering } from './offer.ts';

/** For more services than this it is not worth a look whether they are sorted before somebody asks. */
const manyServices = 300;

export const offerSorting: Offering = ({ reading }, selected) => {
  const services = reading.root?.kind === 'map' ? entryOf(reading.root, 'services') : undefined;
  if (!services || !isTouched(services.key.span, selected)) return [];
  const title = 'Sort services: who is waited for first';
  const isLong = services.value.kind === 'list' && services.value.items.length > manyServices;
  return isLong ? [{ title, kind: CodeActionKind.RefactorRewrite, edits: () => sortServices(reading) }] : offer(title, CodeActionKind.RefactorRewrite, sortServices(reading));
};

// Flags of an entity and entries of its `brooklyn.config`, one into the other: the key under the cursor, or all of the entity.

import { CodeActionKind } from 'vscode-languageserver-types';

import { configKeysWithFlags, flagsOf, toConfig, toFlags, type Movable } from '#core/refactor/config.ts';
import type { BlueprintDocument } from '../document.ts';
import { entityAround, entityAt, isTouched, offer, type Offer, type Offering } from './offer.ts';
import type { Span } from '#core/text/span.ts';

const kind = CodeActionKind.RefactorRewrite;

export const offerFlags: Offering = (document, selected) => [...ofKey(document, selected), ...ofEntity(document, selected)];

function ofKey(document: BlueprintDocument, selected: Span): readonly Offer[] {
  const entity = entityAround(document, selected);
  if (!entity?.spec.type) return [];
  const { text } = document;
  const flag = flagsOf(entity, text).find((one) => isAtKey(one, selected));
  if (flag) return offer(`Move ${flag.key} into brooklyn.config as ${flag.newKey}`, kind, toConfig(entity, text, [flag]));
  const key = configKeysWithFlags(entity, text).find((one) => isAtKey(one, selected));
  return key ? offer(`Write ${key.key} as the flag ${key.newKey}`, kind, toFlags(entity, text, [key])) : [];
}

function isAtKey({ block }: Movable, selected: Span): boolean {
  return isTouched(block.entry.key.span, selected);
}

function ofEntity(document: BlueprintDocument, selected: Span): readonly Offer[] {
  const entity = entityAt(document, selected);
  if (!entity) return [];
  const { text } = document;
  const flags = flagsOf(entity, text);
  const keys = configKeysWithFlags(entity, text);
  const [flag] = flags;
  const [key] = keys;
  return [
    ...offer(flags.length === 1 ? `Move the flag ${flag?.key ?? ''} into brooklyn.config` : `Move all ${flags.length} flags into brooklyn.config`, kind, toConfig(entity, text, flags)),
    ...offer(keys.length === 1 ? `Write the config key ${key?.key ?? ''} as a flag` : `Write ${keys.length} config keys as flags`, kind, toFlags(entity, text, keys)),
  ];
}

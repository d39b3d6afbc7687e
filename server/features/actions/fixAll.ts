// Everything in a document that has one certain fix, at once: from the light bulb of any of them, and as `source.fixAll` when saving.

import { CodeActionKind } from 'vscode-languageserver-types';

import { read } from '#core/blueprint/read.ts';
import { check } from '#core/check/check.ts';
import { fixAll } from '#core/refactor/fixAll.ts';
import type { BlueprintDocument } from '../document.ts';
import { isTouched, type Offering } from './offer.ts';

export const fixAllKind = `${CodeActionKind.SourceFixAll}.clocker`;

export const offerFixAll: Offering = (document, selected) => {
  const fixable = document.diagnostics.filter(({ fixes }) => fixes.length === 1);
  const isAtOne = fixable.some(({ span }) => isTouched(span, selected));
  const edits = (): ReturnType<typeof fixAll> => allFixes(document);
  if (fixable.length === 0) return [];
  return [
    { title: 'Fix all that can be fixed', kind: fixAllKind, edits },
    ...(fixable.length > 1 && isAtOne ? [{ title: `Fix all ${fixable.length} problems that can be fixed`, kind: CodeActionKind.QuickFix, edits }] : []),
  ];
};

function allFixes({ text, catalog, diagnostics }: BlueprintDocument): ReturnType<typeof fixAll> {
  return fixAll(text, (current) => (current === text ? diagnostics : check(read(current), catalog)));
}

// Versions that YAML reads as numbers or dates, put in quotes: the one under the cursor, or all. Where a diagnostic says so
// already its own fix is offered, not this.

import { CodeActionKind } from 'vscode-languageserver-types';

import { lineEnd } from '#core/refactor/blocks.ts';
import { quote, unquotedVersions } from '#core/refactor/quoteVersion.ts';
import { isTouched, offer, type Offering } from './offer.ts';

export const offerQuotes: Offering = ({ reading, diagnostics, text }, selected) => {
  // Most lines have none, and a cursor should not wait for a look through the whole text.
  const line = text.slice(text.lastIndexOf('\n', selected.start - 1) + 1, lineEnd(text, selected.end));
  if (!/version|tag/i.test(line)) return [];
  const versions = unquotedVersions(reading.root);
  const version = versions.find(({ span }) => isTouched(span, selected));
  if (!version) return [];
  const isSaid = diagnostics.some(({ span, fixes }) => fixes.length > 0 && span.start === version.span.start && span.end === version.span.end);
  return [
    ...(isSaid ? [] : offer('Quote the version', CodeActionKind.RefactorRewrite, [quote(version)])),
    ...(versions.length > 1 ? offer(`Quote all ${versions.length} versions`, CodeActionKind.RefactorRewrite, versions.map(quote)) : []),
  ];
};

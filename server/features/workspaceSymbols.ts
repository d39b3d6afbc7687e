// Workspace symbols: applications, entities and catalog items of all texts by a few letters of their names, the best first.

import { type WorkspaceSymbol, SymbolKind, SymbolTag } from 'vscode-languageserver-types';

import { fit, type FoundSymbol } from '#core/navigate/symbols.ts';
import type { Lines } from '#core/text/span.ts';

/** More are of no use to anybody; the editor asks again with the next letter. */
const most = 500;

const kinds: Readonly<Record<FoundSymbol['kind'], SymbolKind>> = { application: SymbolKind.Package, entity: SymbolKind.Class, item: SymbolKind.Interface };

export function workspaceSymbols(query: string, texts: readonly { readonly uri: string; readonly lines: Lines; readonly symbols: readonly FoundSymbol[] }[]): WorkspaceSymbol[] {
  const typed = query.trim();
  const found = texts.flatMap((text) =>
    text.symbols.flatMap((symbol) => {
      const rank = fit(typed, symbol.name);
      return rank === undefined ? [] : [{ text, symbol, rank }];
    }),
  );
  return found
    .toSorted((a, b) => a.rank - b.rank || a.symbol.name.length - b.symbol.name.length)
    .slice(0, most)
    .map(({ text, symbol }) => symbolOf(text.uri, text.lines, symbol));
}

function symbolOf(uri: string, lines: Lines, { name, kind, container, span, isDeprecated }: FoundSymbol): WorkspaceSymbol {
  return {
    name,
    kind: kinds[kind],
    ...(container !== undefined && { containerName: container }),
    ...(isDeprecated && { tags: [SymbolTag.Deprecated] }),
    location: { uri, range: lines.rangeOf(span) },
  };
}

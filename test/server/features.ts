// What the tests of the server's features share: a text with its cursor, read as the server reads it.

import assert from 'node:assert/strict';
import type { CompletionItem, TextEdit } from 'vscode-languageserver-types';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };
import type { BlueprintDocument, EditorAbilities } from '../../server/features/document.ts';
import { Workspace } from '../../server/workspace.ts';

export const uri = 'file:///shop.blueprint.yaml';
export const editor: EditorAbilities = { snippets: true, asIs: true, suggestAgain: undefined };

/** A fixture without its `$0`, and where that was. */
export function withCursor(fixture: string): { readonly text: string; readonly offset: number } {
  const offset = fixture.indexOf('$0');
  assert.ok(offset >= 0, 'the fixture has no $0');
  return { text: fixture.slice(0, offset) + fixture.slice(offset + 2), offset };
}

/** The text as a document of a workspace that also holds these catalogs. */
export function documentOf(text: string, ...catalogs: readonly string[]): BlueprintDocument {
  const workspace = new Workspace();
  workspace.learn(builtIn as BuiltIn);
  for (const [index, catalog] of catalogs.entries()) workspace.save(`file:///catalog${index}.bom`, catalog);
  workspace.update(uri, 1, text, false);
  const document = workspace.view(uri);
  assert.ok(document);
  return document;
}

/** The text after edits, as an editor applies them. */
export function applied(document: BlueprintDocument, edits: readonly TextEdit[]): string {
  return edits
    .map(({ range, newText }) => ({ start: document.lines.offsetAt(range.start), end: document.lines.offsetAt(range.end), newText }))
    .toSorted((a, b) => b.start - a.start)
    .reduce((text, { start, end, newText }) => text.slice(0, start) + newText + text.slice(end), document.text);
}

/** The text after a completion is accepted: `$0`, `$1` ... are where the cursor stops. */
export function accepted(document: BlueprintDocument, { textEdit }: CompletionItem): string {
  assert.ok(textEdit && 'range' in textEdit);
  return applied(document, [{ ...textEdit, newText: textEdit.newText.replaceAll(/\\([$\\}])/g, '$1') }]);
}

/** In the order in which an editor shows them. */
export function inOrder(items: readonly CompletionItem[]): readonly CompletionItem[] {
  return items.toSorted((a, b) => ((a.sortText ?? a.label) < (b.sortText ?? b.label) ? -1 : 1));
}

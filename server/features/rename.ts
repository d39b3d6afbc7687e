// Rename: a name at the cursor, everywhere in the workspace. What cannot be renamed is refused with a sentence.

import type { Range, WorkspaceEdit } from 'vscode-languageserver-types';

import type { TextsWith } from '#core/navigate/across.ts';
import { renamable, rename, type EditsOfText, type Refusal } from '#core/navigate/rename.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import type { BlueprintDocument } from './document.ts';

const nothingHere: Refusal = { refusal: 'Here stands no id, catalog item, config key or network that could be renamed.' };

export function prepareRename(document: BlueprintDocument, offset: number, textsWith: TextsWith): { readonly range: Range; readonly placeholder: string } | Refusal {
  const name = document.names.at(offset);
  if (!name) return nothingHere;
  const places = renamable({ file: document, name }, textsWith, document.context.catalog);
  return 'refusal' in places ? places : { range: document.lines.rangeOf(name.span), placeholder: name.word };
}

/** `hasVersions`: the editor takes edits that name the version of a document that they are for. */
export function renameEdits(document: BlueprintDocument, offset: number, newName: string, hasVersions: boolean, textsWith: TextsWith): WorkspaceEdit | Refusal {
  const name = document.names.at(offset);
  if (!name) return nothingHere;
  const files = rename({ file: document, name }, newName, textsWith, document.context.catalog);
  if ('refusal' in files) return files;
  return hasVersions
    ? { documentChanges: files.map((one) => ({ textDocument: { uri: one.file.uri, version: one.file.version ?? null }, edits: textEdits(one) })) }
    : { changes: Object.fromEntries(files.map((one) => [one.file.uri, textEdits(one)])) };
}

function textEdits({ file, edits }: EditsOfText): { range: Range; newText: string }[] {
  return edits.map(({ span, newText }: Edit) => ({ range: file.lines.rangeOf(span), newText }));
}

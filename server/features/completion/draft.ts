// One thing to offer, before it is known where it is put: the parts of a completion that keys, values and expressions decide.
// finish() turns it into a completion at a cursor.

import { type CompletionItem, type CompletionItemKind, type Range, CompletionItemTag, InsertTextFormat, InsertTextMode, MarkupKind } from 'vscode-languageserver-types';

import type { Context } from '#core/blueprint/vocabulary.ts';
import type { EditorAbilities } from '../document.ts';
import type { Subject } from './subject.ts';

export interface Draft {
  readonly label: string;
  readonly kind: CompletionItemKind;
  /** Beside the label: the shape of a value, the type of a config key. */
  readonly detail?: string;
  /** What is inserted, as a snippet: `$1` is a tab stop, `$0` the last. Lines after the first are indented relative to the first one's column. The label where absent. */
  readonly snippet?: string;
  /** Goes before others with a greater one; what is equal goes by label. */
  readonly rank: number;
  /** After inserting, the next thing is wanted at once: the value of a key. */
  readonly asksAgain?: boolean;
  readonly isDeprecated?: boolean;
  readonly filter?: string;
  /** What resolving looks up the documentation of. */
  readonly subject?: Subject;
  /** Documentation that is there already. */
  readonly markdown?: string;
}

/** What an element of a list is begun with. */
export function firstKey(of: Context): string {
  return of === 'parameter' || of === 'library' ? 'name' : of === 'item' ? 'id' : 'type';
}

export interface Target {
  readonly range: Range;
  /** Before what is inserted: a missing space. */
  readonly before: string;
  /** Columns by which further lines are indented: where the word starts, and where its line starts. */
  readonly column: number;
  readonly lineIndent: number;
}

export function finish(draft: Draft, target: Target, abilities: EditorAbilities): CompletionItem {
  const { label, kind, detail, rank, snippet = escapeSnippet(label), filter, subject, markdown } = draft;
  const indent = ' '.repeat(abilities.asIs ? target.column : Math.max(0, target.column - target.lineIndent));
  const inserted = target.before + snippet.replaceAll('\n', `\n${indent}`);
  return {
    label,
    kind,
    sortText: `${String(rank).padStart(4, '0')}${label}`,
    // A client that has no snippets gets the text as far as the first stop that has nothing in it.
    textEdit: { range: target.range, newText: abilities.snippets ? inserted : plainText(inserted) },
    insertTextFormat: abilities.snippets ? InsertTextFormat.Snippet : InsertTextFormat.PlainText,
    ...(abilities.asIs && inserted.includes('\n') && { insertTextMode: InsertTextMode.asIs }),
    ...(detail !== undefined && { detail }),
    ...(filter !== undefined && { filterText: filter }),
    ...(draft.isDeprecated && { tags: [CompletionItemTag.Deprecated] }),
    ...(draft.asksAgain && abilities.suggestAgain !== undefined && { command: { title: 'Suggest', command: abilities.suggestAgain } }),
    ...(subject && { data: subject }),
    ...(markdown !== undefined && { documentation: { kind: MarkupKind.Markdown, value: markdown } }),
  };
}

/** Text that is to stand in a snippet as it is. */
export function escapeSnippet(text: string): string {
  return text.replaceAll(/[\\$}]/g, String.raw`\$&`);
}

/** A text that YAML would read as something else needs its quotes. */
export function written(text: string, type: string): string {
  return type === 'string' && /^(?:[-+.\d]|true$|false$|yes$|no$|on$|off$|null$|~)|: |^[\s\-?:,[\]{}#&*!|>'"%@`]/i.test(text) ? JSON.stringify(text) : text;
}

function plainText(snippet: string): string {
  return snippet
    .replaceAll(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replaceAll(/\$\{\d+:((?:[^}\\]|\\.)*)\}/g, '$1')
    .replaceAll(/(^|[^\\])\$\d+/g, '$1')
    .replaceAll(/\\([\\$}])/g, '$1');
}

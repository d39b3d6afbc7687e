// Code actions: each way to mend a diagnostic that touches the range asked for, and what can be made of the text there (one file
// each in actions/). What takes long to work out is worked out when it is chosen.

import { type CodeAction, type Diagnostic as LspDiagnostic, type Range, CodeActionKind } from 'vscode-languageserver-types';

import type { Edit } from '#core/text/diagnostic.ts';
import { span, type Span } from '#core/text/span.ts';
import { offerExtraction, offerInlining } from './actions/catalogItems.ts';
import { fixAllKind, offerFixAll } from './actions/fixAll.ts';
import { offerFlags } from './actions/flags.ts';
import type { Offer, Offering } from './actions/offer.ts';
import { offerOldTypeNames } from './actions/oldTypeNames.ts';
import { offerQuotes } from './actions/quoteVersion.ts';
import { offerRequiredConfig } from './actions/requiredConfig.ts';
import { offerSorting } from './actions/sortServices.ts';
import { lspDiagnostic } from './diagnostics.ts';
import type { BlueprintDocument } from './document.ts';
import { textEdits } from './edits.ts';

/** All kinds there are, for the capabilities. */
export const codeActionKinds: readonly CodeActionKind[] = [CodeActionKind.QuickFix, CodeActionKind.RefactorExtract, CodeActionKind.RefactorInline, CodeActionKind.RefactorRewrite, fixAllKind];

const offerings: readonly Offering[] = [offerRequiredConfig, offerOldTypeNames, offerQuotes, offerFlags, offerExtraction, offerInlining, offerSorting, offerFixAll];

export interface Wanted {
  /** Kinds of actions, each with all below it; all where absent. */
  readonly only?: readonly CodeActionKind[] | undefined;
  /** The editor asks for the edits of an action when it is chosen. */
  readonly canResolve?: boolean;
}

/** What finds an action again whose edits are asked for later. */
export interface ActionData {
  readonly uri: string;
  readonly version: number;
  readonly title: string;
  readonly kind: CodeActionKind;
  readonly start: number;
  readonly end: number;
}

/** `known` are the diagnostics as the editor has them: a fix names the one that it mends. */
export function codeActions(document: BlueprintDocument, range: Range, known: readonly LspDiagnostic[], { only, canResolve = false }: Wanted = {}): CodeAction[] {
  const selected = span(document.lines.offsetAt(range.start), document.lines.offsetAt(range.end));
  const isWanted = (kind: CodeActionKind): boolean => only === undefined || only.some((one) => kind === one || kind.startsWith(`${one}.`) || one === CodeActionKind.Empty);
  const offered = offerings.flatMap((offering) => offering(document, selected)).filter(({ kind }) => isWanted(kind) && (kind !== fixAllKind || only !== undefined));
  return [...(isWanted(CodeActionKind.QuickFix) ? quickFixes(document, selected, known) : []), ...offered.flatMap((one) => actionOf(one, document, selected, canResolve) ?? [])];
}

/** The action with its edits; as it was, where the document has changed since. */
export function resolveAction(action: CodeAction, document: BlueprintDocument | undefined): CodeAction {
  const data: unknown = action.data;
  if (!document || !isActionData(data) || data.version !== document.version) return action;
  const selected = span(data.start, data.end);
  const found = offerings.flatMap((offering) => offering(document, selected)).find(({ title, kind }) => title === data.title && kind === data.kind);
  return found ? { ...action, ...editOf(document, editsOf(found)) } : action;
}

function quickFixes(document: BlueprintDocument, selected: Span, known: readonly LspDiagnostic[]): CodeAction[] {
  const touched = document.diagnostics.filter(({ span: place }) => place.start <= selected.end && selected.start <= place.end);
  return touched.flatMap((diagnostic) => {
    const own = lspDiagnostic(diagnostic, document);
    const shown = known.find((other) => other.code === own.code && other.message === own.message && sameRange(other.range, own.range)) ?? own;
    return diagnostic.fixes.map(({ title, edits }) => ({ title, kind: CodeActionKind.QuickFix, diagnostics: [shown], isPreferred: diagnostic.fixes.length === 1, ...editOf(document, edits) }));
  });
}

function actionOf(offer: Offer, document: BlueprintDocument, selected: Span, canResolve: boolean): CodeAction | undefined {
  const { title, kind } = offer;
  if (canResolve && typeof offer.edits === 'function') {
    const data: ActionData = { uri: document.uri, version: document.version, title, kind, ...selected };
    return { title, kind, data };
  }
  const edits = editsOf(offer);
  return edits.length > 0 ? { title, kind, ...editOf(document, edits) } : undefined;
}

function editsOf({ edits }: Offer): readonly Edit[] {
  return typeof edits === 'function' ? edits() : edits;
}

function editOf(document: BlueprintDocument, edits: readonly Edit[]): Pick<CodeAction, 'edit'> {
  return { edit: { changes: { [document.uri]: textEdits(document, edits) } } };
}

export function isActionData(data: unknown): data is ActionData {
  return typeof data === 'object' && data !== null && 'uri' in data && typeof data.uri === 'string' && 'title' in data && 'kind' in data && 'version' in data && 'start' in data && 'end' in data && typeof data.start === 'number' && typeof data.end === 'number';
}

function sameRange(a: Range, b: Range): boolean {
  return a.start.line === b.start.line && a.start.character === b.start.character && a.end.line === b.end.line && a.end.character === b.end.character;
}

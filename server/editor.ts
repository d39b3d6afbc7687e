// What the editor can do, as it says when it begins.

import { type InitializeParams, InsertTextMode, PositionEncodingKind } from 'vscode-languageserver/node';

import type { Encoding } from '#core/text/span.ts';
import type { EditorAbilities } from './features/document.ts';

export interface Editor extends EditorAbilities {
  /** How its positions count: in bytes, wherever that is offered. */
  readonly encoding: Encoding;
  /** Asks for diagnostics itself. */
  readonly pullsDiagnostics: boolean;
  readonly canRegisterDiagnostics: boolean;
  readonly canRefreshDiagnostics: boolean;
  /** Tells which images there are: Clocker's own extension. */
  readonly knowsImages: boolean;
  readonly canPullConfiguration: boolean;
  readonly canRegisterConfiguration: boolean;
  readonly canRegisterFiles: boolean;
  readonly hasFolderEvents: boolean;
  readonly canPrepareRename: boolean;
  /** Definitions may be answered as links, which know where they come from. */
  readonly hasLinks: boolean;
  /** Edits may name the version of the document that they are for. */
  readonly hasVersionedEdits: boolean;
  /** Parameters of a signature may be given by their places in its label. */
  readonly hasLabelOffsets: boolean;
  /** Asks for the edits of a code action when it is chosen. */
  readonly canResolveEdits: boolean;
  /** Knows the commands of Clocker's extension. */
  readonly hasCommands: boolean;
  readonly canRegisterFormatting: boolean;
  readonly canRefreshTokens: boolean;
  readonly canRefreshHints: boolean;
  readonly canRefreshLenses: boolean;
}

export function editorOf(params: InitializeParams | undefined): Editor {
  const { experimental, general, textDocument, workspace } = params?.capabilities ?? {};
  const item = textDocument?.completion?.completionItem;
  // Commands of the editor itself have no names in the protocol; VS Code and what is made from it know these, and run Clocker's extension.
  const isVsCode = /code|cursor|codium|windsurf/i.test(params?.clientInfo?.name ?? '');
  return {
    snippets: item?.snippetSupport ?? false,
    asIs: item?.insertTextModeSupport?.valueSet.includes(InsertTextMode.asIs) ?? false,
    suggestAgain: isVsCode ? 'editor.action.triggerSuggest' : undefined,
    encoding: general?.positionEncodings?.includes(PositionEncodingKind.UTF8) ? 'utf-8' : 'utf-16',
    pullsDiagnostics: textDocument?.diagnostic !== undefined,
    canRegisterDiagnostics: textDocument?.diagnostic?.dynamicRegistration ?? false,
    canRefreshDiagnostics: workspace?.diagnostics?.refreshSupport ?? false,
    knowsImages: knowsImages(experimental),
    canPullConfiguration: workspace?.configuration ?? false,
    canRegisterConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration ?? false,
    canRegisterFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration ?? false,
    hasFolderEvents: workspace?.workspaceFolders ?? false,
    canPrepareRename: textDocument?.rename?.prepareSupport ?? false,
    hasLinks: textDocument?.definition?.linkSupport ?? false,
    hasVersionedEdits: workspace?.workspaceEdit?.documentChanges ?? false,
    hasLabelOffsets: textDocument?.signatureHelp?.signatureInformation?.parameterInformation?.labelOffsetSupport ?? false,
    canResolveEdits: textDocument?.codeAction?.resolveSupport?.properties.includes('edit') === true && textDocument.codeAction.dataSupport === true,
    hasCommands: isVsCode,
    canRegisterFormatting: [textDocument?.formatting, textDocument?.rangeFormatting, textDocument?.onTypeFormatting].every((one) => one?.dynamicRegistration === true),
    canRefreshTokens: workspace?.semanticTokens?.refreshSupport ?? false,
    canRefreshHints: workspace?.inlayHint?.refreshSupport ?? false,
    canRefreshLenses: workspace?.codeLens?.refreshSupport ?? false,
  };
}

function knowsImages(experimental: unknown): boolean {
  return typeof experimental === 'object' && experimental !== null && 'clockerImages' in experimental && experimental.clockerImages === true;
}

/** The folders that are open; older editors know of one at most. */
export function foldersOf({ workspaceFolders, rootUri }: InitializeParams): readonly string[] {
  return workspaceFolders === undefined ? (rootUri === null ? [] : [rootUri]) : (workspaceFolders?.map(({ uri }) => uri) ?? []);
}

// The connection: which request goes to which feature, when diagnostics are sent, what is asked of the editor. The only file
// that speaks the protocol; everything else takes and gives plain data.

import type { CancellationToken, CompletionList, CompletionParams, Connection, DiagnosticServerCancellationData, DocumentDiagnosticParams, DocumentDiagnosticReport, InitializeResult, LocationLink, SemanticTokens, SemanticTokensDelta, ServerCapabilities, TextDocumentIdentifier, TextDocumentPositionParams, WorkspaceDiagnosticParams, WorkspaceDiagnosticReport } from 'vscode-languageserver/node';
import { CodeLensRefreshRequest, DidChangeConfigurationNotification, DidChangeWatchedFilesNotification, DocumentFormattingRequest, DocumentOnTypeFormattingRequest, DocumentRangeFormattingRequest, FileChangeType, LSPErrorCodes, MarkupKind, ResponseError, TextDocumentSyncKind } from 'vscode-languageserver/node';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import { imagesRequest, type KnownImage } from '#core/image/known.ts';
import { span, type Range, type Span } from '#core/text/span.ts';
import { catalogFilesIn, isDockerfile, textOf } from './catalogFiles.ts';
import { incomingCalls, outgoingCalls, prepareCallHierarchy } from './features/callHierarchy.ts';
import { codeActionKinds, codeActions, isActionData, resolveAction } from './features/codeActions.ts';
import { codeLenses, isLensData, resolveLens } from './features/codeLens.ts';
import { complete } from './features/completion/complete.ts';
import type { Known } from './features/completion/known.ts';
import { documentationOf } from './features/completion/subject.ts';
import { asLocations, definition } from './features/definition.ts';
import { diagnosticOptions, DiagnosticsOffer } from './diagnosticsOffer.ts';
import { editorOf, foldersOf } from './editor.ts';
import type { BlueprintDocument } from './features/document.ts';
import { folding } from './features/folding.ts';
import { formatting, onTypeFormatting } from './features/formatting.ts';
import { highlight } from './features/highlight.ts';
import { hover } from './features/hover.ts';
import { inlayHints } from './features/inlayHints.ts';
import { linkedEditing } from './features/linkedEditing.ts';
import { links } from './features/links.ts';
import { references } from './features/references.ts';
import { prepareRename, renameEdits } from './features/rename.ts';
import { selectionRanges } from './features/selectionRanges.ts';
import { encode, encodedTokens, legend, TokenHistory, tokensOf } from './features/semanticTokens.ts';
import { signatureHelp } from './features/signatureHelp.ts';
import { symbols } from './features/symbols.ts';
import { typeDefinition } from './features/typeDefinition.ts';
import { workspaceSymbols } from './features/workspaceSymbols.ts';
import { FormattingOffers } from './formattingOffers.ts';
import { AskedImages } from './askedImages.ts';
import { Guard } from './guard.ts';
import { lookBeside } from './lookBeside.ts';
import { blocksNotification, type BlockInUse } from '#core/sdn/inUse.ts';
import { Publisher } from './publisher.ts';
import { PulledDiagnostics } from './pulledDiagnostics.ts';
import { rehearse } from './rehearsal.ts';
import { sectionOf, settingsFrom } from './settings.ts';
import { Workspace } from './workspace.ts';

const capabilities: ServerCapabilities = {
  textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
  completionProvider: { resolveProvider: true, triggerCharacters: [' ', ':', '"', '.', '(', '$'] },
  hoverProvider: true,
  documentSymbolProvider: true,
  signatureHelpProvider: { triggerCharacters: ['(', ','], retriggerCharacters: [')'] },
  definitionProvider: true,
  typeDefinitionProvider: true,
  referencesProvider: true,
  documentHighlightProvider: true,
  documentLinkProvider: {},
  linkedEditingRangeProvider: true,
  callHierarchyProvider: true,
  workspaceSymbolProvider: true,
  codeActionProvider: { codeActionKinds: [...codeActionKinds], resolveProvider: true },
  codeLensProvider: { resolveProvider: true },
  foldingRangeProvider: true,
  inlayHintProvider: true,
  selectionRangeProvider: true,
  semanticTokensProvider: { legend, full: { delta: true }, range: true },
  workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
};

/** For editors that cannot be told later for which documents. */
const formattingCapabilities: ServerCapabilities = {
  documentFormattingProvider: true,
  documentRangeFormattingProvider: true,
  documentOnTypeFormattingProvider: { firstTriggerCharacter: '\n' },
};

/** Answers on the connection until it ends. `load` gives the built-in catalog; it is called once the editor has its first answer. */
export function serve(connection: Connection, load: () => Promise<BuiltIn>): void {
  const guard = new Guard((message) => connection.console.error(message));
  const workspace = new Workspace(lookBeside);
  const tokens = new TokenHistory();
  const formatter = new FormattingOffers((documentSelector) =>
    guard.start('offer formatting', async () => {
      await connection.client.register(DocumentFormattingRequest.type, { documentSelector: [...documentSelector] });
      await connection.client.register(DocumentRangeFormattingRequest.type, { documentSelector: [...documentSelector] });
      await connection.client.register(DocumentOnTypeFormattingRequest.type, { documentSelector: [...documentSelector], firstTriggerCharacter: '\n' });
    }),
  );
  const pulled = new PulledDiagnostics(workspace);
  const publisher = new Publisher(connection, workspace, guard, {
    onShown: (uri) => formatter.isBlueprint(uri),
    onRenewed: () => {
      pulled.changed();
      refresh();
    },
  });
  const diagnosticsOffer = new DiagnosticsOffer(connection);
  const isLoaded = Promise.withResolvers<void>();
  /** The folders have been looked through. */
  const isIndexed = Promise.withResolvers<void>();
  let editor = editorOf(undefined);
  let folders: readonly string[] = [];

  connection.onInitialize((params): InitializeResult => {
    editor = editorOf(params);
    folders = foldersOf(params);
    publisher.isAsked = editor.pullsDiagnostics;
    workspace.count(editor.encoding);
    workspace.configure(settingsFrom(params.initializationOptions, workspace.settings));
    return {
      capabilities: {
        ...capabilities,
        positionEncoding: editor.encoding,
        ...(!editor.canRegisterFormatting && formattingCapabilities),
        ...(editor.pullsDiagnostics && !editor.canRegisterDiagnostics && { diagnosticProvider: diagnosticOptions(workspace.settings) }),
        renameProvider: editor.canPrepareRename ? { prepareProvider: true } : true,
      },
      serverInfo: { name: 'Clocker' },
    };
  });

  connection.onInitialized(() => {
    guard.start('load the built-in catalog', async () => {
      try {
        const builtIn = await load();
        workspace.learn(builtIn);
        guard.start('rehearse', () => isIndexed.promise.then(() => rehearse(builtIn)));
      } finally {
        isLoaded.resolve();
      }
      publisher.renewed();
    });
    if (editor.canRegisterFormatting) formatter.begin();
    if (editor.canRegisterConfiguration) guard.start('register for settings', async () => void (await connection.client.register(DidChangeConfigurationNotification.type, { section: 'clocker' })));
    if (editor.canRegisterFiles) guard.start('watch catalogs', async () => void (await connection.client.register(DidChangeWatchedFilesNotification.type, { watchers: [{ globPattern: '**/*.{bom,yaml,yml}' }, { globPattern: '**/{Dockerfile,Dockerfile.*,*.Dockerfile}' }] })));
    if (editor.canPullConfiguration) guard.start('read settings', pullSettings);
    else offerDiagnostics();
    guard.start('read catalogs', () => readCatalogs(folders).finally(isIndexed.resolve));
    if (editor.hasFolderEvents) {
      connection.workspace.onDidChangeWorkspaceFolders(({ added, removed }) => {
        folders = [...folders.filter((uri) => !removed.some((folder) => folder.uri === uri)), ...added.map(({ uri }) => uri)];
        guard.run('forget folders', () => {
          if (workspace.forget(removed.map(({ uri }) => uri), folders)) publisher.renewed();
          else pulled.changed();
        });
        guard.start('read catalogs', () => readCatalogs(added.map(({ uri }) => uri)));
      });
    }
  });

  async function pullSettings(): Promise<void> {
    configure(await connection.workspace.getConfiguration('clocker'));
  }

  function configure(section: unknown): void {
    workspace.configure(settingsFrom(section, workspace.settings));
    offerDiagnostics();
    publisher.renewed();
  }

  function offerDiagnostics(): void {
    if (editor.canRegisterDiagnostics) guard.start('offer diagnostics', () => diagnosticsOffer.make(workspace.settings));
  }

  /** What the editor asked for earlier may be answered otherwise now. */
  function refresh(): void {
    if (editor.canRefreshDiagnostics) guard.start('refresh diagnostics', () => connection.languages.diagnostics.refresh());
    if (editor.canRefreshTokens) guard.start('refresh tokens', async () => connection.languages.semanticTokens.refresh());
    if (editor.canRefreshHints) guard.start('refresh hints', () => connection.languages.inlayHint.refresh());
    if (editor.canRefreshLenses) guard.start('refresh lenses', () => connection.sendRequest(CodeLensRefreshRequest.type));
  }

  async function readCatalogs(uris: readonly string[]): Promise<void> {
    let isChanged = false;
    for await (const { uri, text } of catalogFilesIn(uris, () => true)) {
      if (text === undefined) workspace.dockerfile(uri, true);
      else isChanged = workspace.index(uri, text) || isChanged;
    }
    workspace.indexed();
    if (isChanged) publisher.renewed();
    else pulled.changed();
  }

  connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
    if (editor.canRegisterFormatting) formatter.opened(uri, languageId);
    guard.run('open', () => workspace.update(uri, version, text, languageId === 'blueprint'));
    publisher.changed(uri);
  });

  connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
    guard.run('change', () => workspace.change(uri, version, contentChanges));
    publisher.changed(uri);
  });

  connection.onDidCloseTextDocument(({ textDocument: { uri } }) => {
    tokens.forget(uri);
    formatter.closed(uri);
    guard.run('close', () => {
      if (workspace.close(uri)) publisher.renewed();
      publisher.changed(uri);
      pulled.closed(uri);
    });
  });

  connection.onNotification(blocksNotification, (params: unknown) => {
    guard.run('take in the blocks that hosts use', () => workspace.useBlocks(blocksIn(params)));
    publisher.renewed();
    pulled.changed();
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    guard.start('read changed catalogs', async () => {
      let isChanged = false;
      for (const { uri, type } of changes) {
        const isGone = type === FileChangeType.Deleted;
        if (isDockerfile(uri)) {
          workspace.dockerfile(uri, !isGone);
          isChanged = true;
        } else isChanged = workspace.index(uri, isGone ? undefined : await textOf(uri)) || isChanged;
      }
      workspace.indexed();
      if (isChanged) publisher.renewed();
      pulled.changed();
    });
  });

  connection.onDidChangeConfiguration(({ settings }: { readonly settings?: unknown }) => {
    const section = sectionOf(settings);
    if (section !== undefined) guard.run('settings', () => configure(section));
    else if (editor.canPullConfiguration) guard.start('read settings', pullSettings);
  });

  connection.languages.diagnostics.on(
    guard.answerLater<DocumentDiagnosticParams, DocumentDiagnosticReport, DiagnosticServerCancellationData>('diagnostics on request', { kind: 'full', items: [] }, async ({ textDocument, previousResultId }) => {
      await isLoaded.promise;
      return pulled.document(textDocument.uri, previousResultId);
    }),
  );

  connection.languages.diagnostics.onWorkspace((params, token, _, progress) =>
    guard.answerLater<WorkspaceDiagnosticParams, WorkspaceDiagnosticReport, DiagnosticServerCancellationData>('diagnostics of the workspace', { items: [] }, async ({ previousResultIds }) => {
      await Promise.all([isLoaded.promise, isIndexed.promise]);
      return pulled.workspace(previousResultIds, token, progress && ((part) => progress.report(part)));
    })(params, token),
  );

  const images = new AskedImages((params) => connection.sendRequest(imagesRequest, params));

  connection.onCompletion((params, token) => {
    let typed: string | undefined;
    const answer = (found: readonly KnownImage[]): ReturnType<typeof guard.answer<CompletionParams, CompletionList | null>> =>
      atCursor('completion', null, (document, offset) => {
        const known: Known = {
          ...workspace.settings,
          clouds: () => workspace.clouds(),
          dockerfiles: () => workspace.dockerfiles,
          applications: () => workspace.applications(),
          images: (wanted) => {
            typed = wanted;
            return found;
          },
        };
        return complete(document, offset, editor, known);
      });
    const first = answer([])(params, token);
    // Only where images belong does anybody wait for the editor.
    return typed === undefined || !editor.knowsImages ? first : images.of(typed).then((found) => (found.length === 0 ? first : answer(found)(params, token)));
  });

  connection.onCompletionResolve((item, token) =>
    guard.answer('completion documentation', item, () => {
      const markdown = documentationOf(item.data, workspace.catalog);
      return markdown === undefined ? item : { ...item, documentation: { kind: MarkupKind.Markdown, value: markdown } };
    })(undefined, token),
  );

  connection.onHover(
    guard.answer('hover', null, ({ textDocument, position }) => {
      const document = workspace.view(textDocument.uri);
      return (document && hover(document, document.lines.offsetAt(position))) ?? null;
    }),
  );

  /** An answer about the place of the cursor; `nothing` where it is in none of our documents. */
  function atCursor<P extends TextDocumentPositionParams, R>(name: string, nothing: R, answer: (document: BlueprintDocument, offset: number, params: P) => R): ReturnType<typeof guard.answer<P, R>> {
    return guard.answer(name, nothing, (params: P) => {
      const document = workspace.view(params.textDocument.uri);
      return document ? answer(document, document.lines.offsetAt(params.position), params) : nothing;
    });
  }

  const located = (found: LocationLink[]): ReturnType<typeof asLocations> | LocationLink[] => (editor.hasLinks ? found : asLocations(found));
  const orError = <T extends object>(answer: T | { readonly refusal: string }): T | ResponseError => ('refusal' in answer ? new ResponseError(LSPErrorCodes.RequestFailed, answer.refusal) : answer);

  connection.onDefinition(atCursor('definition', null, (document, offset) => located(definition(document, offset, workspace.textsWith))));
  connection.onTypeDefinition(atCursor('type definition', null, (document, offset) => located(typeDefinition(document, offset, workspace.textsWith))));
  connection.onReferences(atCursor('references', null, (document, offset, { context }) => references(document, offset, context.includeDeclaration, workspace.textsWith)));
  connection.onDocumentHighlight(atCursor('highlight', null, (document, offset) => highlight(document, offset)));
  connection.onPrepareRename(atCursor('prepare rename', null, (document, offset) => orError(prepareRename(document, offset, workspace.textsWith))));
  connection.onRenameRequest(atCursor('rename', null, (document, offset, { newName }) => orError(renameEdits(document, offset, newName, editor.hasVersionedEdits, workspace.textsWith))));
  connection.onSignatureHelp(atCursor('signature help', null, (document, offset) => signatureHelp(document, offset, editor.hasLabelOffsets) ?? null));
  connection.languages.onLinkedEditingRange(atCursor('linked editing', null, (document, offset) => linkedEditing(document, offset, workspace.textsWith) ?? null));
  connection.languages.callHierarchy.onPrepare(atCursor('call hierarchy', null, prepareCallHierarchy));

  connection.languages.callHierarchy.onIncomingCalls(
    guard.answer('incoming calls', null, ({ item }) => {
      const document = workspace.view(item.uri);
      return document ? incomingCalls(document, item) : null;
    }),
  );

  connection.languages.callHierarchy.onOutgoingCalls(
    guard.answer('outgoing calls', null, ({ item }) => {
      const document = workspace.view(item.uri);
      return document ? outgoingCalls(document, item) : null;
    }),
  );

  connection.onDocumentLinks(
    guard.answer('links', null, ({ textDocument }) => {
      const document = workspace.view(textDocument.uri);
      return document ? links(document) : null;
    }),
  );

  connection.onWorkspaceSymbol(guard.answer('workspace symbols', null, ({ query }) => workspaceSymbols(query, workspace.symbols())));

  connection.onDocumentSymbol(
    guard.answer('symbols', null, ({ textDocument }) => {
      const document = workspace.view(textDocument.uri);
      return document ? symbols(document) : null;
    }),
  );

  /** An answer about a document; nothing where it is none of ours. */
  function inDocument<P extends { readonly textDocument: TextDocumentIdentifier }, R>(name: string, answer: (document: BlueprintDocument, params: P) => R): (params: P, token: CancellationToken) => R | null | ResponseError {
    return guard.answer<P, R | null>(name, null, (params) => {
      const document = workspace.view(params.textDocument.uri);
      return document ? answer(document, params) : null;
    });
  }

  const spanOf = ({ lines }: BlueprintDocument, { start, end }: Range): Span => span(lines.offsetAt(start), lines.offsetAt(end));

  connection.onCodeAction(inDocument('code actions', (document, { range, context }) => codeActions(document, range, context.diagnostics, { only: context.only, canResolve: editor.canResolveEdits })));
  connection.onCodeActionResolve((action, token) => guard.answer('edits of an action', action, () => resolveAction(action, isActionData(action.data) ? workspace.view(action.data.uri) : undefined))(undefined, token));
  connection.onCodeLens(inDocument('lenses', (document) => codeLenses(document, workspace.settings.codeLens, editor.hasCommands)));
  connection.onCodeLensResolve((lens, token) =>
    guard.answer('references of a lens', lens, () => resolveLens(lens, isLensData(lens.data) ? workspace.view(lens.data.uri) : undefined, workspace.textsWith, editor.hasCommands))(undefined, token),
  );
  connection.onFoldingRanges(inDocument('folding', folding));
  connection.onSelectionRanges(inDocument('selection ranges', (document, { positions }) => selectionRanges(document, positions)));
  connection.onDocumentFormatting(inDocument('formatting', (document, { options }) => formatting(document, options)));
  connection.onDocumentRangeFormatting(inDocument('formatting of a selection', (document, { options, range }) => formatting(document, options, spanOf(document, range))));
  connection.onDocumentOnTypeFormatting(inDocument('indentation', (document, { options, position }) => onTypeFormatting(document, document.lines.offsetAt(position), options)));
  connection.languages.inlayHint.on(inDocument('hints', (document, { range }) => inlayHints(document, spanOf(document, range), workspace.settings.inlayHints)));
  // An answer without tokens: a request for tokens takes no other for one of nothing.
  const none = { data: [] };
  connection.languages.semanticTokens.on((params, token) => inDocument<typeof params, SemanticTokens>('tokens', (document) => tokens.whole(document.uri, encodedTokens(document)))(params, token) ?? none);
  connection.languages.semanticTokens.onDelta((params, token) => inDocument<typeof params, SemanticTokens | SemanticTokensDelta>('changed tokens', (document) => tokens.delta(document.uri, params.previousResultId, encodedTokens(document)))(params, token) ?? none);
  connection.languages.semanticTokens.onRange((params, token) => inDocument<typeof params, SemanticTokens>('tokens of a range', (document) => ({ data: encode(tokensOf(document, spanOf(document, params.range)), document) }))(params, token) ?? none);

  connection.listen();
}

function blocksIn(params: unknown): readonly BlockInUse[] {
  const blocks: unknown = typeof params === 'object' && params !== null && 'blocks' in params ? params.blocks : [];
  return (Array.isArray(blocks) ? blocks : []).flatMap((one: unknown): BlockInUse[] => {
    if (typeof one !== 'object' || one === null || !('block' in one) || !('what' in one) || typeof one.block !== 'string' || typeof one.what !== 'string') return [];
    return [{ block: one.block, what: one.what, ...('network' in one && typeof one.network === 'string' && { network: one.network }) }];
  });
}

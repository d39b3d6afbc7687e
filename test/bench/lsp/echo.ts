// The least that a language server can do: keeps the text and answers at once, with one diagnostic after something was typed and
// none after something was removed. What it needs is the cost of the protocol and of the process.

import { createConnection, ProposedFeatures, TextDocumentSyncKind } from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';

const connection = createConnection(ProposedFeatures.all, process.stdin, process.stdout);
const texts = new Map<string, TextDocument>();

connection.onInitialize(() => ({ capabilities: { textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental }, completionProvider: {}, hoverProvider: true } }));

connection.onDidOpenTextDocument(({ textDocument: { uri, languageId, version, text } }) => {
  texts.set(uri, TextDocument.create(uri, languageId, version, text));
  void connection.sendDiagnostics({ uri, version, diagnostics: [] });
});

connection.onDidChangeTextDocument(({ textDocument: { uri, version }, contentChanges }) => {
  const document = texts.get(uri);
  if (!document) return;
  TextDocument.update(document, contentChanges, version);
  const isTyped = contentChanges.some(({ text }) => text !== '');
  const start = document.positionAt(0);
  void connection.sendDiagnostics({ uri, version, diagnostics: isTyped ? [{ range: { start, end: start }, message: 'typed' }] : [] });
});

connection.onCompletion(() => ({ isIncomplete: false, items: [{ label: 'echo' }] }));
connection.onHover(() => ({ contents: 'echo' }));
connection.listen();

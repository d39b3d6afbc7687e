// Makes the client of the language server (dist/server.cjs) and keeps it company. It is told of all YAML, and decides itself what of it is a
// blueprint; on anything else it stays silent.

import { type Diagnostic, type ExtensionContext, Uri } from 'vscode';
import { LanguageClient, TransportKind } from 'vscode-languageclient/node';
import { languageServerFlags } from '../languageServerFlags.ts';

/** Not started yet. */
export function languageClient({ extensionUri }: ExtensionContext): LanguageClient {
  const module = Uri.joinPath(extensionUri, 'dist', 'server.cjs').fsPath;
  return new LanguageClient(
    'clocker',
    'Clocker Language Server',
    {
      run: { module, transport: TransportKind.ipc, options: { execArgv: [...languageServerFlags] } },
      debug: { module, transport: TransportKind.ipc, options: { execArgv: [...languageServerFlags, '--nolazy', '--inspect=6011'] } },
    },
    {
      documentSelector: [{ language: 'blueprint' }, { language: 'yaml' }],
      middleware: {
        handleDiagnostics: (uri, diagnostics, next) => {
          for (const diagnostic of diagnostics) explain(diagnostic, extensionUri);
          next(uri, diagnostics);
        },
        provideDiagnostics: async (document, previousResultId, token, next) => {
          const report = await next(document, previousResultId, token);
          for (const diagnostic of report && 'items' in report ? report.items : []) explain(diagnostic, extensionUri);
          return report;
        },
        provideWorkspaceDiagnostics: (resultIds, token, reporter, next) =>
          next(resultIds, token, (part) => {
            for (const report of part?.items ?? []) for (const diagnostic of 'items' in report ? report.items : []) explain(diagnostic, extensionUri);
            reporter(part);
          }),
      },
    },
  );
}

/** The code of a diagnostic becomes a link to its page, which comes with the extension. */
function explain(diagnostic: Diagnostic, extensionUri: Uri): void {
  const { code } = diagnostic;
  if (typeof code === 'string') diagnostic.code = { value: code, target: Uri.joinPath(extensionUri, 'docs', 'diagnostics', `${code}.md`) };
}

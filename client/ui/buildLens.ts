// Build, above the first FROM of a Dockerfile. Lenses of blueprints are the language server's; it knows nothing of Dockerfiles.

import { CodeLens, type Disposable, languages, type TextDocument, workspace } from 'vscode';

const mostLines = 1000;

export function watchDockerfiles(): Disposable {
  return languages.registerCodeLensProvider([{ language: 'dockerfile', scheme: 'file' }], { provideCodeLenses: lenses });
}

function lenses(document: TextDocument): CodeLens[] {
  if (workspace.getConfiguration('clocker', document).get('codeLens.build') === false || !workspace.isTrusted) return [];
  for (let line = 0; line < Math.min(document.lineCount, mostLines); line++) {
    const { text, range } = document.lineAt(line);
    if (/^\s*FROM\s/i.test(text)) return [new CodeLens(range, { title: 'Build', command: 'clocker.buildDockerfile', arguments: [document.uri] })];
  }
  return [];
}

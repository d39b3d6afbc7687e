// A first blueprint for somebody who has none: the example that comes with the extension, in a new document.

import { Uri, window, workspace } from 'vscode';

export async function newBlueprint(extensionUri: Uri): Promise<void> {
  const bytes = await workspace.fs.readFile(Uri.joinPath(extensionUri, 'examples', 'hello.blueprint.yaml'));
  const document = await workspace.openTextDocument({ language: 'blueprint', content: new TextDecoder().decode(bytes) });
  await window.showTextDocument(document);
}

// Names through VS Code's own commands: go to definition, references and rename across files, signature help, symbols.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, file, open } from './support.ts';

const catalog = `brooklyn.catalog:
  version: "1.0"
  items:
  - id: suite-page
    itemType: entity
    item:
      type: docker:nginx:1
      brooklyn.parameters: [ suite.greeting ]
`;
const using = `services:
- type: suite-page
  id: page
  brooklyn.config:
    suite.greeting: hello
    other: $brooklyn:entity("page").config("suite.greeting")
`;

async function written(name: string, text: string): Promise<vscode.TextDocument> {
  await vscode.workspace.fs.writeFile(file(name), new TextEncoder().encode(text));
  return open(name);
}

/** The place of the middle of a word; `nth` counts from 0. */
function within(document: vscode.TextDocument, word: string, nth = 0): vscode.Position {
  let at = -1;
  for (let count = 0; count <= nth; count++) at = document.getText().indexOf(word, at + 1);
  assert.ok(at >= 0, `${word} is in the text`);
  return document.positionAt(at + 2);
}

describe('names', () => {
  it('leads to the catalog item in another file', async () => {
    await vscode.workspace.fs.writeFile(file('suite.bom'), new TextEncoder().encode(catalog));
    const document = await written('using.blueprint.yaml', using);
    const [link] = await eventually('a definition', async () => {
      const found: (vscode.Location | vscode.LocationLink)[] = await vscode.commands.executeCommand('vscode.executeDefinitionProvider', document.uri, within(document, 'suite-page'));
      return found.length > 0 ? found : undefined;
    });
    assert.ok(link);
    assert.equal(('targetUri' in link ? link.targetUri : link.uri).path, file('suite.bom').path);
  });

  it('finds every reference of a parameter', async () => {
    const document = await open('using.blueprint.yaml');
    const found = await eventually('three references', async () => {
      const locations: vscode.Location[] = await vscode.commands.executeCommand('vscode.executeReferenceProvider', document.uri, within(document, 'suite.greeting', 1));
      return locations.length === 3 ? locations : undefined;
    });
    assert.deepEqual(found.map(({ uri }) => uri.path.replace(/^.*\//, '')).toSorted(), ['suite.bom', 'using.blueprint.yaml', 'using.blueprint.yaml']);
  });

  it('renames in all files', async () => {
    const document = await open('using.blueprint.yaml');
    const edit: vscode.WorkspaceEdit = await vscode.commands.executeCommand('vscode.executeDocumentRenameProvider', document.uri, within(document, 'suite-page'), 'suite-site');
    assert.ok(await vscode.workspace.applyEdit(edit));
    assert.equal(document.getText(), using.replace('suite-page', 'suite-site'));
    const other = await vscode.workspace.openTextDocument(file('suite.bom'));
    assert.equal(other.getText(), catalog.replace('suite-page', 'suite-site'));
    await vscode.workspace.saveAll();
  });

  it('says why a built-in type keeps its name', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'blueprint', content: 'services:\n- type: tomcat-server\n' });
    await vscode.window.showTextDocument(document);
    const message = await eventually('a refusal', async () => {
      try {
        await vscode.commands.executeCommand('vscode.prepareRename', document.uri, within(document, 'tomcat'));
        return undefined;
      } catch (error) {
        return String(error);
      }
    });
    assert.match(message, /comes with Clocker/);
  });

  it('shows the parameters of a function while it is typed', async () => {
    const document = await vscode.workspace.openTextDocument({ language: 'blueprint', content: 'services:\n- type: docker:nginx:1\n  brooklyn.config:\n    x: $brooklyn:formatString("%s", ' });
    await vscode.window.showTextDocument(document);
    const help = await eventually('signature help', async () => {
      const found: vscode.SignatureHelp | undefined = await vscode.commands.executeCommand('vscode.executeSignatureHelpProvider', document.uri, document.positionAt(document.getText().length));
      return found;
    });
    assert.equal(help.signatures[help.activeSignature]?.label, 'formatString(pattern, values...)');
    assert.equal(help.activeParameter, 1);
  });

  it('finds entities and items of the workspace by a few letters', async () => {
    const names = await eventually('the item', async () => {
      const found: vscode.SymbolInformation[] = await vscode.commands.executeCommand('vscode.executeWorkspaceSymbolProvider', 'suitesite');
      return found.length > 0 ? found.map(({ name }) => name) : undefined;
    });
    assert.ok(names.includes('suite-site'));
    for (const name of ['using.blueprint.yaml', 'suite.bom']) await vscode.workspace.fs.delete(file(name));
  });
});

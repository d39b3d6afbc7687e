// The language server through VS Code's own doors: what an editor would show for a blueprint.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, file, open } from './support.ts';

describe('the language', () => {
  it('says what is wrong, where it is wrong', async () => {
    const document = await open('broken.blueprint.yaml');
    const [diagnostic] = await eventually('a diagnostic', () => {
      const found = vscode.languages.getDiagnostics(document.uri);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(diagnostic);
    assert.equal(document.getText(diagnostic.range), 'servics');
    assert.match(diagnostic.message, /services/);
  });

  it('takes the squiggle away when the text is mended, and brings it back', async () => {
    const document = await open('broken.blueprint.yaml');
    const before = document.getText();
    const at = before.indexOf('servics');
    const range = new vscode.Range(document.positionAt(at), document.positionAt(at + 'servics'.length));
    const edit = new vscode.WorkspaceEdit();
    edit.replace(document.uri, range, 'services');
    await vscode.workspace.applyEdit(edit);
    await eventually('no diagnostics', () => (vscode.languages.getDiagnostics(document.uri).length === 0 ? true : undefined));
    await vscode.commands.executeCommand('undo');
    await eventually('the diagnostic again', () => (vscode.languages.getDiagnostics(document.uri).length > 0 ? true : undefined));
    assert.equal(document.getText(), before);
  });

  it('stays silent on YAML that is no blueprint', async () => {
    const plain = await open('plain.yaml');
    await open('broken.blueprint.yaml');
    await eventually('a diagnostic elsewhere', () => (vscode.languages.getDiagnostics(file('broken.blueprint.yaml')).length > 0 ? true : undefined));
    assert.deepEqual(vscode.languages.getDiagnostics(plain.uri), []);
  });

  it('completes keys', async () => {
    const document = await open('shop.blueprint.yaml');
    const labels = await eventually('the key portBindings', async () => {
      const at = document.positionAt(document.getText().indexOf('portBindings') + 'port'.length);
      const list: vscode.CompletionList = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, at);
      const found = list.items.map(({ label }) => (typeof label === 'string' ? label : label.label));
      return found.includes('portBindings') ? found : undefined;
    });
    assert.ok(labels.includes('portBindings'));
  });

  it('explains a key under the cursor', async () => {
    const document = await open('shop.blueprint.yaml');
    const at = document.positionAt(document.getText().indexOf('location') + 2);
    const text = await eventually('a hover', async () => {
      const hovers: vscode.Hover[] = await vscode.commands.executeCommand('vscode.executeHoverProvider', document.uri, at);
      const texts = hovers.flatMap(({ contents }) => contents.map((content) => (typeof content === 'string' ? content : content.value)));
      return texts.find((each) => each.includes('location'));
    });
    assert.match(text, /location/);
  });

  it('outlines the entities', async () => {
    const document = await open('shop.blueprint.yaml');
    const names = await eventually('symbols', async () => {
      const symbols: vscode.DocumentSymbol[] | undefined = await vscode.commands.executeCommand('vscode.executeDocumentSymbolProvider', document.uri);
      const found = namesOf(symbols ?? []);
      return found.length > 0 ? found : undefined;
    });
    for (const name of ['front', 'stock']) assert.ok(names.some((each) => each.toLowerCase().includes(name)), `${name} is in the outline: ${names.join(', ')}`);
  });
});

function namesOf(symbols: readonly vscode.DocumentSymbol[]): readonly string[] {
  return symbols.flatMap(({ name, detail, children }) => [`${name} ${detail}`, ...namesOf(children)]);
}

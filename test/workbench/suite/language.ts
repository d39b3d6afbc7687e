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

  it('offers the fix, which mends the text', async () => {
    const document = await open('broken.blueprint.yaml');
    const before = document.getText();
    const [action] = await eventually('a quick fix', async () => {
      const [diagnostic] = vscode.languages.getDiagnostics(document.uri);
      if (!diagnostic) return undefined;
      const found: vscode.CodeAction[] = await vscode.commands.executeCommand('vscode.executeCodeActionProvider', document.uri, diagnostic.range, vscode.CodeActionKind.QuickFix.value, 5);
      return found.length > 0 ? found : undefined;
    });
    assert.ok(action?.edit);
    await vscode.workspace.applyEdit(action.edit);
    assert.equal(document.getText(), before.replace('servics', 'services'));
    await vscode.commands.executeCommand('undo');
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

  it('completes the configured hosts as locations, and the images that are on them', async () => {
    const document = await open('shop.blueprint.yaml');
    const text = document.getText();
    const offered = async (after: string): Promise<readonly (readonly [string, string | undefined])[]> => {
      const at = document.positionAt(text.indexOf(after) + after.length);
      const list: vscode.CompletionList = await vscode.commands.executeCommand('vscode.executeCompletionItemProvider', document.uri, at);
      return list.items.map(({ label, detail }) => [typeof label === 'string' ? label : label.label, detail]);
    };
    await eventually('the host localhost', async () => ((await offered('\nlocation: ')).some(([label, detail]) => label === 'localhost' && detail === 'Docker host of the settings') ? true : undefined));
    const image = /docker:\S+/.exec(text)?.[0] ?? assert.fail('the blueprint names no image');
    await eventually(`the image of ${image}`, async () => ((await offered('type: docker:')).some(([label, detail]) => label === image && detail?.includes('on host localhost')) ? true : undefined));
  });

  it('tells what is wrong in files that are not open', async () => {
    const uri = file('closed.blueprint.yaml');
    await vscode.workspace.fs.writeFile(uri, Buffer.from('services:\n- type: redis-stor\n'));
    await eventually('the diagnostic of a file that nobody opened', () => (vscode.languages.getDiagnostics(uri).length > 0 ? true : undefined));
    await vscode.workspace.fs.delete(uri);
    await eventually('no diagnostics of a file that is gone', () => (vscode.languages.getDiagnostics(uri).length === 0 ? true : undefined));
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

// Formatting, actions, hints and lenses through VS Code's own commands.

import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, file, open } from './support.ts';

const untidy = `services:
    - type:   docker:nginx:1
      id: web   # the page
      openPorts: [80]
      url: $brooklyn:formatString("%s!", "x")
`;
const tidy = `services:
- type: docker:nginx:1
  id: web   # the page
  openPorts: [80]
  url: $brooklyn:formatString("%s!", "x")
`;
const made: vscode.Uri[] = [];

async function openText(name: string, text: string): Promise<vscode.TextDocument> {
  made.push(file(name));
  await vscode.workspace.fs.writeFile(file(name), new TextEncoder().encode(text));
  return open(name);
}

async function provided<T>(what: string, command: string, ...args: readonly unknown[]): Promise<readonly T[]> {
  return eventually(what, async () => {
    const found: readonly T[] | undefined = await vscode.commands.executeCommand(command, ...args);
    return found && found.length > 0 ? found : undefined;
  });
}

describe('the appearance', () => {
  afterEach(async () => {
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    for (const uri of made.splice(0)) await vscode.workspace.fs.delete(uri);
  });

  it('formats a blueprint', async () => {
    const document = await openText('untidy.blueprint.yaml', untidy);
    await eventually('the formatted text', async () => {
      await vscode.commands.executeCommand('editor.action.formatDocument');
      return document.getText() === tidy ? true : undefined;
    });
    await document.save();
  });

  it('formats YAML that is a blueprint by its content, and offers nothing on other YAML', async () => {
    const document = await openText('deploy [1].yaml', untidy);
    const options = { tabSize: 2, insertSpaces: true };
    assert.ok((await provided<vscode.TextEdit>('edits', 'vscode.executeFormatDocumentProvider', document.uri, options)).length > 3);
    const plain = await openText('plain-untidy.yaml', 'a:    1\n');
    assert.deepEqual((await vscode.commands.executeCommand<vscode.TextEdit[] | undefined>('vscode.executeFormatDocumentProvider', plain.uri, options)) ?? [], []);
  });

  it('shows lenses that deploy and count, and the value of an expression', async () => {
    const document = await openText('lenses.blueprint.yaml', `${tidy}- type: docker:redis:7\n  id: db\n  env: { A: $brooklyn:entity("web").config("url") }\n`);
    const whole = new vscode.Range(0, 0, document.lineCount, 0);
    const titles = await eventually('lenses', async () => {
      const lenses: readonly vscode.CodeLens[] | undefined = await vscode.commands.executeCommand('vscode.executeCodeLensProvider', document.uri, 10);
      const found = lenses?.map(({ command }) => command?.title ?? '') ?? [];
      return found.length >= 4 && found.every((title) => title !== '') ? found : undefined;
    });
    assert.deepEqual(titles.toSorted((a, b) => (a < b ? -1 : 1)), ['0 references', '1 reference', 'Deploy', 'Show Plan']);
    const hints = await provided<vscode.InlayHint>('hints', 'vscode.executeInlayHintProvider', document.uri, whole);
    assert.deepEqual(hints.map(({ label }) => label), ['= x!', '= x!']);
  });

  it('extracts a catalog item from the light bulb', async () => {
    const document = await openText('extract.blueprint.yaml', tidy);
    const place = new vscode.Range(1, 4, 1, 4);
    const actions = await provided<vscode.CodeAction>('actions', 'vscode.executeCodeActionProvider', document.uri, place, vscode.CodeActionKind.RefactorExtract.value, 5);
    const [extract] = actions;
    assert.ok(extract?.edit);
    await vscode.workspace.applyEdit(extract.edit);
    assert.match(document.getText(), /^services:\n- type: web\n {2}id: web {3}# the page\n\nbrooklyn\.catalog:/);
    await document.save();
  });

  it('knows tokens', async () => {
    const document = await openText('tokens.blueprint.yaml', tidy);
    const tokens = await eventually('tokens', async () => {
      const found: vscode.SemanticTokens | undefined = await vscode.commands.executeCommand('vscode.provideDocumentSemanticTokens', document.uri);
      return found && found.data.length > 0 ? found : undefined;
    });
    assert.ok(tokens.data.length >= 40);
  });
});

// Dockerfiles built on a real engine from inside VS Code: the image, what is said in Problems, the archive, the lens.

import assert from 'node:assert/strict';
import { after, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { eventually, file, get, open, socketPath } from './support.ts';

const tag = 'clocker-suite/built:1';
const hosts = ['localhost'];

/** The labels of the image, as the engine tells them; undefined where there is none of that name. */
async function labels(): Promise<unknown> {
  const image: unknown = JSON.parse(await get({ socketPath: socketPath() ?? '', path: `/images/${tag}/json` }));
  if (typeof image !== 'object' || image === null) return undefined;
  const config: unknown = Reflect.get(image, 'Config');
  return typeof config === 'object' && config !== null ? Reflect.get(config, 'Labels') : undefined;
}

function problems(): readonly string[] {
  return vscode.languages.getDiagnostics(file('image/Dockerfile')).map(({ range, message, source }) => `${range.start.line}:${range.start.character}-${range.end.character} ${source}: ${message}`);
}

async function replace(what: string, by: string): Promise<void> {
  const document = await open('image/Dockerfile');
  const edit = new vscode.WorkspaceEdit();
  const at = document.getText().indexOf(what);
  edit.replace(document.uri, new vscode.Range(document.positionAt(at), document.positionAt(at + what.length)), by);
  await vscode.workspace.applyEdit(edit);
}

/** An image whose name goes to another one would stay without a name. */
function forget(): Promise<string> {
  return get({ socketPath: socketPath() ?? '', path: `/images/${tag}`, method: 'DELETE' });
}

describe('building', () => {
  after(forget);

  it('makes the image that a Dockerfile describes, as it is in the editor', async () => {
    await replace('stage=none', 'stage=first');
    assert.equal(await vscode.commands.executeCommand('clocker.buildDockerfile', { file: file('image/Dockerfile').fsPath, hosts, tag }), 'built');
    assert.deepEqual(await labels(), { stage: 'first' });
    assert.deepEqual(problems(), []);
  });

  it('says what fails on the line of its instruction, with its last words, and names nothing; the next build clears it', async () => {
    await replace('RUN true', '  RUN echo "no luck"; exit 3');
    await replace('stage=first', 'stage=second');
    assert.equal(await vscode.commands.executeCommand('clocker.buildDockerfile', { file: file('image/Dockerfile').fsPath, hosts, tag }), 'failed');
    assert.deepEqual(problems(), ['3:2-28 clocker build: RUN echo "no luck"; exit 3: ended with exit code 3\n  no luck']);
    assert.deepEqual(await labels(), { stage: 'first' });
    await replace('; exit 3', '');
    await forget();
    assert.equal(await vscode.commands.executeCommand('clocker.buildDockerfile', { file: file('image/Dockerfile').fsPath, hosts, tag }), 'built');
    assert.deepEqual(problems(), []);
    assert.deepEqual(await labels(), { stage: 'second' });
  });

  it('packs an archive that is built as the folder is', async () => {
    await replace('stage=second', 'stage=archived');
    const archive = file('image.tgz');
    await forget();
    await vscode.commands.executeCommand('clocker.packageDockerfile', { file: file('image/Dockerfile').fsPath, archive: archive.fsPath });
    assert.equal(await vscode.commands.executeCommand('clocker.buildDockerfile', { file: archive.fsPath, hosts, tag }), 'built');
    assert.deepEqual(await labels(), { stage: 'archived' });
    await vscode.workspace.fs.delete(archive);
  });

  it('is offered above the first FROM', async () => {
    const { uri } = await open('image/Dockerfile');
    const lenses = await eventually('the lens', async () => {
      const found = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri);
      return found.length > 0 ? found : undefined;
    });
    assert.deepEqual(lenses.map(({ range, command }) => `${range.start.line} ${command?.title} ${command?.command}`), ['1 Build clocker.buildDockerfile']);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  });
});

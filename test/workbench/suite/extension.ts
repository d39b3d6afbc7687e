// The extension as VS Code sees it: activated, with every command, language and view that package.json promises.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { extensionId, open } from './support.ts';

interface Manifest {
  readonly contributes: {
    readonly commands: readonly { readonly command: string }[];
    readonly views: { readonly clocker: readonly { readonly id: string }[] };
  };
}

describe('the extension', () => {
  it('activates when a blueprint is opened', async () => {
    await open('shop.blueprint.yaml');
    assert.equal(vscode.extensions.getExtension(extensionId)?.isActive, true);
  });

  it('has registered every command it contributes, and those of its views', async () => {
    const extension: vscode.Extension<unknown> | undefined = vscode.extensions.getExtension(extensionId);
    const manifest: Manifest = extension?.packageJSON;
    const registered = new Set(await vscode.commands.getCommands(true));
    const expected = [...manifest.contributes.commands.map(({ command }) => command), ...manifest.contributes.views.clocker.map(({ id }) => `${id}.focus`)];
    assert.ok(expected.length > 10);
    assert.deepEqual(expected.filter((command) => !registered.has(command)), []);
  });

  it('knows blueprints by their file name, and leaves YAML to the language YAML', async () => {
    assert.equal((await open('shop.blueprint.yaml')).languageId, 'blueprint');
    assert.equal((await open('plain.yaml')).languageId, 'yaml');
  });

  it('adds a host that it is given to the setting, beside those that are there', async () => {
    const host = { name: 'spare', endpoint: 'tcp://127.0.0.1:9', insecure: true, labels: { region: 'north' } };
    const written = (): readonly unknown[] => vscode.workspace.getConfiguration('clocker').get<readonly unknown[]>('hosts') ?? [];
    const before = written();
    await vscode.commands.executeCommand('clocker.addHost', host);
    assert.deepEqual(written(), [...before, host]);
    await vscode.workspace.getConfiguration('clocker').update('hosts', before, vscode.ConfigurationTarget.Workspace);
  });

  it('shows its views', async () => {
    await vscode.commands.executeCommand('clocker.hosts.focus');
    await vscode.commands.executeCommand('clocker.applications.focus');
  });
});

// A real application on a real engine, through the commands a person would use, with the questions switched off.

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'mocha';
import * as vscode from 'vscode';
import { application, containersOf, eventually, file, get, open } from './support.ts';

describe('deploying', () => {
  before(async () => {
    const settings = vscode.workspace.getConfiguration('clocker');
    await settings.update('confirmDeploy', false, vscode.ConfigurationTarget.Workspace);
    await settings.update('confirmDelete', false, vscode.ConfigurationTarget.Workspace);
    await vscode.commands.executeCommand('clocker.deleteApplication', { application });
  });

  after(() => vscode.commands.executeCommand('clocker.deleteApplication', { application }));

  it('refuses a blueprint with errors, and touches nothing', async () => {
    assert.equal(await vscode.commands.executeCommand('clocker.deployBlueprint', file('broken.blueprint.yaml')), 'invalid');
    assert.deepEqual(await containersOf('broken'), []);
  });

  it('shows the plan as a read-only document, and touches nothing', async () => {
    await vscode.commands.executeCommand('clocker.showPlan', file('shop.blueprint.yaml'));
    const plan = vscode.workspace.textDocuments.find(({ uri }) => uri.scheme === 'clocker-plan');
    assert.match(plan?.getText() ?? '', /^\+ create suite-shop-front on localhost$/m);
    assert.deepEqual(await containersOf(application), []);
  });

  it('runs every container, and what they publish answers', async () => {
    assert.equal(await vscode.commands.executeCommand('clocker.deployBlueprint', file('shop.blueprint.yaml')), 'done');
    const containers = await containersOf(application);
    assert.deepEqual(containers.map(({ Names, State }) => `${Names[0]} ${State}`).sort(), ['/suite-shop-front running', '/suite-shop-stock running']);
    const port = /^ {4}(\d+): 8080/m.exec((await vscode.workspace.openTextDocument(file('shop.blueprint.yaml'))).getText())?.[1];
    assert.match(await eventually('an answer', () => get({ host: '127.0.0.1', port: Number(port), path: '/' }).catch(() => undefined)), /it works/);
  });

  it('plans nothing for what is as it should be', async () => {
    const before = await containersOf(application);
    assert.equal(await vscode.commands.executeCommand('clocker.deployBlueprint', file('shop.blueprint.yaml')), 'unchanged');
    assert.deepEqual((await containersOf(application)).map(({ Id }) => Id).sort(), before.map(({ Id }) => Id).sort());
  });

  it('deploys what is in the editor, saved or not, and replaces only what differs', async () => {
    const before = await containersOf(application);
    const document = await open('shop.blueprint.yaml');
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, document.positionAt(document.getText().indexOf('  commands:')), '  env:\n    GREETING: hello\n');
    await vscode.workspace.applyEdit(edit);
    assert.equal(document.isDirty, true);
    assert.equal(await vscode.commands.executeCommand('clocker.deployBlueprint'), 'done');
    await vscode.commands.executeCommand('workbench.action.files.revert');
    const after = await containersOf(application);
    const idOf = (name: string, of: typeof before): string | undefined => of.find(({ Names }) => Names[0] === name)?.Id;
    assert.equal(idOf('/suite-shop-front', after), idOf('/suite-shop-front', before));
    assert.notEqual(idOf('/suite-shop-stock', after), idOf('/suite-shop-stock', before));
  });

  it('shows the history, and goes back to a revision', async () => {
    await vscode.commands.executeCommand('clocker.showHistory', { application });
    assert.match(vscode.window.activeTextEditor?.document.getText() ?? '', /^History of [^]*^Revision 2, .* by .*: done$[^]*^ {4}1 to replace[^]*^Revision 1, .*: done$/m);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
    assert.equal(await vscode.commands.executeCommand('clocker.rollBack', { application, revision: 1 }), 'done');
    assert.equal(await vscode.commands.executeCommand('clocker.rollBack', { application, revision: 1 }), 'unchanged');
  });

  it('brings what runs onto a network and off it, which deployments keep', async () => {
    const on = { network: 'suite-back', application, entity: 'front' };
    const addresses = async (): Promise<readonly (string | undefined)[]> => (await containersOf(application)).flatMap(({ NetworkSettings }) => NetworkSettings.Networks['clockerbridge-suite-back']?.IPAddress ?? []);
    await vscode.commands.executeCommand('clocker.deployBlueprint', file('shop.blueprint.yaml'));
    await vscode.commands.executeCommand('clocker.removeNetwork', on);
    assert.equal(await vscode.commands.executeCommand('clocker.createNetwork', { network: 'suite-back', cidr: '10.211.7.0/24' }), 'done');
    try {
      assert.equal(await vscode.commands.executeCommand('clocker.connectToNetwork', { ...on, address: '10.211.7.20' }), 'done');
      assert.deepEqual(await addresses(), ['10.211.7.20']);
      assert.equal(await vscode.commands.executeCommand('clocker.deployBlueprint', file('shop.blueprint.yaml')), 'unchanged');
      assert.equal(await vscode.commands.executeCommand('clocker.disconnectFromNetwork', on), 'done');
      assert.deepEqual(await addresses(), []);
    } finally {
      await vscode.commands.executeCommand('clocker.disconnectFromNetwork', on);
      assert.equal(await vscode.commands.executeCommand('clocker.removeNetwork', on), 'done');
    }
  });

  it('stops and starts an entity by its effectors', async () => {
    const stock = { application, entity: 'stock' };
    const state = async (): Promise<string | undefined> => (await containersOf(application)).find(({ Names }) => Names[0] === '/suite-shop-stock')?.State;
    assert.equal(await vscode.commands.executeCommand('clocker.invokeEffector', { ...stock, effector: 'stop' }), 'done');
    assert.equal(await state(), 'exited');
    assert.equal(await vscode.commands.executeCommand('clocker.stop', stock), 'unchanged');
    assert.equal(await vscode.commands.executeCommand('clocker.start', stock), 'done');
    assert.equal(await state(), 'running');
  });

  it('deletes all of it', async () => {
    assert.equal(await vscode.commands.executeCommand('clocker.deleteApplication', { application }), 'done');
    assert.deepEqual(await containersOf(application), []);
  });

  it('has nothing to delete after that', async () => {
    assert.equal(await vscode.commands.executeCommand('clocker.deleteApplication', { application }), 'unchanged');
  });
});

// A docker cloud on a real engine, made and deleted through the commands a person would use, with the questions switched off.

import assert from 'node:assert/strict';
import { describe, it } from 'mocha';
import * as vscode from 'vscode';
import { file } from './support.ts';

describe('docker clouds', () => {
  it('are made and deleted', async () => {
    const wish: unknown = JSON.parse((await vscode.workspace.openTextDocument(file('cloud.json'))).getText());
    assert.ok(typeof wish === 'object' && wish !== null && 'name' in wish && typeof wish.name === 'string');
    await vscode.workspace.getConfiguration('clocker').update('confirmDelete', false, vscode.ConfigurationTarget.Workspace);
    assert.equal(await vscode.commands.executeCommand('clocker.createLocalCloud', wish), 'done');
    assert.equal(await vscode.commands.executeCommand('clocker.deleteCloud', { cloud: wish.name }), 'done');
    // A failure is told to the person, and gives nothing back.
    assert.equal(await vscode.commands.executeCommand('clocker.deleteCloud', { cloud: wish.name }), undefined);
  });
});

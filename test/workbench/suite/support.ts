// What the tests in the extension host share: documents of the open folder, waiting, and the engine's own word on containers.

import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import * as vscode from 'vscode';

export const extensionId = 'clocker.clocker';

/** The application that `shop.blueprint.yaml` deploys. */
export const application = 'suite-shop';

/** `shop.blueprint.yaml` can be deployed, `broken.blueprint.yaml` has one error, `plain.yaml` is no blueprint; the one host is the lab's engine. */
export async function fillFolder(): Promise<void> {
  const project = vscode.extensions.getExtension(extensionId)?.extensionPath ?? '';
  // The project's own Node, which runs TypeScript; the one on PATH may be older.
  await promisify(execFile)(join(project, 'node_modules/.bin/node'), [join(project, 'test/workbench/suite/fillFolder.ts'), file('.').fsPath, application]);
  await eventually('the settings', () => (socketPath() === undefined ? undefined : true));
}

/** That of the one host. */
export function socketPath(): string | undefined {
  const hosts = vscode.workspace.getConfiguration('clocker').inspect<readonly { readonly endpoint: string }[]>('hosts')?.workspaceValue;
  return hosts?.[0]?.endpoint.replace('unix://', '');
}

/** A file of the folder that VS Code has open. */
export function file(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  if (folder === undefined) throw new Error('no folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

/** Opens a file in an editor, with the extension activated. */
export async function open(name: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(file(name));
  await vscode.window.showTextDocument(document);
  await vscode.extensions.getExtension(extensionId)?.activate();
  return document;
}

/** Asks until the answer is there. Fails with `what` after a minute. */
export async function eventually<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  const until = Date.now() + 60_000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() > until) throw new Error(`gave up waiting for: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

export interface EngineContainer {
  readonly Id: string;
  readonly Names: readonly string[];
  readonly State: string;
  readonly NetworkSettings: { readonly Networks: Readonly<Record<string, { readonly IPAddress: string }>> };
}

/** The containers of an application, asked of the engine itself, without Clocker's own client. */
export async function containersOf(application: string): Promise<readonly EngineContainer[]> {
  const filters = encodeURIComponent(JSON.stringify({ label: [`io.clocker.application=${application}`] }));
  const value: unknown = JSON.parse(await get({ socketPath: socketPath() ?? '', path: `/containers/json?all=1&filters=${filters}` }));
  if (!Array.isArray(value) || !value.every(isContainer)) throw new Error('the engine did not answer with containers');
  return value;
}

function isContainer(value: unknown): value is EngineContainer {
  return typeof value === 'object' && value !== null && 'Id' in value && 'Names' in value && 'State' in value && 'NetworkSettings' in value;
}

/** The body of an HTTP answer. */
export function get(options: { readonly socketPath?: string; readonly host?: string; readonly port?: number; readonly path: string; readonly method?: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    request(options, (response) => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => resolve(Buffer.concat(chunks).toString()));
      response.on('error', reject);
    })
      .on('error', reject)
      .end();
  });
}

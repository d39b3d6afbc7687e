// Which documents are blueprints, and which one a command means. By name (the setting `clocker.blueprintFiles`) or by content,
// as the language server decides it, only cheaper: the first lines that say so are enough for a button.

import { commands, type Disposable, languages, type TextDocument, type Uri, window, workspace } from 'vscode';
import { settings } from './settings.ts';

/** How many lines are looked at before a document without a telling name is taken for something else. */
const glance = 500;

export function isBlueprint(document: TextDocument): boolean {
  if (document.uri.scheme === 'output' || document.uri.scheme === 'clocker-plan') return false;
  if (document.languageId === 'blueprint') return true;
  if (languages.match(settings().blueprintFiles.map((pattern) => ({ pattern })), document) > 0) return true;
  return document.languageId === 'yaml' && saysSo(document);
}

function saysSo(document: TextDocument): boolean {
  let inServices = false;
  for (let line = 0; line < Math.min(document.lineCount, glance); line++) {
    const { text } = document.lineAt(line);
    if (/^brooklyn\.catalog\s*:/.test(text)) return true;
    if (/^services\s*:\s*(#.*)?$/.test(text)) inServices = true;
    else if (inServices && /^\s*-\s+.*\b(type|serviceType|service_type)\s*:/.test(text)) return true;
    else if (/^[^\s#-]/.test(text)) inServices = false;
  }
  return false;
}

/** Keeps the context key `clocker.isBlueprint` true while the active editor shows one. */
export function watchActiveEditor(): Disposable[] {
  let said: boolean | undefined;
  const say = (): void => {
    const document = window.activeTextEditor?.document;
    const is = document !== undefined && isBlueprint(document);
    if (is !== said) void commands.executeCommand('setContext', 'clocker.isBlueprint', is);
    said = is;
  };
  say();
  return [
    window.onDidChangeActiveTextEditor(say),
    workspace.onDidOpenTextDocument(say),
    workspace.onDidChangeTextDocument((event) => {
      if (event.document === window.activeTextEditor?.document) say();
    }),
    workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration('clocker.blueprintFiles')) say();
    }),
  ];
}

/** The document a command was called for: the given one, else the active editor's, else one picked from the workspace. Undefined: the person let it be. */
export async function chooseBlueprint(uri: Uri | undefined): Promise<TextDocument | undefined> {
  if (uri) return workspace.openTextDocument(uri);
  const active = window.activeTextEditor?.document;
  if (active && isBlueprint(active)) return active;
  const files = await blueprintsOfWorkspace();
  if (files.length === 0) {
    const choice = await window.showInformationMessage('There is no blueprint in this workspace. Open one, or begin with a small one.', 'New Blueprint');
    if (choice) await commands.executeCommand('clocker.newBlueprint');
    return undefined;
  }
  const items = files.map((file) => ({ label: workspace.asRelativePath(file), file })).sort((a, b) => a.label.localeCompare(b.label));
  const picked = await window.showQuickPick(items, { title: 'Choose a Blueprint', placeHolder: 'Blueprint files in this workspace' });
  return picked && workspace.openTextDocument(picked.file);
}

/** Texts of the workspace's other files that define catalog items, by where they are: the items are types for this one. What is open counts as it is in the editor. */
export async function catalogsFor(document: TextDocument): Promise<Readonly<Record<string, string>>> {
  const others = (await blueprintsOfWorkspace()).filter((file) => file.toString() !== document.uri.toString());
  const texts = await Promise.all(others.map(async (file) => [file.toString(), await textOf(file)] as const));
  return Object.fromEntries(texts.filter(([, text]) => text.includes('brooklyn.catalog')));
}

async function blueprintsOfWorkspace(): Promise<readonly Uri[]> {
  const found = await Promise.all(settings().blueprintFiles.map((pattern) => workspace.findFiles(pattern.includes('/') ? pattern : `**/${pattern}`, '**/node_modules/**', 1000)));
  return [...new Map(found.flat().map((file) => [file.toString(), file])).values()];
}

async function textOf(file: Uri): Promise<string> {
  const open = workspace.textDocuments.find(({ uri }) => uri.toString() === file.toString());
  return open?.getText() ?? new TextDecoder().decode(await workspace.fs.readFile(file));
}

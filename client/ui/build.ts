// Clocker: Build Dockerfile. From a Dockerfile (or an archive of one) to an image on some hosts: progress with cancel, every step in
// an output of its own, what is wrong in Problems on the Dockerfile's own lines.

import { basename } from 'node:path';
import { commands, Diagnostic, DiagnosticSeverity, type Disposable, languages, type OutputChannel, ProgressLocation, Range, Uri, window, workspace } from 'vscode';
import { endedLine } from '#core/image/buildNews.ts';
import { imageName, isDockerfile } from '#core/image/built.ts';
import { type BuildResult, buildSentence, dockerfileProblems, RunningSteps } from '#core/view/builds.ts';
import type { BuildSource } from '../engine/builderPort.ts';
import type { Cloud } from '../engine/cloud.ts';
import type { Connection } from './connection.ts';
import { offer } from './offer.ts';

export interface Building {
  readonly connection: Connection;
  readonly builds: Builds;
  /** Of a Dockerfile, or of an archive. */
  readonly buildSource: (path: string) => Promise<BuildSource>;
}

export type BuildEnding = 'built' | 'failed' | 'cancelled' | 'declined';

/** For key bindings and other extensions: what is not given is asked for. */
export interface BuildWish {
  readonly file?: Uri | undefined;
  readonly hosts?: readonly string[] | undefined;
  readonly tag?: string | undefined;
}

const patienceMs = 15_000;

/** What builds leave behind them on screen. */
export class Builds implements Disposable {
  readonly problems = languages.createDiagnosticCollection('clocker build');
  /** By file: the name that its image got last. */
  readonly names = new Map<string, string>();
  readonly running = new Set<string>();
  #output: OutputChannel | undefined;

  get output(): OutputChannel {
    return (this.#output ??= window.createOutputChannel('Clocker Build', 'log'));
  }

  dispose(): void {
    this.problems.dispose();
    this.#output?.dispose();
  }
}

export async function buildDockerfile(wish: BuildWish, { connection, builds, buildSource }: Building): Promise<BuildEnding> {
  const file = wish.file ?? (await chooseDockerfile('Build Dockerfile'));
  if (file === undefined) return 'declined';
  if (file.scheme !== 'file') throw new Error('Only a Dockerfile on this machine can be built.');
  // What is built is what is in the editor.
  await workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.toString() === file.toString())?.save();
  const source = await buildSource(file.fsPath);
  const cloud = await connection.open();
  const hosts = await chooseHosts(cloud, wish.hosts);
  if (hosts === undefined) return 'declined';
  const name = await chooseName(wish.tag, builds.names.get(file.toString()) ?? source.defaultName, hosts);
  if (name === undefined) return 'declined';
  const key = file.toString();
  if (builds.running.has(key)) {
    offer.warning(`${workspace.asRelativePath(file)} is being built already. Wait for it, or cancel it first.`);
    return 'declined';
  }
  builds.running.add(key);
  builds.names.set(key, name);
  builds.problems.delete(file);
  try {
    return await build(cloud, { file, source, hosts, name }, builds);
  } finally {
    builds.running.delete(key);
  }
}

interface Wanted {
  readonly file: Uri;
  readonly source: BuildSource;
  readonly hosts: readonly string[];
  readonly name: string;
}

async function build(cloud: Cloud, { file, source, hosts, name }: Wanted, { output, problems }: Builds): Promise<BuildEnding> {
  const steps = new RunningSteps(hosts);
  const width = hosts.length === 1 ? 0 : Math.max(...hosts.map((host) => host.length)) + 2;
  const write = (host: string, text: string): void => output.appendLine(`${host.padEnd(width).slice(0, width)}${text}`);
  output.appendLine(`--- ${name} from ${workspace.asRelativePath(file)} on ${hosts.join(', ')}, ${new Date().toLocaleTimeString()}`);
  const beganMs = performance.now();
  const { results, isCancelled } = await window.withProgress({ location: ProgressLocation.Notification, title: `Building ${name}`, cancellable: true }, async (progress, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    const onHost = async (host: string): Promise<BuildResult> => {
      const { defaultName: _, ...request } = source;
      try {
        const built = await cloud.build(host, { ...request, names: [name] }, (news) => {
          steps.take(host, news);
          if (news.kind === 'began') write(host, `> ${news.step} ${news.text}`);
          else write(host, news.kind === 'ended' ? endedLine(news) : `  | ${news.text}`);
          if (news.kind !== 'line') progress.report({ message: steps.line() });
        }, stop.signal);
        return { host, ...built };
      } catch (error) {
        return { host, kind: 'broken', problem: stop.signal.aborted ? 'cancelled' : error instanceof Error ? error.message : String(error) };
      } finally {
        steps.end(host);
      }
    };
    return { results: await Promise.all(hosts.map(onHost)), isCancelled: stop.signal.aborted };
  });
  const sentence = isCancelled && results.every(({ kind }) => kind !== 'built') ? `The build of ${name} was cancelled; nothing is named.` : buildSentence(name, results, performance.now() - beganMs);
  for (const result of results) if (result.kind === 'built') write(result.host, `${result.imageId} ${name}`);
  output.appendLine(`--- ${sentence}`);
  const document = isDockerfile(basename(file.fsPath)) ? await workspace.openTextDocument(file) : undefined;
  const found = document === undefined ? [] : dockerfileProblems(results).map(({ line, message }) => {
    const { range, firstNonWhitespaceCharacterIndex } = document.lineAt(Math.min(line, document.lineCount) - 1);
    const diagnostic = new Diagnostic(new Range(range.start.translate(0, firstNonWhitespaceCharacterIndex), range.end), message, DiagnosticSeverity.Error);
    diagnostic.source = 'clocker build';
    return diagnostic;
  });
  problems.set(file, found);
  const showOutput = { 'Show Output': () => output.show(true) };
  if (isCancelled) offer.information(sentence, showOutput);
  else if (results.every(({ kind }) => kind === 'built')) offer.information(sentence, showOutput);
  else offer.error(sentence, { ...(found.length > 0 && { 'Show Problems': () => void commands.executeCommand('workbench.actions.view.problems') }), ...showOutput });
  return isCancelled ? 'cancelled' : results.every(({ kind }) => kind === 'built') ? 'built' : 'failed';
}

/** That of the active editor, else one picked from the workspace. Undefined: the person let it be. */
export async function chooseDockerfile(title: string): Promise<Uri | undefined> {
  const active = window.activeTextEditor?.document;
  if (active !== undefined && (active.languageId === 'dockerfile' || isDockerfile(basename(active.uri.path)))) return active.uri;
  const found = await workspace.findFiles('**/*{[Dd]ockerfile,[Cc]ontainerfile}*', '**/node_modules/**', 1000);
  const files = found.filter((file) => isDockerfile(basename(file.path)));
  if (files.length === 0) {
    offer.information('There is no Dockerfile in this workspace.');
    return undefined;
  }
  const items = files.map((file) => ({ label: workspace.asRelativePath(file), file })).sort((a, b) => a.label.localeCompare(b.label));
  return (await window.showQuickPick(items, { title, placeHolder: 'Dockerfiles in this workspace' }))?.file;
}

/** Those that are up and may be changed; asked only where there are several. */
async function chooseHosts(cloud: Cloud, given: readonly string[] | undefined): Promise<readonly string[] | undefined> {
  await window.withProgress({ location: ProgressLocation.Window, title: 'Looking at the hosts' }, () => cloud.settled(AbortSignal.timeout(patienceMs)));
  const usable = cloud.observed.hosts.filter(({ state, isReadOnly }) => state.kind === 'up' && isReadOnly !== true).map(({ host }) => host);
  const unknown = given?.find((host) => !usable.includes(host));
  if (unknown !== undefined) throw new Error(`Nothing can be built on ${unknown}: it is no host, is down or read-only.`);
  if (given !== undefined) return given;
  if (usable.length === 0) throw new Error('There is no host to build on: none is up, or all are read-only.');
  if (usable.length === 1) return usable;
  const picked = await window.showQuickPick(usable.map((host) => ({ label: host, picked: true })), { title: 'Build Dockerfile', placeHolder: 'On which hosts?', canPickMany: true });
  return picked === undefined || picked.length === 0 ? undefined : picked.map(({ label }) => label);
}

async function chooseName(given: string | undefined, proposal: string, hosts: readonly string[]): Promise<string | undefined> {
  const wrong = (text: string): string | undefined => {
    const read = imageName(text);
    return 'problem' in read ? read.problem : undefined;
  };
  const text = given ?? (await window.showInputBox({ title: `Build on ${hosts.join(', ')}`, prompt: 'Name and tag of the image', value: proposal, validateInput: wrong, ignoreFocusOut: true }));
  if (text === undefined) return undefined;
  const read = imageName(text);
  if ('problem' in read) throw new Error(read.problem);
  return read.name;
}

/** From a menu or a lens a file, from the palette nothing; from a key binding or another extension `{ file, hosts, tag }`. */
export function buildWishOf(argument: unknown): BuildWish {
  if (argument instanceof Uri) return { file: argument };
  if (typeof argument !== 'object' || argument === null) return {};
  const [file, hosts, tag]: unknown[] = ['file', 'hosts', 'tag'].map((name): unknown => Reflect.get(argument, name));
  return {
    file: file instanceof Uri ? file : typeof file === 'string' ? Uri.file(file) : undefined,
    hosts: Array.isArray(hosts) ? hosts.filter((host) => typeof host === 'string') : undefined,
    tag: typeof tag === 'string' ? tag : undefined,
  };
}

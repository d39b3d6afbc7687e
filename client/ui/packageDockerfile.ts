// Clocker: Package Dockerfile as Archive: what a Dockerfile is built from, in one file, to be built on a host later.

import { basename, dirname, join } from 'node:path';
import { commands, ProgressLocation, Uri, window, workspace } from 'vscode';
import { buildWishOf, chooseDockerfile } from './build.ts';
import { offer } from './offer.ts';

export interface Packaging {
  /** Gives the size of the archive. */
  readonly packageSource: (path: string, archive: string, signal: AbortSignal) => Promise<{ readonly bytes: number }>;
}

/** Gives the archive's address; undefined where the person let it be, or cancelled it. */
export async function packageDockerfile(argument: unknown, { packageSource }: Packaging): Promise<Uri | undefined> {
  const file = buildWishOf(argument).file ?? (await chooseDockerfile('Package Dockerfile as Archive'));
  if (file === undefined) return undefined;
  if (file.scheme !== 'file') throw new Error('Only a Dockerfile on this machine can be packaged.');
  await workspace.textDocuments.find(({ uri, isDirty }) => isDirty && uri.toString() === file.toString())?.save();
  const folder = dirname(file.fsPath);
  const archive = givenArchive(argument) ?? (await window.showSaveDialog({ title: 'Package Dockerfile as Archive', defaultUri: Uri.file(join(dirname(folder), `${basename(folder)}.tgz`)), filters: { Archive: ['tgz'] } }));
  if (archive === undefined) return undefined;
  return window.withProgress({ location: ProgressLocation.Notification, title: `Packaging ${workspace.asRelativePath(file)}`, cancellable: true }, async (_, token) => {
    const stop = new AbortController();
    token.onCancellationRequested(() => stop.abort());
    try {
      const { bytes } = await packageSource(file.fsPath, archive.fsPath, stop.signal);
      offer.information(`Packaged ${workspace.asRelativePath(file)} as ${basename(archive.fsPath)} (${(bytes / 1e6).toFixed(1)} MB).`, { Build: async () => void (await commands.executeCommand('clocker.buildDockerfile', archive)) });
      return archive;
    } catch (error) {
      if (stop.signal.aborted) return undefined;
      throw error;
    }
  });
}

function givenArchive(argument: unknown): Uri | undefined {
  const archive: unknown = typeof argument === 'object' && argument !== null ? Reflect.get(argument, 'archive') : undefined;
  return archive instanceof Uri ? archive : typeof archive === 'string' ? Uri.file(archive) : undefined;
}

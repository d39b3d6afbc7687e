// What a person names to be built: a Dockerfile, a folder with one, or an archive.

import { basename } from 'node:path';
import { defaultName } from '#core/image/built.ts';
import type { BuildSource } from '../engine/builderPort.ts';
import { archiveOf, packageContext, type PackagedArchive } from './archive.ts';
import { contextOf, folderOf } from './context.ts';

/** `file` is the Dockerfile where it has another name. Fails with an Error whose message is a sentence. */
export async function buildSource(path: string, file?: string): Promise<BuildSource> {
  const archive = await archiveOf(path, file);
  if (archive !== undefined) {
    const { dockerfile, dockerfileText } = archive;
    return { context: archive, dockerfile, dockerfileText, defaultName: defaultName(basename(path).replace(/\.(?:tgz|zip|tar(?:\.gz)?)$/i, ''), dockerfile) };
  }
  const context = await contextOf(path, file);
  const { folder, dockerfile, dockerfileText } = context;
  return { context: folderOf(context), dockerfile, dockerfileText, defaultName: defaultName(basename(folder), dockerfile) };
}

/** Writes what `path` is built from into an archive. */
export async function packageSource(path: string, archive: string, signal?: AbortSignal): Promise<PackagedArchive> {
  return packageContext(await contextOf(path), archive, signal);
}

// Reads the files that blueprints hand to entities: from the web, from this machine, or from the blueprint itself (`data:`). A
// folder is handed over as a .tar of what is in it.

import { readdir, readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import type { Content } from '#core/resolve/course.ts';

const answerWithinMs = 60_000;

/** Fails with an Error whose message says what to do. A path without a scheme is one of this machine; a relative one starts at `folder`, else at the working directory. */
export async function readSource(source: string, folder = '.'): Promise<Content> {
  const bytes = await bytesOf(source, folder);
  return { base64: bytes.toString('base64'), text: bytes.toString('utf8') };
}

async function bytesOf(source: string, folder: string): Promise<Buffer> {
  // One letter is a drive of Windows.
  const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(source) ?? [];
  switch (scheme?.toLowerCase()) {
    case undefined:
      return ofPath(resolve(folder, source));
    case 'file':
      return ofPath(fileURLToPath(source));
    case 'http':
    case 'https':
    case 'data': {
      const response = await fetch(source, { signal: AbortSignal.timeout(answerWithinMs) }).catch((error: unknown) => {
        throw new Error(`it cannot be reached (${error instanceof Error && error.cause instanceof Error ? error.cause.message : String(error)})`, { cause: error });
      });
      if (!response.ok) throw new Error(`the server answers ${response.status} ${response.statusText}`);
      return Buffer.from(await response.arrayBuffer());
    }
    default:
      throw new Error(`addresses with ${scheme}: are not read here; give an address with https:, a path of this machine, or the content itself with data:`);
  }
}

async function ofPath(path: string): Promise<Buffer> {
  const { isDirectory } = await stat(path).then((found) => ({ isDirectory: found.isDirectory() }), (error: unknown) => {
    throw new Error(`there is no file ${path}`, { cause: error });
  });
  return isDirectory ? archiveOf(path) : readFile(path);
}

/** The same files give the same bytes, whenever and by whom they were written. */
async function archiveOf(folder: string): Promise<Buffer> {
  const { pack } = await import('tar-stream');
  const archive = pack();
  const bytes = buffer(archive);
  for (const path of (await filesBelow(folder)).toSorted()) archive.entry({ name: path, mode: 0o644, mtime: new Date(0) }, await readFile(join(folder, path)));
  archive.finalize();
  return bytes;
}

/** Paths with slashes, relative to `folder`. */
async function filesBelow(folder: string, path = ''): Promise<string[]> {
  const entries = await readdir(join(folder, path), { withFileTypes: true });
  const found = await Promise.all(
    entries.map(async (entry): Promise<string[]> => {
      const own = path === '' ? entry.name : `${path}/${entry.name}`;
      if (entry.isDirectory()) return entry.name === '.git' ? [] : filesBelow(folder, own);
      return entry.isFile() ? [own] : [];
    }),
  );
  return found.flat();
}

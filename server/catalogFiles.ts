// The files of the workspace's folders that may be catalogs or blueprints (.bom, .yaml), read from disk, and the Dockerfiles there. Only `file:` folders are looked through: others have no
// disk that the server could see, and their open documents count all the same.

import { readdir, readFile, stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';

import { maxLength } from '#core/blueprint/yaml.ts';

const skipped = new Set(['node_modules', '.git', '.hg', '.svn', 'out', 'dist', 'target', 'build', '.cache', '.vscode-test']);
/** More folders than this are not looked into: somebody has opened their whole disk. */
const maxFolders = 20_000;

/** `text`: nothing for a Dockerfile, of which only the name matters. */
export interface FoundFile {
  readonly uri: string;
  readonly text: string | undefined;
}

/** `Dockerfile`, `Dockerfile.dev`, `dev.Dockerfile`. */
export function isDockerfile(uri: string): boolean {
  return /(?:^|[/.])Dockerfile(?:\.[^/]*)?$/i.test(uri);
}

/** Every such file below the folders, one after the other, so that reading them never holds up an answer for long. Folders that cannot be read are passed over. */
export async function* catalogFilesIn(folderUris: readonly string[], isWanted: () => boolean): AsyncGenerator<FoundFile> {
  const open = folderUris.map((uri) => uri.replace(/\/$/, ''));
  for (let seen = 0; open.length > 0 && seen < maxFolders && isWanted(); seen++) {
    const folder = open.pop() ?? '';
    const path = pathOf(folder);
    const entries = path === undefined ? [] : await readdir(path, { withFileTypes: true }).catch(() => []);
    for (const entry of entries) {
      if (!isWanted()) return;
      // As the editor spells it: the folder is its own, and this is how VS Code goes on.
      const uri = `${folder}/${encoded(entry.name)}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) open.push(uri);
      if (entry.isFile() && isDockerfile(entry.name)) yield { uri, text: undefined };
      if (!entry.isFile() || !/\.(?:bom|ya?ml)$/.test(entry.name)) continue;
      const text = await textOf(uri);
      if (text !== undefined) yield { uri, text };
    }
  }
}

function encoded(name: string): string {
  return encodeURIComponent(name).replaceAll(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);
}

/** The text of a file; nothing where it cannot be read, or is larger than any blueprint. */
export async function textOf(uri: string): Promise<string | undefined> {
  const path = pathOf(uri);
  if (path === undefined) return undefined;
  try {
    // A character has at most four bytes.
    return (await stat(path)).size > maxLength * 4 ? undefined : await readFile(path, 'utf8');
  } catch {
    return undefined;
  }
}

function pathOf(uri: string): string | undefined {
  try {
    return uri.startsWith('file:') ? fileURLToPath(uri) : undefined;
  } catch {
    return undefined;
  }
}

// Reads a file that the user named.

import { readFile } from 'node:fs/promises';
import { UsageError } from './command.ts';

export async function readText(file: string): Promise<string> {
  try {
    return (await readFile(file, 'utf8')).replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') throw new UsageError(`there is no file ${file}`);
    if (code === 'EISDIR') throw new UsageError(`${file} is a folder; name a file`);
    if (code === 'EACCES') throw new UsageError(`${file} may not be read by this user`);
    throw error;
  }
}

// Files that a host's configuration names: keys and certificates. What is in them goes nowhere but into the connection.

import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { fileProblem, Unreachable } from './problems.ts';

/** `~` is the user's home. */
export function expandHome(path: string): string {
  return path === '~' ? homedir() : /^~[/\\]/.test(path) ? join(homedir(), path.slice(2)) : path;
}

/** Throws an Unreachable. `what` is the file's part, for the sentence: "the certificate authority". */
export async function readConfigured(path: string, what: string): Promise<string> {
  const file = expandHome(path);
  if (!isAbsolute(file)) throw new Unreachable(`${what} ${path} is no absolute path, so nobody knows where it is; write it from the root, or from the home: ~/...`);
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    throw new Unreachable(fileProblem(error, what, file), { cause: error });
  }
}

// What lies beside a document on disk: only documents of `file:` folders have a disk that the server could see.

import { statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { LookBeside } from './features/missingSources.ts';

export const lookBeside: LookBeside = (uri, path) => {
  if (!/^file:/i.test(uri) || path.startsWith('~')) return undefined;
  try {
    const file = /^file:/i.test(path) ? fileURLToPath(path) : resolve(dirname(fileURLToPath(uri)), path);
    const found = statSync(file, { throwIfNoEntry: false });
    return found === undefined ? 'nothing' : found.isDirectory() ? 'folder' : 'file';
  } catch {
    return undefined;
  }
};

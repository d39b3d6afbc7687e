// Packs the built extension into one .vsix with what .vscodeignore leaves in: bundles, manifest, media, schemas. No node_modules.

import { execFile } from 'node:child_process';
import { globSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { buildWhenChanged } from './build.ts';
import { Failure, step } from './progress.mjs';
import { afterSetup } from './setup.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const maxBytes = 3_000_000;

/** The .vsix, packed anew if it is older than anything it is made from. */
export async function packageWhenChanged(): Promise<string> {
  const file = join(root, 'clocker.vsix');
  const newest = Math.max(...globSync(['dist/**', 'media/**', 'schemas/**', 'package.json', 'README.md', 'CHANGELOG.md', 'LICENSE', '.vscodeignore'], { cwd: root })
    .map((it) => statSync(join(root, it)).mtimeMs));
  if (modified(file) > newest) return file;
  await step(`Packaging ${basename(file)}`, () => pack(file));
  return file;
}

async function pack(file: string): Promise<void> {
  rmSync(file, { force: true });
  const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
  await promisify(execFile)(process.execPath, [vsce, 'package', '--no-dependencies', '--allow-missing-repository', '--no-rewrite-relative-links', '--out', file], { cwd: root });
  const { size } = statSync(file);
  if (size > maxBytes) throw new Failure(`${basename(file)} has ${size} bytes, more than ${maxBytes}: see what it holds with "vsce ls"`);
}

function modified(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}

if (import.meta.main) {
  await afterSetup(import.meta.filename, async () => {
    await buildWhenChanged();
    await packageWhenChanged();
    return 0;
  });
}

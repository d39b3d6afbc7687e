// Makes every derived file from the table it is derived from; with `--check` it writes nothing and exits 1 where one is stale.
// Derived are: schemas/catalog.json, schemas/*.schema.json, docs/keys.md, docs/types.md, docs/diagnostics/*.md.

import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { compileCatalog, printCatalog } from './generate/catalog.ts';
import { diagnosticPages } from './generate/diagnostics.ts';
import { keysPage, typesPage } from './generate/reference.ts';
import { schemas } from './generate/schemas.ts';

const root = join(import.meta.dirname, '..');
const isCheck = process.argv.includes('--check');

const catalog = compileCatalog(join(root, 'schemas/catalog'));
const files: Readonly<Record<string, string>> = {
  'schemas/catalog.json': printCatalog(catalog),
  ...schemas(catalog),
  'docs/keys.md': keysPage(),
  'docs/types.md': typesPage(catalog),
  ...diagnosticPages(),
};

const stale: string[] = [];
for (const [path, content] of Object.entries(files)) {
  if (readIfThere(path) === content) continue;
  stale.push(path);
  if (isCheck) continue;
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}
for (const name of readIfDirectory('docs/diagnostics')) {
  const path = `docs/diagnostics/${name}`;
  if (path in files) continue;
  stale.push(`${path} (no longer made)`);
  if (!isCheck) rmSync(join(root, path));
}

if (isCheck && stale.length > 0) {
  console.error(`stale: ${stale.join(', ')}\nrun: npm run generate`);
  process.exitCode = 1;
} else if (!isCheck) {
  console.log(stale.length === 0 ? 'every derived file is up to date' : `made ${stale.join(', ')}`);
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return undefined;
  }
}

function readIfDirectory(path: string): readonly string[] {
  try {
    return readdirSync(join(root, path));
  } catch {
    return [];
  }
}

// `npm run bench`: how fast blueprints are read, checked and resolved, one after the other in one process. The published
// blueprints where they are here, else the project's own examples over and over.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import { parseAllDocuments } from 'yaml';

import { read } from '#core/blueprint/read.ts';
import { check } from '#core/check/check.ts';
import { modelOf } from '#core/resolve/model.ts';
import { fileOf, isThere } from '../conformance/corpus.ts';
import { builtInCatalog } from '../support/catalog.ts';

const texts = isThere ? filesUnder(fileOf('blueprints')) : Array.from({ length: 200 }, () => filesUnder(join(import.meta.dirname, '../../examples'))).flat();
const megabytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0) / 1e6;

const rows = {
  'yaml package alone': time((text) => parseAllDocuments(text, { logLevel: 'silent', strict: false, uniqueKeys: false })),
  read: time((text) => read(text)),
  'read and check': time((text) => check(read(text), builtInCatalog)),
  'read and resolve': time((text) => modelOf(read(text), builtInCatalog)),
};
const floor = rows['yaml package alone'].ms;
console.log(`${texts.length} files, ${megabytes.toFixed(1)} MB`);
console.table(
  Object.fromEntries(
    Object.entries(rows).map(([name, { ms }]) => [name, { 'files/s': Math.round((texts.length / ms) * 1000), 'MB/s': Number(((megabytes / ms) * 1000).toFixed(1)), 'times the yaml package': Number((ms / floor).toFixed(2)) }]),
  ),
);

/** The best of three rounds. */
function time(work: (text: string) => unknown): { readonly ms: number } {
  const rounds = [1, 2, 3].map(() => {
    const start = performance.now();
    for (const text of texts) work(text);
    return performance.now() - start;
  });
  return { ms: Math.min(...rounds) };
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'utf8'));
}

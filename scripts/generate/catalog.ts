// Compiles the built-in catalog, schemas/catalog/*.bom and renames.tsv, to one JSON file, so that nothing parses YAML at start.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { read } from '#core/blueprint/read.ts';
import type { BuiltIn } from '#core/catalog/catalog.ts';
import { typesOf } from '#core/catalog/type.ts';

/** Throws where a file has an error: the built-in catalog must be faultless. */
export function compileCatalog(folder: string): BuiltIn {
  const files = readdirSync(folder).filter((name) => name.endsWith('.bom')).toSorted();
  const types = files.flatMap((name) => {
    const { items, diagnostics } = read(readFileSync(join(folder, name), 'utf8'));
    const error = diagnostics.find(({ severity }) => severity === 'error' || severity === 'warning');
    if (error) throw new Error(`${name}: ${error.message} (${error.code}, offset ${error.span.start})`);
    return typesOf(items);
  });
  return { types, renames: readRenames(join(folder, 'renames.tsv')) };
}

/** One type a line: small, and a change shows where it is. */
export function printCatalog({ types, renames }: BuiltIn): string {
  return `{"types":[\n${types.map((type) => JSON.stringify(type)).join(',\n')}\n],"renames":${JSON.stringify(renames, undefined, 0)}}\n`;
}

function readRenames(path: string): Readonly<Record<string, string>> {
  const lines = readFileSync(path, 'utf8').split('\n');
  return Object.fromEntries(lines.flatMap((line) => (line === '' || line.startsWith('#') ? [] : [line.split('\t')])).map(([old = '', present = '']) => [old, present]));
}

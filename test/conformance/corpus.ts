// What Clocker says of published blueprints, held against what Brooklyn says of them. The data lies outside the project, in
// ../shared/conformance; where it is absent there is nothing to compare.

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { read, type Reading } from '#core/blueprint/read.ts';
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import { typesOf } from '#core/catalog/type.ts';
import { check } from '#core/check/check.ts';
import { contextOf } from '#core/check/context.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { Lines } from '#core/text/span.ts';
import builtIn from '../../schemas/catalog.json' with { type: 'json' };

const folder = join(import.meta.dirname, '../../../shared/conformance');
export const isThere = existsSync(join(folder, 'blueprints.json'));
export const absence = 'the conformance data (../shared/conformance) is not here';

export interface PublishedFile {
  readonly file: string;
  readonly repository: string;
  readonly path: string;
  readonly validYaml: boolean;
}

export interface Checked {
  readonly published: PublishedFile;
  readonly reading: Reading;
  readonly diagnostics: readonly Diagnostic[];
}

export function fileOf(name: string): string {
  return join(folder, name);
}

function load(name: string): unknown {
  return JSON.parse(readFileSync(fileOf(name), 'utf8'));
}

/** Every published file, checked with the built-in catalog and the catalogs of its own repository. */
export function checkAll(): readonly Checked[] {
  const files = (load('blueprints.json') as readonly PublishedFile[]).map((published) => ({ published, reading: read(readFileSync(join(folder, published.file), 'utf8')) }));
  const catalogs = new Map<string, Catalog>();
  const catalogOf = (repository: string): Catalog => {
    const known = catalogs.get(repository);
    if (known) return known;
    const types = files.flatMap(({ published, reading }) => (published.repository === repository ? typesOf(reading.items, published.file) : []));
    const catalog = new Catalog(builtIn as BuiltIn, types);
    catalogs.set(repository, catalog);
    return catalog;
  };
  return files.map(({ published, reading }) => ({ published, reading, diagnostics: check(reading, catalogOf(published.repository)) }));
}

/** `file:line: message (code)` for people. */
export function show({ published, reading }: Checked, { span, message, code }: Diagnostic): string {
  return `${published.file}:${new Lines(reading.text).positionAt(span.start).line + 1}: ${message} (${code})`;
}

export interface Coverage {
  readonly uses: number;
  readonly known: number;
  /** Unknown types, the most used first. */
  readonly unknown: readonly (readonly [string, number])[];
}

/** How many uses of entity types are known, or defined in a catalog of the same repository. */
export function coverage(all: readonly Checked[]): Coverage {
  const unknown = new Map<string, number>();
  let uses = 0;
  const catalogs = new Map<string, Catalog>();
  for (const { published, reading } of all) {
    const catalog = catalogs.get(published.repository) ?? new Catalog(builtIn as BuiltIn, all.flatMap((other) => (other.published.repository === published.repository ? typesOf(other.reading.items, other.published.file) : [])));
    catalogs.set(published.repository, catalog);
    for (const { spec, kind } of contextOf(reading, catalog).entities) {
      if (!spec.type || kind !== 'entity') continue;
      uses++;
      if (!catalog.find(spec.type.value)) unknown.set(spec.type.value, (unknown.get(spec.type.value) ?? 0) + 1);
    }
  }
  const missed = [...unknown].toSorted((a, b) => b[1] - a[1]);
  return { uses, known: uses - missed.reduce((sum, [, count]) => sum + count, 0), unknown: missed };
}

export interface InvalidCase {
  readonly name: string;
  readonly blueprints: readonly string[];
  readonly upstreamErrorContains: readonly string[];
}

/** Each blueprint that upstream's tests expect to fail, with the errors found in any of its texts; its texts see each other's catalogs. */
export function checkInvalid(): readonly { readonly name: string; readonly expected: readonly string[]; readonly errors: readonly Diagnostic[] }[] {
  return (load('invalid.json') as readonly InvalidCase[]).map(({ name, blueprints, upstreamErrorContains }) => {
    const readings = blueprints.map((text) => read(text));
    const catalog = new Catalog(builtIn as BuiltIn, readings.flatMap((reading, index) => typesOf(reading.items, `text-${index}`)));
    const errors = readings.flatMap((reading) => check(reading, catalog)).filter(({ severity }) => severity === 'error');
    return { name, expected: upstreamErrorContains, errors };
  });
}

export interface Defect {
  readonly rule: string;
  readonly path: string;
  readonly detail: string;
}

export function defects(): readonly Defect[] {
  return load('clocker-defects.json') as readonly Defect[];
}

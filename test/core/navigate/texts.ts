// A workspace for tests, as text: several files, each after a line `--- name`, or one file without. `$0` is the cursor, `<<` and
// `>>` stand around every place that an answer should name.

import assert from 'node:assert/strict';

import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import { typesOf } from '#core/catalog/type.ts';
import { read } from '#core/blueprint/read.ts';
import { contextOf } from '#core/check/context.ts';
import type { TextsWith } from '#core/navigate/across.ts';
import type { Name, NamedText } from '#core/navigate/name.ts';
import { namesOf } from '#core/navigate/names.ts';
import { Lines } from '#core/text/span.ts';
import builtIn from '../../../schemas/catalog.json' with { type: 'json' };

export interface FixtureFile {
  readonly uri: string;
  readonly text: string;
}

export interface Fixture {
  readonly files: readonly FixtureFile[];
  /** Of the cursor; in the first file at 0 where there is none. */
  readonly at: FixtureFile;
  readonly offset: number;
  /** What is marked, as `name:line:column word`, both counted from 1. */
  readonly marked: readonly string[];
}

export function fixtureOf(source: string): Fixture {
  const parts = source.startsWith('--- ') ? source.split(/^--- (.*)\n/m).slice(1) : ['shop.blueprint.yaml', source];
  const marked: string[] = [];
  let cursor: { readonly at: FixtureFile; readonly offset: number } | undefined;
  const files: FixtureFile[] = [];
  for (let index = 0; index < parts.length; index += 2) {
    const [name = '', body = ''] = parts.slice(index, index + 2);
    let text = '';
    let start = 0;
    let offset: number | undefined;
    for (const piece of body.split(/(<<(?!:)|>>|\$0)/)) {
      if (piece === '<<') start = text.length;
      else if (piece === '>>') marked.push(shown(name, text, start, text.length));
      else if (piece === '$0') offset = text.length;
      else text += piece;
    }
    const file = { uri: /^[a-z-]+:/.test(name) ? name : `file:///shop/${name}`, text };
    files.push(file);
    if (offset !== undefined) cursor = { at: file, offset };
  }
  const [first] = files;
  assert.ok(first);
  return { files, at: cursor?.at ?? first, offset: cursor?.offset ?? 0, marked: marked.toSorted() };
}

export function shown(uri: string, text: string, start: number, end: number): string {
  const { line: row, character } = new Lines(text).positionAt(start);
  return `${uri.slice(uri.lastIndexOf('/') + 1)}:${row + 1}:${character + 1} ${text.slice(start, end)}`;
}

/** The files as a workspace would know them, without a server. */
export function workspaceOf(files: readonly FixtureFile[]): { readonly texts: readonly NamedText[]; readonly textsWith: TextsWith; readonly catalog: Catalog } {
  const readings = files.map(({ uri, text }) => ({ uri, reading: read(text) }));
  const catalog = new Catalog(builtIn as BuiltIn, readings.flatMap(({ uri, reading }) => typesOf(reading.items, uri)));
  const texts = readings.map(({ uri, reading }): NamedText => ({ uri, text: reading.text, lines: new Lines(reading.text), names: namesOf(contextOf(reading, catalog), uri) }));
  return { texts, textsWith: (words) => texts.filter(({ text }) => words.some((word) => text.includes(word))), catalog };
}

/** All places and what they name, one a line, for comparing. */
export function linesOf({ names, lines }: Pick<NamedText, 'names' | 'lines'>): readonly string[] {
  return names.all.map((name) => line(name, lines));
}

function line({ kind, word, role, origin, span }: Name, lines: Lines): string {
  const { line: row, character } = lines.positionAt(span.start);
  return `${row + 1}:${character + 1} ${kind} ${word} ${role}${origin === 'text' ? '' : ` ${origin}`}`;
}

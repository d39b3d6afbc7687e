// The same thing in several texts: where it is declared, and every place that names it.

import { compareVersions, type Catalog } from '#core/catalog/catalog.ts';
import type { Name, NamedText, Place } from '#core/navigate/name.ts';
import type { Span } from '#core/text/span.ts';

/** The texts of the workspace that have one of the words in them, as far as anybody can know without reading them. */
export type TextsWith = (words: readonly string[]) => readonly NamedText[];

export interface PlaceInText {
  readonly file: NamedText;
  readonly span: Span;
}

/** Every place that names the same thing, in the order of the texts, the place itself included. */
export function placesOf({ file, name }: Place, textsWith: TextsWith, catalog: Catalog): readonly Place[] {
  const words = wordsFor(name, catalog);
  const places = withText(file, textsWith(words)).flatMap((other) => other.names.with(words).map((one): Place => ({ file: other, name: one })));
  const canonical = canonicalIn(places);
  const wanted = canonical(name.key);
  return places.filter((place) => canonical(place.name.key) === wanted);
}

/** Where the thing is declared, which for what is built in is nowhere; for an entity of which there are several, the one that is meant; for a config key that nobody declares, where it is set. */
export function definitionsOf(place: Place, textsWith: TextsWith, catalog: Catalog): readonly PlaceInText[] {
  const { file, name } = place;
  if (name.role === 'declaration') return [{ file, span: name.span }];
  if (name.target) return [{ file, span: name.target }];
  if (name.origin === 'builtIn') return [];
  const same = placesOf(place, textsWith, catalog);
  const declared = same.filter((one) => one.name.role === 'declaration');
  // Several texts may declare what this one only uses: any of them may be meant.
  const open = declared.length > 0 ? declared : textsWith([name.word]).flatMap((other) => other.names.with([name.word]).filter(({ publicKey }) => publicKey === name.key).map((one) => ({ file: other, name: one })));
  const found = open.length > 0 ? ofVersion(open, name) : same.filter((one) => one.name.role === 'set');
  return found.map((one) => ({ file: one.file, span: one.name.span }));
}

/** The version that is asked for, or else the newest. */
function ofVersion(places: readonly Place[], { kind, version }: Name): readonly Place[] {
  if (kind !== 'type') return places;
  const exact = version === undefined ? [] : places.filter(({ name }) => name.version === version);
  if (exact.length > 0) return exact;
  const newest = places.reduce<string | undefined>((best, { name }) => (compareVersions(name.version, best) > 0 ? name.version : best), undefined);
  return places.filter(({ name }) => compareVersions(name.version, newest) === 0);
}

/** All words by which the thing may be called. Only built-in types have more than one. */
function wordsFor({ origin, kind, word, key }: Name, { types, renames }: Catalog): readonly string[] {
  if (kind !== 'type' || origin !== 'builtIn') return [word];
  const id = key.slice(key.lastIndexOf('\n') + 1);
  const names = new Set(types.flatMap((type) => (type.id === id && type.origin === undefined ? [id, ...type.aliases] : [])));
  return [word, ...names, ...Object.entries(renames).flatMap(([old, present]) => (names.has(present) ? [old] : []))];
}

/** Turns the key by which a text speaks of something outside of it into that of the one declaration there is. */
function canonicalIn(places: readonly Place[]): (key: string) => string {
  const homes = new Map<string, Set<string>>();
  for (const { name: { publicKey, key } } of places) {
    if (publicKey === undefined || publicKey === key) continue;
    const known = homes.get(publicKey);
    if (known) known.add(key);
    else homes.set(publicKey, new Set([key]));
  }
  return (key) => {
    const [home, second] = homes.get(key) ?? [];
    return home === undefined || second !== undefined ? key : home;
  };
}

function withText(file: NamedText, files: readonly NamedText[]): readonly NamedText[] {
  return files.some(({ uri }) => uri === file.uri) ? files : [file, ...files];
}

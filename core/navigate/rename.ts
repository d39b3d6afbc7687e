// Another word for a thing, everywhere it is named: the edits, or one sentence that says why not. Nothing is changed where the
// meaning of any text might change with it.

import { resolvePlain } from '#core/blueprint/scalars.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { isIdentifierPart } from '#core/dsl/characters.ts';
import { placesOf, type TextsWith } from '#core/navigate/across.ts';
import { isUndeclared } from '#core/navigate/configKeys.ts';
import { keyOf, keyWith, type Name, type NameKind, type NamedText, type Place } from '#core/navigate/name.ts';
import type { Edit } from '#core/text/diagnostic.ts';

export interface Refusal {
  /** A sentence for the person who asked. */
  readonly refusal: string;
}

export interface EditsOfText {
  readonly file: NamedText;
  readonly edits: readonly Edit[];
}

const nouns: Readonly<Record<NameKind, string>> = { entity: 'entity', type: 'type', configKey: 'config key', network: 'network' };

/** Every place that is to be changed when the name is; or why it cannot be. */
export function renamable(place: Place, textsWith: TextsWith, catalog: Catalog): readonly Place[] | Refusal {
  const { word, kind, key, origin } = place.name;
  const noun = nouns[kind];
  const places = placesOf(place, textsWith, catalog);
  if (origin === 'builtIn') return refuse(kind === 'type' ? `${word} is a type that comes with Clocker, and keeps its name.` : `${word} is a config key of a type that comes with Clocker, and keeps its name.`);
  if (kind === 'type' && places.some(({ file }) => file.names.with([word]).some((one) => one.key === keyOf('java', word)))) return refuse(`${word} is the name of a Java class, and keeps its name.`);
  const isDeclared = places.some(({ name }) => name.role === 'declaration');
  if (!isDeclared && kind === 'configKey') {
    if (places.some(({ name }) => name.origin !== 'text')) return refuse(`${word} may be a config key of a type whose definition is not in this workspace; only what is declared in it can be renamed.`);
    if (!places.some(({ name }) => name.role === 'set')) return refuse(`No file of this workspace declares the config key ${word} or sets it.`);
    const [asked] = askedElsewhere(place.name, textsWith);
    if (asked) return refuse(`${word} is asked for at ${where(asked.file, asked.name)} too, which may get it from here; declare it as a parameter there first.`);
  } else if (!isDeclared) {
    if (kind === 'type' && /^[\w$]+(?:\.[\w$]+)+$/.test(word)) return refuse(`${word} is the name of a Java class, and keeps its name.`);
    const several = textsWith([word]).filter(({ names }) => names.with([word]).some(({ publicKey }) => publicKey === key)).length > 1;
    return refuse(several ? `Several files declare the ${noun} ${word}, and any of them may be meant here.` : kind === 'entity' ? `No entity here has the id ${word}.` : `No file of this workspace declares the ${noun} ${word}.`);
  }
  for (const { file, name } of places) {
    if (name.writing === 'elsewhere') return refuse(`${word} is written as an alias or over several lines at ${where(file, name)}, and cannot be changed there.`);
    const other = file.names.with([word]).find(({ span, key: otherKey }) => span.start === name.span.start && otherKey !== name.key && !places.some((one) => one.name.key === otherKey));
    if (other) return refuse(`${word} at ${where(file, name)} stands for two things at once, by way of an anchor, and cannot be changed there.`);
  }
  return places;
}

/** Where other trees ask for a config key that they do not set: put below this one, they inherit it. */
function askedElsewhere({ word, key }: Name, textsWith: TextsWith): readonly Place[] {
  return textsWith([word]).flatMap((file) => {
    const names = file.names.with([word]).filter((one) => isUndeclared(one.key) && one.key !== key);
    const set = new Set(names.flatMap((one) => (one.role === 'set' ? [one.key] : [])));
    return names.filter((one) => !set.has(one.key)).map((name) => ({ file, name }));
  });
}

/** The edits that give the thing another name. */
export function rename(place: Place, newWord: string, textsWith: TextsWith, catalog: Catalog): readonly EditsOfText[] | Refusal {
  const places = renamable(place, textsWith, catalog);
  if ('refusal' in places) return places;
  if (newWord === place.name.word) return [];
  const problem = problemOf(newWord, place.name.kind) ?? misread(newWord, places) ?? taken(newWord, place, places, textsWith, catalog);
  if (problem !== undefined) return refuse(problem);
  const files = [...new Set(places.map(({ file }) => file))];
  return files.map((file) => ({ file, edits: places.filter((one) => one.file === file).map(({ name }) => ({ span: name.span, newText: newWord })) }));
}

/** What is wrong with the word itself. */
function problemOf(word: string, kind: NameKind): string | undefined {
  if (word === '') return `The name of ${kind === 'entity' ? 'an entity' : `a ${nouns[kind]}`} cannot be empty.`;
  if (/\s/.test(word)) return `A name cannot hold white space: ${JSON.stringify(word)}.`;
  const bad = /[^\p{L}\p{M}\p{N}_.-]/u.exec(word)?.[0];
  if (bad !== undefined) return kind === 'type' && bad === ':' ? 'A colon separates a type from its version, and cannot stand in its name.' : `A name is made of letters, digits, _, - and .; ${bad} is none of them.`;
  return /^[\p{L}\p{N}_]/u.test(word) ? undefined : `A name begins with a letter, a digit or _, not with ${word.charAt(0)}.`;
}

/** Where the word would be read as something else. */
function misread(word: string, places: readonly Place[]): string | undefined {
  const plain = places.find(({ name }) => name.writing === 'plain');
  const { value } = resolvePlain(word);
  if (plain && typeof value !== 'string') return `${word} without quotes is read as ${value === null ? 'nothing' : typeof value === 'boolean' ? 'a boolean' : typeof value === 'object' ? 'a date' : 'a number'} at ${where(plain.file, plain.name)}.`;
  const bare = places.find(({ name }) => name.writing === 'word');
  const isDotted = bare?.name.kind === 'configKey' && /^[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*$/.test(word);
  if (bare && !isDotted && !word.split('').every(isIdentifierPart)) return `${word} would need quotes at ${where(bare.file, bare.name)}.`;
  return undefined;
}

/** Whether something else goes by the word already. */
function taken(word: string, { name }: Place, places: readonly Place[], textsWith: TextsWith, catalog: Catalog): string | undefined {
  const keys = new Set(places.flatMap((place) => [place.name.key, ...(place.name.publicKey === undefined ? [] : [place.name.publicKey])]).map((key) => keyWith(key, word)));
  const edited = new Set(places.map(({ file }) => file.uri));
  const isConfig = name.kind === 'configKey';
  if (name.kind === 'type' && catalog.find(word)) return `There is a type ${word} already.`;
  if (isConfig && declarersOf(places, catalog).some((type) => catalog.membersOf(type).parameters.has(word) || catalog.membersOf(type).flags.has(word))) return `The type has a config key ${word} already.`;
  for (const file of textsWith([word])) {
    const other = file.names.with([word]).find(({ kind, key }) => keys.has(key) || (isConfig && kind === 'configKey' && edited.has(file.uri)));
    if (other) return `${word} is the name of another ${nouns[name.kind]} already, at ${where(file, other)}.`;
  }
  return undefined;
}

/** The types that have the config key: those that declare it, and those that are given it. */
function declarersOf(places: readonly Place[], catalog: Catalog): readonly Parameters<Catalog['membersOf']>[0][] {
  return [...new Set(places.flatMap(({ name }) => (name.typeName === undefined ? [] : (catalog.find(name.typeName)?.type ?? []))))];
}

function where({ uri, lines }: NamedText, { span }: Name): string {
  const file = uri.slice(uri.lastIndexOf('/') + 1);
  return `line ${lines.positionAt(span.start).line + 1} of ${file}`;
}

function refuse(refusal: string): Refusal {
  return { refusal };
}

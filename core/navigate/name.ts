// What can be navigated in a blueprint: the names of entities, types, config keys and networks, each with the place where it is
// written. Plain data; finding them is names.ts, comparing them across texts is across.ts.

import type { Lines, Span } from '#core/text/span.ts';

export type NameKind = 'entity' | 'type' | 'configKey' | 'network';

/** How a name is written: as a plain YAML value, between quotes, as a word of an expression or a template, or in a way that cannot be changed in place (an alias, a folded text). */
export type Writing = 'plain' | 'quoted' | 'word' | 'elsewhere';

/** A name at one place of a text. */
export interface Name {
  readonly kind: NameKind;
  readonly word: string;
  /** The word alone: no quotes, no version. */
  readonly span: Span;
  readonly writing: Writing;
  /** Places with the same key mean the same thing. */
  readonly key: string;
  /** Of a declaration: the key under which other texts speak of it, where that differs. */
  readonly publicKey?: string;
  /** `set`: a config key that gets a value here. */
  readonly role: 'declaration' | 'set' | 'use';
  /** Where it comes from: a file (then a declaration is to be found), Clocker itself, or nobody knows. */
  readonly origin: 'text' | 'builtIn' | 'unknown';
  /** The version in `type: id:version`, or of the item declared. */
  readonly version?: string;
  /** Exactly what a use means, where the text alone says so: one of several entities of the same id, say. */
  readonly target?: Span;
  /** The type that the named entity has, or that declares the config key. */
  readonly typeName?: string;
}

/** The names of a text, in the order of their places. */
export interface Names {
  /** Those of some words: what else stands in the text costs nearly nothing. */
  readonly with: (words: readonly string[]) => readonly Name[];
  /** The name at an offset, its ends included. */
  readonly at: (offset: number) => Name | undefined;
  /** Declarations alone. */
  readonly declared: readonly Name[];
  readonly all: readonly Name[];
}

/** A text of the workspace with its names. `version` is that of an open document. */
export interface NamedText {
  readonly uri: string;
  readonly version?: number;
  readonly text: string;
  readonly lines: Lines;
  readonly names: Names;
}

/** A name in its text. */
export interface Place {
  readonly file: NamedText;
  readonly name: Name;
}

const separator = '\n';

/** A key from its parts. Names have no line breaks in them that matter. */
export function keyOf(...parts: readonly string[]): string {
  return parts.join(separator);
}

/** The key that the thing would have under another word: the word is always the last part. */
export function keyWith(key: string, word: string): string {
  return key.slice(0, key.lastIndexOf(separator) + 1) + word;
}

/** The name of a type without the version behind it: `web:1.0` is `web`. Images and addresses are no names of types. */
export function typeWord(written: string): { readonly word: string; readonly version?: string } | undefined {
  const match = /^(?<word>[^:\s]+)(?::(?<version>[^:/\s]*))?$/.exec(written);
  const { word, version } = match?.groups ?? {};
  if (word === undefined || /^(?:docker|classpath|https?|file|chef|salt|ansible|java|brooklyn\.catalog)$/.test(version === undefined ? '' : word) || word.includes('$')) return undefined;
  return { word, ...(version !== undefined && version !== '' && { version }) };
}

// All that the server knows at one time: the open documents, the types of every catalog file, and the settings. Plain state,
// without a connection: it says what is to be published, somebody else does it.

import { read } from '#core/blueprint/read.ts';
import type { Reading } from '#core/blueprint/read.ts';
import { valueOf, isNothing } from '#core/blueprint/tree.ts';
import type { BuiltIn } from '#core/catalog/catalog.ts';
import { Catalog } from '#core/catalog/catalog.ts';
import type { Type } from '#core/catalog/type.ts';
import { typesOf } from '#core/catalog/type.ts';
import { check } from '#core/check/check.ts';
import { contextOf } from '#core/check/context.ts';
import type { NamedText, Names } from '#core/navigate/name.ts';
import { namesOf } from '#core/navigate/names.ts';
import { symbolsIn } from '#core/navigate/symbols.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { Lines } from '#core/text/span.ts';
import type { BlueprintDocument } from './features/document.ts';
import { matcher } from './patterns.ts';
import type { SymbolsOfText } from './savedTexts.ts';
import { SavedTexts } from './savedTexts.ts';
import type { Settings } from './settings.ts';
import { defaults } from './settings.ts';

/** One version of an open document. `isNamed`: the editor says it is a blueprint. */
interface Opened {
  readonly uri: string;
  readonly version: number;
  readonly text: string;
  readonly isNamed: boolean;
  readonly reading: Reading;
  readonly isOurs: boolean;
  /** Made when first asked for, and again when the catalog has changed. */
  view: BlueprintDocument | undefined;
}

export class Workspace {
  #builtIn: BuiltIn | undefined;
  readonly #open = new Map<string, Opened>();
  /** Types by file: of what is saved, and of what is open, which hides the saved. */
  readonly #saved = new Map<string, readonly Type[]>();
  readonly #typed = new Map<string, readonly Type[]>();
  readonly #texts = new SavedTexts();
  #catalog = new Catalog({ types: [], renames: {} });
  #settings: Settings = defaults;
  #isByName = matcher(defaults.blueprintFiles);

  /** The built-in types, which are not there from the first moment on. Until then `view` gives nothing: all types would be unknown. */
  learn(builtIn: BuiltIn): void {
    this.#builtIn = builtIn;
    this.#renew();
  }

  get catalog(): Catalog {
    return this.#catalog;
  }

  get settings(): Settings {
    return this.#settings;
  }

  get openUris(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** Takes in a new version of a document. True when other documents may read differently now: the types it defines have changed. */
  update(uri: string, version: number, text: string, isNamed: boolean): boolean {
    const reading = read(text);
    const isOurs = isNamed || this.#isByName(uri) || reading.kind !== 'other' || (this.#open.get(uri)?.isOurs === true && isHalfTyped(reading));
    this.#open.set(uri, { uri, version, text, isNamed, reading, isOurs, view: undefined });
    return this.#replace(this.#typed, uri, isOurs ? typesOf(reading.items, uri) : []);
  }

  /** As `update`: what was saved of it counts again. */
  close(uri: string): boolean {
    this.#open.delete(uri);
    return this.#replace(this.#typed, uri, undefined);
  }

  /** A blueprint or catalog on disk, `undefined` where it is gone. As `update`. */
  save(uri: string, text: string | undefined): boolean {
    const reading = this.#texts.save(uri, text, this.#isByName(uri));
    return this.#replace(this.#saved, uri, reading && typesOf(reading.items, uri));
  }

  /** Folders are closed: what was saved in them, and in none that stays, is not known any more. As `update`. */
  forget(folders: readonly string[], kept: readonly string[]): boolean {
    const isIn = (uri: string, all: readonly string[]): boolean => all.some((folder) => uri.startsWith(`${folder.replace(/\/$/, '')}/`));
    return this.#texts.uris.filter((uri) => isIn(uri, folders) && !isIn(uri, kept)).reduce((isChanged, uri) => this.save(uri, undefined) || isChanged, false);
  }

  /** The texts, open and saved, in which one of the words stands. */
  readonly textsWith = (words: readonly string[]): readonly NamedText[] => {
    const open = this.openUris.flatMap((uri) => this.view(uri) ?? []).filter(({ text }) => words.some((word) => text.includes(word)));
    return [...open, ...this.#texts.with(words, this.#catalog, (uri) => this.#open.has(uri))];
  };

  /** What a search by name looks through: every text, open or saved. */
  symbols(): readonly SymbolsOfText[] {
    const open = this.openUris.flatMap((uri) => this.view(uri) ?? []).map(({ uri, lines, reading }) => ({ uri, lines, symbols: symbolsIn(reading) }));
    return [...open, ...this.#texts.symbols((uri) => this.#open.has(uri))];
  }

  configure(settings: Settings): void {
    this.#settings = settings;
    this.#isByName = matcher(settings.blueprintFiles);
    const before = [...this.#open.values()];
    for (const { uri, version, text, isNamed } of before) {
      // What was ours by the old patterns alone does not stay ours for being half typed.
      this.#open.delete(uri);
      this.update(uri, version, text, isNamed);
    }
  }

  /** The document as features want it; nothing where it is not open or none of ours. */
  view(uri: string): BlueprintDocument | undefined {
    const opened = this.#open.get(uri);
    if (!opened?.isOurs || !this.#builtIn) return undefined;
    if (opened.view?.catalog !== this.#catalog) opened.view = viewOf(opened, this.#catalog);
    return opened.view;
  }

  #replace(files: Map<string, readonly Type[]>, uri: string, types: readonly Type[] | undefined): boolean {
    const before = this.#typesIn(uri);
    if (types) files.set(uri, types);
    else files.delete(uri);
    const now = this.#typesIn(uri);
    if (before.length === 0 && now.length === 0) return false;
    this.#renew();
    return !sameTypes(before, now);
  }

  #renew(): void {
    const all = new Map([...this.#saved, ...this.#typed]);
    if (this.#builtIn) this.#catalog = new Catalog(this.#builtIn, [...all.values()].flat());
  }

  #typesIn(uri: string): readonly Type[] {
    return this.#typed.get(uri) ?? this.#saved.get(uri) ?? [];
  }
}

function viewOf({ uri, version, text, reading }: Opened, catalog: Catalog): BlueprintDocument {
  let diagnostics: readonly Diagnostic[] | undefined;
  let names: Names | undefined;
  const context = contextOf(reading, catalog);
  return {
    uri,
    version,
    text,
    reading,
    catalog,
    lines: new Lines(text),
    context,
    get diagnostics() {
      diagnostics ??= check(reading, catalog);
      return diagnostics;
    },
    get names() {
      names ??= namesOf(context, uri);
      return names;
    },
  };
}

/** What was a blueprint a moment ago and is now being typed at: invalid, empty, or its services without a type yet. */
function isHalfTyped({ root, diagnostics }: Reading): boolean {
  if (root?.kind !== 'map' || diagnostics.some(({ code }) => code === 'invalid-yaml' || code === 'too-large')) return true;
  const services = valueOf(root, 'services');
  return services !== undefined && (services.kind === 'list' || isNothing(services));
}

/** Where they stand does not matter to those who use them. */
function sameTypes(before: readonly Type[], now: readonly Type[]): boolean {
  const plain = (types: readonly Type[]): string => JSON.stringify(types, (key: string, value: unknown) => (key === 'origin' ? undefined : value));
  return before.length === now.length && plain(before) === plain(now);
}

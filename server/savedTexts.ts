// The blueprints and catalogs of the workspace as they are on disk: their texts, for whoever looks for a word in them, and what
// a search by name needs. What is open in an editor is not looked up here.

import { read, type Reading } from '#core/blueprint/read.ts';
import { cloudsIn } from '#core/cloud/named.ts';
import type { Catalog } from '#core/catalog/catalog.ts';
import { check } from '#core/check/check.ts';
import { contextOf } from '#core/check/context.ts';
import type { NamedText, Names } from '#core/navigate/name.ts';
import { namesOf } from '#core/navigate/names.ts';
import { symbolsIn, type FoundSymbol } from '#core/navigate/symbols.ts';
import { Lines, type Encoding } from '#core/text/span.ts';
import type { Diagnosed } from './features/diagnostics.ts';

interface Saved {
  readonly uri: string;
  readonly text: string;
  readonly symbols: readonly FoundSymbol[];
  /** The id of the application that it describes. */
  readonly application: string | undefined;
  /** The docker clouds that it describes. */
  readonly clouds: readonly string[];
  /** Made when first asked for, and again when the catalog has changed. */
  named: { readonly catalog: Catalog; readonly text: NamedText } | undefined;
  /** The same. */
  diagnosed: { readonly catalog: Catalog; readonly file: Diagnosed } | undefined;
}

export interface SymbolsOfText {
  readonly uri: string;
  readonly lines: Lines;
  readonly symbols: readonly FoundSymbol[];
}

export class SavedTexts {
  readonly #files = new Map<string, Saved>();
  /** Of the positions in `lines`; settled before the first text is. */
  encoding: Encoding = 'utf-16';

  get uris(): readonly string[] {
    return [...this.#files.keys()];
  }

  /** Takes in a file, `undefined` where it is gone. Gives its reading; nothing for YAML that is none of ours. `isNamed`: its name says that it is. */
  save(uri: string, text: string | undefined, isNamed: boolean): Reading | undefined {
    this.#files.delete(uri);
    // Reading costs more than a look: most YAML of a workspace is not ours.
    if (text === undefined || (!isNamed && !/^["']?(?:services|brooklyn\.catalog)["']?\s*:/m.test(text))) return undefined;
    const reading = read(text);
    if (reading.kind === 'other' && !isNamed) return undefined;
    this.#files.set(uri, { uri, text, symbols: symbolsIn(reading), application: reading.plan?.id?.value, clouds: cloudsIn(reading), named: undefined, diagnosed: undefined });
    return reading;
  }

  /** The texts in which one of the words stands, all but those that are hidden. A word that is written with escapes is not found. */
  with(words: readonly string[], catalog: Catalog, isHidden: (uri: string) => boolean): readonly NamedText[] {
    return [...this.#files.values()].filter(({ uri, text }) => !isHidden(uri) && words.some((word) => text.includes(word))).map((saved) => named(saved, catalog, this.encoding));
  }

  /** Checked by the types that are known; nothing for a file that is none of ours. */
  diagnosed(uri: string, catalog: Catalog): Diagnosed | undefined {
    const saved = this.#files.get(uri);
    if (saved && saved.diagnosed?.catalog !== catalog) {
      const { text } = saved;
      saved.diagnosed = { catalog, file: { uri, lines: new Lines(text).in(this.encoding), diagnostics: check(read(text), catalog) } };
    }
    return saved?.diagnosed?.file;
  }

  clouds(isHidden: (uri: string) => boolean): readonly string[] {
    return [...this.#files.values()].flatMap(({ uri, clouds }) => (isHidden(uri) ? [] : clouds));
  }

  applications(isHidden: (uri: string) => boolean): readonly string[] {
    return [...this.#files.values()].flatMap(({ uri, application }) => (application === undefined || isHidden(uri) ? [] : [application]));
  }

  symbols(isHidden: (uri: string) => boolean): readonly SymbolsOfText[] {
    return [...this.#files.values()].filter(({ uri }) => !isHidden(uri)).map((saved) => symbolsOf(saved, this.encoding));
  }
}

function named(saved: Saved, catalog: Catalog, encoding: Encoding): NamedText {
  if (saved.named?.catalog === catalog) return saved.named.text;
  const { uri, text } = saved;
  let names: Names | undefined;
  const made: NamedText = {
    uri,
    text,
    lines: new Lines(text).in(encoding),
    get names() {
      names ??= namesOf(contextOf(read(text), catalog), uri);
      return names;
    },
  };
  saved.named = { catalog, text: made };
  return made;
}

/** Lines are only counted for a text that has something to show. */
function symbolsOf({ uri, text, symbols }: Saved, encoding: Encoding): SymbolsOfText {
  let lines: Lines | undefined;
  return {
    uri,
    symbols,
    get lines() {
      lines ??= new Lines(text).in(encoding);
      return lines;
    },
  };
}

// All that the server knows at one time: the open documents, the types of every catalog file, and the settings. Plain state,
// without a connection: it says what is to be published, somebody else does it.

import type { Reading } from '#core/blueprint/read.ts';
import { valueOf, isNothing } from '#core/blueprint/tree.ts';
import { type BuiltIn, Catalog } from '#core/catalog/catalog.ts';
import { cloudsIn } from '#core/cloud/named.ts';
import { type Type, typesOf } from '#core/catalog/type.ts';
import { OwnTypes } from '#core/catalog/own.ts';
import { Checker } from '#core/check/checker.ts';
import type { CheckContext } from '#core/check/context.ts';
import { checkBlocksInUse } from '#core/check/subnets.ts';
import { LiveDocument } from '#core/incremental/document.ts';
import type { NamedText, Names } from '#core/navigate/name.ts';
import { namesOf } from '#core/navigate/names.ts';
import { symbolsIn } from '#core/navigate/symbols.ts';
import type { BlockInUse } from '#core/sdn/inUse.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import type { Encoding, Range } from '#core/text/span.ts';
import type { Diagnosed } from './features/diagnostics.ts';
import { missingSources, type LookBeside } from './features/missingSources.ts';
import type { BlueprintDocument } from './features/document.ts';
import { matcher } from './patterns.ts';
import { type SymbolsOfText, SavedTexts } from './savedTexts.ts';
import { type Settings, defaults } from './settings.ts';

/** An open document. `isNamed`: the editor says it is a blueprint. */
interface Opened {
  readonly uri: string;
  readonly isNamed: boolean;
  readonly document: LiveDocument;
  readonly types: OwnTypes;
  version: number;
  isOurs: boolean;
  /** As it was last read. */
  reading: Reading | undefined;
  /** What was checked, by the types that are known; made anew when those change. */
  checker: { readonly catalog: Catalog; readonly checker: Checker } | undefined;
  /** Made when first asked for, and again when the text or the catalog has changed. */
  view: BlueprintDocument | undefined;
}

/** A change as an editor tells it: of a range, or of the whole text. */
export interface TextChange {
  readonly range?: Range;
  readonly text: string;
}

export class Workspace {
  readonly #look: LookBeside;
  #builtIn: BuiltIn | undefined;
  readonly #open = new Map<string, Opened>();
  /** Those whose text has changed since it was last read. */
  readonly #unread = new Set<Opened>();
  #isRenewed = false;
  /** Types by file: of what is saved, and of what is open, which hides the saved. */
  readonly #saved = new Map<string, readonly Type[]>();
  readonly #typed = new Map<string, readonly Type[]>();
  readonly #texts = new SavedTexts();
  readonly #dockerfiles = new Set<string>();
  #blocksInUse: readonly BlockInUse[] = [];
  #catalog = new Catalog({ types: [], renames: {} });
  /** There are types that the catalog does not have, or not any more. */
  #isStale = false;
  #settings: Settings = defaults;
  #isByName = matcher(defaults.blueprintFiles);
  #encoding: Encoding = 'utf-16';

  /** `look` sees the files beside documents. */
  constructor(look: LookBeside = () => undefined) {
    this.#look = look;
  }

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

  /** How positions count, as was agreed with the editor: before there is any document. */
  count(encoding: Encoding): void {
    this.#encoding = encoding;
    this.#texts.encoding = encoding;
  }

  get openUris(): readonly string[] {
    return [...this.#open.keys()];
  }

  isOpen(uri: string): boolean {
    return this.#open.has(uri);
  }

  /** Blueprints and catalogs of the workspace that are not open. */
  get closedUris(): readonly string[] {
    return this.#texts.uris.filter((uri) => !this.#open.has(uri));
  }

  /** One of them, with what is wrong with it. Nothing before the built-in types are known. */
  saved(uri: string): Diagnosed | undefined {
    return this.#builtIn && !this.#open.has(uri) ? this.#texts.diagnosed(uri, this.#catalog) : undefined;
  }

  /** Takes in a document, or a new text of it. */
  update(uri: string, version: number, text: string, isNamed: boolean): void {
    const isOurs = this.#open.get(uri)?.isOurs ?? false;
    this.#take({ uri, isNamed, document: new LiveDocument(text), types: new OwnTypes(uri), version, isOurs, reading: undefined, checker: undefined, view: undefined });
  }

  /** Takes in what was typed, one change after the other. It is read when somebody asks for it. */
  change(uri: string, version: number, changes: readonly TextChange[]): void {
    const opened = this.#open.get(uri);
    if (!opened) return;
    const { document } = opened;
    for (const { range, text } of changes) {
      const lines = document.lines.in(this.#encoding);
      const ends = range ? [lines.offsetAt(range.start), lines.offsetAt(range.end)] : [0, document.text.length];
      document.edit({ span: { start: Math.min(...ends), end: Math.max(...ends) }, newText: text });
    }
    opened.version = version;
    this.#take(opened);
  }

  /** Reads what has changed. True when documents beside those may read differently now: the types that are known have changed. Nothing is told twice. */
  settle(): boolean {
    for (const opened of this.#unread) this.#isRenewed = this.#read(opened) || this.#isRenewed;
    const isRenewed = this.#isRenewed;
    this.#isRenewed = false;
    return isRenewed;
  }

  #take(opened: Opened): void {
    opened.view = undefined;
    this.#open.set(opened.uri, opened);
    this.#unread.add(opened);
  }

  #read(opened: Opened): boolean {
    this.#unread.delete(opened);
    const { uri, isNamed, document, types } = opened;
    if (this.#open.get(uri) !== opened) return false;
    const { reading } = document;
    opened.isOurs = isNamed || this.#isByName(uri) || reading.kind !== 'other' || (opened.isOurs && isHalfTyped(reading));
    opened.reading = reading;
    const isChanged = this.#replace(this.#typed, uri, opened.isOurs ? types.of(reading.items) : []);
    this.indexed();
    return isChanged;
  }

  /** What was saved of it counts again. True when other documents may read differently now. */
  close(uri: string): boolean {
    this.#open.delete(uri);
    const isChanged = this.#replace(this.#typed, uri, undefined);
    this.indexed();
    return isChanged;
  }

  /** A blueprint or catalog on disk, `undefined` where it is gone. As `close`. */
  save(uri: string, text: string | undefined): boolean {
    const isChanged = this.index(uri, text);
    this.indexed();
    return isChanged;
  }

  /** The same for one of many files. Their types are known when `indexed` is called: what is open is not checked anew after each file. */
  index(uri: string, text: string | undefined): boolean {
    const reading = this.#texts.save(uri, text, this.#isByName(uri));
    return this.#replace(this.#saved, uri, reading && typesOf(reading.items, uri));
  }

  indexed(): void {
    if (this.#isStale) this.#renew();
  }

  /** A Dockerfile has been found, or is gone. */
  dockerfile(uri: string, isThere: boolean): void {
    if (isThere) this.#dockerfiles.add(uri);
    else this.#dockerfiles.delete(uri);
    // What names it may be right now, or wrong.
    for (const opened of this.#open.values()) opened.view = undefined;
  }

  /** What hosts use, as an editor knows it. */
  useBlocks(blocks: readonly BlockInUse[]): void {
    this.#blocksInUse = blocks;
    for (const opened of this.#open.values()) opened.view = undefined;
  }

  get dockerfiles(): readonly string[] {
    return [...this.#dockerfiles];
  }

  /** Folders are closed: what was saved in them, and in none that stays, is not known any more. As `close`. */
  forget(folders: readonly string[], kept: readonly string[]): boolean {
    const isIn = (uri: string, all: readonly string[]): boolean => all.some((folder) => uri.startsWith(`${folder.replace(/\/$/, '')}/`));
    for (const uri of this.#dockerfiles) if (isIn(uri, folders) && !isIn(uri, kept)) this.#dockerfiles.delete(uri);
    const isChanged = this.#texts.uris.filter((uri) => isIn(uri, folders) && !isIn(uri, kept)).reduce((isSome, uri) => this.index(uri, undefined) || isSome, false);
    this.indexed();
    return isChanged;
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

  /** Ids of the applications that the texts describe, open and saved: as they were last read, so that it may be asked in the midst of an answer. */
  applications(): readonly string[] {
    const open = [...this.#open.values()].flatMap(({ reading }) => reading?.plan?.id?.value ?? []);
    return [...new Set([...open, ...this.#texts.applications((uri) => this.#open.has(uri))])].toSorted();
  }

  /** Names of the docker clouds: of the settings, and those that texts describe. As `applications`. */
  clouds(): readonly string[] {
    const open = [...this.#open.values()].flatMap(({ reading }) => (reading ? cloudsIn(reading) : []));
    return [...new Set([...this.#settings.clouds, ...open, ...this.#texts.clouds((uri) => this.#open.has(uri))])];
  }

  configure(settings: Settings): void {
    this.#settings = settings;
    this.#isByName = matcher(settings.blueprintFiles);
    for (const opened of this.#open.values()) {
      // What was ours by the old patterns alone does not stay ours for being half typed.
      opened.isOurs = false;
      this.#take(opened);
    }
  }

  /** The document as features want it; nothing where it is not open or none of ours. */
  view(uri: string): BlueprintDocument | undefined {
    for (const unread of this.#unread) this.#isRenewed = this.#read(unread) || this.#isRenewed;
    const opened = this.#open.get(uri);
    if (!opened?.isOurs || !this.#builtIn) return undefined;
    opened.document.settle();
    const catalog = this.#catalog;
    if (opened.checker?.catalog !== catalog) opened.checker = { catalog, checker: new Checker(catalog) };
    if (opened.view?.catalog !== catalog) opened.view = viewOf(opened, catalog, opened.checker.checker, this.#encoding, { look: this.#look, blocksInUse: this.#blocksInUse });
    return opened.view;
  }

  #replace(files: Map<string, readonly Type[]>, uri: string, types: readonly Type[] | undefined): boolean {
    const before = this.#typesIn(uri);
    if (types === before) return false;
    if (types) files.set(uri, types);
    else files.delete(uri);
    const now = this.#typesIn(uri);
    if (before.length === 0 && now.length === 0) return false;
    this.#isStale = true;
    return !sameTypes(before, now);
  }

  #renew(): void {
    this.#isStale = false;
    const all = new Map([...this.#saved, ...this.#typed]);
    if (this.#builtIn) this.#catalog = new Catalog(this.#builtIn, [...all.values()].flat());
  }

  #typesIn(uri: string): readonly Type[] {
    return this.#typed.get(uri) ?? this.#saved.get(uri) ?? [];
  }
}

/** What is known of the world around a text. */
interface Around {
  readonly look: LookBeside;
  readonly blocksInUse: readonly BlockInUse[];
}

function viewOf({ uri, version, document }: Opened, catalog: Catalog, checker: Checker, encoding: Encoding, { look, blocksInUse }: Around): BlueprintDocument {
  const { text, reading } = document;
  const lines = document.lines.in(encoding);
  let checked: readonly Diagnostic[] | undefined;
  let diagnostics: readonly Diagnostic[] | undefined;
  let context: CheckContext | undefined;
  let names: Names | undefined;
  const view: BlueprintDocument = {
    uri,
    version,
    text,
    reading,
    catalog,
    lines,
    get context() {
      return (context ??= (checked ??= checker.check(reading, document.chunks)) && checker.contextOf(reading));
    },
    get diagnostics() {
      return (diagnostics ??= withSurroundings((checked ??= checker.check(reading, document.chunks))));
    },
    get names() {
      return (names ??= namesOf(view.context, uri));
    },
    suppose: (edit) => {
      const supposed = document.suppose(edit);
      return { reading: supposed, context: checker.contextOf(supposed) };
    },
  };
  return view;

  function withSurroundings(all: readonly Diagnostic[]): readonly Diagnostic[] {
    const missing = /dockerfileUrl|docker\.(?:dockerfile|context|entrypoint)\.url/.test(text) ? missingSources(checker.contextOf(reading), uri, look) : [];
    const inUse = blocksInUse.length > 0 && /cidr/.test(text) ? checkBlocksInUse(checker.contextOf(reading), blocksInUse) : [];
    return missing.length + inUse.length === 0 ? all : [...all, ...missing, ...inUse].toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end);
  }
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

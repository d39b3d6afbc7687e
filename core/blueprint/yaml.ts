// YAML as Brooklyn reads it, as a tree of plain data with places. The only file that imports the `yaml` package, which here
// gives structure and places; what plain scalars mean is decided in scalars.ts.

import { isAlias, isMap, isScalar, isSeq, parseAllDocuments, type Document, type Node, type Pair, type YAMLMap } from 'yaml';

import { runsIn } from '#core/blueprint/runs.ts';
import { resolvePlain, type ScalarValue, type Surprise } from '#core/blueprint/scalars.ts';
import { extraDocument } from '#core/diagnostics/extraDocument.ts';
import { invalidYaml } from '#core/diagnostics/invalidYaml.ts';
import { report } from '#core/diagnostics/rule.ts';
import { tooLarge } from '#core/diagnostics/tooLarge.ts';
import type { Diagnostic } from '#core/text/diagnostic.ts';
import { span as plainSpan, type Span } from '#core/text/span.ts';

export type { ScalarValue } from '#core/blueprint/scalars.ts';

export interface YamlScalar {
  readonly kind: 'scalar';
  /** From the first character of the scalar (its quote, if any) to the last. Empty where nothing is written. */
  readonly span: Span;
  readonly value: ScalarValue;
  /** The characters after unquoting and folding: what the value is as a string. */
  readonly text: string;
  readonly style: 'plain' | 'single' | 'double' | 'block';
  readonly surprise?: Surprise;
  /** True for the copy that stands where an alias (`*name`) or a merge key is: its own span is the alias's, those inside it are the anchor's. */
  readonly aliased?: true;
}

export interface YamlEntry {
  readonly key: YamlNode;
  readonly value: YamlNode;
  /** From the key to the end of the value. */
  readonly span: Span;
  /** True where the entry came in by a merge key (`<<`). */
  readonly merged?: true;
}

export interface YamlMap {
  readonly kind: 'map';
  readonly span: Span;
  /** All as written, doubled keys included; the last of equal keys wins. Merge keys (`<<`) are replaced, in front, by what they merge. */
  readonly entries: readonly YamlEntry[];
  readonly aliased?: true;
}

export interface YamlList {
  readonly kind: 'list';
  readonly span: Span;
  readonly items: readonly YamlNode[];
  readonly aliased?: true;
}

export type YamlNode = YamlScalar | YamlMap | YamlList;

export interface ParsedYaml {
  /** The first document: the plan. Absent where there is nothing but comments, or where the text was refused. */
  readonly root: YamlNode | undefined;
  /** Where a second document begins; upstream reads only the first. */
  readonly secondDocumentAt: number | undefined;
  readonly diagnostics: readonly Diagnostic[];
  /** Those of the diagnostics of which only the first few of a whole text are told: what the `yaml` package found. */
  readonly faults: readonly Diagnostic[];
  readonly others: readonly Diagnostic[];
  /** What a text around this one would have to know of it, where this is a part of a text. */
  readonly bounds: Bounds;
}

/** What one part of a text has to do with the others, and how near it comes to the limits of a text. */
export interface Bounds {
  /** Names of the anchors here. */
  readonly anchors: ReadonlySet<string>;
  /** Names of all aliases here, and of those whose anchor is not here. */
  readonly aliases: ReadonlySet<string>;
  readonly strangers: ReadonlySet<string>;
  /** True where a quote is not closed, whatever follows; the same of a bracket. */
  readonly isQuoteOpen: boolean;
  readonly isBracketOpen: boolean;
  /** Values, every alias followed. */
  readonly size: number;
  /** The deepest nesting, and brackets left open at the end. */
  readonly deepest: number;
  readonly leftOpen: number;
  /** True for a text of which nothing was read. */
  readonly isRefused: boolean;
}

/** Makes the places of a text that is read: those of a part of a larger text move with it. */
export type PlaceMaker = (start: number, end: number) => Span;

/** What upstream's YAML reader refuses: more code points than this. */
export const maxLength = 3_145_728;
/** One fault in YAML often makes a hundred; nobody reads more than the first few. */
const maxFaults = 20;
export const maxDepth = 400;
/** Nodes after every alias is followed: an "alias bomb" has more. */
export const maxExpanded = 200_000;

/** Reads a text of any content in bounded time: never throws. `strays` are lines that have no place in YAML, where they are known already. */
export function parseYaml(written: string, span: PlaceMaker = plainSpan, strays: readonly Span[] = runsIn(written).flatMap((run) => run.strays)): ParsedYaml {
  const text = strays.length === 0 ? written : without(written, strays);
  const depth = depthOf(text);
  const refusal = refuse(text, depth.tooDeepAt, span);
  if (refusal) return { root: undefined, secondDocumentAt: undefined, diagnostics: [refusal], faults: [], others: [refusal], bounds: { anchors: new Set(), aliases: new Set(), strangers: new Set(), isQuoteOpen: false, isBracketOpen: false, size: 0, ...depth, isRefused: true } };
  const { documents, isQuoteOpen } = documentsIn(text);
  const errors = documents.flatMap((document) => document.errors).toSorted((a, b) => a.pos[0] - b.pos[0]);
  const last = errors[maxFaults - 1]?.pos[0] ?? text.length;
  const faults = firstFaults(errors.filter(({ pos }) => pos[0] <= last).map((error) => report(invalidYaml, placeOfFault(text, error.code, error.pos, span), explain(error.code, error.message))));
  const others = strays.map((stray) => report(invalidYaml, span(stray.start, stray.end), 'this stands between two entries of a list and belongs to neither; begin an entry with "- ", or indent it'));
  const converter = new Converter(text, others, new Set(errors.map(({ pos }) => pos[0])), span);
  const [first, second] = documents;
  const root = first?.contents ? converter.node(first.contents) : undefined;
  const secondAt = second?.range?.[0];
  const marker = secondAt === undefined ? -1 : text.lastIndexOf('---', secondAt);
  if (marker >= 0) others.push(report(extraDocument, span(marker, marker + '---'.length), 'only the first document of a file is read; what follows here is ignored'));
  return { root, secondDocumentAt: secondAt, diagnostics: [...faults, ...others], faults, others, bounds: { ...converter.bounds, isQuoteOpen, isBracketOpen: errors.some(isOpenBracket), ...depth, isRefused: false } };
}

/** Those of a whole text, from those of its parts. */
export function firstFaults(faults: readonly Diagnostic[]): readonly Diagnostic[] {
  return faults.toSorted((a, b) => a.span.start - b.span.start || a.span.end - b.span.end || (a.message < b.message ? -1 : 1)).slice(0, maxFaults);
}

/** The same length without some of it. */
function without(text: string, places: readonly Span[]): string {
  let result = '';
  let end = 0;
  for (const place of places) {
    result += text.slice(end, place.start) + ' '.repeat(place.end - place.start);
    end = place.end;
  }
  return result + text.slice(end);
}

function documentsIn(text: string): { readonly documents: readonly Document.Parsed[]; readonly isQuoteOpen: boolean } {
  const documents = parsed(text);
  if (!hasOpenQuote(documents, text)) return { documents, isQuoteOpen: false };
  // A quote that no other follows anywhere would take in the whole rest of the text. One in a comment at the very end keeps it to
  // what is indented like a value, as any other quote further down does. A value that may stand at the margin would end in the comment.
  const kept = parsed(`${text}${text.endsWith('\n') ? '' : '\n'}#"'`);
  return { documents: hasOpenQuote(kept, text) ? kept : documents, isQuoteOpen: true };
}

function parsed(text: string): readonly Document.Parsed[] {
  const documents = parseAllDocuments(text, { version: '1.1', schema: 'failsafe', merge: false, uniqueKeys: false, strict: false, prettyErrors: false, logLevel: 'silent' });
  return Array.isArray(documents) ? documents : [];
}

function isOpenBracket({ code, message }: Document.Parsed['errors'][number]): boolean {
  return code === 'BAD_INDENT' && message.includes('end with a');
}

/** Of what follows the text nothing counts. */
function hasOpenQuote(documents: readonly Document.Parsed[], { length }: string): boolean {
  return documents.some(({ errors }) => errors.some(({ code, message, pos }) => pos[0] <= length && code === 'MISSING_CHAR' && /^Missing closing ["']quote/.test(message)));
}

/** What upstream's reader does not even look into: too much text, and control characters, which make every other message nonsense. */
function refuse(text: string, deep: number | undefined, span: PlaceMaker): Diagnostic | undefined {
  if (text.length > maxLength) return report(tooLarge, span(0, 0), `this text has ${text.length} characters; a blueprint may have ${maxLength}`);
  const binary = /[^\P{Cc}\t\n\r\u0085]|[\uFFFE\uFFFF]/u.exec(text);
  if (binary) {
    const code = binary[0].charCodeAt(0).toString(16).padStart(4, '0');
    return report(invalidYaml, span(binary.index, binary.index + 1), `the character U+${code.toUpperCase()} is not allowed in YAML; is this a text file?`);
  }
  return deep === undefined ? undefined : report(tooLarge, span(deep, deep + 1), `nesting is deeper than ${maxDepth} levels here; a blueprint needs a few dozen at most`);
}

/** How deep brackets, or `- - -` and indentation, are nested, and where deeper than the limit. Counts generously: quoted brackets too. */
function depthOf(text: string): { readonly tooDeepAt: number | undefined; readonly deepest: number; readonly leftOpen: number } {
  let brackets = 0;
  let deepest = 0;
  let lineStart = true;
  const indents: number[] = [];
  let column = 0;
  for (let at = 0; at < text.length; at++, column++) {
    const code = text.charCodeAt(at);
    if (code === 10 || code === 13) {
      lineStart = true;
      column = -1;
    } else if (code === 91 || code === 123) {
      if (++brackets > deepest) deepest = brackets;
      if (brackets > maxDepth) return { tooDeepAt: at, deepest, leftOpen: brackets };
    } else if (code === 93 || code === 125) {
      brackets = Math.max(0, brackets - 1);
    }
    if (lineStart && code !== 32 && code !== 10 && code !== 13) {
      while (indents.length > 0 && (indents.at(-1) ?? 0) >= column) indents.pop();
      indents.push(column);
      if (indents.length > deepest) deepest = indents.length;
      if (indents.length > maxDepth) return { tooDeepAt: at, deepest, leftOpen: brackets };
      const dash = (code === 45 || code === 63) && (text.charCodeAt(at + 1) === 32 || text.charCodeAt(at + 1) === 9);
      if (!dash) lineStart = false;
    }
  }
  return { tooDeepAt: undefined, deepest, leftOpen: brackets };
}

class Converter {
  readonly #text: string;
  readonly #diagnostics: Diagnostic[];
  /** Where the `yaml` package found a fault. */
  readonly #faults: ReadonlySet<number>;
  readonly #span: PlaceMaker;
  readonly #anchors = new Map<string, { readonly node: YamlNode; readonly size: number } | 'open'>();
  readonly #aliases = new Set<string>();
  readonly #strangers = new Set<string>();
  #expanded = 0;
  #isBomb = false;

  constructor(text: string, diagnostics: Diagnostic[], faults: ReadonlySet<number>, span: PlaceMaker) {
    this.#text = text;
    this.#diagnostics = diagnostics;
    this.#faults = faults;
    this.#span = span;
  }

  get bounds(): Pick<Bounds, 'anchors' | 'aliases' | 'strangers' | 'size'> {
    return { anchors: new Set(this.#anchors.keys()), aliases: this.#aliases, strangers: this.#strangers, size: this.#expanded };
  }

  node(node: Node | null | undefined, fallback = 0): YamlNode {
    if (isAlias(node)) return this.#alias(node.source, node.range ?? [fallback, fallback]);
    const anchor = node && 'anchor' in node ? node.anchor : undefined;
    if (anchor === undefined) return this.#convert(node, fallback);
    this.#anchors.set(anchor, 'open');
    const before = this.#expanded;
    const converted = this.#convert(node, fallback);
    this.#anchors.set(anchor, { node: converted, size: this.#expanded - before });
    return converted;
  }

  #convert(node: Node | null | undefined, fallback: number): YamlNode {
    this.#expanded++;
    if (isMap(node)) return this.#map(node);
    if (isSeq(node)) {
      const place = this.#spanOf(node, fallback);
      const items = node.items.map((item) => (isNode(item) ? this.node(item, place.start) : this.#pairItem(item, place)));
      return { kind: 'list', span: this.#upTo(items.at(-1), place, node.flow), items };
    }
    if (isScalar(node)) {
      this.#checkTag(node.tag, node);
      const where = this.#spanOf(node, fallback);
      const text = typeof node.value === 'string' ? node.value : '';
      const style = node.type === 'QUOTE_SINGLE' ? 'single' : node.type === 'QUOTE_DOUBLE' ? 'double' : node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED' ? 'block' : 'plain';
      if (style !== 'plain' || node.tag === 'tag:yaml.org,2002:str') return { kind: 'scalar', span: where, value: text, text, style };
      const resolved = resolvePlain(text);
      return { kind: 'scalar', span: where, text, style, ...resolved };
    }
    return this.#emptyScalar(fallback);
  }

  #map(node: YAMLMap): YamlMap {
    this.#checkTag(node.tag, node);
    const place = this.#spanOf(node, 0);
    const own: YamlEntry[] = [];
    const merged: YamlEntry[] = [];
    for (const pair of node.items) {
      const entry = this.#entry(pair, place);
      if (entry.key.kind === 'scalar' && entry.key.style === 'plain' && entry.key.text === '<<') merged.push(...mergedEntries(entry));
      else own.push(entry);
    }
    const last = node.items.at(-1);
    const [first] = own;
    // A key that is but a tag begins before what the `yaml` package takes for its map: `!}: 1`.
    const from = first && first.span.start < place.start ? this.#span(first.span.start, place.end) : place;
    const whole = last && isNode(last.value) ? this.#upTo(own.at(-1)?.value, from, node.flow) : from;
    if (merged.length === 0) return { kind: 'map', span: whole, entries: own };
    const keys = new Set(own.map(({ key }) => (key.kind === 'scalar' ? key.text : undefined)));
    return { kind: 'map', span: whole, entries: [...merged.filter(({ key }) => key.kind !== 'scalar' || !keys.has(key.text)), ...own] };
  }

  #entry(pair: Pair, parent: Span): YamlEntry {
    const key = this.node(isNode(pair.key) ? pair.key : undefined, parent.start);
    const value = isNode(pair.value) ? this.node(pair.value, key.span.end) : this.#emptyScalar(key.span.end);
    return { key, value, span: this.#span(Math.min(key.span.start, value.span.start), Math.max(key.span.end, value.span.end)) };
  }

  /** `[a: 1]`: a pair as a list's item is a map of one entry. */
  #pairItem(item: unknown, parent: Span): YamlNode {
    if (!isPairLike(item)) return this.#emptyScalar(parent.start);
    const entry = this.#entry(item, parent);
    return { kind: 'map', span: entry.span, entries: [entry] };
  }

  #alias(name: string, range: readonly [number, number, ...number[]]): YamlNode {
    const where = place(this.#text, range, this.#span);
    const [start] = range;
    const target = this.#anchors.get(name);
    this.#aliases.add(name);
    if (target === undefined) {
      this.#strangers.add(name);
      // The `yaml` package reports only some of these itself.
      if (!this.#faults.has(start)) this.#diagnostics.push(report(invalidYaml, where, `no anchor &${name} stands before this alias`));
      return this.#emptyScalar(where.start);
    }
    if (target === 'open') {
      this.#diagnostics.push(report(invalidYaml, where, `the alias *${name} stands inside its own anchor: the value would contain itself`));
      return this.#emptyScalar(where.start);
    }
    this.#expanded += target.size;
    if (this.#expanded > maxExpanded) {
      if (!this.#isBomb) this.#diagnostics.push(report(tooLarge, where, `with every alias followed this document has more than ${maxExpanded} values`));
      this.#isBomb = true;
      return this.#emptyScalar(where.start);
    }
    return { ...target.node, span: where, aliased: true };
  }

  #checkTag(tag: string | undefined, node: Node): void {
    if (tag === undefined || !tag.startsWith('tag:yaml.org,2002:') || standardTags.has(tag.slice('tag:yaml.org,2002:'.length))) return;
    const [start] = node.range ?? [0];
    const at = Math.max(0, this.#text.lastIndexOf('!', start));
    this.#diagnostics.push(report(invalidYaml, this.#span(at, start), `the tag ${tag} is not allowed in a blueprint; write the plain value`));
  }

  #spanOf({ range }: Node, fallback: number): Span {
    if (!range) return this.#span(fallback, fallback);
    const start = Math.min(range[0], this.#text.length);
    return this.#span(start, Math.min(Math.max(start, range[1]), this.#text.length));
  }

  /** What ends with a value that is not written ends there, whatever comments the `yaml` package counts in. */
  #upTo(last: YamlNode | undefined, place: Span, isFlow = false): Span {
    return !isFlow && last && endsInNothing(last) ? this.#span(place.start, Math.min(place.end, last.span.end)) : place;
  }

  #emptyScalar(at: number): YamlScalar {
    return { kind: 'scalar', span: this.#span(at, at), value: null, text: '', style: 'plain' };
  }
}

function endsInNothing(node: YamlNode): boolean {
  if (node.aliased) return false;
  switch (node.kind) {
    case 'scalar':
      return node.span.start === node.span.end;
    case 'list':
      return node.items.length > 0 && endsInNothing(node.items.at(-1) ?? node);
    case 'map':
      return node.entries.length > 0 && endsInNothing(node.entries.at(-1)?.value ?? node);
  }
}

const standardTags = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq', 'set', 'omap', 'pairs', 'binary', 'timestamp', 'merge', 'value']);

function mergedEntries(entry: YamlEntry): YamlEntry[] {
  const sources = entry.value.kind === 'list' ? entry.value.items : [entry.value];
  const seen = new Set<string>();
  const result: YamlEntry[] = [];
  for (const source of sources) {
    if (source.kind !== 'map') continue;
    for (const inner of source.entries) {
      if (inner.key.kind === 'scalar' && seen.has(inner.key.text)) continue;
      if (inner.key.kind === 'scalar') seen.add(inner.key.text);
      result.push({ ...inner, span: entry.span, merged: true });
    }
  }
  return result;
}

function isNode(value: unknown): value is Node {
  return isMap(value) || isSeq(value) || isScalar(value) || isAlias(value);
}

function isPairLike(value: unknown): value is Pair {
  return typeof value === 'object' && value !== null && 'key' in value && 'value' in value;
}

function place(text: string, [start, end]: readonly [number, number, ...number[]], span: PlaceMaker): Span {
  const from = Math.min(start, text.length);
  // One line of squiggle is enough: an unclosed bracket must not paint the rest of the file.
  const lineEnd = /[\r\n]/.exec(text.slice(from))?.index;
  const limit = lineEnd === undefined ? text.length : from + lineEnd;
  return span(from, Math.max(from, Math.min(end, limit)));
}

/** A second colon on a line is found at the start of what it would split: all of that is what needs quotes. */
function placeOfFault(text: string, code: string, pos: readonly [number, number], span: PlaceMaker): Span {
  return code === 'BLOCK_AS_IMPLICIT_KEY' ? place(text, [pos[0], text.length], span) : place(text, pos, span);
}

/** Our sentence for a fault that the `yaml` package found; its own where it says it well. */
function explain(code: string, message: string): string {
  switch (code) {
    case 'TAB_AS_INDENT':
      return 'tabs may not indent YAML; use spaces';
    case 'BAD_INDENT':
      return /end with a/.test(message) ? 'the bracket is not closed, or what follows it is not indented enough' : 'this line is indented differently from what it belongs to';
    case 'MISSING_CHAR':
      return message.startsWith('Missing closing') ? `this is not closed: ${message.toLowerCase()}` : lower(message);
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return 'mapping values are not allowed here: quote a text that contains ": ", or start the map on a line of its own';
    case 'BAD_SCALAR_START':
      return `${lower(message)}; quote the text`;
    default:
      return lower(message);
  }
}

function lower(message: string): string {
  return `${message.charAt(0).toLowerCase()}${message.slice(1, 160)}`;
}

// The parts of a text that are read by themselves: entries of lists, and all the rest around them as one text. A part is read
// once; its places move with it.

import { maxDepth, maxExpanded, parseYaml, type ParsedYaml, type YamlEntry, type YamlList, type YamlMap, type YamlNode } from '#core/blueprint/yaml.ts';
import { type Run, straysOf } from '#core/blueprint/runs.ts';
import { isNothing } from '#core/blueprint/tree.ts';
import { type Base, MovingSpan } from '#core/incremental/moving.ts';

/** One entry of a list. */
export interface Part {
  readonly text: string;
  readonly column: number;
  readonly base: Base;
  readonly parsed: ParsedYaml;
  /** The list that the text is by itself, usually of one item; absent for a part that cannot stand by itself. */
  readonly list: YamlList | undefined;
}

/** What is left of a text when entries are taken out: the pieces between them. The last entry of each list stays, so that the list is there to be seen. */
export interface Rest {
  /** One more than there are lists; their bases are where they stand in the whole text. */
  readonly pieces: readonly Piece[];
  readonly parsed: ParsedYaml;
  /** The way to each list, from the root. */
  readonly lists: readonly ListPlace[];
}

export interface Piece {
  readonly text: string;
  readonly base: Base;
}

interface ListPlace {
  readonly entries: readonly YamlEntry[];
  readonly list: YamlList;
}

export function readPart(slice: string, column: number): Part {
  const text = detached(slice);
  const base: Base = { offset: 0 };
  // An entry ends where the next one begins: one is put there, and seeing it shows that nothing reaches over the end.
  const parsed = parseYaml(`${text}${' '.repeat(column)}-\n`, (start, end) => new MovingSpan(base, start, base, end), straysOf(text, column) ?? []);
  const { root, secondDocumentAt, bounds } = parsed;
  const list = root?.kind === 'list' ? { ...root, items: root.items.slice(0, -1) } : undefined;
  const next = root?.kind === 'list' ? root.items.at(-1) : undefined;
  const stands = list?.span.start === column && isNothing(next) && next?.span.start === text.length + column + 1 && secondDocumentAt === undefined && !bounds.isRefused;
  return { text, column, base, parsed, list: stands ? list : undefined };
}

/** Reads the pieces as one text; nothing where the reader does not see a list where each run is. */
export function readRest(texts: readonly string[], runs: readonly Run[]): Rest | undefined {
  const pieces: Piece[] = [];
  let length = 0;
  for (const text of texts) {
    pieces.push({ text: detached(text), base: { offset: length } });
    length += text.length;
  }
  const text = pieces.map((piece) => piece.text).join('');
  const parsed = parseYaml(text, (start, end) => {
    const first = pieceAt(pieces, start, false);
    const last = pieceAt(pieces, Math.max(start, end), start < end);
    return new MovingSpan(first.base, start - first.base.offset, last.base, end - last.base.offset);
  });
  if (parsed.bounds.isRefused && runs.length > 0) return undefined;
  let removed = 0;
  const lists: ListPlace[] = [];
  for (const [index, { headers, starts, column }] of runs.entries()) {
    const found = listAt(text, parsed.root, headers.map((header) => header - removed), (pieces[index + 1]?.base.offset ?? 0) + column);
    if (!found) return undefined;
    lists.push(found);
    removed += (starts.at(-1) ?? 0) - (starts[0] ?? 0);
  }
  return { pieces, parsed, lists };
}

/** What many parts have together. */
export interface Sum {
  /** At least as deep as the deepest. */
  readonly deepest: number;
  readonly leftOpen: number;
  readonly size: number;
  readonly aliases: number;
  /** How many of them have an open quote, an open bracket, stand indented, name anchors of others, are no list by themselves, are a list of not just one item. */
  readonly quotes: number;
  readonly brackets: number;
  readonly indented: number;
  readonly strangers: number;
  readonly unfit: number;
  readonly uneven: number;
}

const nothing: Sum = { deepest: 0, leftOpen: 0, size: 0, aliases: 0, quotes: 0, brackets: 0, indented: 0, strangers: 0, unfit: 0, uneven: 0 };

export function sumOf(parts: readonly Part[]): Sum {
  return parts.reduce((sum, part) => added(sum, part, 1), nothing);
}

/** The sum after one part took the place of another. */
export function sumAfter(sum: Sum, gone: Part, come: Part): Sum {
  return added(added(sum, gone, -1), come, 1);
}

function added(sum: Sum, { list, column, parsed: { bounds } }: Part, by: 1 | -1): Sum {
  const one = (is: boolean): number => (is ? by : 0);
  return {
    deepest: Math.max(sum.deepest, bounds.deepest),
    leftOpen: sum.leftOpen + by * bounds.leftOpen,
    size: sum.size + by * bounds.size,
    aliases: sum.aliases + by * bounds.aliases.size,
    quotes: sum.quotes + one(bounds.isQuoteOpen),
    brackets: sum.brackets + one(bounds.isBracketOpen),
    indented: sum.indented + one(column > 0),
    strangers: sum.strangers + one(bounds.strangers.size > 0),
    unfit: sum.unfit + one(!list),
    uneven: sum.uneven + one(list?.items.length !== 1),
  };
}

/** True when parts and rest, read by themselves, say what the whole text would say. `sum` is that of the parts. */
export function fitTogether(rest: Rest, parts: readonly Part[], sum: Sum): boolean {
  const { bounds: around } = rest.parsed;
  if (sum.unfit > 0) return false;
  if (Math.max(around.deepest, sum.deepest) + around.leftOpen + sum.leftOpen > maxDepth && around.leftOpen + sum.leftOpen + Math.max(around.deepest, ...parts.map(({ parsed }) => parsed.bounds.deepest)) > maxDepth) return false;
  if (around.aliases.size + sum.aliases > 0 && around.size + sum.size > maxExpanded) return false;
  // Behind an open bracket the `yaml` package counts the spaces of the next line as none: it reads an indented entry otherwise than by itself.
  if (sum.indented > 0 && (sum.brackets > 0 || around.isBracketOpen)) return false;
  // An open quote is read with another line behind the text, which a last value that ends there would have in it.
  if ((sum.quotes > 0 || around.isQuoteOpen) && !rest.pieces.at(-1)?.text.endsWith('\n')) return false;
  const withStrangers = sum.strangers === 0 ? [] : parts.filter(({ parsed }) => parsed.bounds.strangers.size > 0);
  if (withStrangers.some((part) => isAnchored(part.parsed.bounds.strangers, [rest.parsed, ...parts.flatMap((other) => (other === part ? [] : other.parsed))]))) return false;
  return around.aliases.size === 0 || !isAnchored(around.aliases, parts.map(({ parsed }) => parsed));
}

function isAnchored(names: ReadonlySet<string>, others: readonly ParsedYaml[]): boolean {
  return others.some(({ bounds: { anchors } }) => anchors.size > 0 && [...anchors].some((name) => names.has(name)));
}

/** The items of each list. */
export function itemsOf({ lists }: Rest, runs: readonly (readonly Part[])[]): readonly (readonly YamlNode[])[] {
  return lists.map(({ list }, index) => [...(runs[index] ?? []).flatMap((part) => part.list?.items ?? []), ...list.items]);
}

/** The tree of the whole text, with the items of each list. */
export function joined(rest: Rest, runs: readonly (readonly Part[])[], items: readonly (readonly YamlNode[])[]): YamlNode | undefined {
  return rest.lists.reduce<YamlNode | undefined>((root, { entries, list }, index) => {
    const first = runs[index]?.[0]?.list;
    const span = first?.span instanceof MovingSpan && list.span instanceof MovingSpan ? first.span.upTo(list.span) : list.span;
    return root && withValue(root, entries, { kind: 'list', span, items: items[index] ?? list.items });
  }, rest.parsed.root);
}

function withValue(root: YamlNode, [entry, ...inner]: readonly YamlEntry[], value: YamlNode): YamlNode {
  if (!entry) return value;
  if (root.kind !== 'map') return root;
  const entries = root.entries.map((other) => (other.key === entry.key ? { ...other, value: withValue(other.value, inner, value) } : other));
  return { ...root, entries };
}

/** The block list at an offset whose keys stand at the given places. */
function listAt(text: string, root: YamlNode | undefined, headers: readonly number[], offset: number): ListPlace | undefined {
  const entries: YamlEntry[] = [];
  let node = root;
  for (const header of headers) {
    const entry: YamlEntry | undefined = entryAt(node, header);
    // In a flow map (`{`) lines and indentation say nothing.
    if (!entry || !node || text.charAt(node.span.start) === '{') return undefined;
    entries.push(entry);
    node = entry.value;
  }
  return node?.kind === 'list' && !node.aliased && node.span.start === offset ? { entries, list: node } : undefined;
}

function entryAt(node: YamlNode | undefined, offset: number): YamlEntry | undefined {
  const map: YamlMap | undefined = node?.kind === 'map' && !node.aliased ? node : undefined;
  return map?.entries.find(({ key, merged }) => !merged && key.span.start === offset);
}

function pieceAt(pieces: readonly Piece[], offset: number, isEnd: boolean): Piece {
  return pieces.findLast(({ base }) => base.offset < offset || (base.offset === offset && !isEnd)) ?? pieces[0] ?? { text: '', base: { offset: 0 } };
}

/** A slice would keep the whole text that it was cut from in memory, for as long as the part lives. */
function detached(slice: string): string {
  return ` ${slice}`.slice(1);
}

// A text that is edited, and its reading, made anew only where the text changed: `reading` after any edits is what `read` gives
// for the text. Entries of `services` and of a catalog's `items` are read by themselves; where that could say anything else than
// the whole text says, the whole text is read.

import { type Reading, Memory, readTree } from '#core/blueprint/read.ts';
import { hasLoneReturn, runsIn, straysOf } from '#core/blueprint/runs.ts';
import { firstFaults, maxLength, type YamlList, type YamlNode } from '#core/blueprint/yaml.ts';
import { mapAt, valueOf } from '#core/blueprint/tree.ts';
import { exchanged } from '#core/incremental/changes.ts';
import { type Part, type Piece, type Rest, type Sum, fitTogether, itemsOf, joined, readPart, readRest, sumAfter, sumOf } from '#core/incremental/parts.ts';
import type { Edit } from '#core/text/diagnostic.ts';
import { Lines } from '#core/text/span.ts';

/** One version of the text. Its places are right while it is the present one. */
interface Version {
  readonly text: string;
  readonly rest: Rest;
  /** The parts in use, by list, and the items of each list. */
  readonly runs: readonly (readonly Part[])[];
  readonly items: readonly (readonly YamlNode[])[];
  /** In the order of the text. */
  readonly order: readonly (Part | Piece)[];
  /** Parts that were read, in use or not: an edit changes few of them. */
  readonly known: readonly Part[];
  /** What the parts in use have together, and those of them that have faults. */
  readonly sum: Sum;
  readonly faulty: readonly Part[];
  reading: Reading | undefined;
}

/** A list is worth cutting from so many entries on. */
const fewest = 2;
/** In characters: a few lines. */
const near = 400;

/** From `start` to `end` of the text before there is now what stands from `start` to `newEnd`. */
interface Change {
  readonly start: number;
  readonly end: number;
  readonly newEnd: number;
}

export class LiveDocument {
  readonly #memory = new Memory();
  /** The text as it is now; `#present` is behind it by `#change`, until somebody asks. */
  #text: string;
  #lines: Lines;
  #change: Change | undefined;
  #present: Version;
  /** The version to go back to after `suppose`. */
  #real: Version | undefined;

  constructor(text: string) {
    this.#text = text;
    this.#lines = new Lines(text);
    this.#present = this.#cut(text, []);
    place(this.#present);
  }

  get text(): string {
    return this.#text;
  }

  get lines(): Lines {
    return this.#lines;
  }

  /** What `read` gives for the text. Nodes of untouched parts are the same objects as before, at their new places. */
  get reading(): Reading {
    this.#catchUp();
    this.#present.reading ??= this.#read(this.#present);
    return this.#present.reading;
  }

  /** The text in pieces, cut between lines. A piece that did not change is the same object. */
  get chunks(): readonly { readonly text: string }[] {
    this.#catchUp();
    return this.#present.order;
  }

  /** Several edits in a row are read once, if they are near each other: what lies between them is read with them. */
  edit({ span: { start, end }, newText }: Edit): void {
    this.settle();
    if (this.#change && (start > this.#change.newEnd + near || end < this.#change.start - near)) this.#catchUp();
    this.#text = this.#text.slice(0, start) + newText + this.#text.slice(end);
    this.#lines = this.#lines.edited({ start, end }, newText, this.#text);
    this.#change = extended(this.#change, start, end, newText.length);
  }

  /** The reading as it would be after an edit. It, and its places, are good until the next call of `settle`, which comes before anything else is asked. */
  suppose(edit: Edit): Reading {
    this.settle();
    this.#catchUp();
    const { span: { start, end }, newText } = edit;
    const text = this.#text.slice(0, start) + newText + this.#text.slice(end);
    const supposed = this.#edited(this.#present, edit, text);
    this.#real = this.#present;
    this.#present = supposed;
    place(supposed);
    return this.reading;
  }

  settle(): void {
    if (!this.#real) return;
    this.#present = this.#real;
    this.#real = undefined;
    place(this.#present);
  }

  #read({ text, rest, runs, items, faulty }: Version): Reading {
    const parsed = [rest.parsed, ...faulty.toSorted((a, b) => a.base.offset - b.base.offset).map((part) => part.parsed)];
    return readTree(text, joined(rest, runs, items), [...firstFaults(parsed.flatMap(({ faults }) => faults)), ...parsed.flatMap(({ others }) => others)], this.#memory);
  }

  #catchUp(): void {
    if (!this.#change) return;
    const { start, end, newEnd } = this.#change;
    this.#present = this.#edited(this.#present, { span: { start, end }, newText: this.#text.slice(start, newEnd) }, this.#text);
    this.#change = undefined;
    place(this.#present);
  }

  #edited(version: Version, { span: { start, end }, newText }: Edit, text: string): Version {
    return this.#withinPart(version, start, end, newText, text) ?? this.#cut(text, version.known, version.rest);
  }

  /** The usual case: the edit lies in one part, which stays one. */
  #withinPart(version: Version, start: number, end: number, newText: string, text: string): Version | undefined {
    const index = indexAt(version.order, start);
    const old = version.order[index];
    if (!old || !('column' in old)) return undefined;
    const { base, column } = old;
    if (end > base.offset + old.text.length) return undefined;
    const partText = old.text.slice(0, start - base.offset) + newText + old.text.slice(end - base.offset);
    if (!straysOf(partText, column)) return undefined;
    const part = this.#partOf(partText, column);
    const run = version.runs.findIndex((parts) => parts.includes(old));
    const parts = version.runs[run];
    if (!parts) return undefined;
    const at = parts.indexOf(old);
    const runs = version.runs.with(run, exchanged(parts, at, 1, [part]));
    const known = runs.length === 1 ? (runs[0] ?? []) : runs.flat();
    const sum = sumAfter(version.sum, old, part);
    if (!fitTogether(version.rest, known, sum)) return undefined;
    const isEven = version.sum.uneven === 0 && sum.uneven === 0;
    const items = isEven ? version.items.with(run, exchanged(version.items[run] ?? [], at, 1, part.list?.items ?? [])) : itemsOf(version.rest, runs);
    const faulty = isFaulty(old) || isFaulty(part) ? [...version.faulty.filter((other) => other !== old), part].filter(isFaulty) : version.faulty;
    return { text, rest: version.rest, runs, items, order: exchanged(version.order, index, 1, [part]), known, sum, faulty, reading: undefined };
  }

  /** Finds anew where the text can be cut. `known` are parts that may still be there, `before` the rest as it was. */
  #cut(text: string, known: readonly Part[], before?: Rest): Version {
    const runs = text.length > maxLength || hasLoneReturn(text) ? [] : runsIn(text).filter(({ starts }) => starts.length >= fewest);
    if (runs.length === 0) return whole(text, known);
    const slices = runs.map(({ starts, column }) => starts.slice(0, -1).map((start, index) => ({ text: text.slice(start, starts[index + 1]), column })));
    const parts = this.#partsOf(slices.flat(), known);
    const cuts = runs.flatMap(({ starts }) => [starts[0] ?? 0, starts.at(-1) ?? 0]);
    const texts = Array.from({ length: runs.length + 1 }, (_, index) => text.slice(index === 0 ? 0 : cuts[index * 2 - 1], cuts[index * 2]));
    const isSameRest = before?.pieces.length === texts.length && before.pieces.every((piece, index) => piece.text === texts[index]);
    const rest = isSameRest ? before : readRest(texts, runs);
    const sum = sumOf(parts);
    if (!rest || !fitTogether(rest, parts, sum)) return whole(text, parts);
    for (const { list } of rest.lists) this.#keep(list);
    let taken = 0;
    const byRun = slices.map(({ length }) => parts.slice(taken, (taken += length)));
    const order = rest.pieces.flatMap((piece, index) => [piece, ...(byRun[index] ?? [])]);
    return { text, rest, runs: byRun, items: itemsOf(rest, byRun), order, known: parts, sum, faulty: parts.filter(isFaulty), reading: undefined };
  }

  /** Those that are known are taken from there: an edit leaves many at the beginning and many at the end as they were. */
  #partsOf(slices: readonly Pick<Part, 'text' | 'column'>[], known: readonly Part[]): readonly Part[] {
    const isSame = (slice: Pick<Part, 'text' | 'column'> | undefined, part: Part | undefined): boolean => slice !== undefined && slice.column === part?.column && slice.text === part.text;
    let first = 0;
    while (isSame(slices[first], known[first])) first++;
    let last = 0;
    while (last < slices.length - first && isSame(slices.at(-1 - last), known.at(-1 - last)) && last < known.length - first) last++;
    const middle = slices.slice(first, slices.length - last).map(({ text, column }) => this.#partOf(text, column));
    return [...known.slice(0, first), ...middle, ...known.slice(known.length - last)];
  }

  #partOf(text: string, column: number): Part {
    const part = readPart(text, column);
    if (part.list) this.#keep(part.list);
    return part;
  }

  /** Entries stay the same as long as their part, or the rest they stand in, is not read again. */
  #keep({ items }: YamlList): void {
    for (const item of items) {
      if (item.kind !== 'map' || item.aliased) continue;
      this.#memory.keep(item);
      const definition = mapAt(valueOf(item, 'item'));
      if (definition && !definition.aliased) this.#memory.keep(definition);
    }
  }
}

function whole(text: string, known: readonly Part[]): Version {
  const rest = readRest([text], []);
  if (!rest) throw new Error('a text that is not cut can always be read');
  return { text, rest, runs: [], items: [], order: rest.pieces, known, sum: sumOf([]), faulty: [], reading: undefined };
}

function isFaulty({ parsed }: Part): boolean {
  return parsed.faults.length > 0 || parsed.others.length > 0;
}

/** One change that does what the change before and an edit after it do. */
function extended(before: Change | undefined, start: number, end: number, length: number): Change {
  const { start: first, end: oldEnd, newEnd } = before ?? { start, end: start, newEnd: start };
  return { start: Math.min(first, start), end: oldEnd + Math.max(0, end - newEnd), newEnd: Math.max(newEnd, end) + length - (end - start) };
}

/** Tells every part where it is. */
function place({ order }: Version): void {
  let offset = 0;
  for (const { base, text } of order) {
    base.offset = offset;
    offset += text.length;
  }
}

/** The part in which an offset lies; of two that meet there the second. */
function indexAt(order: readonly (Part | Piece)[], offset: number): number {
  let low = 0;
  let high = order.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((order[middle]?.base.offset ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}

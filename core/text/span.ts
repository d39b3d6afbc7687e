// Places in a text. Inside Clocker a place is an offset in UTF-16 code units; only the edges (the language server, the
// command line) know lines and columns, and they get them here.

/** A half-open range of offsets into one text: `start <= end`, both in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

/** How characters of a line are counted: in code units of 16 bits, as texts are kept here, or in bytes. */
export type Encoding = 'utf-16' | 'utf-8';

/** A place as LSP has it: both numbers zero-based, `character` in the encoding that was agreed on. */
export interface Position {
  readonly line: number;
  readonly character: number;
}

export interface Range {
  readonly start: Position;
  readonly end: Position;
}

export function span(start: number, end: number): Span {
  return { start, end };
}

/** True when `offset` lies in the span or touches either end, so that a cursor just after a word is still in it. */
export function touches(place: Span, offset: number): boolean {
  return place.start <= offset && offset <= place.end;
}

export function contains(outer: Span, inner: Span): boolean {
  return outer.start <= inner.start && inner.end <= outer.end;
}

/** Where the lines of one text begin: turns offsets into positions and back. A line ends with `\n`, `\r\n` or `\r`. */
export class Lines {
  readonly #starts: Uint32Array;
  readonly #text: string;
  readonly #encoding: Encoding;

  /** `starts` where they are known already, as `edited` knows them. */
  constructor(text: string, starts = startsIn(text), encoding: Encoding = 'utf-16') {
    this.#text = text;
    this.#starts = starts;
    this.#encoding = encoding;
  }

  /** The same lines, with positions in an encoding. */
  in(encoding: Encoding): Lines {
    return encoding === this.#encoding ? this : new Lines(this.#text, this.#starts, encoding);
  }

  /** The lines of the text after an edit; only what the edit touches is looked at, the rest moves. */
  edited({ start, end }: Span, newText: string, whole: string): Lines {
    const newEnd = start + newText.length;
    const middle: number[] = [];
    // Whether a line begins at an offset is decided by the characters on both sides of it.
    for (let at = Math.max(1, start); at <= Math.min(newEnd, whole.length); at++) if (beginsLine(whole, at)) middle.push(at);
    const kept = this.#firstFrom(start);
    const moved = this.#firstFrom(end + 1);
    const before = Math.max(1, kept);
    const starts = new Uint32Array(before + middle.length + this.#starts.length - Math.max(moved, before));
    starts.set(this.#starts.subarray(0, before));
    starts.set(middle, before);
    const delta = newEnd - end;
    for (let from = Math.max(moved, before), to = before + middle.length; from < this.#starts.length; from++, to++) starts[to] = (this.#starts[from] ?? 0) + delta;
    return new Lines(whole, starts, this.#encoding);
  }

  /** Index of the first line that starts at the offset or after it. */
  #firstFrom(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  get count(): number {
    return this.#starts.length;
  }

  /** Offset of the first character of a line; the end of the text for a line past the last. */
  startOf(line: number): number {
    return this.#starts[line] ?? this.#text.length;
  }

  /** The text of a line without its line break. */
  textOf(line: number): string {
    return this.#text.slice(this.startOf(line), this.startOf(line + 1)).replace(/[\r\n]+$/, '');
  }

  positionAt(offset: number): Position {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low, character: this.lengthOf({ start: this.startOf(low), end: offset }) };
  }

  /** So many characters of a position the span has. */
  lengthOf({ start, end }: Span): number {
    return this.#encoding === 'utf-8' ? bytesIn(this.#text, start, end) : Math.max(0, end - start);
  }

  /** What lies behind the end of a line is at its end; what lies inside of a character, at its start. */
  offsetAt({ line, character }: Position): number {
    const start = this.startOf(line);
    let end = this.startOf(line + 1);
    while (end > start && /[\r\n]/.test(this.#text.charAt(end - 1))) end--;
    return this.#encoding === 'utf-8' ? afterBytes(this.#text, start, end, character) : Math.min(start + character, end);
  }

  rangeOf(place: Span): Range {
    return { start: this.positionAt(place.start), end: this.positionAt(place.end) };
  }
}

function startsIn(text: string): Uint32Array {
  const starts = [0];
  for (let at = 1; at <= text.length; at++) if (beginsLine(text, at)) starts.push(at);
  return Uint32Array.from(starts);
}

function beginsLine(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  return before === 10 || (before === 13 && text.charCodeAt(at) !== 10);
}

function bytesIn(text: string, start: number, end: number): number {
  let bytes = 0;
  for (let at = start; at < end; at += unitsAt(text, at)) bytes += bytesAt(text, at);
  return bytes;
}

/** The offset so many bytes after `start`, at most `end`. */
function afterBytes(text: string, start: number, end: number, bytes: number): number {
  let at = start;
  for (let left = bytes; at < end; at += unitsAt(text, at)) {
    left -= bytesAt(text, at);
    if (left < 0) break;
  }
  return at;
}

/** Half of a pair, which is no character, travels as one that takes three bytes. */
function bytesAt(text: string, at: number): number {
  const code = text.codePointAt(at) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x1_00_00 ? 3 : 4;
}

function unitsAt(text: string, at: number): number {
  return (text.codePointAt(at) ?? 0) < 0x1_00_00 ? 1 : 2;
}

// Where a character of a YAML scalar's value stands in the document: quotes, escapes, folding and indentation lie between the
// two. Used to put what is found in an expression under the right characters of the blueprint.

import type { YamlScalar } from '#core/blueprint/yaml.ts';
import type { Span } from '#core/text/span.ts';

/** From offsets into the scalar's value to offsets into the document. Neither ever decreases. */
export interface Places {
  /** Where the character at an offset begins; for the offset after the last, where the value ends. */
  readonly startOf: (offset: number) => number;
  /** Where the character before an offset ends: the two differ where escapes or folds lie between. */
  readonly endOf: (offset: number) => number;
}

/** For values that stand in the document as they are, from `start` on. */
export function shift(start: number): Places {
  const move = (offset: number): number => start + offset;
  return { startOf: move, endOf: move };
}

/** For values that stand elsewhere: everything is at one place. */
export function within({ start, end }: Span): Places {
  return { startOf: () => start, endOf: () => end };
}

export function mapSpan(place: Span, { startOf, endOf }: Places): Span {
  const start = startOf(place.start);
  return { start, end: place.end > place.start ? Math.max(start, endOf(place.end)) : start };
}

/** Places of a scalar's value, found by walking its source beside it. `source` is the whole document. */
export function placesIn(source: string, scalar: YamlScalar): Places {
  const { start, end } = scalar.span;
  // The text of an aliased value stands where its anchor is; all of it counts as the alias.
  if (scalar.aliased) return within(scalar.span);
  const raw = source.slice(start, end);
  if (scalar.style === 'plain' && raw === scalar.text) return shift(start);
  if (raw.slice(1, -1) === scalar.text && (scalar.style === 'single' || scalar.style === 'double')) return shift(start + 1);
  const { starts, ends } = align(raw, scalar);
  const nth = (places: readonly number[], offset: number): number => start + (places[Math.max(0, Math.min(offset, places.length - 1))] ?? 0);
  return { startOf: (offset) => nth(starts, offset), endOf: (offset) => nth(ends, offset - 1) };
}

/** For each character of the value the offsets in `raw` where it begins and ends; one more start for the end of the value. */
function align(raw: string, { text, style }: YamlScalar): { readonly starts: readonly number[]; readonly ends: readonly number[] } {
  const starts: number[] = [];
  const ends: number[] = [];
  let at = style === 'single' || style === 'double' ? 1 : style === 'block' ? raw.indexOf('\n') + 1 : 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\n' || character === ' ') {
      // A fold: white space and line breaks in the source are one space (or fewer line breaks) in the value.
      const escaped = style === 'double' && raw[at] === '\\' && raw[at + 1] !== '\n';
      if (!escaped && raw[at] !== character) at = skipTo(raw, at, /\s/);
      starts.push(at);
      ends.push(at + (escaped ? 2 : 1));
      if (escaped) at += 2;
      else at = text[index + 1] === ' ' || text[index + 1] === '\n' || !isFold(raw, at) ? at + 1 : afterFold(raw, at);
      continue;
    }
    if (style === 'double' && raw[at] === '\\') {
      const lineBreak = /^\\\r?\n\s*/.exec(raw.slice(at, at + 200));
      if (lineBreak) at += lineBreak[0].length;
    }
    if (style === 'block' || style === 'plain') at = /\s/.test(raw[at] ?? '') ? skipTo(raw, at, /\S/) : at;
    starts.push(at);
    at += written(raw, at, style);
    ends.push(at);
  }
  starts.push(Math.min(at, raw.length));
  return { starts, ends };
}

/** How many characters of the source make one character of the value. */
function written(raw: string, at: number, style: YamlScalar['style']): number {
  if (style === 'single' && raw[at] === "'" && raw[at + 1] === "'") return 2;
  if (style !== 'double' || raw[at] !== '\\') return 1;
  const kind = raw[at + 1];
  return kind === 'x' ? 4 : kind === 'u' ? 6 : kind === 'U' ? 10 : 2;
}

function isFold(raw: string, at: number): boolean {
  let next = at;
  while (raw[next] === ' ' || raw[next] === '\t') next++;
  return raw[next] === '\n' || raw[next] === '\r';
}

function afterFold(raw: string, at: number): number {
  return skipTo(raw, at, /\S/);
}

function skipTo(raw: string, from: number, what: RegExp): number {
  let at = from;
  while (at < raw.length && !what.test(raw[at] ?? '')) at++;
  return at;
}

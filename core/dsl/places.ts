// Where a character of a YAML scalar's value stands in the document: quotes, escapes, folding and indentation lie between the
// two. Used to put what is found in an expression under the right characters of the blueprint.

import type { YamlScalar } from '#core/blueprint/yaml.ts';
import type { Span } from '#core/text/span.ts';

/** Offset into the scalar's value -> offset into the document. Never decreases. */
export type ToDocument = (offset: number) => number;

/** For values that stand in the document as they are, from `start` on. */
export function shift(start: number): ToDocument {
  return (offset) => start + offset;
}

export function mapSpan(place: Span, toDocument: ToDocument): Span {
  const start = toDocument(place.start);
  return { start, end: Math.max(start, place.end > place.start ? toDocument(place.end - 1) + 1 : start) };
}

/** Places of a scalar's value, found by walking its source beside it. `source` is the whole document. */
export function placesIn(source: string, scalar: YamlScalar): ToDocument {
  const { start, end } = scalar.span;
  // The text of an aliased value stands elsewhere; all of it counts as the alias.
  if (scalar.aliased) return (offset) => (offset === 0 ? start : Math.max(start, end - 1));
  const raw = source.slice(start, end);
  if (scalar.style === 'plain' && raw === scalar.text) return shift(start);
  if (raw.slice(1, -1) === scalar.text && (scalar.style === 'single' || scalar.style === 'double')) return shift(start + 1);
  const starts = align(raw, scalar);
  return (offset) => start + (starts[Math.max(0, Math.min(offset, starts.length - 1))] ?? 0);
}

/** For each character of the value, and for its end, the offset in `raw` where it begins. */
function align(raw: string, { text, style }: YamlScalar): number[] {
  const starts: number[] = [];
  let at = style === 'single' || style === 'double' ? 1 : style === 'block' ? raw.indexOf('\n') + 1 : 0;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? '';
    if (character === '\n' || character === ' ') {
      // A fold: white space and line breaks in the source are one space (or fewer line breaks) in the value.
      const escaped = style === 'double' && raw[at] === '\\' && raw[at + 1] !== '\n';
      if (!escaped && raw[at] !== character) at = skipTo(raw, at, /\s/);
      starts.push(at);
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
  }
  starts.push(Math.min(at, raw.length));
  return starts;
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

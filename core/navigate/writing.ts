// Where a word stands inside of what a reader says is its place: without quotes, escaped or not.

import type { Writing } from '#core/navigate/name.ts';
import type { Span } from '#core/text/span.ts';

export interface Written {
  readonly span: Span;
  readonly writing: Writing;
}

const quotes = ['\\"', '"', "'"];

/** `word` is what is read at the place. Quotes that are still to be closed are none the less quotes. */
export function writtenAt(source: string, place: Span, word: string): Written {
  const raw = source.slice(place.start, place.end);
  if (raw === word) return { span: place, writing: 'plain' };
  const quote = quotes.find((one) => raw.startsWith(one));
  if (quote === undefined || /[\r\n]/.test(raw)) return { span: place, writing: 'elsewhere' };
  const start = place.start + quote.length;
  const isClosed = raw.length >= 2 * quote.length && raw.endsWith(quote);
  return { span: { start, end: Math.max(start, place.end - (isClosed ? quote.length : 0)) }, writing: 'quoted' };
}

/** The first part of a written word: `web` of `web:1.0`. */
export function firstPart({ span, writing }: Written, source: string, part: string): Written {
  const isThere = source.startsWith(part, span.start) && span.start + part.length <= span.end;
  return isThere ? { span: { start: span.start, end: span.start + part.length }, writing } : { span, writing: 'elsewhere' };
}

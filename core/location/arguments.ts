// The arguments in a location's text: `(hosts="a,b", user=root)`. Names and values with their places; what they mean is
// decided where the location is read.

import type { Span } from '#core/text/span.ts';

export interface Argument {
  readonly name: string;
  readonly nameSpan: Span;
  /** Without its quotes; absent where there is no `=`. */
  readonly value?: string;
  readonly valueSpan: Span;
}

/** `text` from `start` to `end` is what stands between the parentheses. Commas separate, but for those in quotes. */
export function parseArguments(text: string, start: number, end: number): readonly Argument[] {
  const found: Argument[] = [];
  let from = start;
  let quote: string | undefined;
  let equals = -1;
  for (let at = start; at <= end; at++) {
    const character = at < end ? text[at] : ',';
    if (at < end && quote !== undefined) {
      if (character === '\\') at++;
      else if (character === quote) quote = undefined;
    } else if (character === '"' || character === "'") {
      quote = character;
    } else if (character === '=' && equals < 0) {
      equals = at;
    } else if (character === ',') {
      const nameSpan = trimmed(text, from, equals < 0 ? at : equals);
      const valueSpan = equals < 0 ? { start: nameSpan.end, end: nameSpan.end } : trimmed(text, equals + 1, at);
      if (equals >= 0 || nameSpan.start < nameSpan.end) {
        found.push({ name: unquote(text.slice(nameSpan.start, nameSpan.end)), nameSpan, ...(equals < 0 ? {} : { value: unquote(text.slice(valueSpan.start, valueSpan.end)) }), valueSpan });
      }
      from = at + 1;
      equals = -1;
    }
  }
  return found;
}

function trimmed(text: string, start: number, end: number): Span {
  let [from, to] = [start, Math.max(start, end)];
  while (from < to && /\s/.test(text[from] ?? '')) from++;
  while (to > from && /\s/.test(text[to - 1] ?? '')) to--;
  return { start: from, end: to };
}

/** Takes away quotes wherever they stand, but for those after a backslash. */
function unquote(text: string): string {
  return text.replace(/\\(["'\\])|["']/g, (_, escaped: string | undefined) => escaped ?? '');
}

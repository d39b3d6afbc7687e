// Fixtures that are blueprints themselves: a comment line `#   ^^^^ message` points at the characters above it. A `#` directly
// followed by `^` counts as a caret, so that the first column can be pointed at too.

import assert from 'node:assert/strict';

import type { Diagnostic } from '#core/text/diagnostic.ts';
import { Lines } from '#core/text/span.ts';

export interface Expected {
  readonly line: number;
  readonly from: number;
  readonly to: number;
  /** Part of the message. */
  readonly message: string;
}

const caretLine = /^(\s*)(#\s*)(\^+)[ ]?(.*)$/;

/** What the carets of a fixture point at, in the order of the lines. */
export function expectedIn(fixture: string): readonly Expected[] {
  const lines = fixture.split('\n');
  let target = 0;
  return lines.flatMap((text, index): readonly Expected[] => {
    const match = caretLine.exec(text);
    if (!match) {
      target = index;
      return [];
    }
    const [, indent = '', hash = '', carets = '', message = ''] = match;
    const from = hash === '#' ? indent.length : indent.length + hash.length;
    return [{ line: target, from, to: indent.length + hash.length + carets.length, message }];
  });
}

/** Compares diagnostics with the carets of the fixture; a diagnostic that spans lines is compared up to the end of its first. */
export function assertDiagnostics(fixture: string, diagnostics: readonly Diagnostic[]): void {
  const lines = new Lines(fixture);
  const found = diagnostics.map((diagnostic) => {
    const { start, end } = lines.rangeOf(diagnostic.span);
    const to = end.line === start.line ? end.character : lines.textOf(start.line).length;
    return { line: start.line, from: start.character, to, message: diagnostic.message };
  });
  const shown = (entries: readonly Expected[]): readonly string[] => entries.map(({ line, from, to, message }) => `${line}:${from}-${to} ${message}`).toSorted();
  const wanted = expectedIn(fixture).map((expected) => {
    const match = found.find(({ line, from, to, message }) => line === expected.line && from === expected.from && to === expected.to && message.includes(expected.message));
    return match ?? expected;
  });
  assert.deepEqual(shown(found), shown(wanted));
}

/** The fixture without its caret lines. */
export function withoutCarets(fixture: string): string {
  return fixture.split('\n').filter((line) => !caretLine.test(line)).join('\n');
}

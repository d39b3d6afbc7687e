import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { Lines, span } from '#core/text/span.ts';

/** Texts with line breaks of every kind, and characters of one to four bytes; also halves of pairs. */
const texts = fc.array(fc.constantFrom('a', ' ', 'é', '€', '🐳', '👩‍🚀', '\n', '\r\n', '\r', '\uD83D', '\uDC33')).map((pieces) => pieces.join(''));

test('in UTF-8 a position counts the bytes of its line, whatever is before them', () => {
  fc.assert(
    fc.property(texts, fc.nat(), (text, number) => {
      const offset = number % (text.length + 1);
      const lines = new Lines(text);
      const plain = lines.positionAt(offset);
      const { line, character } = lines.in('utf-8').positionAt(offset);
      assert.equal(line, plain.line);
      const before = text.slice(offset - plain.character, offset);
      // Half a pair at the end takes as many bytes here as the whole: it is no place.
      if (isBetweenCharacters(text, offset)) assert.equal(character, Buffer.byteLength(before));
    }),
  );
});

test('a place has one position, and the position that place', () => {
  fc.assert(
    fc.property(texts, fc.nat(), fc.constantFrom('utf-8' as const, 'utf-16' as const), (text, number, encoding) => {
      const offset = number % (text.length + 1);
      const lines = new Lines(text).in(encoding);
      const isInBreak = text.charAt(offset - 1) === '\r' && text.charAt(offset) === '\n';
      if (isBetweenCharacters(text, offset) && !isInBreak) assert.equal(lines.offsetAt(lines.positionAt(offset)), offset);
    }),
  );
});

test('inside of a character is at its start, behind a line at its end', () => {
  const lines = new Lines('a🐳b\nc').in('utf-8');
  assert.deepEqual([0, 1, 2, 3, 4, 5, 6, 7, 99].map((character) => lines.offsetAt({ line: 0, character })), [0, 1, 1, 1, 1, 3, 4, 4, 4]);
  assert.deepEqual(lines.rangeOf(span(1, 3)), { start: { line: 0, character: 1 }, end: { line: 0, character: 5 } });
  assert.equal(lines.lengthOf(span(1, 4)), 5);
});

test('lines after an edit keep their encoding', () => {
  const before = new Lines('🐳x\n').in('utf-8');
  const after = before.edited({ start: 0, end: 0 }, '🐳', '🐳🐳x\n');
  assert.deepEqual(after.positionAt(5), { line: 0, character: 9 });
});

function isBetweenCharacters(text: string, offset: number): boolean {
  return !(/[\uD800-\uDBFF]$/.test(text.slice(0, offset)) && /^[\uDC00-\uDFFF]/.test(text.slice(offset)));
}

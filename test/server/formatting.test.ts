import assert from 'node:assert/strict';
import { test } from 'node:test';

import { formatting, onTypeFormatting } from '../../server/features/formatting.ts';
import { span } from '#core/text/span.ts';
import { applied, documentOf, withCursor } from './features.ts';

const options = { tabSize: 2, insertSpaces: true };

test('a document, in edits of white space alone', () => {
  const document = documentOf('services:\r\n    - type:   docker:redis:7\t\r\n      name: "\u{1F600}"   \r\n');
  const edits = formatting(document, options);
  assert.equal(applied(document, edits), 'services:\r\n- type: docker:redis:7\r\n  name: "\u{1F600}"\r\n');
  assert.ok(edits.every(({ newText }) => newText.trim() === '' || newText === ': '));
});

test('a selection', () => {
  const document = documentOf('services:\n- type:   a\n- type:   b\n');
  const start = document.text.indexOf('- type:   b');
  assert.equal(applied(document, formatting(document, options, span(start, start + 5))), 'services:\n- type:   a\n- type: b\n');
});

test('a line that was just begun', () => {
  const check = (fixture: string, after: string): void => {
    const { text, offset } = withCursor(fixture);
    const document = documentOf(text);
    assert.equal(applied(document, onTypeFormatting(document, offset, options)), after);
  };
  check('services:\n- type: docker:redis:7\n  brooklyn.config:\n$0\n', 'services:\n- type: docker:redis:7\n  brooklyn.config:\n    \n');
  check('services:\n- type: docker:redis:7\n  a: |\n    if x:\n    $0\n', 'services:\n- type: docker:redis:7\n  a: |\n    if x:\n    \n');
});

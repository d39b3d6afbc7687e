// The law of incremental synchronisation: after any edits, the diagnostics are those of the text opened afresh.

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import * as fc from 'fast-check';

import { blueprints, mutated } from '../support/mutations.ts';
import { bundledServer, Client } from './client.ts';
import { Lines } from '#core/text/span.ts';

let server: { readonly file: string; readonly remove: () => void };
before(async () => {
  server = await bundledServer();
});
after(() => server.remove());

const edit = fc.record({
  from: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 30 }),
  newText: fc.constantFrom('', ' ', '\n', '\r\n', 'x', '"', '- ', ': ', '  ', '{', ']', '#', '&a ', '*a', '\u{1F600}', 'type: redis-stor\n', '- type: docker:redis:7\n  id: db\n', '$brooklyn:entity("db")'),
});

test('after any edits the diagnostics are those of a fresh opening', async () => {
  const client = await Client.start(server.file);
  try {
    let documents = 0;
    await fc.assert(
      fc.asyncProperty(mutated(blueprints), fc.array(edit, { minLength: 1, maxLength: 12 }), async (start, edits) => {
        const uri = `file:///edited-${documents++}.blueprint.yaml`;
        const fresh = uri.replace('edited', 'fresh');
        client.open(uri, start);
        let text = start;
        for (const [index, { from, length, newText }] of edits.entries()) {
          const lines = new Lines(text);
          // Positions may not fall between the two characters of a line break: no editor sends such.
          const begin = lines.offsetAt(lines.positionAt(avoidBreak(text, Math.floor(from * text.length))));
          const end = avoidBreak(text, Math.min(text.length, begin + length));
          client.change(uri, index + 2, newText, lines.rangeOf({ start: begin, end }));
          text = text.slice(0, begin) + newText + text.slice(end);
        }
        const edited = await client.diagnostics(uri, edits.length + 1);
        client.close(uri);
        client.open(fresh, text);
        const opened = await client.diagnostics(fresh, 1);
        client.close(fresh);
        assert.deepEqual(JSON.parse(JSON.stringify(edited).replaceAll(uri, fresh)), opened, JSON.stringify(text));
      }),
      { numRuns: 150 },
    );
    assert.deepEqual(client.errors, []);
    assert.equal(await client.stop(), 0);
  } finally {
    client.kill();
  }
});

function avoidBreak(text: string, offset: number): number {
  return text.charAt(offset) === '\n' && text.charAt(offset - 1) === '\r' ? offset + 1 : offset;
}

// Texts as people edit them: sources of every kind, and edits of every kind, one after the other.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

import * as fc from 'fast-check';

import type { Edit } from '#core/text/diagnostic.ts';
import { fileOf, isThere } from '../../conformance/corpus.ts';
import { blueprints } from '../../support/mutations.ts';

const many = (count: number, make: (index: number) => string): string => Array.from({ length: count }, (_, index) => make(index)).join('');

const service = (index: number): string => `- type: docker:redis:${index % 3 === 0 ? '1.10' : '7'}
  id: db-${index}
  brooklyn.config:
    mode: fast
    peer: $brooklyn:entity("db-${(index * 3) % 5}").config("mode")
    text: |
      a block
       of text
    own: &a${index} { x: 010 }
    again: *a${index}
  brooklyn.children:
  - type: tomcat
    http.port: eighty

# about the next one
`;

/** Texts that have lists to cut, in all their forms. */
export const sources: readonly string[] = [
  `name: Shop\nlocation: localhost\nservices:\n${many(5, service)}brooklyn.config:\n  mode: slow\n`,
  `services:\n${many(4, service)}`,
  `# first\n\nservices:   # all of them\n\n${many(4, (index) => service(index).replaceAll(/^(?=.)/gm, '  '))}\nlocation: host-a\n`,
  `services:\n${many(3, service)}`.replaceAll('\n', '\r\n'),
  `brooklyn.config: &shared\n  mode: slow\nservices:\n${many(3, (index) => `- type: docker:nginx\n  id: n${index}\n  brooklyn.config:\n    <<: *shared\n    x: "a\n      b"\n`)}`,
  `services:\n- &one\n  type: docker:nginx\n- type: docker:redis\n  brooklyn.config: { <<: *one }\n- *one\n- type: x\n`,
  `brooklyn.catalog:\n  bundle: shop\n  version: "1.0"\n  items:\n${many(4, (index) => `  - id: item-${index}\n    itemType: entity\n    item:\n      type: ${index === 0 ? 'docker:nginx' : `item-${index - 1}`}\n      brooklyn.parameters:\n      - name: p${index}\n        default: $brooklyn:config("q")\n`)}`,
  `brooklyn.catalog:\n  items:\n  - id: a\n    item: { type: docker:nginx }\n  - id: b\n    services:\n    - type: a\n  - id: a\n    item: { type: b }\n  name: x\nservices:\n- type: a\n- type: b\n- type: nothing\n`,
  `services:\n- type: docker:nginx\n- {}\n- x\n- [1]\n-\n- type: docker:redis\n  brooklyn.config:\n    network.list: [front]\n- type: virtual-network\n  networkId: front\n- type: b\n`,
  ...blueprints,
  ...filesUnder(join(import.meta.dirname, '../../../examples')),
];

/** The published blueprints, where they are here. */
export const published: readonly string[] = isThere ? filesUnder(fileOf('blueprints')).filter((text) => text.length < 12_000) : [];

const pieces = [
  '\n', '  ', ' ', '\t', '- ', '-', ': ', ':', '"', "'", '{', '}', '[', ']', '#', '&a ', '*a', '*a1', '<<: *a', '|\n', '>\n', '$brooklyn:', '("', '")', '!', '%', '\r\n', '\r', '---\n', '...\n', 'type:', '010', '\u{1F600}', '\u0000', '\uFEFF', ',',
  '\n  ', '\n- ', '\n  - ', 'services:\n', '\nservices:\n', '\n- type: docker:redis:7\n  id: db\n', 'x', 'ab', '\nname: x\n', '? ', '  id: db-1\n', 'items:\n', '\n# said\n', '\nnam\n', '\nword: two words\n', '\nother:\n', '"open', "'", '*a3', '*nobody', '['.repeat(25), '\n  - x', '$brooklyn:entity("db-2").config("mode")',
];

export interface EditOfText {
  readonly edit: Edit;
  readonly text: string;
}

export type Make = (text: string) => Edit;

const at = fc.double({ min: 0, max: 1, noNaN: true });
const place = (text: string, share: number): number => Math.min(text.length, Math.floor(share * (text.length + 1)));
const replace = (start: number, end: number, newText: string): Edit => ({ span: { start, end }, newText });
const lineOf = (text: string, offset: number): { readonly start: number; readonly end: number } => {
  const start = text.lastIndexOf('\n', offset - 1) + 1;
  const end = text.indexOf('\n', offset);
  return { start, end: end < 0 ? text.length : end + 1 };
};

/** Up to so many entries of a list from the one that begins at or after an offset. */
function entries(text: string, offset: number, count: number): { readonly start: number; readonly end: number } {
  const starts = [...text.matchAll(/^ *- /gm)].map(({ index }) => index);
  const first = Math.max(0, starts.findIndex((start) => start >= offset));
  return { start: starts[first] ?? 0, end: starts[first + count] ?? text.length };
}

/** Inside of what is easily broken: anchors, aliases, texts of several lines, quotes, expressions. */
const delicate = /&\w+|\*\w+|[|>][-+]?\n(?:[ \t]+[^\n]*\n)+|"[^"\n]*"|\$brooklyn:\w+[^\n]*|\{[^}\n]*\}/g;

/** An edit of any kind. */
export const anyEdit: fc.Arbitrary<Make> = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(at, fc.constantFrom(...pieces)).map(([share, piece]): Make => (text) => replace(place(text, share), place(text, share), piece)) },
  { weight: 4, arbitrary: fc.tuple(at, fc.nat(8)).map(([share, length]): Make => (text) => replace(place(text, share), Math.min(text.length, place(text, share) + length), '')) },
  { weight: 1, arbitrary: fc.tuple(at, at).map(([one, other]): Make => (text) => replace(Math.min(place(text, one), place(text, other)), Math.max(place(text, one), place(text, other)), '')) },
  { weight: 2, arbitrary: at.map((share): Make => (text) => replace(lineOf(text, place(text, share)).start, lineOf(text, place(text, share)).end, '')) },
  {
    weight: 2,
    arbitrary: fc.tuple(at, fc.constantFrom(1, 2, -1, -2)).map(([share, by]): Make => (text) => {
      const { start } = lineOf(text, place(text, share));
      const spaces = /^ */.exec(text.slice(start, start + 20))?.[0].length ?? 0;
      return by > 0 ? replace(start, start, ' '.repeat(by)) : replace(start, start + Math.min(-by, spaces), '');
    }),
  },
  {
    weight: 2,
    arbitrary: fc.tuple(at, fc.nat(3), at).map(([share, count, to]): Make => (text) => {
      const { start, end } = entries(text, place(text, share), count);
      const target = lineOf(text, place(text, to)).start;
      return replace(target, target, text.slice(start, end));
    }),
  },
  { weight: 1, arbitrary: fc.tuple(at, fc.nat(2)).map(([share, count]): Make => (text) => replace(entries(text, place(text, share), count).start, entries(text, place(text, share), count).end, '')) },
  { weight: 1, arbitrary: fc.constantFrom(...pieces).map((piece): Make => (text) => replace(text.length, text.length, piece)) },
  { weight: 1, arbitrary: fc.constantFrom(...pieces).map((piece): Make => () => replace(0, 0, piece)) },
  {
    weight: 3,
    arbitrary: fc.tuple(at, at, fc.constantFrom(...pieces, '')).map(([share, inside, piece]): Make => (text) => {
      const places = [...text.matchAll(delicate)];
      const found = places[Math.floor(share * places.length)];
      const start = found ? found.index + place(found[0], inside) : 0;
      return replace(start, Math.min(text.length, start + (piece === '' ? 1 : 0)), piece);
    }),
  },
  { weight: 1, arbitrary: fc.constantFrom('\n', '\r\n').map((ending): Make => (text) => replace(0, text.length, text.replaceAll(/\r?\n/g, ending))) },
);

/** A text, and edits of it in their order. Half of them are undone at once, as people do. */
export function edited(texts: readonly string[], most: number): fc.Arbitrary<{ readonly text: string; readonly edits: readonly EditOfText[] }> {
  return fc.tuple(fc.constantFrom(...texts), fc.array(fc.tuple(anyEdit, fc.boolean()), { minLength: 1, maxLength: most })).map(([text, makes]) => {
    const edits: EditOfText[] = [];
    let current = text;
    const apply = (edit: Edit): void => {
      current = current.slice(0, edit.span.start) + edit.newText + current.slice(edit.span.end);
      edits.push({ edit, text: current });
    };
    for (const [one, isUndone] of makes) {
      const edit = one(current);
      const removed = current.slice(edit.span.start, edit.span.end);
      apply(edit);
      if (isUndone) apply(replace(edit.span.start, edit.span.start + edit.newText.length, removed));
    }
    return { text, edits };
  });
}

function filesUnder(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)).filter((path) => statSync(path).isFile()).map((path) => readFileSync(path, 'utf8'));
}

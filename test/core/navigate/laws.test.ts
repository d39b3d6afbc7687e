// Laws of renaming, over blueprints after any mutation: back and forth gives the same text, nothing that was said of the text is
// said otherwise, and all names of a thing agree on what they name.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import { read } from '#core/blueprint/read.ts';
import { Catalog, type BuiltIn } from '#core/catalog/catalog.ts';
import { typesOf } from '#core/catalog/type.ts';
import { problemsOf } from '#core/check/problems.ts';
import { placesOf } from '#core/navigate/across.ts';
import { rename } from '#core/navigate/rename.ts';
import type { Name, NamedText } from '#core/navigate/name.ts';
import { applyEdits } from '#core/text/diagnostic.ts';
import builtIn from '../../../schemas/catalog.json' with { type: 'json' };
import { blueprints, mutated } from '../../support/mutations.ts';
import { workspaceOf, type FixtureFile } from './texts.ts';

const named = `id: shop
name: Shop
brooklyn.config:
  stage: test
services:
- type: store
  id: db
  size: 3
  brooklyn.config: { network.list: [back], store.name: "x" }
- type: "store:1.0"
  id: 'other-db'
- type: docker:nginx
  id: web
  brooklyn.parameters:
  - name: greeting
    flag: hello
    default: $brooklyn:config("stage")
  brooklyn.config:
    greeting: hi
    url: $brooklyn:formatString("http://%s/%s", entity("db").attributeWhenReady("host.address"), component("sibling", "other-db").config("store.name"))
    text: >-
      $brooklyn:template("\${config['greeting']} \${config.stage}
      \${config['greeting']}")
    \u{1F600}: "\u{1F600} $brooklyn"
    keyed: { $brooklyn:entity: db }
    key:
      $brooklyn:formatString:
      - "%s"
      - $brooklyn:sibling("db")
    from: $brooklyn:application("shop").entity("db").config("store.size")
- type: virtual-network
  networkId: back
- type: dynamic-cluster
  id: cluster
  memberSpec: { $brooklyn:entitySpec: { type: store, id: member, brooklyn.config: { store.size: 1, x: $brooklyn:ancestor("cluster") } } }
`;

const store = `brooklyn.catalog:
  version: "1.0"
  items:
  - id: store
    itemType: entity
    item:
      type: docker:redis:7
      brooklyn.parameters:
      - name: store.size
        flag: size
        type: integer
        constraints: [ { forbiddenIf: store.name } ]
      - store.name
      brooklyn.children:
      - type: docker:nginx
        id: inner
        brooklyn.config: { y: $brooklyn:parent().config("store.size"), z: $brooklyn:sibling("inner") }
  - id: big-store
    item: { type: store, brooklyn.config: { store.size: 100, u: $brooklyn:application("shop").descendant("db") } }
`;

const crlf = (text: string): string => text.replaceAll('\n', '\r\n');

/** A blueprint with something to rename, sometimes after mutations, with the catalog that it uses. */
const workspaces: fc.Arbitrary<readonly FixtureFile[]> = fc
  .oneof(fc.constantFrom(named, crlf(named)), mutated([named]), mutated(blueprints))
  .map((text) => [
    { uri: 'file:///shop/shop.blueprint.yaml', text },
    { uri: 'file:///shop/store.bom', text: store },
  ]);

const fresh: Readonly<Record<Name['kind'], string>> = { entity: 'fresh_name', type: 'fresh.type', configKey: 'fresh.conf', network: 'fresh-net' };

/** One of the names of the texts, chosen by a number. */
function nth(texts: readonly NamedText[], number: number): { readonly file: NamedText; readonly name: Name } | undefined {
  const all = texts.flatMap((file) => file.names.all.map((name) => ({ file, name })));
  return all[number % Math.max(1, all.length)];
}

function renamed(files: readonly FixtureFile[], place: { readonly uri: string; readonly index: number }, newWord: string): readonly FixtureFile[] | string {
  const { texts, textsWith, catalog } = workspaceOf(files);
  const file = texts.find(({ uri }) => uri === place.uri);
  const name = file?.names.all[place.index];
  assert.ok(file && name);
  const edits = rename({ file, name }, newWord, textsWith, catalog);
  if ('refusal' in edits) return edits.refusal;
  return files.map(({ uri, text }) => ({ uri, text: applyEdits(text, edits.find((one) => one.file.uri === uri)?.edits ?? []) }));
}

/** What is said of the texts, without the places and with the one name for the other. */
function said(files: readonly FixtureFile[], from: string, to: string): readonly string[] {
  const catalog = new Catalog(builtIn as BuiltIn, files.flatMap(({ uri, text }) => typesOf(read(text).items, uri)));
  return files.flatMap(({ uri, text }) => problemsOf(read(text), catalog).map(({ code, message }) => `${uri} ${code} ${message.replaceAll(from, to)}`)).toSorted();
}

function property(check: (files: readonly FixtureFile[], number: number) => void, numRuns = 250): void {
  fc.assert(fc.property(workspaces, fc.nat(), check), { numRuns });
}

test('every place of a thing names the same places', () => {
  property((files, number) => {
    const { texts, textsWith, catalog } = workspaceOf(files);
    const place = nth(texts, number);
    if (!place) return;
    const shown = (one: typeof place): readonly string[] => placesOf(one, textsWith, catalog).map(({ file, name }) => `${file.uri} ${name.span.start}`).toSorted();
    const places = placesOf(place, textsWith, catalog);
    assert.ok(places.some(({ file, name }) => file === place.file && name.span.start === place.name.span.start));
    for (const other of places) assert.deepEqual(shown(other), shown(place));
  });
});

test('another name and back again gives the same texts', () => {
  let count = 0;
  property((files, number) => {
    const place = nth(workspaceOf(files).texts, number);
    if (!place) return;
    const { uri, names } = place.file;
    const index = names.all.indexOf(place.name);
    const there = renamed(files, { uri, index }, fresh[place.name.kind]);
    if (typeof there === 'string') return;
    count++;
    const { texts } = workspaceOf(there);
    const again = texts.find((text) => text.uri === uri)?.names.all.findIndex(({ word, kind }) => word === fresh[place.name.kind] && kind === place.name.kind) ?? -1;
    assert.ok(again >= 0);
    const back = renamed(there, { uri, index: again }, place.name.word);
    // What was there before needs not be a name that anybody could give.
    if (typeof back === 'string') assert.ok(/[^\p{L}\p{N}_.-]|^[.-]/u.test(place.name.word) || /without quotes|another/.test(back), back);
    else assert.deepEqual(back, files);
  });
  assert.ok(count > 40, `only ${count} names could be changed`);
});

test('a fresh name changes nothing of what is said about the texts', () => {
  let count = 0;
  property((files, number) => {
    const place = nth(workspaceOf(files).texts, number);
    if (!place) return;
    const { uri, names } = place.file;
    const there = renamed(files, { uri, index: names.all.indexOf(place.name) }, fresh[place.name.kind]);
    if (typeof there === 'string') return;
    count++;
    const { word } = place.name;
    assert.deepEqual(said(there, fresh[place.name.kind], word), said(files, fresh[place.name.kind], word));
  }, 150);
  assert.ok(count > 25, `only ${count} names could be changed`);
});

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { CodeAction } from 'vscode-languageserver-types';

import { parseYaml } from '#core/blueprint/yaml.ts';
import { codeActionKinds, codeActions, resolveAction, type Wanted } from '../../server/features/codeActions.ts';
import { absence, fileOf, isThere } from '../conformance/corpus.ts';
import { commentsIn, meaningOf } from '../core/refactor/support.ts';
import { blueprints, mutated } from '../support/mutations.ts';
import { applied, documentOf, uri, withCursor } from './features.ts';

function actionsAt(fixture: string, wanted?: Wanted): { readonly document: ReturnType<typeof documentOf>; readonly actions: readonly CodeAction[] } {
  const { text, offset } = withCursor(fixture);
  const document = documentOf(text);
  const at = document.lines.positionAt(offset);
  return { document, actions: codeActions(document, { start: at, end: at }, [], wanted) };
}

/** Titles and kinds of what is offered at `$0`. */
function offers(fixture: string, wanted: Wanted | undefined, ...shown: readonly string[]): void {
  assert.deepEqual(actionsAt(fixture, wanted).actions.map(({ title, kind }) => `${title} (${kind})`), shown);
}

/** The text after the action of this title. */
function check(fixture: string, title: string, after: string, wanted?: Wanted): void {
  const { document, actions } = actionsAt(fixture, wanted);
  const action = actions.find((one) => one.title === title);
  assert.ok(action, `${title} is not offered, but ${actions.map((one) => one.title).join('; ')}`);
  assert.equal(applied(document, action.edit?.changes?.[uri] ?? []), after);
}

const shop = `name: Shop
services:
- type: docker:nginx:1
  id: web
  openPorts: [80]
  env: { DB: $brooklyn:entity("db").config("x") }
- type: docker:redis:7
  id: db
  brooklyn.config:
    docker.container.openPorts: [6379]
    version: 7
`;
/** The cursor before the first `word`. */
const cursorAt = (text: string, word: string): string => text.replace(word, `$0${word}`);

test('at the type of an entity', () => {
  offers(cursorAt(shop, 'type: docker:nginx'), undefined, 'Move all 2 flags into brooklyn.config (refactor.rewrite)', 'Extract into the catalog item shop-web (refactor.extract)');
  offers(cursorAt(shop, 'redis:7'), undefined, 'Write 2 config keys as flags (refactor.rewrite)', 'Extract into the catalog item shop-db (refactor.extract)');
  offers(cursorAt(shop, 'redis:7'), { only: ['refactor.extract'] }, 'Extract into the catalog item shop-db (refactor.extract)');
  offers(cursorAt(shop, 'redis:7'), { only: ['quickfix'] });
  offers(cursorAt(shop, 'id: db'), undefined);
});

test('at a key', () => {
  check(cursorAt(shop, 'openPorts: [80]'), 'Move openPorts into brooklyn.config as docker.container.openPorts', shop.replace('  openPorts: [80]\n', '  brooklyn.config:\n    docker.container.openPorts: [80]\n'));
  check(cursorAt(shop, 'docker.container.openPorts'), 'Write docker.container.openPorts as the flag openPorts', shop.replace('  brooklyn.config:\n    docker.container.openPorts: [6379]\n', '  openPorts: [6379]\n  brooklyn.config:\n'));
  offers(cursorAt(shop, 'name: Shop'), undefined);
});

test('at services', () => {
  const [head = '', web = '', db = ''] = shop.split(/^(?=- )/m);
  check(cursorAt(shop, 'services'), 'Sort services: who is waited for first', head + db + web);
  offers(cursorAt(head + db + web, 'services'), undefined);
});

test('at a version', () => {
  check(cursorAt(shop, '7\n').replace('docker:redis:$07', 'docker:redis:7').replace('version: 7', 'version: $07'), 'Quote the version', shop.replace('version: 7', 'version: "7"'));
  offers('services:\n- type: x\n  version: 1.1$00\n', { only: ['refactor'] });
});

test('a use of an item', () => {
  const text = 'brooklyn.catalog:\n  version: "1"\n  items:\n  - id: web\n    item:\n      type: docker:nginx\n      openPorts: [80]\nservices:\n- type: web$0\n  id: a\n';
  check(text, 'Inline the catalog item web', text.replace('- type: web$0\n', '- type: docker:nginx\n  openPorts: [80]\n'));
});

test('what is required', () => {
  check('services:\n- type: url-mapping$0\n', 'Add urlmapping.domain', 'services:\n- type: url-mapping\n  brooklyn.config:\n    urlmapping.domain: CHANGE_ME\n');
});

const old = 'services:\n- type: brooklyn.entity.webapp.tomcat.TomcatServer\n- type: brooklyn.entity.webapp.$0tomcat.TomcatServer\n  brookyn.policies: []\n';
const renewed = old.replace('$0', '').replaceAll('brooklyn.entity.webapp', 'org.apache.brooklyn.entity.webapp');

test('old names of types, all at once', () => {
  check(old, 'Convert all 2 old type names', renewed);
});

test('all fixes: from one of them, when saving, worked out later where the editor can wait', () => {
  const mended = renewed.replace('brookyn', 'brooklyn');
  check(old, 'Fix all 3 problems that can be fixed', mended);
  check(`$0${old.replace('$0', '')}`, 'Fix all that can be fixed', mended, { only: ['source.fixAll'] });
  check(`$0${old.replace('$0', '')}`, 'Fix all that can be fixed', mended, { only: ['source.fixAll.clocker'] });
  offers(`$0${old.replace('$0', '')}`, undefined);
  const { document, actions } = actionsAt(old, { only: ['source'], canResolve: true });
  const [action] = actions;
  assert.ok(action && action.edit === undefined);
  assert.equal(applied(document, resolveAction(action, document).edit?.changes?.[uri] ?? []), mended);
  assert.equal(resolveAction(action, undefined).edit, undefined);
  assert.equal(resolveAction(action, { ...document, version: 2 }).edit, undefined);
});

test('every kind that is offered is announced', () => {
  const found = [shop, old.replace('$0', '')].flatMap((text) => {
    const document = documentOf(text);
    return codeActions(document, document.lines.rangeOf({ start: 0, end: text.length }), [], { only: [''] });
  });
  assert.ok(found.length > 3);
  for (const { kind } of found) assert.ok(kind !== undefined && codeActionKinds.includes(kind), kind);
});

/** What is written another way says the same. */
const keepsMeaning = /^(?:Move|Write|Extract|Inline)/;

/** Does everything that is offered on any line of a text that can be read; gives how much that was. */
function doAll(text: string): number {
  if (parseYaml(text).diagnostics.length > 0) return 0;
  const document = documentOf(text);
  const before = meaningOf(text);
  let done = 0;
  for (let line = 0; line < document.lines.count; line++) {
    const place = { line, character: document.lines.textOf(line).search(/[^\s-]|$/) };
    for (const { title, kind, edit } of codeActions(document, { start: place, end: place }, [])) {
      if (kind === 'quickfix') continue;
      done++;
      const after = applied(document, edit?.changes?.[uri] ?? []);
      assert.deepEqual(parseYaml(after).diagnostics, [], title);
      if (!title.startsWith('Inline')) assert.deepEqual(commentsIn(after), commentsIn(text), title);
      if (keepsMeaning.test(title)) assert.deepEqual(meaningOf(after), before, title);
    }
  }
  return done;
}

test('what is done can be read, keeps every comment, and where it should the meaning, whatever the text', () => {
  const texts = [...blueprints, shop, `${shop}brooklyn.catalog:\n  version: "1"\n  items:\n  - id: own\n    item:\n      # about own\n      type: docker:nginx # image\n      openPorts: [80]\n`.replace('docker:redis:7', 'own')];
  let done = 0;
  fc.assert(
    fc.property(mutated(texts), (text) => {
      done += doAll(`# ours\n${text}`);
    }),
    { numRuns: 300 },
  );
  assert.ok(done > 300, `only ${done} were offered`);
});

test('so it is with published blueprints', { skip: isThere ? false : absence }, () => {
  const files = globSync('blueprints/**/*', { cwd: fileOf('') }).filter((file) => /\.(ya?ml|bom)$/.test(file)).toSorted();
  let done = 0;
  for (const file of files.filter((_, index) => index % 40 === 0)) {
    const text = readFileSync(fileOf(file), 'utf8');
    if (text.length < 30_000) done += doAll(text);
  }
  assert.ok(done > 100, `only ${done} were offered`);
});

test('any text at all: nothing is thrown', () => {
  fc.assert(
    fc.property(mutated(blueprints), fc.nat(900), fc.nat(50), (text, start, length) => {
      const document = documentOf(text);
      const from = Math.min(start, text.length);
      assert.ok(codeActions(document, document.lines.rangeOf({ start: from, end: Math.min(from + length, text.length) }), [], { only: [''] }));
    }),
    { numRuns: 500 },
  );
});

test('a block of addresses that is in use becomes the next free one', () => {
  const networks = `services:
- type: virtual-network
  networkId: backend
  cidr: 10.200.0.0/16
- type: virtual-network
  networkId: frontend
  cidr: 10.200.7.0/24
- type: docker:nginx:1
  id: web
  brooklyn.config:
    network.list: [frontend]
    network.address: { frontend: 10.9.9.9 }
`;
  check(cursorAt(networks, '10.200.7.0/24'), 'Use the next free subnet, 10.201.0.0/24', networks.replace('10.200.7.0/24', '10.201.0.0/24'));
  check(cursorAt(networks, '10.9.9.9'), 'Use the next free address, 10.200.7.2', networks.replace('10.9.9.9', '10.200.7.2'));
});

// Symbols of the workspace: what is found for a few letters, in all files, the best first.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SymbolKind, SymbolTag } from 'vscode-languageserver-types';

import { workspaceSymbols } from '../../server/features/workspaceSymbols.ts';
import { opened, shownRange } from './navigation.ts';

const texts = `--- shop.blueprint.yaml
name: Shop
services:
- type: docker:redis
  id: shop-db
- type: dynamic-cluster
  memberSpec: { $brooklyn:entitySpec: { type: docker:nginx, name: Web server } }
- type: docker:busybox
--- ours.bom
brooklyn.catalog:
  items:
  - id: our-web
    deprecated: true
    item:
      type: docker:nginx
      brooklyn.children: [ { type: docker:redis, id: webCache } ]
--- deploy.yaml
services:
- type: docker:haproxy
  id: web
--- docker-compose.yml
services:
  web:
    image: nginx
`;

function check(query: string, ...wanted: readonly string[]): void {
  const { workspace, files } = opened(texts);
  const found = workspaceSymbols(query, workspace.symbols()).map(({ location, containerName }) => `${'range' in location ? shownRange(files, location.uri, location.range) : ''}${containerName === undefined ? '' : ` in ${containerName}`}`);
  assert.deepEqual(found, wanted);
}

test('by the whole name, its beginning, a word of it, a part, its letters', () => {
  check('web', 'deploy.yaml:3:7 web', 'ours.bom:7:54 webCache in our-web', 'shop.blueprint.yaml:6:67 Web server in Shop', 'ours.bom:3:9 our-web');
  check('WEBC', 'ours.bom:7:54 webCache in our-web');
  check('sdb', 'shop.blueprint.yaml:4:7 shop-db in Shop');
  check('webx');
  check(' busy ', 'shop.blueprint.yaml:7:9 docker:busybox in Shop');
});

test('without a word: everything', () => {
  const { workspace } = opened(texts);
  const found = workspaceSymbols('', workspace.symbols());
  assert.deepEqual(found.map(({ name }) => name).toSorted(), ['Shop', 'Web server', 'docker:busybox', 'dynamic-cluster', 'our-web', 'shop-db', 'web', 'webCache']);
  const item = found.find(({ name }) => name === 'our-web');
  assert.equal(item?.kind, SymbolKind.Interface);
  assert.deepEqual(item?.tags, [SymbolTag.Deprecated]);
});

test('an open document hides its file; a file that is gone is not found', () => {
  const { workspace } = opened(texts);
  const names = (): readonly string[] => workspaceSymbols('', workspace.symbols()).map(({ name }) => name).toSorted();
  workspace.update('file:///shop/deploy.yaml', 1, 'services:\n- type: docker:x\n  id: typed\n', false);
  assert.ok(names().includes('typed') && !names().includes('web'));
  workspace.close('file:///shop/deploy.yaml');
  assert.ok(!names().includes('typed') && names().includes('web'));
  workspace.save('file:///shop/deploy.yaml', undefined);
  assert.ok(!names().includes('web'));
  assert.equal(workspace.forget(['file:///shop'], []), true);
  assert.deepEqual(names(), ['Shop', 'Web server', 'docker:busybox', 'dynamic-cluster', 'shop-db']);
});

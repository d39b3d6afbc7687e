// What the view "Registries" shows: text in, lines out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ViewNode } from '#core/view/node.ts';
import { emptyNode, problemNode, registriesView, repositoryNodes, tagNodes } from '#core/view/registries.ts';

function check(name: string, nodes: readonly ViewNode[], lines: readonly string[]): void {
  test(`registries: ${name}`, () => {
    assert.deepEqual(nodes.map(({ label, description, contextValue, isBranch }) => `${isBranch ? '> ' : ''}${label} ${description} [${contextValue}]`.replaceAll(/ +/g, ' ')), lines);
    assert.equal(new Set(nodes.map(({ id }) => id)).size, nodes.length);
  });
}

check('those that are configured, and those that somebody logged in to', registriesView(['http://a:5000', 'https://b.example/'], ['b.example', 'c.example', 'docker.io']), ['> a:5000 [registry]', '> b.example logged in [registry.loggedIn]', '> c.example logged in [registry.loggedIn]']);
check('one that is configured twice', registriesView(['a:5000', 'http://a:5000'], []), ['> a:5000 [registry]']);
check('images', repositoryNodes('http://a:5000', ['shop/web', 'base']), ['> base [repository]', '> shop/web [repository]']);
check('tags, the highest number first', tagNodes('http://a:5000', 'shop/web', ['1.9', '1.10', 'latest']), ['latest [image]', '1.10 [image]', '1.9 [image]']);

test('registries: what a tag stands for, and what is shown where nothing is', () => {
  assert.deepEqual(tagNodes('http://a:5000', 'shop/web', ['1']).map(({ subject }) => subject), [{ kind: 'image', image: 'a:5000/shop/web:1' }]);
  assert.deepEqual(tagNodes('docker.io', 'redis', ['8']).map(({ subject }) => subject), [{ kind: 'image', image: 'redis:8' }]);
  const [registry] = registriesView(['a'], []);
  assert.ok(registry !== undefined);
  assert.deepEqual([emptyNode(registry, 'image').accessibilityLabel, problemNode(registry, 'it is down').accessibilityLabel], ['a has no images', 'a cannot be shown: it is down']);
});

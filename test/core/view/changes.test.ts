// Which nodes a change draws again: two observations as text in, ids out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { applicationsView } from '#core/view/applications.ts';
import { changedNodes } from '#core/view/changes.ts';
import { hostsView } from '#core/view/hosts.ts';
import type { ViewNode } from '#core/view/node.ts';
import { observed } from './lab.ts';

const shop = `
  host a unix:///s up
    web-1 nginx:1 running of shop/web
    db-1 redis:8 running of shop/db
    portal httpd:2 running
  host b unix:///t up
    blog-1 ghost:6 running of blog/page
`;

test('nothing changed: nothing is drawn', () => {
  check(hostsView, shop, shop, []);
  check(applicationsView, shop, shop, []);
});

test('a container that changed its state is drawn alone where nothing above it says so', () => {
  check(hostsView, shop, shop.replace('portal httpd:2 running', 'portal httpd:2 paused'), ['host/a/id-of-portal']);
});

test('what is above a change and tells of it is drawn with all below it, its neighbours are not', () => {
  check(applicationsView, shop, shop.replace('blog-1 ghost:6 running', 'blog-1 ghost:6 paused'), ['application/blog']);
});

test('a new container draws its host again, not the other hosts', () => {
  check(hostsView, shop, shop.replace('blog-1', 'new-1 i running\n blog-1'), ['host/b']);
});

test('a new application draws the whole tree', () => {
  check(applicationsView, shop, `${shop}\n wiki-1 wiki:1 running of wiki/page`, 'all');
});

test('drawing only what changed shows the same as drawing everything', () => {
  const container = fc.record({ name: fc.constantFrom('w1', 'w2', 'd1', 'p1'), entity: fc.constantFrom('web', 'db'), application: fc.constantFrom('shop', 'blog'), state: fc.constantFrom('running', 'paused', 'exited code=1') });
  const world = fc.uniqueArray(container, { selector: ({ name }) => name, maxLength: 4 }).map((containers) =>
    observed(`host a unix:///s up\n${containers.map(({ name, application, entity, state }) => ` ${name} i ${state} of ${application}/${entity}`).join('\n')}`),
  );
  fc.assert(
    fc.property(world, world, fc.constantFrom(applicationsView, hostsView), (before, after, view) => {
      const changes = changedNodes(view(before), view(after));
      assert.deepEqual(changes === 'all' ? view(after) : redrawn(view(before), view(after), changes), view(after));
    }),
  );
});

/** What is on screen when only the nodes with these ids were replaced by what they became. */
function redrawn(before: readonly ViewNode[], after: readonly ViewNode[], ids: readonly string[]): readonly ViewNode[] {
  return before.map((node, index) => {
    const next = after[index];
    if (next === undefined) return node;
    return ids.includes(node.id) ? next : { ...node, children: redrawn(node.children, next.children, ids) };
  });
}

function check(view: typeof hostsView, before: string, after: string, expected: readonly string[] | 'all'): void {
  assert.deepEqual(changedNodes(view(observed(before)), view(observed(after))), expected);
}

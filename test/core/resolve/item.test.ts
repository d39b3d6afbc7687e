import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '#core/blueprint/read.ts';
import { resolve } from '#core/resolve/resolve.ts';
import { builtInCatalog } from '../../support/catalog.ts';

test('a catalog item of an image runs that image', () => {
  const text = `brooklyn.catalog:
  version: "1"
  items:
  - id: store
    item:
      type: docker:redis:7
      openPorts: [6379]
  - id: big-store
    item:
      type: store
services:
- type: big-store
  id: db
`;
  const { application, diagnostics } = resolve(read(text), builtInCatalog);
  assert.deepEqual(diagnostics, []);
  assert.deepEqual(application?.entities.map(({ key, container }) => [key, container?.image, container?.openPorts]), [['db', 'redis:7', [6379]]]);
});

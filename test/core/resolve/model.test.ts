// The resolved application as data: what is effective and where it comes from; and the published schema, which it satisfies.

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import { Ajv } from 'ajv';

import { read } from '#core/blueprint/read.ts';
import { modelOf, type ModelValue } from '#core/resolve/model.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { blueprints } from '../../support/mutations.ts';

const schema = JSON.parse(readFileSync(join(import.meta.dirname, '../../../schemas/application.schema.json'), 'utf8')) as object;
const validate = new Ajv({ strict: false }).compile(schema);

function short(value: ModelValue): string {
  switch (value.kind) {
    case 'plain':
      return String(value.value);
    case 'secret':
      return '***';
    case 'expression':
      return value.text;
    case 'list':
      return `[${value.items.map(short).join(', ')}]`;
    case 'map':
      return `{${value.entries.map((entry) => `${short(entry.key)}: ${short(entry.value)}`).join(', ')}}`;
  }
}

function check(name: string, text: string, keys: readonly string[], expected: string): void {
  test(name, () => {
    const model = modelOf(read(text), builtInCatalog);
    assert.ok(model);
    assert.ok(validate(model), JSON.stringify(validate.errors));
    const lines = model.entities.flatMap((entity) => entity.config.filter(({ key }) => keys.includes(key)).map(({ key, from, at, value }) => `${entity.key} ${key} = ${short(value)} (${from}${at === entity.key ? '' : ` ${at}`})`));
    assert.equal(lines.toSorted().join('\n'), expected.trim());
  });
}

check('own value, then type, then the entity above, then default', `
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  items:
  - id: thing
    item:
      type: basic-entity
      brooklyn.parameters:
      - { name: a, default: default }
      - { name: b, default: default }
      - { name: c, default: default }
      - { name: d, default: default }
      brooklyn.config: { a: type, b: type }
name: shop
brooklyn.config: { a: above, b: above, c: above }
services:
- type: thing
  id: one
  brooklyn.config: { a: own }
`, ['a', 'b', 'c', 'd'], `
one a = own (entity)
one b = type (type)
one c = above (parent shop)
one d = default (default)
shop a = above (entity)
shop b = above (entity)
shop c = above (entity)
`);

check('environments are merged, the nearer value wins', `
name: shop
brooklyn.config:
  shell.env: { A: far, B: far }
services:
- type: vanilla-software-process
  id: one
  shell.env: { B: near, C: near }
`, ['shell.env'], `
one shell.env = {A: far, B: near, C: near} (entity)
shop shell.env = {A: far, B: far} (entity)
`);

check('secrets are not in it, expressions are', `
name: shop
services:
- type: docker:redis
  id: db
  env:
    DB_PASSWORD: hunter2
    TOKEN: $brooklyn:external("vault", "t")
    MODE: fast
`, ['docker.container.environment'], `
db docker.container.environment = {DB_PASSWORD: ***, TOKEN: $brooklyn:external("vault", "t"), MODE: fast} (entity)
`);

test('every blueprint of the mutation corpus satisfies the schema', () => {
  for (const text of blueprints) {
    const model = modelOf(read(text), builtInCatalog);
    if (model) assert.ok(validate(model), JSON.stringify(validate.errors));
  }
});

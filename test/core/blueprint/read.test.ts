// Reading: a blueprint in, the entities as an indented outline out; and laws that hold for any text.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import type { EntitySpec } from '#core/blueprint/spec.ts';
import { read } from '#core/blueprint/read.ts';

function outline(spec: EntitySpec, depth = 0): string {
  const indent = '  '.repeat(depth);
  const config = spec.config.map(({ key }) => key).join(' ');
  const line = `${indent}${spec.type?.value ?? '-'}${spec.id ? ` #${spec.id.value}` : ''}${config === '' ? '' : ` (${config})`}`;
  const adjuncts = spec.adjuncts.map(({ kind, type }) => `${indent}  ${kind} ${type?.value ?? '-'}`);
  const members = spec.specs.map(({ key, spec: member }) => `${indent}  ${key}:\n${outline(member, depth + 2)}`);
  return [line, ...adjuncts, ...members, ...spec.children.map((child) => outline(child, depth + 1))].join('\n');
}

function check(name: string, text: string, expected: string): void {
  test(name, () => {
    const { plan } = read(text);
    assert.equal(plan ? outline(plan) : '', expected.trim());
  });
}

check('services, their ids, flags and config', `
name: Shop
services:
- type: docker:redis:7
  id: db
  openPorts: [6379]
- serviceType: tomcat
  brooklyn.config: { http.port: 8080+ }
  brooklyn.flags: { war: shop.war }
`, `
-
  docker:redis:7 #db (openPorts)
  tomcat (http.port war)
`);

check('children, policies and members', `
services:
- type: cluster
  initialSize: 2
  memberSpec:
    $brooklyn:entitySpec:
      type: tomcat
      brooklyn.policies:
      - policyType: restarter
  brooklyn.children:
  - type: nginx
`, `
-
  cluster (initialSize memberSpec)
    memberSpec:
      tomcat
        policy restarter
    nginx
`);

check('half-typed text gives what there is', `
services:
- type: docker:redis:7
  brooklyn.config:
    a:
- type:
- id: x
  ty
`, `
-
  docker:redis:7 (a)
  -
  - #x (ty)
`);

function checkKind(text: string, kind: string): void {
  test(`${JSON.stringify(text)} is ${kind}`, () => assert.equal(read(text).kind, kind));
}

checkKind('services:\n- type: redis', 'blueprint');
checkKind('services:\n  web:\n    image: nginx', 'other');
checkKind('version: "3"\nservices: {}', 'other');
checkKind('apiVersion: v1\nkind: Pod', 'other');
checkKind('brooklyn.catalog:\n  id: x', 'catalog');
checkKind('- a\n- b', 'other');
checkKind('', 'other');

test('catalog items, with what the catalog around them says', () => {
  const { items } = read(`
brooklyn.catalog:
  bundle: shop
  version: "1.0"
  itemType: entity
  items:
  - id: web
    name: Web server
    item:
      type: docker:nginx:1.25
  - itemType: policy
    items:
    - id: calm
      version: "2.0"
      item: { type: restarter }
  - classpath://more.bom
`);
  assert.deepEqual(items.map(({ id, version, itemType, definition }) => [id?.value, version?.value, itemType, definition?.type?.value]), [
    ['web', '1.0', 'entity', 'docker:nginx:1.25'],
    ['calm', '2.0', 'policy', 'restarter'],
  ]);
});

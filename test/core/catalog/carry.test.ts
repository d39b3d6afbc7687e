import assert from 'node:assert/strict';
import { test } from 'node:test';
import { maskBlueprint } from '#core/blueprint/mask.ts';
import { read } from '#core/blueprint/read.ts';
import { selfContained } from '#core/catalog/carry.ts';
import { understand } from '../../../client/understand.ts';

const catalog = `brooklyn.catalog:
  version: 1.2
  itemType: entity
  items:
  - id: shop-web
    item:
      type: shop-base
      brooklyn.config: {MODE: one}
  - id: shop-base
    item:
      type: docker:nginx:1.29-alpine
      env: {TOKEN: hunter2, MODE: $brooklyn:config("MODE")}
  - id: unused
    item: {type: docker:redis}
`;

/** The blueprint with what it uses of the catalog: understood without it, it is the same application as with it. */
function check(name: string, blueprint: string, carried: readonly string[]): void {
  test(name, () => {
    const whole = selfContained(read(blueprint), [read(catalog)]);
    assert.ok(whole !== undefined);
    const alone = understand(whole);
    const withCatalog = understand(blueprint, { 'catalog.bom': catalog });
    for (const { diagnostics } of [alone, withCatalog]) assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error'), []);
    assert.equal(withCatalog.application?.blueprint, whole);
    assert.deepEqual(JSON.stringify(alone.application?.entities), JSON.stringify(withCatalog.application?.entities));
    assert.ok(alone.application?.entities.some(({ container }) => container !== undefined));
    assert.deepEqual(read(whole).items.map(({ id, version }) => `${id?.value ?? ''} ${version?.value ?? ''}`), carried);
    assert.doesNotMatch(maskBlueprint(whole), /hunter2/);
  });
}

check('a type, and what that is made from', 'name: shop\nservices:\n- type: shop-web\n  id: web\n', ['shop-web 1.2', 'shop-base 1.2']);
check('a type by its version, in a text that ends without a line break', 'name: shop\nservices:\n- type: shop-base:1.2', ['shop-base 1.2']);
check('what is used nowhere stays away', 'name: shop\nservices:\n- type: docker:redis\n', []);
check('beside items of its own', 'brooklyn.catalog:\n  version: 2\n  items:\n  - id: mine\n    item: {type: shop-web}\nname: shop\nservices:\n- type: mine\n', ['mine 2', 'shop-web 1.2', 'shop-base 1.2']);
check('members of a cluster', 'name: shop\nservices:\n- type: cluster\n  id: many\n  brooklyn.config:\n    initialSize: 2\n    memberSpec:\n      $brooklyn:entitySpec:\n        type: shop-base\n', ['shop-base 1.2']);

test('a text in brackets has no place for it', () => assert.equal(selfContained(read('{name: shop, services: [{type: shop-web}]}'), [read(catalog)]), undefined));

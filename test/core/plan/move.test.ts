// What a person moves: where it may go, what the plan says, and that nothing moves it back.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findEntity } from '#core/cluster/find.ts';
import { understand } from '#core/check/problems.ts';
import { place } from '#core/placement/place.ts';
import { diff } from '#core/plan/diff.ts';
import { moveHandover } from '#core/plan/handover.ts';
import { counting } from '#core/plan/lost.ts';
import { render } from '#core/plan/render.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { application, lines, observed } from './cluster.ts';

/** `move`: `web to b`. The answer is the plan. */
function check(name: string, { hosts, entities, move, answer }: { readonly hosts: string; readonly entities: string; readonly move: string; readonly answer: string }): void {
  test(name, () => {
    const seen = counting(observed(hosts), 'shop');
    const [entity = '', , host = ''] = move.split(' ');
    const plan = diff(wantedOf(application(entities), seen, { file: () => undefined }, undefined, { to: new Map([[entity, host]]) }), seen);
    assert.deepEqual(render(plan).filter((line) => !line.includes('    image')), lines(answer));
  });
}

const two = 'a up\n  shop-web running shop/web nginx\n  shop-db running shop/db redis data:/d\nb up\nc down: no engine';

check('side by side, where nothing is in the way', { hosts: two, entities: 'web nginx\ndb redis data:/d', move: 'web to b', answer: `
    ~ move shop-web from a to b
        there because it was asked for
        the new one runs before the old one stops
    1 to move, 1 unchanged.` });

check('what it has written stays behind', { hosts: two, entities: 'web nginx\ndb redis data:/d', move: 'db to b', answer: `
    ~ move shop-db from a to b
        there because it was asked for
        the old one stops first: both may write to volume data
        what is in volume data stays on a, unless the hosts share it
    1 to move, 1 unchanged.` });

check('where it is already', { hosts: two, entities: 'web nginx\ndb redis data:/d', move: 'web to a', answer: 'Nothing to do: 2 containers are as wanted.' });

check('to a host that is down', { hosts: two, entities: 'web nginx\ndb redis data:/d', move: 'web to c', answer: `
    ! web: it cannot go on c: the host is down: no engine
    This cannot be deployed: 1 problem.` });

check('to a host that is not there', { hosts: two, entities: 'web nginx\ndb redis data:/d', move: 'web to d', answer: `
    ! web: there is no host d to move it to; the hosts are a, b, c
    This cannot be deployed: 1 problem.` });

check('against the blueprint', { hosts: two, entities: 'web nginx @a\ndb redis data:/d', move: 'web to b', answer: `
    ! web: it cannot be moved to b: the blueprint says a; change its location there
    This cannot be deployed: 1 problem.` });

test('what was moved stays', () => {
  const seen = observed('a up\n  shop-db running shop/db redis\n  shop-x running shop/x redis\nb up\n  shop-web running shop/web nginx\nc up');
  const plan = diff(wantedOf(application('web nginx\ndb redis\nx redis'), seen, { file: () => undefined }), seen);
  assert.deepEqual(render(plan), ['Nothing to do: 3 containers are as wanted.']);
});

test('which entity a person means', () => {
  const seen = observed('a up\n  shop-web exited shop/web nginx\n  blog-web running blog/web nginx\n  shop-db running shop/db redis\n  other running - x');
  const found = (text: string): string => {
    const one = findEntity(seen, text);
    return typeof one === 'string' ? one : one.container.containerName;
  };
  assert.equal(found('db'), 'shop-db');
  assert.equal(found('shop/web'), 'shop-web');
  assert.equal(found('blog-web'), 'blog-web');
  assert.equal(found('web'), '2 entities are called web; say which: blog/web, shop/web');
  assert.equal(found('dbb'), 'there is no entity dbb; did you mean db?');
  assert.equal(findEntity(observed('a up'), 'x'), 'there is no entity x; nothing is deployed on these hosts');
});

test('what is told its own address in its environment does not run beside what has it', () => {
  const { application: told } = understand('id: shop\nservices:\n- type: vanilla-software-process\n  id: web\n  brooklyn.config:\n    launch.command: serve\n    shell.env: { BIND: $brooklyn:attributeWhenReady("host.subnet.address") }\n', builtInCatalog);
  assert.ok(told);
  const seen = observed('a up\n  shop-web running shop/web debian');
  const [web] = place(told, seen).containers;
  assert.ok(web);
  assert.deepEqual(moveHandover(web, seen.hosts[0]?.containers[0]), { kind: 'stopFirst', because: 'it is told its own address when it starts' });
});

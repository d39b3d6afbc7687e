// Hosts that are down: what was on them is waited for, until somebody says that they are lost; what they hold when they are back
// is left over.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '#core/cluster/observed.ts';
import { diff } from '#core/plan/diff.ts';
import { counting, lostRefusals, unseen, unseenRefusals } from '#core/plan/lost.ts';
import type { Plan } from '#core/plan/plan.ts';
import { render } from '#core/plan/render.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { lastPlaces, placesNow } from '#core/record/places.ts';
import type { Places } from '#core/record/revision.ts';
import { deleteQuestion, withoutOffer } from '#core/view/words.ts';
import { application, lines, observed } from './cluster.ts';

/** The hosts, the last deployment remembered by those that are up: its places, made `atMs`. */
function seen(hosts: string, places?: Places, atMs = 1000): Observed {
  const { hosts: all } = observed(hosts);
  const record = { application: 'shop', applicationName: 'Shop', revision: 1, atMs, by: 'ann', what: '', outcome: 'done', ...(places && { places }) } as const;
  return { hosts: all.map((host) => (host.state.kind === 'up' ? Object.assign({}, host, { records: [record] }) : host)) };
}

function deployed(text: string, from: Observed, without: readonly string[] = []): Plan {
  const wanted = wantedOf(application(text), counting(from, 'shop', without), { file: () => undefined });
  return diff({ ...wanted, refusals: [...lostRefusals(from, 'shop', without), ...wanted.refusals], without }, counting(from, 'shop', without));
}

function deletion(from: Observed, without: readonly string[] = []): Plan {
  const counts = counting(from, 'shop', without);
  return diff({ application: 'shop', applicationName: 'Shop', containers: [], refusals: unseenRefusals(counts, 'shop'), without }, counts);
}

const check = (plan: Plan, answer: string): void => assert.deepEqual(render(plan), lines(answer));
const two = 'web nginx\ndb redis';

test('a host that was seen before it went down, and one that was not, are both waited for', () => {
  const remembered = seen('a up\n  shop-web running shop/web nginx\nb down: no route\n  shop-db running shop/db redis', { web: 'a', db: 'b' });
  const refused = deployed(two, remembered);
  check(refused, `
    ! db: its container stays where it is, but on b: the host is down: no route
    This cannot be deployed: 1 problem.`);
  assert.deepEqual(withoutOffer('deploy', refused), { label: 'Deploy without b', without: ['b'] });

  const neverSeen = seen('a up\n  shop-web running shop/web nginx\nb down: no route', { web: 'a', db: 'b' });
  const alike = deployed(two, neverSeen);
  check(alike, `
    ! db: its container is on host b, which is down: no route
    This cannot be deployed: 1 problem.`);
  assert.deepEqual(withoutOffer('deploy', alike)?.without, ['b']);

  assert.deepEqual([remembered, neverSeen].map((from) => unseen(from, 'shop').map(({ entity, host }) => `${entity} on ${host.host}`)), [[], ['db on b']]);

  for (const from of [remembered, neverSeen]) {
    check(deployed(two, from, ['b']), `
      + create shop-db on a
          image redis, address 10.200.0.3
          here because a is the only host
      1 to create, 1 unchanged, without b.`);
  }
});

test('a new application, a new entity and a host that is gone for good wait for nobody', () => {
  const create = 'here because only a can take it';
  check(deployed('web nginx', { hosts: observed('a up\nb down: x').hosts }), `
    + create shop-web on a
        image nginx, address 10.200.0.2
        ${create}
    1 to create.`);
  check(deployed(two, seen('a up\n  shop-web running shop/web nginx\nb down: x', { web: 'a' })), `
    + create shop-db on a
        image redis, address 10.200.0.3
        ${create}
    1 to create, 1 unchanged.`);
  check(deployed(two, seen('a up\n  shop-web running shop/web nginx', { web: 'a', db: 'gone' })), `
    + create shop-db on a
        image redis, address 10.200.0.3
        here because a is the only host
    1 to create, 1 unchanged.`);
});

test('only a host that is there and down can be given up', () => {
  check(deployed('web nginx', seen('a up\n  shop-web running shop/web nginx\nb connecting', { web: 'a' }), ['a', 'b', 'c']), `
    ! shop: host a is up; only a host that is down can be left out
    ! shop: host b has not answered yet; only a host that is down can be left out
    ! shop: there is no host c to leave out; the hosts are a, b
    ! web: there is no host; add one
    This cannot be deployed: 4 problems.`);
});

test('what was made elsewhere counts from then on, and what a host brings back is left over', () => {
  const places = { web: 'a', db: 'a' };
  check(deployed(two, seen('b down: x\n  shop-db running shop/db redis\na up\n  shop-web running shop/web nginx\n  shop-db running shop/db redis', places)), 'Nothing to do: 2 containers are as wanted.');
  check(deployed(two, seen('b up\n  shop-db running shop/db redis\na up\n  shop-web running shop/web nginx\n  shop-db running shop/db redis', places)), `
    - remove shop-db on b
        db is on a now
    1 to remove, 2 unchanged.`);
  check(deployed('web nginx', seen('b down: x\n  shop-db running shop/db redis\na up\n  shop-web running shop/web nginx', { web: 'a' })), 'Nothing to do: 1 container is as wanted.');
});

test('what was made on a host after the last deployment was remembered is no leftover', () => {
  check(deployed(two, seen('a up\n  shop-web running shop/web nginx\nb down: x\n  shop-db running shop/db redis', { web: 'a' }, 0)), `
    ! db: its container stays where it is, but on b: the host is down: x
    This cannot be deployed: 1 problem.`);
});

test('a deletion waits for hosts that are down, too', () => {
  const from = seen('a up\n  shop-web running shop/web nginx\nb down: x', { web: 'a', db: 'b' });
  const refused = deletion(from);
  assert.deepEqual(refused.refusals, [{ entity: 'db', reason: 'its container is on host b, which is down: x', downHost: 'b' }]);
  assert.deepEqual(withoutOffer('delete', refused), { label: 'Delete without b', without: ['b'] });
  const without = deletion(from, ['b']);
  assert.deepEqual(without.refusals, []);
  assert.match(deleteQuestion(without).message, /^Delete application Shop from a\?$/);
});

test('giving a host up is part of what is approved', () => {
  const from = seen('a up\n  shop-web running shop/web nginx\nb down: x', { web: 'a' });
  assert.notEqual(deployed('web nginx', from).hash, deployed('web nginx', from, ['b']).hash);
});

test('places are those of the containers that are there, of the newest where there are two; those on hosts that are down stay', () => {
  const placesAre = (hosts: string, before: Places | undefined, lost: readonly string[], places: Places): void => assert.deepEqual(placesNow(seen(hosts, before), 'shop', lost), places);
  const hosts = 'a up\n  shop-web running shop/web nginx\n  shop-db running shop/db redis\nb up\n  shop-db running shop/db redis\n  blog-web running blog/web nginx\nc down: x\n  shop-old running shop/old redis';
  placesAre(hosts, undefined, [], { web: 'a', db: 'b' });
  placesAre(hosts, { web: 'c', cache: 'c', gone: 'd', queue: 'a' }, [], { web: 'a', db: 'b', cache: 'c' });
  placesAre(hosts, { cache: 'c' }, ['c'], { web: 'a', db: 'b' });
  assert.deepEqual(lastPlaces(seen('a up', { web: 'a' }, 7), 'shop'), { atMs: 7, places: { web: 'a' } });
  assert.equal(lastPlaces(seen('a up'), 'shop'), undefined);
});

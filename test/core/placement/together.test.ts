// Entities that must share a host: a blueprint and hosts in, places and refusals out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { understand } from '#core/check/problems.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { explain } from '#core/placement/place.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { lines, observed } from '../plan/cluster.ts';

const readsAddress = 'env: { DB: $brooklyn:entity("db").attributeWhenReady("host.address") }';

function check(name: string, hosts: string, services: string, answer: string): void {
  test(name, () => {
    const { application } = understand(`name: shop\nservices:\n${services.trim()}\n`, builtInCatalog);
    assert.ok(application);
    const { containers, refusals } = wantedOf(application, observed(hosts), { file: () => undefined });
    assert.deepEqual([...containers.map(({ entity, host, placedBecause }) => `${entity} on ${host}: ${placedBecause}`), ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`)], lines(answer));
  });
}

const db = '\n- type: docker:redis\n  id: db';

check('who uses the name of another is where that is', 'a up\nb up', `
- type: docker:web
  id: web
  env: { DB: $brooklyn:entity("db").attributeWhenReady("host.subnet.hostname") }
- type: docker:other
  id: other${db}`, `
  web on a: a has the fewest containers
  other on b: b has the fewest containers
  db on a: web is there: web reaches db by name or address, which only containers on one network can`);

check('who waits for the address of another, too', 'a up\nb up', `
- type: docker:web
  id: web
  env: { DB: $brooklyn:entity("db").attributeWhenReady("host.address") }${db}`, `
  web on a: a has the fewest containers
  db on a: web is there: web reaches db by name or address, which only containers on one network can`);

check('a port says nothing about where', 'a up\nb up', `
- type: docker:web
  id: web
  env: { DB: $brooklyn:entity("db").attributeWhenReady("service.isUp") }${db}`, `
  web on a: a has the fewest containers
  db on b: b has the fewest containers`);

check('the blueprint wants it otherwise', 'a up\nb up', `
- type: docker:web
  id: web
  location: a
  env: { DB: $brooklyn:entity("db").attributeWhenReady("host.name") }${db}
  location: b`, `
  web on a: the blueprint says a
  ! db: it must go on a, where web is (web reaches db by name or address, which only containers on one network can), but the blueprint says b; give both the same location`);

check('what is below a same-server entity shares a host', 'a up\nb up', `
- type: docker:first
  id: first
- type: org.apache.brooklyn.entity.software.base.SameServerEntity
  id: pair
  brooklyn.children:
  - { type: "docker:one", id: one }
  - { type: "docker:two", id: two }`, `
  first on a: a has the fewest containers
  one on b: b has the fewest containers
  two on b: one is there: pair keeps what is below it on one host`);

check('what exists stays beside its company, and follows it where it is elsewhere', 'a up\n  shop-web running shop/web web\nb up\n  shop-db running shop/db redis', `
- type: docker:web
  id: web
  ${readsAddress}${db}`, `
  web on a: it is already on a
  db on a: web is there: web reaches db by name or address, which only containers on one network can`);

check('the host of its company is full of what strategies count', 'a up\nb up', `
- type: docker:web
  id: web
  ${readsAddress}${db}
  brooklyn.config:
    docker.container.strategies:
    - $brooklyn:object: { type: max-containers-placement, brooklyn.config: { maxContainers: 1 } }`, `
  web on a: a has the fewest containers
  ! db: no host can take it; a: has 1 container, of at most 1; b: it must go where web is (web reaches db by name or address, which only containers on one network can)`);

check('no strategy takes it elsewhere', 'a up\nb up', `
- type: docker:web
  id: web
  ${readsAddress}${db}
  brooklyn.config:
    docker.container.strategies:
    - $brooklyn:object: { type: breadth-first-placement }`, `
  web on a: a has the fewest containers
  db on a: web is there: web reaches db by name or address, which only containers on one network can`);

test('every host is explained: beside its company or not at all', () => {
  const { application } = understand(`name: shop\nservices:\n- type: docker:web\n  id: web\n  ${readsAddress}${db}\n`, builtInCatalog);
  assert.ok(application);
  assert.deepEqual(explain(application, observed('a up\nb up'), 'db'), [
    { host: 'a', rank: 1, reason: '1 container' },
    { host: 'b', reason: 'it must go where web is (web reaches db by name or address, which only containers on one network can)' },
  ]);
});

check('a newcomer goes to its company that exists, though it comes first', 'a up\nb up\n  shop-db running shop/db redis\n  shop-x running shop/x nginx', `
- type: docker:web
  id: web
  ${readsAddress}${db}`, `
  web on b: db is there: web reaches db by name or address, which only containers on one network can
  db on b: it is already on b`);

check('where it cannot go to its company, that follows', 'a up\nb up\n  other running - nginx 80->80\n  shop-db running shop/db redis', `
- type: docker:web
  id: web
  portBindings: { 80: 80 }
  ${readsAddress}${db}`, `
  web on a: only a can take it
  db on a: web is there: web reaches db by name or address, which only containers on one network can`);

check('the fewest move', 'a up\n  shop-web running shop/web web\nb up\n  shop-db running shop/db redis\n  shop-cache running shop/cache redis', `
- type: docker:web
  id: web
  env: { DB: $brooklyn:entity("db").attributeWhenReady("host.address"), CACHE: $brooklyn:entity("cache").attributeWhenReady("host.address") }${db}
- type: docker:redis
  id: cache`, `
  web on b: db is there: web reaches db by name or address, which only containers on one network can
  db on b: it is already on b
  cache on b: it is already on b`);

/** Hosts of one Swarm, and lone ones: `a+b c`. */
function inSwarms(text: string): Observed {
  return {
    hosts: text.split(' ').flatMap((group, index) => group.split('+').flatMap((name, at, all) => {
      const { hosts } = observed(`${name} up`);
      const swarm = { nodeId: `${index}-${at}`, address: '', isManager: at === 0, isActive: true, managers: [`${index}-0`], nodes: all.length };
      return hosts.map((host) => (all.length > 1 ? Object.assign(host, { swarm }) : host));
    })),
  };
}

function checkSwarms(name: string, hosts: string, services: string, answer: string): void {
  test(name, () => {
    const { application } = understand(`name: shop\nservices:\n${services.trim()}\n`, builtInCatalog);
    assert.ok(application);
    const { containers, refusals } = wantedOf(application, inSwarms(hosts), { file: () => undefined });
    const places = containers.map(({ entity, host, placedBecause, networks }) => `${entity} on ${host}: ${placedBecause} (${networks.map(({ networkName }) => networkName).join(', ')})`);
    assert.deepEqual([...places, ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`)], lines(answer));
  });
}

const usesName = 'env: { DB: $brooklyn:entity("db").attributeWhenReady("host.subnet.hostname") }';

checkSwarms('where a network spans all hosts, names bind nobody', 'a+b', `
- type: docker:web
  id: web
  ${usesName}${db}`, `
  web on a: a has the fewest containers (clockernet-shop)
  db on b: b has the fewest containers (clockernet-shop)`);

checkSwarms('who reaches another is where networks reach it', 'a b+c d', `
- type: docker:web
  id: web
  location: c
  ${usesName}
- type: docker:other
  id: other${db}`, `
  web on c: the blueprint says c (clockernet-shop)
  other on a: a has the fewest containers (clocker-shop)
  db on b: b has the fewest containers (clockernet-shop)`);

checkSwarms('the blueprint puts them where no network reaches', 'a b+c', `
- type: docker:web
  id: web
  location: b
  ${usesName}${db}
  location: a`, `
  web on b: the blueprint says b (clockernet-shop)
  ! db: it must go on one of b, c, whose networks reach web (web reaches db by name or address, which only containers on one network can), but the blueprint says a; give both the same location`);

checkSwarms('what keeps its own together does so in a Swarm, too', 'a+b', `
- type: org.apache.brooklyn.entity.software.base.SameServerEntity
  id: pair
  brooklyn.children:
  - type: docker:one
    id: one
  - type: docker:two
    id: two`, `
  one on a: a has the fewest containers (clockernet-shop)
  two on a: one is there: pair keeps what is below it on one host (clockernet-shop)`);

// Which host builds an image, and which take it from there.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DesiredContainer } from '#core/cluster/desired.ts';
import type { ObservedHost } from '#core/cluster/observed.ts';
import { imageBuild } from '#core/image/imageBuild.ts';
import { imagesToBuild } from '#core/plan/builds.ts';
import { dependencies } from '#core/plan/dependencies.ts';
import type { Action } from '#core/plan/plan.ts';

const build = imageBuild({ dockerfile: 'web' }, 'localhost/clocker-built/web', { dockerfile: 'Dockerfile', text: 'FROM a', digest: '' }, { text: 'FROM a', args: {} });

function wanted(host: string, entity: string): DesiredContainer {
  const spec = { image: build.image, build, env: {}, openPorts: [], publishedPorts: [], mounts: [] };
  return { host, entity, containerName: `shop-${entity}`, application: 'shop', applicationName: 'shop', entityName: entity, spec, specHash: '', networks: [], placedBecause: '' };
}

function observedHost(host: string, cloud?: string): ObservedHost {
  return { host, endpoint: '', state: { kind: 'up', engineVersion: '', cores: 1, memoryBytes: 1 }, containers: [], ...(cloud !== undefined && { cloud }) };
}

/** `from > to` where one host takes it from another, `!host` where it is built; `holders` have it. */
function check(places: string, holders: string, expected: string): void {
  const hosts = ['a', 'b', 'c'].map((host) => observedHost(host, 'east')).concat(observedHost('x'), observedHost('y'));
  const has = holders.split(' ').filter((host) => host !== '');
  const isNear = (host: string, other: string): boolean => host === other || ('abc'.includes(host) && 'abc'.includes(other));
  const nearest = (host: string): string | undefined => [host, ...has].find((one) => has.includes(one) && isNear(host, one));
  const missing = imagesToBuild(places.split(' ').map((host, index) => wanted(host, `e${index}`)), { hosts }, nearest);
  assert.equal(missing.map((one) => (one.build === undefined ? `${one.from ?? ''}>${one.host}` : `!${one.host}`)).join(' '), expected);
}

test('it is built once in a cloud, on every host that is in none, and nowhere where it is there', () => {
  check('a a b c', '', '!a a>b a>c');
  check('x y x', '', '!x !y');
  check('a b x', 'b', 'b>a !x');
  check('a b', 'a b', '');
  check('c', 'a', 'a>c');
});

test('what needs it comes after it, and fails with it', () => {
  const actions: readonly Action[] = [
    { kind: 'build', host: 'a', image: build.image, build },
    { kind: 'pull', host: 'b', image: build.image, from: 'a' },
    { kind: 'create', host: 'b', container: wanted('b', 'web') },
    { kind: 'create', host: 'a', container: { ...wanted('a', 'other'), spec: { ...wanted('a', 'other').spec, image: 'redis' } } },
  ];
  assert.deepEqual(dependencies(actions).map(({ needs }) => needs), [[], [0], [1], []]);
});

test('what is made waits at a moment of its start, what is there waits beforehand; who needs no more than a container waits for that alone', () => {
  const db = wanted('a', 'db');
  const held = { ...wanted('b', 'web'), gates: [{ entity: 'db', shown: 'db: service.isUp', before: 'launch' as const }] };
  const mutual = { ...wanted('b', 'web'), gates: [{ entity: 'db', shown: 'db: service.isUp', before: 'launch' as const, isMutual: true as const }] };
  const after = { ...db, waits: [{ entity: 'web', shown: 'web: host.address', needsContainerOnly: true as const }] };
  const orderOf = (...actions: readonly Action[]): string => dependencies(actions).map(({ needs, there }) => `needs ${needs.join(' ')} there ${there.join(' ')}`.replaceAll(/ +/g, ' ').trim()).join(', ');
  const start = { kind: 'start', host: 'b', containerId: 'w', containerName: 'shop-web', entity: 'web' } as const;
  const create = { kind: 'create', host: 'b' } as const;
  assert.equal(orderOf({ ...create, container: db }, { ...create, container: held }), 'needs there, needs there');
  assert.equal(orderOf({ ...create, container: db }, { ...start, container: held }), 'needs there, needs 0 there');
  assert.equal(orderOf({ ...start, container: mutual }, { ...create, container: after }), 'needs there, needs there 0');
});

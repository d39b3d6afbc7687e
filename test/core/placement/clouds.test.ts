// Docker clouds as locations: which hosts come into question, whose strategies count, and what the blueprint may not mean.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { hostsToMeasure } from '#core/placement/measure.ts';
import { explain, explainAll, place } from '#core/placement/place.ts';
import type { CloudPlacement } from '#core/placement/strategy.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { explanationLines } from '#core/view/explanation.ts';
import { application, lines } from '../plan/cluster.ts';
import { cloud } from './cloud.ts';

/** A cloud of the hosts whose names begin with its own: `north` has `north-1`. */
function cloudOf(name: string, placement: Partial<CloudPlacement> = {}): CloudConfig {
  return { name, id: `${name}-id`, hosts: [], placement: { strategies: [], affinityRules: [], ...placement } };
}

interface Case {
  readonly hosts: string;
  readonly clouds: readonly CloudConfig[];
  readonly entities: string;
  readonly answer: string;
}

function check(name: string, { hosts, clouds, entities, answer }: Case): void {
  test(name, () => {
    const { containers, refusals, wanted } = place(application(entities), observed(hosts, clouds));
    const found = [
      ...containers.map(({ entity, host, placedBecause }) => `${entity} on ${host}: ${placedBecause}`),
      ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`),
      ...wanted.map((host) => `wants a host in ${host.cloud ?? 'any cloud'} for ${host.entity}`),
    ];
    assert.deepEqual(found, lines(answer));
  });
}

function observed(hosts: string, clouds: readonly CloudConfig[]): Observed {
  const of = (host: string): object => {
    const found = clouds.find(({ name }) => host.startsWith(name));
    return found ? { cloud: found.name } : {};
  };
  return { clouds, hosts: cloud(hosts).hosts.map((host) => Object.assign({ ...host }, of(host.host))) };
}

const two = [cloudOf('north'), cloudOf('south')];
const fourHosts = 'alone:\nnorth-1:\nnorth-2:\nsouth-1:';

check('a cloud by its name', { hosts: fourHosts, clouds: two, entities: 'web nginx @north\ndb redis @north', answer: 'web on north-1: north-1 has the fewest containers\ndb on north-2: north-2 has the fewest containers' });
check('a cloud by its id', { hosts: fourHosts, clouds: two, entities: 'web nginx @south-id', answer: 'web on south-1: south-1 is the only host of the cloud south' });
check('a host of a cloud', { hosts: fourHosts, clouds: two, entities: 'web nginx @north:north-2', answer: 'web on north-2: the blueprint says north-2' });
check('a host of another cloud', { hosts: fourHosts, clouds: two, entities: 'web nginx @south:north-2', answer: '! web: the cloud south has no host north-2; its hosts are south-1' });
check('a misspelt cloud', { hosts: fourHosts, clouds: two, entities: 'web nginx @nroth', answer: '! web: there is no host or cloud nroth; did you mean north?' });
check('an unknown cloud', { hosts: fourHosts, clouds: two, entities: 'web nginx @my-docker-cloud', answer: '! web: there is no host or cloud my-docker-cloud; the clouds are north, south, the hosts alone, north-1, north-2, south-1' });
check('no location: anywhere', { hosts: 'alone: 1 container\nnorth-1: 1 container\nsouth-1:', clouds: two, entities: 'web nginx', answer: 'web on south-1: south-1 has the fewest containers' });
check('a list: one cloud after the other', {
  hosts: 'north-1:\nsouth-1:',
  clouds: [cloudOf('north', { maxContainers: 1 }), cloudOf('south')],
  entities: 'web nginx @north,south\ndb redis @north,south',
  answer: 'web on north-1: north-1 is the only host of the cloud north\ndb on south-1: south-1 is the only host of the cloud south',
});
check('a list of which nothing fits', {
  hosts: 'north-1:\nsouth-1: read-only',
  clouds: [cloudOf('north', { maxCpu: 0.5 }), cloudOf('south')],
  entities: 'web nginx @north,south',
  answer: `
    ! web: in the cloud north it cannot go on north-1: has an unknown CPU usage, and must be below 50 %; in the cloud south it cannot go on south-1: the host is read-only
    wants a host in north for web`,
});
check('the strategies of the cloud count', { hosts: 'north-1: 3 containers\nnorth-2:', clouds: [cloudOf('north', { strategies: [{ kind: 'hostname', pattern: 'north-1' }] })], entities: 'web nginx @north', answer: 'web on north-1: only north-1 can take it' });
check('the strategies of another cloud do not', { hosts: fourHosts, clouds: [cloudOf('north', { strategies: [{ kind: 'hostname', pattern: 'x' }] }), cloudOf('south')], entities: 'web nginx @south', answer: 'web on south-1: south-1 is the only host of the cloud south' });
check('where nothing but one cloud is, that is meant', { hosts: 'north-1: 2 containers\nnorth-2:', clouds: [cloudOf('north', { strategies: [{ kind: 'hostname', pattern: 'north-1' }] })], entities: 'web nginx', answer: 'web on north-1: only north-1 can take it' });
check('the most containers of a cloud', {
  hosts: 'north-1: 2 containers\nnorth-2: 1 container',
  clouds: [cloudOf('north', { maxContainers: 2 })],
  entities: 'web nginx @north\ndb redis @north',
  answer: `
    web on north-2: only north-2 can take it
    ! db: no host can take it; north-1, north-2: has 2 containers, of at most 2
    wants a host in north for db`,
});
check('who comes from anywhere keeps to the limits of the cloud', {
  hosts: 'alone: read-only\nnorth-1: 2 containers',
  clouds: [cloudOf('north', { maxContainers: 2 })],
  entities: 'web nginx',
  answer: `
    ! web: no host can take it; alone: the host is read-only; north-1: has 2 containers, of at most 2 in the cloud north
    wants a host in any cloud for web`,
});
check('who comes from anywhere keeps to the rules of the cloud', {
  hosts: 'alone: 1 container\nnorth-1: blog/web nginx',
  clouds: [cloudOf('north', { affinityRules: [{ verb: 'APPLICATION', not: false }] })],
  entities: 'web nginx',
  answer: 'web on alone: only alone can take it',
});
check('a cloud without hosts', { hosts: 'alone:', clouds: two, entities: 'web nginx @north', answer: '! web: the cloud north has no hosts yet\nwants a host in north for web' });
check('nothing but a cloud without hosts', { hosts: '', clouds: [cloudOf('north')], entities: 'web nginx', answer: '! web: the cloud north has no hosts yet\nwants a host in north for web' });
check('what exists stays in the second cloud', { hosts: 'north-1:\nsouth-1: shop/web nginx', clouds: two, entities: 'web nginx @north,south', answer: 'web on south-1: it is already on south-1' });
check('what exists outside of its cloud moves', { hosts: 'alone: shop/web nginx\nnorth-1:', clouds: two, entities: 'web nginx @north', answer: 'web on north-1: north-1 is the only host of the cloud north' });

test('every host is explained, those of other clouds too', () => {
  const clouds = [cloudOf('north', { maxContainers: 1 }), cloudOf('south')];
  assert.deepEqual(explain(application('web nginx @north,south'), observed('alone:\nnorth-1: 1 container\nnorth-2:\nsouth-1:', clouds), 'web'), [
    { host: 'north-2', rank: 1, reason: '0 containers' },
    { host: 'south-1', rank: 2, reason: '0 containers' },
    { host: 'north-1', reason: 'has 1 container, of at most 1' },
    { host: 'alone', reason: 'the blueprint says north or south' },
  ]);
});

test('10,000 entities are placed in a cloud of 5,000 hosts in seconds', () => {
  const hosts = Array.from({ length: 5000 }, (_, index) => ({ host: `north-${index}`, cloud: 'north', endpoint: '', state: { kind: 'up', engineVersion: '29', cores: 8, memoryBytes: 2 ** 35 } as const, containers: [] }));
  const { entities, ...app } = application('web nginx @north');
  const [web] = entities;
  assert.ok(web);
  const many = { ...app, entities: Array.from({ length: 10_000 }, (_, index) => ({ ...web, key: `web-${index}` })) };
  const began = process.cpuUsage();
  assert.equal(place(many, { hosts, clouds: [cloudOf('north', { maxContainers: 4 })] }).containers.length, 10_000);
  // Of the processor's time: what else the machine does is no matter.
  assert.ok(process.cpuUsage(began).user < 6_000_000);
});

test('nothing goes to a cloud of which nobody knows the hosts', () => {
  const { refusals } = place(application('web nginx @north'), { ...observed('alone:', [cloudOf('north')]), cloudProblems: [{ cloud: 'north', problem: './make does not answer' }] });
  assert.deepEqual(refusals, [{ entity: 'web', reason: 'which hosts the cloud north has is not known: ./make does not answer' }]);
});

test('CPU usage is asked for where a strategy or a cloud goes by it, and nowhere else', () => {
  const measured = (entities: string, clouds: readonly CloudConfig[]): readonly string[] => [...hostsToMeasure(application(entities), observed(fourHosts, clouds))];
  const lowest: CloudPlacement['strategies'] = [{ kind: 'lowest-cpu' }];
  assert.deepEqual(measured('web nginx\ndb redis @north', two), []);
  assert.deepEqual(measured('web nginx @north', [cloudOf('north', { strategies: lowest }), cloudOf('south')]), ['north-1', 'north-2']);
  assert.deepEqual(measured('web nginx @south', [cloudOf('north', { strategies: lowest }), cloudOf('south')]), []);
  assert.deepEqual(measured('web nginx @north-2', [cloudOf('north', { maxCpu: 0.5 })]), ['north-2']);
  assert.deepEqual(measured('web nginx', [cloudOf('north', { maxCpu: 0.5 }), cloudOf('south')]), ['north-1', 'north-2']);
});

test('an explanation for people: every entity, every host, in the order of placing', () => {
  const app = application('web nginx @north\ndb redis @north\nall group\nlost nginx @nroth');
  const named = { ...app, entities: app.entities.map((entity) => Object.assign(entity, entity.key === 'db' ? { name: 'Database' } : {})) };
  const explained = explainAll(named, observed('north-1:\nnorth-2: 1 container', [cloudOf('north', { maxContainers: 1 })]));
  assert.deepEqual(explanationLines(explained), lines(`
    web goes on north-1
      1.  north-1  0 containers
      -   north-2  has 1 container, of at most 1
    ~
    Database (db) goes nowhere: no host can take it; north-1, north-2: has 1 container, of at most 1
      -   north-1  has 1 container, of at most 1
      -   north-2  has 1 container, of at most 1
    ~
    lost goes nowhere: there is no host or cloud nroth; did you mean north?`).map((line) => (line === '~' ? '' : line)));
});

// Whole applications with strategies: the members of one deployment count against each other before they exist, what exists stays
// while it may, and refusals say what kind of host would help. Hosts and a blueprint in, lines out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { place } from '#core/placement/place.ts';
import type { PlaceOptions } from '#core/placement/placing.ts';
import { lines } from '../plan/cluster.ts';
import { applicationOf, cloud } from './cloud.ts';

interface Case {
  readonly hosts: string;
  /** The services of the application `shop`, in YAML. */
  readonly services: string;
  readonly options?: PlaceOptions;
  /** `web on a: reason`, then `! db: reason`. */
  readonly answer: string;
}

function check(name: string, { hosts, services, options = {}, answer }: Case): void {
  test(name, () => {
    const { containers, refusals } = place(applicationOf(`id: shop\nservices:\n${lines(services).join('\n')}\n`), cloud(hosts), undefined, options);
    const found = [...containers.map(({ entity, host, placedBecause }) => `${entity} on ${host}: ${placedBecause}`), ...refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`)];
    assert.deepEqual(found, lines(answer));
  });
}

/** Entities of these ids, all alike. */
const each = (ids: string, config: string): string => ids.split(' ').map((id) => `- type: docker:nginx\n  id: ${id}\n  brooklyn.config:\n    docker.image.tag: latest\n${lines(config).map((line) => `    ${line}`).join('\n')}`).join('\n');
const strategies = (...types: readonly string[]): string => `docker.container.strategies:\n${types.map((type) => `- $brooklyn:object: { type: ${type.split(' ')[0] ?? ''}, brooklyn.config: { ${type.split(' ').slice(1).join(' ')} } }`).join('\n')}`;

check('in turn, one after the other, leaving out what is full', {
  hosts: 'a: 1 containers\nb:\nc: 2 containers',
  services: each('w1 w2 w3 w4', strategies('breadth-first-placement', 'max-containers-placement maxContainers: 3')),
  answer: 'w1 on a: a is next in turn\nw2 on b: b is next in turn\nw3 on c: c is next in turn\nw4 on a: a is next in turn',
});

check('depth first fills one host, then the next', {
  hosts: 'a:\nb: 1 containers',
  services: each('w1 w2 w3', strategies('max-containers-placement maxContainers: 3', 'depth-first-placement')),
  answer: 'w1 on b: b is the fullest with room\nw2 on b: b is the fullest with room\nw3 on a: only a can take it',
});

check('what is to come keeps processors busy before it can be measured', {
  hosts: 'a: 10% CPU, 1 cores\nb: 25% CPU, 1 cores',
  services: each('w1 w2 w3 w4', strategies('lowest-cpu-placement')),
  answer: 'w1 on a: a has the least busy processors\nw2 on a: a has the least busy processors\nw3 on b: b has the least busy processors\nw4 on a: a has the least busy processors',
});

check('apart from each other', {
  hosts: 'a:\nb:',
  services: each('w1 w2 w3', 'affinity.rules: [NOT TYPE]'),
  answer: `
    w1 on a: a has the fewest containers
    w2 on b: only b can take it
    ! w3: no host can take it; a: has w1 on it, which the rule NOT TYPE refuses; b: has w2 on it, which the rule NOT TYPE refuses`,
});

check('beside each other', { hosts: 'a: 3 containers\nb: shop/db redis', services: `${each('db', 'docker.image.tag: "7"')}\n${each('web', 'affinity.rules: [APPLICATION]')}`, answer: 'db on b: it is already on b\nweb on b: only b can take it' });

const groups = (config: string): string => ['one', 'two'].map((id) => `- type: org.apache.brooklyn.entity.stock.BasicApplication\n  id: ${id}\n  brooklyn.children:\n${lines(each(`${id}-a ${id}-b`, config)).map((line) => `  ${line}`).join('\n')}`).join('\n');

check('groups keep together and apart from one another', {
  hosts: 'a: 5 containers\nb:\nc: 1 containers',
  services: groups(strategies('group-placement')),
  answer: `
    one-a on b: b has the fewest containers
    one-b on b: only b can take it
    two-a on c: c has the fewest containers
    two-b on c: only c can take it`,
});

check('a group that has no more room does not spill over', {
  hosts: 'a: at most 1\nb:',
  services: each('w1 w2', strategies('group-placement')),
  answer: 'w1 on a: a has the fewest containers\n! w2: no host can take it; a: has 1 container, of at most 1 that the host takes; b: the group it belongs to is on a',
});

check('others of the application keep away from an exclusive group', {
  hosts: 'a:\nb: 4 containers',
  services: `${each('w1', strategies('group-placement exclusive: true'))}\n- type: org.apache.brooklyn.entity.stock.BasicApplication\n  id: rest\n  brooklyn.children:\n${lines(each('w2', 'docker.image.tag: "1"')).map((line) => `  ${line}`).join('\n')}`,
  answer: 'w1 on a: only a can take it\nw2 on b: only b can take it',
});

check('spread over zones first, then the fewest containers', {
  hosts: 'a: zone=one\nb: zone=one\nc: zone=two, 3 containers\nd: zone=three, 9 containers',
  services: each('w1 w2 w3 w4', strategies('least-containers-placement', 'geography-placement spread: zone')),
  answer: `
    w1 on a: a is in the zone with the fewest members of its group
    w2 on c: c is in the zone with the fewest members of its group
    w3 on d: d is in the zone with the fewest members of its group
    w4 on b: b is in the zone with the fewest members of its group`,
});

check('memory that is asked for is taken before anything runs', {
  hosts: 'a: 3 GiB\nb: 3 GiB',
  services: each('w1 w2 w3', 'docker.memory: 2g'),
  answer: 'w1 on a: a has the fewest containers\nw2 on b: only b can take it\n! w3: no host can take it; a, b: has 1 GiB of 3 GiB memory left to reserve, 2 GiB are asked for',
});

check('what exists stays, though another host would be better', {
  hosts: 'a: shop/web nginx, 3 containers, 90% CPU\nb: 0% CPU',
  services: each('web', strategies('max-cpu-placement', 'lowest-cpu-placement', 'least-containers-placement')),
  answer: 'web on a: it is already on a',
});

check('what exists moves when its host satisfies no longer what is asked', {
  hosts: 'a: shop/web nginx\nb: disk=ssd\nc: disk=ssd, 1 containers',
  services: each('web', strategies('label-placement labels: [disk]')),
  answer: 'web on b: b has the fewest containers; a lacks the label disk',
});

check('what exists stays on a host that takes nothing new', { hosts: 'a: read-only, shop/web nginx\nb:', services: each('web new', 'docker.image.tag: "1"'), answer: 'web on a: it is already on a\nnew on b: only b can take it' });

check('what exists does not count against itself', { hosts: 'a: at most 1, shop/web nginx\nb: blog/x nginx', services: each('web', 'affinity.rules: [NOT TYPE docker:nginx]'), answer: 'web on a: it is already on a' });

check('of too many, one after the other goes', {
  hosts: 'a: shop/w1 nginx, shop/w2 nginx, shop/w3 nginx\nb:',
  services: each('w1 w2 w3', strategies('max-containers-placement maxContainers: 2')),
  answer: 'w1 on b: only b can take it; a has 2 containers, of at most 2\nw2 on a: it is already on a\nw3 on a: it is already on a',
});

check('what is no longer in the blueprint counts for nothing', { hosts: 'a: at most 1, shop/old nginx', services: each('web', 'docker.image.tag: "1"'), answer: 'web on a: a is the only host' });

check('many hosts that refuse for one reason are told together', {
  hosts: Array.from({ length: 7 }, (_, index) => `h${index}: 1 containers`).join('\n'),
  services: each('web', strategies('max-containers-placement maxContainers: 1')),
  answer: '! web: no host can take it; h0, h1, h2, h3 and 3 more: has 1 container, of at most 1',
});

check('a cloud\'s rules and strategies for everything', {
  hosts: 'a: blog/x redis\nb: 6 containers',
  services: each('web', 'docker.image.tag: "1"'),
  options: { cloud: { strategies: [{ kind: 'max-containers', maxContainers: 6 }], affinityRules: [{ verb: 'TYPE', not: true, parameter: 'docker:redis' }] } },
  answer: '! web: no host can take it; a: has x on it, which the rule NOT TYPE docker:redis refuses; b: has 6 containers, of at most 6',
});

test('the host that would help is told as data', () => {
  const services = each('web', `docker.memory: 3g\ndocker.cpuShares: 1500\nprovisioning.properties: { minRam: 2g, minCores: 1 }\n${strategies('provisioning-flags-placement minCores: 4', 'label-placement labels: [disk=ssd]', 'geography-placement region: [eu, us], near: "48.85, 2.35", within: 500')}`);
  const { wanted } = place(applicationOf(`id: shop\nservices:\n${services}\n`), cloud('a:'));
  assert.deepEqual(wanted, [
    { entity: 'web', minCores: 4, minMemoryBytes: 3 * 2 ** 30, labels: ['disk=ssd'], regions: ['eu', 'us'], zones: [], hostnames: [], within: { km: 500, of: { latitude: 48.85, longitude: 2.35 } } },
  ]);
});

test('where no new host would help, none is wanted', () => {
  const none = (hosts: string, config: string): void => {
    const { wanted, refusals } = place(applicationOf(`id: shop\nservices:\n${each('w1 w2', config)}\n`), cloud(hosts));
    assert.deepEqual([refusals.length > 0, wanted], [true, []], config);
  };
  none('a: at most 1\nb:', strategies('group-placement'));
  none('a:\nb:', 'affinity.rules: [NOT EMPTY]');
  none('a:\nb:', strategies('geography-placement near: z, within: 5'));
  none('a:\nb:', strategies('geography-placement region: eu', 'geography-placement region: us'));
});

test('a host made for it takes it, with all that is asked checked again', () => {
  const application = applicationOf(`id: shop\nservices:\n${each('web', strategies('label-placement labels: [disk]', 'max-containers-placement maxContainers: 1'))}\n`);
  const on = (hosts: string): readonly string[] => place(application, cloud(hosts)).containers.map(({ host }) => host);
  assert.deepEqual(on('a:'), []);
  assert.deepEqual(on('a:\nnew:'), []);
  assert.deepEqual(on('a:\nnew: disk=ssd'), ['new']);
});

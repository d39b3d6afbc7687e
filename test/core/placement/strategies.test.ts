// What each strategy makes of hosts: a table of hosts and what one entity asks for in, one line for each host out.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { explain } from '#core/placement/place.ts';
import type { PlaceOptions } from '#core/placement/placing.ts';
import { lines } from '../plan/cluster.ts';
import { applicationOf, cloud, webWith } from './cloud.ts';

interface Case {
  readonly hosts: string;
  /** The list of strategies, in YAML. */
  readonly strategies?: string;
  /** Other config keys of the entity. */
  readonly config?: string;
  readonly options?: PlaceOptions;
  /** `1 a: reason` for the first, `a: reason` for a host that is refused. */
  readonly answer: string;
}

function check(name: string, { hosts, strategies = '', config = '', options = {}, answer }: Case): void {
  test(name, () => {
    const found = explain(applicationOf(webWith(config, strategies)), cloud(hosts), 'web', options) ?? [];
    assert.deepEqual(found.map(({ host, rank, reason }) => `${rank === undefined ? '' : `${rank} `}${host}: ${reason}`), lines(answer));
  });
}

const object = (type: string, config = ''): string => `- $brooklyn:object:\n    type: ${type}${config === '' ? '' : `\n    brooklyn.config: { ${config} }`}\n`;

check('without strategies: the fewest containers, of equals the one configured first', {
  hosts: 'a: 2 containers\nb: 1 containers\nc: 1 containers',
  answer: '1 b: 1 container\n2 c: 1 container\n3 a: 2 containers',
});

check('depth first: the fullest, not any order that stays the same', {
  hosts: 'a: 1 containers\nb: 3 containers\nc:',
  strategies: object('depth-first-placement'),
  answer: '1 b: 3 containers\n2 a: 1 container\n3 c: 0 containers',
});

check('depth first with a maximum of its own, as clouds of 0.6 had it', {
  hosts: 'a: 1 containers\nb: 4 containers',
  strategies: object('brooklyn.location.docker.strategy.DepthFirstPlacementStrategy', 'maxContainers: 4'),
  answer: '1 a: 1 container\nb: has 4 containers, of at most 4',
});

check('breadth first begins with the first host, not the second', { hosts: 'a:\nb:\nc:', strategies: object('breadth-first-placement'), answer: '1 a: is next in turn\n2 b: is next in turn\n3 c: is next in turn' });

check('breadth first goes on after the newest container', { hosts: 'a: 1 containers\nb: 1 containers\nc:', strategies: object('breadth-first-placement'), answer: '1 c: is next in turn\n2 a: is next in turn\n3 b: is next in turn' });

check('breadth first leaves out who is full without losing the turn', {
  hosts: 'a: 1 containers\nb: 2 containers\nc: 2 containers\nd:',
  strategies: object('breadth-first-placement') + object('max-containers-placement', 'maxContainers: 2'),
  answer: '1 d: is next in turn\n2 a: is next in turn\nb: has 2 containers, of at most 2\nc: has 2 containers, of at most 2',
});

check('lowest CPU: unknown comes last, not first', {
  hosts: 'a:\nb: 30% CPU\nc: 20% CPU',
  strategies: object('lowest-cpu-placement'),
  answer: '1 c: 20 % of CPU in use\n2 b: 30 % of CPU in use\n3 a: CPU usage unknown',
});

check('max containers: 8 where nothing is said', {
  hosts: 'a: 8 containers\nb: 7 containers',
  strategies: object('clocker.docker.location.strategy.MaxContainersPlacementStrategy'),
  answer: '1 b: 7 containers\na: has 8 containers, of at most 8',
});

check('what the cloud says overrides the maximum of a strategy', {
  hosts: 'a: 2 containers\nb: 1 containers',
  strategies: object('max-containers-placement', 'maxContainers: 9'),
  options: { cloud: { strategies: [], affinityRules: [], maxContainers: 2 } },
  answer: '1 b: 1 container\na: has 2 containers, of at most 2',
});

check('a larger maximum of the cloud overrides too', {
  hosts: 'a: 2 containers',
  strategies: object('max-containers-placement', 'maxContainers: 1'),
  options: { cloud: { strategies: [], affinityRules: [], maxContainers: 3 } },
  answer: '1 a: 2 containers',
});

check('a maximum of the host holds besides', { hosts: 'a: 2 containers, at most 2\nb: 3 containers, at most 4', answer: '1 b: 3 containers\na: has 2 containers, of at most 2 that the host takes' });

check('max CPU: below, and known', {
  hosts: 'a: 50% CPU\nb: 49% CPU\nc:',
  strategies: object('clocker.docker.location.strategy.basic.MaxCpuUsagePlacementStrategy'),
  answer: '1 b: 0 containers\na: uses 50 % of its CPU, and must be below 50 %\nc: has an unknown CPU usage, and must be below 50 %',
});

check('max CPU of the cloud', {
  hosts: 'a: 50% CPU\nb: 20% CPU',
  strategies: object('max-cpu-placement', 'maxCpuUsage: 0.9'),
  options: { cloud: { strategies: [], affinityRules: [], maxCpu: 0.3 } },
  answer: '1 b: 0 containers\na: uses 50 % of its CPU, and must be below 30 %',
});

check('provisioning flags: as much is enough, and sizes have units', {
  hosts: 'a: 7 GiB, 4 cores\nb: 6.9 GiB, 8 cores\nc: 16 GiB, 2 cores',
  strategies: object('provisioning-flags-placement'),
  config: 'provisioning.properties: { minRam: 7g, minCores: 4 }',
  answer: '1 a: 0 containers\nb: has 6.9 GiB memory, 7 GiB are wanted\nc: has 2 cores, 4 are wanted',
});

check('a number of memory alone is megabytes', {
  hosts: 'a: 7 GiB\nb: 8 GiB',
  strategies: object('provisioning-flags-placement'),
  config: 'provisioning.properties: { minRam: 8192 }',
  answer: '1 b: 0 containers\na: has 7 GiB memory, 8 GiB are wanted',
});

check('provisioning flags of the strategy itself', { hosts: 'a: 7 GiB\nb: 8 GiB', strategies: object('provisioning-flags-placement', 'minRam: 8g'), answer: '1 b: 0 containers\na: has 7 GiB memory, 8 GiB are wanted' });

check('without the strategy the properties are for new hosts alone', { hosts: 'a: 1 GiB', config: 'provisioning.properties: { minRam: 7g }', answer: '1 a: 0 containers' });

check('labels: the name, or the name and the value', {
  hosts: 'a: disk=ssd, region=eu\nb: disk=hdd, region=eu\nc: region=us\nd:',
  strategies: object('label-placement', 'labels: [disk, region=eu]'),
  answer: '1 a: 0 containers\n2 b: 0 containers\nc: lacks the labels disk, region=eu\nd: lacks the labels disk, region=eu',
});

check('hostname: the whole name, in the settings or the machine\'s own', {
  hosts: 'db-1:\ndb-12:\nc: named db-2\nd: named web-1',
  strategies: object('hostname-placement', 'hostname: "db-[0-9]"'),
  answer: '1 db-1: 0 containers\n2 c: 0 containers\ndb-12: db-12 does not fit the pattern db-[0-9]\nd: d or web-1 does not fit the pattern db-[0-9]',
});

check('affinity rules compare the application entities, without the strategy being listed', {
  hosts: 'a: shop/web nginx, blog/front nginx\nb: blog/db redis\nc:',
  config: 'affinity.rules: [NOT TYPE docker:redis, NOT NAME front]',
  answer: '1 c: 0 containers\na: has front on it, which the rule NOT NAME front refuses\nb: has db on it, which the rule NOT TYPE docker:redis refuses',
});

check('affinity rules of the strategy, the host and the cloud together', {
  hosts: 'a: blog/db redis\nb: blog/db mysql\nc: blog/app node\nd: rule NOT EMPTY\ne: 1 containers',
  strategies: object('clocker.docker.location.strategy.affinity.DockerAffinityRuleStrategy', 'affinityRules: [NOT TYPE docker:redis]'),
  options: { cloud: { strategies: [], affinityRules: [{ verb: 'TYPE', not: true, parameter: 'docker:mysql' }] } },
  answer: `
    1 c: 1 container
    2 e: 1 container
    a: has db on it, which the rule NOT TYPE docker:redis refuses
    b: has db on it, which the rule NOT TYPE docker:mysql refuses
    d: is empty, and the rule NOT EMPTY refuses that`,
});

check('the same application, which SAME may say', { hosts: 'a: blog/db redis\nb:', config: 'affinity.rules: [SAME APPLICATION]', answer: '1 b: 0 containers\na: has db on it, which the rule APPLICATION refuses' });

check('a group keeps away from other groups of its application, not from other applications', {
  hosts: 'a: blog/x nginx\nb:',
  strategies: object('group-placement'),
  answer: '1 b: 0 containers\n2 a: 1 container',
});

check('an exclusive group wants a host for itself', {
  hosts: 'a: blog/x nginx\nb:',
  strategies: object('group-placement', 'exclusive: true'),
  answer: '1 b: 0 containers\na: has x on it, and the group wants a host for itself',
});

check('geography: region and zone', {
  hosts: 'a: region=eu, zone=eu-1\nb: region=us, zone=us-1\nc:\nd: region=eu, zone=eu-2',
  strategies: object('geography-placement', 'region: [eu, asia], zone: eu-1'),
  answer: '1 a: 0 containers\nb: is in region us, not in eu or asia\nc: has no label region, which must be eu or asia\nd: is in zone eu-2, not in eu-1',
});

check('geography: near a point, and within a distance of it', {
  hosts: 'london: latitude=51.5074, longitude=-0.1278\nparis: latitude=48.8566, longitude=2.3522\nberlin: latitude=52.52, longitude=13.405\nsomewhere:',
  strategies: object('geography-placement', 'near: "48.85, 2.35", within: 500 km'),
  answer: `
    1 paris: 1 km from 48.85, 2.35
    2 london: 344 km from 48.85, 2.35
    berlin: is 878 km away from 48.85, 2.35, of at most 500 km
    somewhere: may be anywhere, for it has no labels latitude and longitude, and must be within 500 km of 48.85, 2.35`,
});

check('geography: near a host, across the date line', {
  hosts: 'fiji: latitude=-17.8, longitude=178\nsamoa: latitude=-13.8, longitude=-172\nunknown:',
  strategies: object('geography-placement', 'near: samoa'),
  answer: '1 samoa: 0 km from samoa\n2 fiji: 1158 km from samoa\n3 unknown: an unknown distance from samoa',
});

check('geography: near a host that there is not', { hosts: 'a: latitude=1, longitude=1', strategies: object('geography-placement', 'near: z, within: 5'), answer: 'a: there is no host z to be near to' });

check('the strategy that comes last orders first, those before it break ties', {
  hosts: 'a: 2 containers, 20% CPU\nb: 1 containers, 20% CPU\nc: 10% CPU, 5 containers',
  strategies: object('least-containers-placement') + object('lowest-cpu-placement'),
  answer: '1 c: 10 % of CPU in use, 5 containers\n2 b: 20 % of CPU in use, 1 container\n3 a: 20 % of CPU in use, 2 containers',
});

check('the strategies of the cloud come before the entity\'s', {
  hosts: 'a: 2 containers, 20% CPU\nb: 1 containers, 20% CPU',
  strategies: object('lowest-cpu-placement'),
  options: { cloud: { strategies: [{ kind: 'least-containers' }], affinityRules: [] } },
  answer: '1 b: 20 % of CPU in use, 1 container\n2 a: 20 % of CPU in use, 2 containers',
});

check('memory is reserved by what is there', {
  hosts: 'a: 4 GiB, blog/db redis+3\nb: 4 GiB, blog/db redis+2',
  config: 'docker.memory: 2g',
  answer: '1 b: 1 container\na: has 1 GiB of 4 GiB memory left to reserve, 2 GiB are asked for',
});

check('processors are reserved', { hosts: 'a: 1 cores\nb: 2 cores', config: 'docker.cpuShares: 1536', answer: '1 b: 0 containers\na: has 1024 of 1024 CPU shares left to reserve, 1536 are asked for' });

check('hosts that are down or read-only', { hosts: 'a: down\nb: read-only\nc:', answer: '1 c: 0 containers\na: the host is down: no engine\nb: the host is read-only' });

check('no hosts: nothing is chosen, and nothing breaks', { hosts: '', strategies: object('random-placement'), answer: '' });

check('a pattern that fits nothing leaves nothing', { hosts: 'a:', strategies: object('hostname-placement', 'hostname: b'), answer: 'a: a does not fit the pattern b' });

test('random: the seed and the entity say which; another seed says another', () => {
  const application = applicationOf(webWith('', object('random-placement')));
  const hosts = cloud(Array.from({ length: 50 }, (_, index) => `h${index}:`).join('\n'));
  const first = (seed: number): string | undefined => explain(application, hosts, 'web', { seed })?.[0]?.host;
  assert.equal(first(1), first(1));
  const drawn = new Set(Array.from({ length: 500 }, (_, seed) => first(seed)));
  assert.ok(drawn.size > 45, `${drawn.size} of 50 hosts were drawn in 500 seeds`);
  const own = (seed: number, elsewhere: number): string | undefined => explain(applicationOf(webWith('', object('random-placement', `seed: ${seed}`))), hosts, 'web', { seed: elsewhere })?.[0]?.host;
  for (const seed of [1, 2, 3]) assert.deepEqual([own(seed, 7), own(seed, 8)], [first(seed), first(seed)]);
});

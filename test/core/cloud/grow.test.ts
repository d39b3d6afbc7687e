// Clouds that grow and shrink: hosts and entities in, where containers go and which hosts are made or may go out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CloudConfig } from '#core/cloud/cloud.ts';
import { placeGrowing } from '#core/cloud/grow.ts';
import type { Application } from '#core/blueprint/application.ts';
import type { Observed } from '#core/cluster/observed.ts';
import { wantedOf } from '#core/plan/wanted.ts';
import { inClouds } from '#core/cloud/membership.ts';
import { application, lines } from '../plan/cluster.ts';
import { cloud } from '../placement/cloud.ts';

const nested = { kind: 'nested', on: 'laptop' } as const;

interface Case {
  readonly hosts: string;
  readonly cloud: Partial<CloudConfig>;
  readonly entities?: string;
  readonly made?: readonly string[];
  readonly change?: (app: Application) => Application;
  readonly answer: string;
}

/** `made` are hosts that the provisioner of the cloud `c` made. */
function check(name: string, { hosts, cloud: own, entities = '', made = [], change = (app) => app, answer }: Case): void {
  test(name, () => {
    const config: CloudConfig = { name: 'c', hosts: [], placement: { strategies: [], affinityRules: [] }, provisioner: nested, ...own };
    const seen = cloud(hosts).hosts.map((host) => Object.assign({ ...host }, made.includes(host.host) ? { cloud: 'c' } : {}));
    const observed: Observed = inClouds(seen, [config]);
    const grown = placeGrowing(change(application(entities === '' ? 'all group' : entities)), observed);
    const found = [
      ...grown.newHosts.map(({ request: { name: host, minCores, minMemoryBytes, labels, regions }, because }) => `+ ${[host, ...(minCores > 0 ? [`${minCores} cores`] : []), ...(minMemoryBytes > 0 ? [`${minMemoryBytes / 2 ** 30} GiB`] : []), ...labels, ...regions].join(' ')}: ${because}`),
      ...grown.containers.map(({ entity, host }) => `${entity} on ${host}`),
      ...grown.refusals.map(({ entity, reason }) => `! ${entity}: ${reason}`),
      ...grown.spareHosts.map(({ host, because }) => `- ${host}: ${because}`),
    ];
    assert.deepEqual(found, lines(answer));
  });
}

const atMost = (maxContainers: number): CloudConfig['placement'] => ({ strategies: [], affinityRules: [], maxContainers });

check('room enough', { hosts: 'laptop:\nc-1:', made: ['c-1'], cloud: {}, entities: 'web nginx @c', answer: 'web on c-1' });
check('a host where there is none', { hosts: 'laptop:', cloud: {}, entities: 'web nginx @c', answer: '+ c-1: no host of c can take web\nweb on c-1' });
check('as many as it takes', {
  hosts: 'laptop:\nc-1: 2 containers',
  made: ['c-1'],
  cloud: { placement: atMost(2) },
  entities: 'a nginx @c\nb nginx @c\nd nginx @c',
  answer: '+ c-2: no host of c can take a\n+ c-3: no host of c can take d\na on c-2\nb on c-3\nd on c-2',
});
check('what is asked of the host', {
  hosts: 'laptop:',
  cloud: { hostSpec: { minCores: 2, minMemoryBytes: 2 ** 30, labels: { region: 'eu' } } },
  entities: 'web nginx @c',
  change: (app) => ({ ...app, entities: app.entities.map((entity) => Object.assign({ ...entity }, { placement: { strategies: [{ kind: 'labels', labels: ['disk=ssd'] }, { kind: 'provisioning-flags', minMemoryBytes: 2 ** 31 }], affinityRules: [] } })) }),
  answer: '+ c-1 2 cores 2 GiB region=eu disk=ssd: no host of c can take web\nweb on c-1',
});
check('a name that is free', { hosts: 'laptop:\nc-1: down\nc-3: read-only', made: ['c-1', 'c-3'], cloud: {}, entities: 'web nginx @c', answer: '+ c-2: no host of c can take web\nweb on c-2' });
check('no more than it may have', {
  hosts: 'laptop:\nc-1: 1 container',
  made: ['c-1'],
  cloud: { placement: atMost(1), maxHosts: 1 },
  entities: 'web nginx @c',
  answer: '! web: it cannot go on c-1: has 1 container, of at most 1; c has 1 host, and may have no more',
});
check('machines that are brought run out', {
  hosts: 'laptop:',
  cloud: { placement: atMost(1), provisioner: { kind: 'byon', endpoints: ['ssh://a'] } },
  entities: 'web nginx @c\ndb redis @c',
  answer: '+ c-1: no host of c can take web\nweb on c-1\n! db: it cannot go on c-1: has 1 container, of at most 1; all 1 machine of c have joined',
});
check('a new host would not do', {
  hosts: 'laptop:',
  cloud: { placement: { strategies: [{ kind: 'hostname', pattern: 'db-.*' }], affinityRules: [] } },
  entities: 'web nginx @c',
  answer: '! web: the cloud c has no hosts yet; a new host would not do either: c-1 does not fit the pattern db-.*',
});
check('a cloud that makes no hosts', { hosts: 'laptop:', cloud: { hosts: ['laptop'], placement: { strategies: [{ kind: 'max-cpu', maxCpu: 0.5 }], affinityRules: [] }, provisioner: { kind: 'byon', endpoints: [] } }, entities: 'web nginx @c', answer: '! web: it cannot go on laptop: has an unknown CPU usage, and must be below 50 %; all 0 machines of c have joined' });
check('what goes anywhere grows the cloud, too', { hosts: 'laptop: read-only', cloud: {}, entities: 'web nginx', answer: '+ c-1: no host of c can take web\nweb on c-1' });
check('a host of its own for each, by its rules', {
  hosts: 'laptop:\nc-1:',
  made: ['c-1'],
  cloud: { placement: { strategies: [], affinityRules: [{ verb: 'TYPE', not: true, parameter: 'docker:nginx' }] } },
  entities: 'a nginx @c\nb nginx @c',
  answer: '+ c-2: no host of c can take b\na on c-1\nb on c-2',
});

check('the initial size', { hosts: 'laptop:\nc-1:', made: ['c-1'], cloud: { initialHosts: 3 }, entities: 'web nginx @c', answer: '+ c-2: c has 1 of at least 3 hosts\n+ c-3: c has 1 of at least 3 hosts\nweb on c-1' });
check('the initial size of a cloud that nobody uses is nobody’s business here', { hosts: 'laptop:', cloud: { initialHosts: 3 }, entities: 'web nginx @laptop', answer: 'web on laptop' });

check('headroom: room runs out', {
  hosts: 'laptop:\nc-1: 6 containers',
  made: ['c-1'],
  cloud: { placement: atMost(8), headroom: { count: 4 } },
  entities: 'web nginx @c',
  answer: '+ c-2: c keeps room for 4 more containers, and has room for 1\nweb on c-1',
});
check('headroom: as a share of what there will be', {
  hosts: 'laptop:\nc-1: 3 containers',
  made: ['c-1'],
  cloud: { placement: atMost(4), headroom: { percent: 0.5 } },
  entities: 'web nginx @c',
  answer: '+ c-2: c keeps room for 2 more containers, and has room for 0\nweb on c-1',
});
check('headroom: enough', { hosts: 'laptop:\nc-1: 3 containers', made: ['c-1'], cloud: { placement: atMost(8), headroom: { count: 4 } }, entities: 'web nginx @c', answer: 'web on c-1' });
check('headroom: up to the most hosts', { hosts: 'laptop:\nc-1: 7 containers', made: ['c-1'], cloud: { placement: atMost(8), headroom: { count: 40 }, maxHosts: 2 }, entities: 'web nginx @c', answer: '+ c-2: c keeps room for 40 more containers, and has room for 0\nweb on c-1' });

const spacious = { placement: atMost(8), headroom: { count: 4 }, isColdEnabled: true };
check('too much room: empty hosts go, the last made first', {
  hosts: 'laptop:\nc-1:\nc-2: 1 container\nc-3:\nc-4:',
  made: ['c-1', 'c-2', 'c-3', 'c-4'],
  cloud: spacious,
  entities: 'web nginx @c',
  answer: 'web on c-1\n- c-4: it is empty, and c has room for 30 more containers, of which 4 are wanted\n- c-3: it is empty, and c has room for 30 more containers, of which 4 are wanted',
});
check('too much room, but hosts may not be removed', { hosts: 'laptop:\nc-1:\nc-2:\nc-3:', made: ['c-1', 'c-2', 'c-3'], cloud: { ...spacious, isColdEnabled: false }, entities: 'web nginx @c', answer: 'web on c-1' });
check('hosts that somebody gave to the cloud stay', { hosts: 'laptop:\nc-1:\nc-2:\nc-3:', cloud: { ...spacious, hosts: ['c-1', 'c-2', 'c-3'] }, entities: 'web nginx @c', answer: 'web on c-1' });
check('a host with a stranger stays', { hosts: 'laptop:\nc-1:\nc-2: blog/web nginx\nc-3: blog/db redis', made: ['c-1', 'c-2', 'c-3'], cloud: spacious, entities: 'web nginx @c', answer: 'web on c-1' });
check('the initial hosts stay', { hosts: 'laptop:\nc-1:\nc-2:\nc-3:', made: ['c-1', 'c-2', 'c-3'], cloud: { ...spacious, initialHosts: 2 }, entities: 'web nginx @c', answer: 'web on c-1\n- c-3: it is empty, and c has room for 23 more containers, of which 4 are wanted' });
check('without headroom, empty ones go all the same', { hosts: 'laptop:\nc-1:\nc-2:', made: ['c-1', 'c-2'], cloud: { isColdEnabled: true }, entities: 'web nginx @c', answer: 'web on c-1\n- c-2: it is empty' });
check('of what goes elsewhere, nothing stands in the way', { hosts: 'laptop:\nc-1:\nc-2: shop/old nginx', made: ['c-1', 'c-2'], cloud: { isColdEnabled: true }, entities: 'web nginx @c', answer: 'web on c-1\n- c-2: it is empty' });

test('what only keeps room free is nowhere to go', () => {
  const config: CloudConfig = { name: 'c', hosts: [], placement: atMost(2), headroom: { count: 2 }, provisioner: nested };
  const seen = cloud('laptop:\nc-1:').hosts.map((host) => Object.assign({ ...host }, host.host === 'c-1' ? { cloud: 'c' } : {}));
  const { newHosts, ground } = placeGrowing(application('web nginx @c'), inClouds(seen, [config]));
  assert.deepEqual([newHosts.map(({ request }) => request.name), ground.hosts.map(({ host }) => host)], [['c-2'], ['laptop', 'c-1']]);
});

test('a host that joins a Swarm is placed on as part of it, so that the next deployment changes nothing', () => {
  const config: CloudConfig = { name: 'c', hosts: [], placement: { strategies: [], affinityRules: [], maxContainers: 1 }, provisioner: nested };
  const swarm = (nodeId: string) => ({ nodeId, address: '10.1.0.2', isManager: true, isActive: true, managers: ['n1', 'n2'], nodes: 2 });
  const seen = cloud('laptop:\nc-1:\nc-2:').hosts.map((host) => Object.assign({ ...host }, host.host === 'laptop' ? {} : { cloud: 'c', swarm: swarm(host.host === 'c-1' ? 'n1' : 'n2') }));
  const { containers, newHosts = [] } = wantedOf(application('a nginx @c\nb nginx @c\nd nginx @c'), inClouds(seen, [config]), { file: () => undefined });
  assert.deepEqual(newHosts.map(({ request }) => request.name), ['c-3']);
  assert.deepEqual(containers.map(({ host, networks }) => `${host} ${networks.map(({ driver, address }) => `${driver} ${address}`).join()}`), ['c-1 overlay 10.200.0.2', 'c-2 overlay 10.200.0.3', 'c-3 overlay 10.200.0.4']);
});

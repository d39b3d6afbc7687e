// `npm run bench:placement`: how many containers one thread places in a second of its processor time, for single strategies and for a chain of five,
// against the same work done naively (every host asked, the rest sorted), and how that grows with hosts and containers. Ends
// with exit code 1 where a target is missed.

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { Observed, ObservedHost } from '#core/cluster/observed.ts';
import { parseAffinityRule } from '#core/placement/affinity.ts';
import { chainFor, type Chain } from '#core/placement/chain.ts';
import { HostIndex } from '#core/placement/hostIndex.ts';
import { CloudLoad } from '#core/placement/load.ts';
import { better, refusalAt } from '#core/placement/rank.ts';
import { Requests, type Request } from '#core/placement/request.ts';
import { place } from '#core/placement/place.ts';
import { boundTo } from '#core/placement/strategies/group.ts';
import { nothingAsked, type Strategy } from '#core/placement/strategy.ts';

const perSecondOfOne = 100_000;
const perSecondOfFive = 20_000;
const rule = parseAffinityRule('NOT NAME database').rule;
const anywhere = { locations: [], placement: nothingAsked, key: '' };

/** Room for four times as many as would be if all hosts had as many. */
const fiveFor = (containers: number, count: number): readonly Strategy[] => [
  { kind: 'labels', labels: ['disk=ssd'] },
  { kind: 'max-containers', maxContainers: Math.ceil((4 * containers) / count) },
  { kind: 'affinity-rules', rules: rule ? [rule] : [] },
  { kind: 'geography', regions: ['eu', 'us'], spreadOver: 'zone' },
  { kind: 'lowest-cpu' },
];

const chains: Readonly<Record<string, readonly Strategy[]>> = {
  'depth first': [{ kind: 'depth-first', maxContainers: 12 }],
  'breadth first': [{ kind: 'breadth-first' }],
  'least containers': [{ kind: 'least-containers' }],
  'lowest CPU': [{ kind: 'lowest-cpu' }],
  random: [{ kind: 'random' }],
  'max containers': [{ kind: 'max-containers', maxContainers: 12 }],
  'max CPU': [{ kind: 'max-cpu', maxCpu: 0.9 }],
  'provisioning flags': [{ kind: 'provisioning-flags', minCores: 4 }],
  labels: [{ kind: 'labels', labels: ['disk=ssd'] }],
  hostname: [{ kind: 'hostname', pattern: 'host-.*[02468]' }],
  'affinity rules': [{ kind: 'affinity-rules', rules: rule ? [rule] : [] }],
  geography: [{ kind: 'geography', near: { latitude: 52.5, longitude: 13.4 }, withinKm: 8000, spreadOver: 'zone' }],
  group: [{ kind: 'group', isExclusive: false }],
};

let missed = 0;
const hosts = cloudOf(10_000);

console.log('Deciding: 100,000 containers on 10,000 hosts, one thread; naively the first 200 of them');
const rows: Record<string, Row> = {};
for (const [name, strategies] of Object.entries(chains)) rows[name] = row(strategies, perSecondOfOne, hosts, name === 'group' ? 10 : 0);
const five = fiveFor(100_000, 10_000);
rows['five strategies'] = row(five, perSecondOfFive, hosts, 0);
console.table(rows);

console.log('Growing hosts: 100,000 containers; placements per second once the index of a want is there');
console.table(Object.fromEntries([100, 1000, 10_000, 40_000].map((count) => [count, rates(cloudOf(count), 100_000)])));
console.log('Growing containers: 10,000 hosts; likewise');
console.table(Object.fromEntries([1000, 10_000, 100_000, 400_000].map((count) => [count, rates(hosts, count)])));

console.log('All of place(), hashes and reasons included: an application of 100,000 entities on 10,000 hosts');
for (const [name, strategies] of [['least containers', []], ['five strategies', five]] as const) {
  const application = applicationOf(100_000, strategies, 0);
  const started = spentMs();
  const { containers, refusals } = place(application, hosts);
  console.log(`  ${name}: ${((spentMs() - started) / 1000).toFixed(2)} s, ${containers.length} placed, ${refusals.length} refused`);
}
process.exitCode = missed > 0 ? 1 : 0;

interface Row {
  readonly 'placements/s': number;
  readonly target: number;
  readonly naive: number;
  readonly 'times naive': number;
  readonly verdict: string;
}

function row(strategies: readonly Strategy[], target: number, observed: Observed, perGroup: number): Row {
  const application = applicationOf(100_000, strategies, perGroup);
  const fast = Math.max(...[1, 2].map(() => decide(observed, application).rate));
  const naive = Math.round(decideNaively(observed, applicationOf(200, strategies, perGroup)));
  if (fast < target) missed++;
  return { 'placements/s': fast, target, naive, 'times naive': Math.round(fast / naive), verdict: fast < target ? 'MISSED' : 'met' };
}

function rates(observed: Observed, containers: number): Readonly<Record<string, number>> {
  const rate = (strategies: readonly Strategy[]): number => {
    const application = applicationOf(containers, strategies, 0);
    return Math.max(...[1, 2].map(() => decide(observed, application).laterRate));
  };
  return { 'least containers': rate([{ kind: 'least-containers' }]), 'breadth first': rate([{ kind: 'breadth-first' }]), 'lowest CPU': rate([{ kind: 'lowest-cpu' }]), random: rate([{ kind: 'random' }]), 'five strategies': rate(fiveFor(containers, observed.hosts.length)) };
}

/** Placements per second: of all, and of all but the first, for which an index of the hosts is made. */
function decide(observed: Observed, application: Application): { readonly rate: number; readonly laterRate: number } {
  const load = new CloudLoad(observed, application);
  const requests = new Requests(application, load, nothingAsked, 1);
  const known = new Map<string, { readonly chain: Chain; readonly index: HostIndex }>();
  const started = spentMs();
  let firstDone = 0;
  for (const entity of application.entities) {
    const request = requests.of(entity, anywhere, entity.key);
    const { chain, index } = known.get(request.wantKey) ?? indexed(request, load);
    known.set(request.wantKey, { chain, index });
    const bound = boundTo(request, load);
    const host = bound ? bound.hosts.find((other) => refusalAt(other, request, load, chain) === undefined) : index.choose(request)?.host;
    if (host === undefined) throw new Error(`${entity.key} has no place: the cloud is too small for this measurement`);
    load.put({ host, resident: request.resident });
    load.lastHost = host.index;
    firstDone ||= spentMs();
  }
  const done = spentMs();
  const { length } = application.entities;
  return { rate: Math.round((length / (done - started)) * 1000), laterRate: Math.round(((length - 1) / (done - firstDone)) * 1000) };
}

/** Milliseconds of processor time that this thread has had: what else the machine does is no matter. */
function spentMs(): number {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

function indexed({ want }: Request, load: CloudLoad): { readonly chain: Chain; readonly index: HostIndex } {
  const chain = chainFor(want, load);
  return { chain, index: new HostIndex(want, chain, load) };
}

/** The same by asking every host and sorting what is left, each time. */
function decideNaively(observed: Observed, application: Application): number {
  const load = new CloudLoad(observed, application);
  const requests = new Requests(application, load, nothingAsked, 1);
  const started = spentMs();
  let chain: Chain | undefined;
  for (const entity of application.entities) {
    const request = requests.of(entity, anywhere, entity.key);
    chain ??= chainFor(request.want, load);
    const { filters } = chain;
    const bound = boundTo(request, load);
    const asked = filters.filter(({ isForUnbound }) => !bound || !isForUnbound);
    const [host] = (bound?.hosts ?? load.hosts).filter((other) => asked.every((filter) => !filter.refuses(other))).toSorted(better(request, load, chain));
    if (host === undefined) throw new Error(`${entity.key} has no place`);
    load.put({ host, resident: request.resident });
    load.lastHost = host.index;
  }
  return (application.entities.length / (spentMs() - started)) * 1000;
}

function applicationOf(containers: number, strategies: readonly Strategy[], perGroup: number): Application {
  const placement = { strategies, affinityRules: [] };
  const container = { image: 'web', env: {}, openPorts: [], publishedPorts: [], mounts: [] };
  const entities = Array.from({ length: containers }, (_, index): Entity => ({
    key: `web-${index}`,
    name: `web ${index}`,
    type: 'docker:web',
    locations: [],
    container,
    placement,
    ...(perGroup > 0 && { parent: `group-${Math.floor(index / perGroup)}` }),
  }));
  return { id: 'shop', name: 'Shop', entities, blueprint: '' };
}

function cloudOf(count: number): Observed {
  const regions = ['eu', 'us', 'asia'];
  return {
    hosts: Array.from({ length: count }, (_, index): ObservedHost => {
      const region = regions[index % 3] ?? '';
      return {
        host: `host-${index}`,
        endpoint: `tcp://host-${index}:2376`,
        state: { kind: 'up', engineVersion: '29', cores: 8 + (index % 3) * 8, memoryBytes: 2 ** 35 },
        labels: { region, zone: `${region}-${index % 4}`, disk: index % 7 < 6 ? 'ssd' : 'hdd', latitude: String((index * 7) % 60), longitude: String((index * 13) % 90) },
        cpuUsage: ((index * 37) % 50) / 100,
        containers: [],
      };
    }),
  };
}

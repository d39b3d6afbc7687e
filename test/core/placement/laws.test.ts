// Laws of placement on random clouds and applications: the index says what the plain ranking says, what is placed satisfies all
// that was asked, the same question has the same answer, a second placement moves nothing, and a new host takes nothing away.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';

import type { Application, Entity } from '#core/blueprint/application.ts';
import type { Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { satisfies as accepts, type AffinityRule } from '#core/placement/affinity.ts';
import { chainFor, type Chain } from '#core/placement/chain.ts';
import { Shuffle } from '#core/placement/chance.ts';
import { HostIndex } from '#core/placement/hostIndex.ts';
import { CloudLoad } from '#core/placement/load.ts';
import { explain, place } from '#core/placement/place.ts';
import { rank } from '#core/placement/rank.ts';
import { Requests } from '#core/placement/request.ts';
import { boundTo } from '#core/placement/strategies/group.ts';
import type { CloudPlacement, EntityPlacement, Strategy } from '#core/placement/strategy.ts';
import { WinnerTree } from '#core/placement/winnerTree.ts';
import { madeFrom } from '../plan/cluster.ts';
import { hostOf } from './cloud.ts';

const runs = Number(process.env['FUZZ_RUNS'] ?? 2000);
const few = <T>(values: fc.Arbitrary<T>, most: number): fc.Arbitrary<T[]> => fc.array(values, { maxLength: most });
const one = <T>(...values: readonly T[]): fc.Arbitrary<T> => fc.constantFrom(...values);

const rule: fc.Arbitrary<AffinityRule> = fc.oneof(
  fc.record({ verb: one('TYPE' as const, 'ID' as const, 'APPLICATION' as const), not: fc.boolean() }),
  fc.record({ verb: fc.constant('NAME' as const), not: fc.boolean(), parameter: one('e1', 'x', 'e') }),
  fc.record({ verb: fc.constant('TYPE' as const), not: fc.boolean(), parameter: one('docker:nginx', 'docker:redis') }),
  fc.record({ verb: fc.constant('EMPTY' as const), not: fc.boolean() }),
);

const strategy: fc.Arbitrary<Strategy> = fc.oneof(
  one<Strategy>({ kind: 'depth-first' }, { kind: 'breadth-first' }, { kind: 'breadth-first', maxContainers: 3 }, { kind: 'least-containers' }, { kind: 'lowest-cpu' }, { kind: 'random' }),
  fc.record({ kind: fc.constant('max-containers' as const), maxContainers: fc.integer({ min: 1, max: 5 }) }),
  fc.record({ kind: fc.constant('max-cpu' as const), maxCpu: one(0.3, 0.5, 0.8) }),
  fc.record({ kind: fc.constant('provisioning-flags' as const), minCores: one(1, 2, 8) }),
  fc.record({ kind: fc.constant('affinity-rules' as const), rules: few(rule, 1) }),
  fc.record({ kind: fc.constant('group' as const), isExclusive: fc.boolean() }),
  fc.record({ kind: fc.constant('labels' as const), labels: few(one('disk', 'region=eu', 'zone'), 2) }),
  fc.record({ kind: fc.constant('hostname' as const), pattern: one('h.*', 'h[0-5]', '.*[02468]') }),
  one<Strategy>({ kind: 'geography', spreadOver: 'zone' }, { kind: 'geography', spreadOver: 'region' }, { kind: 'geography', regions: ['eu'] }, { kind: 'geography', near: { latitude: 10, longitude: 10 }, withinKm: 3000 }, { kind: 'geography', near: 'h1' }),
);

const placement: fc.Arbitrary<EntityPlacement> = fc.record({ strategies: few(strategy, 4), affinityRules: few(rule, 1) });
const cloudPlacement: fc.Arbitrary<CloudPlacement> = fc.oneof(
  { weight: 2, arbitrary: fc.constant({ strategies: [], affinityRules: [] }) },
  { weight: 1, arbitrary: fc.record({ strategies: few(strategy, 2), affinityRules: few(rule, 1), maxContainers: fc.integer({ min: 1, max: 6 }) }) },
);

const resident = fc.record({ application: one('shop', 'blog'), entity: fc.integer({ min: 0, max: 12 }), image: one('nginx', 'redis') });
const hosts: fc.Arbitrary<Observed> = few(
  fc.record({
    isUp: fc.integer({ min: 0, max: 9 }),
    zone: one(undefined, 'one', 'two', 'three'),
    region: one('eu', 'us'),
    at: fc.option(fc.integer({ min: 0, max: 60 })),
    cpu: fc.option(fc.integer({ min: 0, max: 10 })),
    most: fc.option(fc.integer({ min: 0, max: 6 }), { freq: 4 }),
    isReadOnly: fc.integer({ min: 0, max: 9 }),
    residents: few(resident, 4),
    rules: fc.option(fc.array(rule, { maxLength: 1 }), { freq: 6 }),
  }),
  12,
).map((all) => {
  let created = 0;
  return {
    hosts: all.map(({ isUp, zone, region, at, cpu, most, isReadOnly, residents, rules }, index): ObservedHost => ({
      ...hostOf(`h${index}`),
      ...(isUp === 0 && { state: { kind: 'down', problem: 'no engine' } }),
      ...(isReadOnly === 0 && { isReadOnly: true }),
      ...(cpu !== null && { cpuUsage: cpu / 10 }),
      ...(rules && { affinityRules: rules }),
      labels: { region, ...(zone && { zone }), ...(at !== null && { latitude: String(at), longitude: String(at) }), ...(index % 3 === 0 && { disk: 'ssd' }) },
      capacity: { cores: 1 + (index % 4), memoryBytes: 4 * 2 ** 30, ...(most !== null && { maxContainers: most }) },
      containers: residents.map(({ application, entity, image }) => container(`h${index}`, application, `e${entity}`, image, ++created)),
    })),
  };
});

const application: fc.Arbitrary<Application> = fc.array(placement, { minLength: 1, maxLength: 3 }).chain((placements) =>
  few(
    fc.record({ image: one('nginx', 'redis'), parent: one(undefined, 'p', 'q'), placement: one(undefined, ...placements), gigabytes: one(0, 0, 1, 2), port: fc.integer({ min: 0, max: 15 }), cpuShares: one(0, 0, 512), locations: one<readonly string[]>([], [], [], [], ['h1'], ['h2', 'h0']) }),
    14,
  ).map((all) => ({
    id: 'shop',
    name: 'Shop',
    blueprint: '',
    entities: all.map(({ image, parent, placement: asked, gigabytes, port, cpuShares, locations }, index): Entity => ({
      key: `e${index}`,
      name: `e${index}`,
      type: `docker:${image}`,
      locations,
      ...(parent && { parent }),
      ...(asked && { placement: asked }),
      container: {
        image,
        env: {},
        openPorts: [],
        publishedPorts: port === 0 ? [{ port: 80, hostPort: 8080, protocol: 'tcp' }] : [],
        mounts: [],
        ...(gigabytes > 0 && { memoryBytes: gigabytes * 2 ** 30 }),
        ...(cpuShares > 0 && { cpuShares }),
      },
    })),
  })),
);

test('the index says what the plain ranking says', () => {
  let placed = 0;
  fc.assert(
    fc.property(application, hosts, cloudPlacement, fc.nat(), (app, observed, cloud, seed) => {
      const load = new CloudLoad(observed, app, cloud);
      const requests = new Requests(app, load, cloud, seed);
      const known = new Map<string, { readonly chain: Chain; readonly index: HostIndex }>();
      for (const entity of app.entities) {
        const locations = entity.locations.filter((name) => load.byName.has(name));
        const request = requests.of(entity, { locations, placement: cloud, key: locations.join(',') }, `shop-${entity.key}`);
        load.take(app.id, entity.key);
        if (!known.has(request.wantKey)) {
          const chain = chainFor(request.want, load);
          known.set(request.wantKey, { chain, index: new HostIndex(request.want, chain, load) });
        }
        // The plain ranking has a chain of its own, so that nothing remembered is shared.
        const { fitting } = rank(request, load, chainFor(request.want, load));
        if (!boundTo(request, load)) {
          const choice = known.get(request.wantKey)?.index.choose(request);
          assert.deepEqual([choice?.host.name, choice?.fitting ?? 0], [fitting[0]?.name, fitting.length]);
        }
        const [host] = fitting;
        if (host === undefined) continue;
        placed++;
        load.put({ host, resident: request.resident });
        load.lastHost = host.index;
      }
    }),
    { numRuns: runs },
  );
  assert.ok(placed > runs, `${placed} containers were placed in ${runs} runs`);
});

test('the placement is that of the plain ranking, for every entity', () => {
  fc.assert(
    fc.property(application, hosts, cloudPlacement, fc.nat(), (app, observed, cloud, seed) => {
      const { containers } = place(app, observed, undefined, { cloud, seed });
      for (const { key } of app.entities) {
        const best = explain(app, observed, key, { cloud, seed })?.find(({ rank: place_ }) => place_ === 1)?.host;
        assert.equal(containers.find(({ entity }) => entity === key)?.host, best, key);
      }
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
});

test('every host is explained once, and every container is placed or refused', () => {
  fc.assert(
    fc.property(application, hosts, cloudPlacement, (app, observed, cloud) => {
      const { containers, refusals, wanted } = place(app, observed, undefined, { cloud });
      assert.deepEqual([...containers, ...refusals].map(({ entity }) => entity).toSorted(), app.entities.map(({ key }) => key).toSorted());
      assert.ok(wanted.every(({ entity }) => refusals.some((refusal) => refusal.entity === entity)));
      for (const { key } of app.entities) {
        const told = explain(app, observed, key, { cloud });
        if (told === undefined) continue;
        assert.deepEqual(told.map(({ host }) => host).toSorted(), observed.hosts.map(({ host }) => host).toSorted());
        assert.ok(told.every(({ reason }) => reason !== ''));
      }
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
});

test('what is placed anew satisfies all that was asked', () => {
  fc.assert(
    fc.property(application, hosts, cloudPlacement, (app, observed, cloud) => {
      // Without containers of its own, so that all is placed anew.
      const before = { hosts: observed.hosts.map((host) => Object.assign({}, host, { containers: host.containers.filter(({ owner }) => owner?.application !== app.id) })) };
      const { containers } = place(app, before, undefined, { cloud });
      const on = new Map(before.hosts.map(({ host, containers: there }) => [host, there.length]));
      for (const { host: name, entity: key, spec } of containers) {
        const host = before.hosts.find(({ host: other }) => other === name);
        const count = on.get(name) ?? 0;
        on.set(name, count + 1);
        assert.ok(host?.state.kind === 'up' && host.isReadOnly !== true);
        assert.ok(count < (host.capacity?.maxContainers ?? Infinity) && count < (cloud.maxContainers ?? Infinity));
        assert.ok(!spec.publishedPorts.some(() => containers.some((other) => other.entity !== key && other.host === name && other.spec.publishedPorts.length > 0)));
        for (const asked of [...cloud.strategies, ...(app.entities.find((entity) => entity.key === key)?.placement?.strategies ?? [])]) assert.ok(satisfies(asked, host, count, cloud), `${key} on ${name}: ${JSON.stringify(asked)}`);
      }
      const rulesOf = (key: string): readonly AffinityRule[] => {
        const { strategies = [], affinityRules = [] } = app.entities.find((entity) => entity.key === key)?.placement ?? {};
        return [...affinityRules, ...[...cloud.strategies, ...strategies].flatMap((asked) => (asked.kind === 'affinity-rules' ? asked.rules : [])), ...cloud.affinityRules];
      };
      for (const host of before.hosts) {
        const foreign = host.containers.map(({ owner }) => ({ id: owner?.entity ?? '', name: owner?.entityName ?? '', type: owner?.entityType ?? '', application: owner?.application ?? '' }));
        const ours = containers.filter((other) => other.host === host.host).map(({ entity, entityName, entityType = '' }) => ({ id: entity, name: entityName, type: entityType, application: app.id }));
        for (const one_ of ours) {
          const rules = [...rulesOf(one_.id), ...(host.affinityRules ?? [])];
          for (const other of [...foreign, ...ours]) if (other !== one_) assert.ok(rules.every((asked) => accepts(asked, one_, other)), `${one_.id} beside ${other.id}`);
        }
        const here = containers.filter((other) => other.host === host.host);
        const sum = (amounts: readonly (number | undefined)[]): number => amounts.reduce<number>((all, amount) => all + (amount ?? 0), 0);
        assert.ok(sum(here.map(({ spec }) => spec.memoryBytes)) <= (host.capacity?.memoryBytes ?? 0));
        assert.ok(sum(here.map(({ spec }) => spec.cpuShares)) <= (host.capacity?.cores ?? 0) * 1024);
      }
    }),
    { numRuns: runs },
  );
});

test('the same question has the same answer', () => {
  fc.assert(
    fc.property(application, hosts, cloudPlacement, fc.nat(), (app, observed, cloud, seed) => {
      const copy = <T>(value: T): T => structuredClone(value);
      assert.deepEqual(place(copy(app), copy(observed), undefined, { cloud: copy(cloud), seed }), place(app, observed, undefined, { cloud, seed }));
    }),
    { numRuns: Math.ceil(runs / 4) },
  );
});

test('what was placed stays when it is placed again', () => {
  let settled = 0;
  fc.assert(
    fc.property(application, hosts, (app, observed) => {
      const before = { hosts: observed.hosts.map((host) => Object.assign({}, host, { containers: host.containers.filter(({ owner }) => owner?.application !== app.id) })) };
      const first = place(app, before);
      // What was refused may be placed once the others are there, and take what one of them has.
      if (first.refusals.length > 0) return;
      settled++;
      const after: Observed = {
        hosts: before.hosts.map((host) =>
          Object.assign({}, host, { containers: [...host.containers, ...first.containers.filter((one_) => one_.host === host.host).map(({ entity, spec, entityType }, index): ObservedContainer => withType(madeFrom(spec, { host: host.host, application: app.id, entity, state: 'running', createdAtMs: 1000 + index }), entityType))] }),
        ),
      };
      const second = place(app, after);
      assert.deepEqual(second.containers.map(({ entity, host, placedBecause }) => [entity, host, placedBecause]), first.containers.map(({ entity, host }) => [entity, host, `it is already on ${host}`]));
    }),
    { numRuns: runs },
  );
  assert.ok(settled > runs / 10, `${settled} applications of ${runs} were placed whole`);
});

test('one more host takes no place away from a single container', () => {
  fc.assert(
    fc.property(application, hosts, hosts, cloudPlacement, (app, observed, more, cloud) => {
      const single = { ...app, entities: app.entities.slice(0, 1) };
      const others = more.hosts.map((host, index) => Object.assign({}, host, { host: `new${index}`, containers: host.containers.filter(({ owner }) => owner?.application !== app.id) }));
      const before = place(single, observed, undefined, { cloud });
      const after = place(single, { hosts: [...observed.hosts, ...others] }, undefined, { cloud });
      assert.ok(after.refusals.length <= before.refusals.length);
    }),
    { numRuns: Math.ceil(runs / 2) },
  );
});

test('the tournament agrees with a list that is sorted', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 20 }), few(fc.tuple(fc.nat(19), fc.integer({ min: 0, max: 4 }), fc.boolean()), 60), (size, changes) => {
      const keys = Array.from({ length: size }, () => 0);
      const isIn = new Set<number>();
      const tree = new WinnerTree(size, (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
      for (const [at, key, comes] of changes) {
        const position = at % size;
        keys[position] = key;
        if (comes) isIn.add(position);
        else isIn.delete(position);
        tree.set(position, comes);
        const least = Math.min(...[...isIn].map((one_) => keys[one_] ?? 0));
        const best = [...isIn].filter((one_) => keys[one_] === least).toSorted((a, b) => a - b);
        assert.deepEqual([tree.count, tree.winner, tree.ties, tree.tied()], [isIn.size, best[0] ?? -1, best.length, best]);
        for (let from = 0; from <= size; from++) assert.equal(tree.firstFrom(from), best.find((one_) => one_ >= from) ?? -1);
        assert.deepEqual(keys.map((_, one_) => tree.isTied(one_)), keys.map((_, one_) => best.includes(one_)));
      }
      const filled = new WinnerTree(size, (a, b) => (keys[a] ?? 0) - (keys[b] ?? 0));
      filled.fill((position) => isIn.has(position), size);
      assert.deepEqual([filled.count, filled.tied()], [tree.count, tree.tied()]);
    }),
    { numRuns: runs },
  );
});

test('a shuffle meets every position once, and knows the way back', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 300 }), fc.integer(), fc.string(), (count, seed, name) => {
      const shuffle = new Shuffle(count, seed, name);
      const met = Array.from({ length: count }, (_, at) => shuffle.at(at));
      assert.deepEqual(met.toSorted((a, b) => a - b), met.map((_, index) => index));
      assert.deepEqual(met.map((position) => shuffle.rankOf(position)), met.map((_, index) => index));
    }),
    { numRuns: runs },
  );
});

function satisfies(asked: Strategy, { host, labels = {}, capacity, cpuUsage }: ObservedHost, count: number, cloud: CloudPlacement): boolean {
  switch (asked.kind) {
    case 'max-containers':
      return count < (cloud.maxContainers ?? asked.maxContainers);
    case 'breadth-first':
    case 'depth-first':
      return count < (cloud.maxContainers ?? asked.maxContainers ?? Infinity);
    case 'max-cpu':
      return cpuUsage !== undefined && cpuUsage < asked.maxCpu;
    case 'provisioning-flags':
      return (capacity?.cores ?? 0) >= (asked.minCores ?? 0);
    case 'labels':
      return asked.labels.every((label) => (label.includes('=') ? `${label.split('=')[0]}=${labels[label.split('=')[0] ?? '']}` === label : label in labels));
    case 'hostname':
      return new RegExp(`^(?:${asked.pattern})$`).test(host);
    case 'geography':
      return (asked.regions === undefined || asked.regions.includes(labels['region'] ?? '')) && (asked.withinKm === undefined || labels['latitude'] !== undefined);
    case 'least-containers':
    case 'lowest-cpu':
    case 'random':
    case 'affinity-rules':
    case 'group':
      return true;
  }
}

function container(host: string, application_: string, entity: string, image: string, createdAtMs: number): ObservedContainer {
  return withType(madeFrom({ image, env: {}, openPorts: [], publishedPorts: [], mounts: [] }, { host, application: application_, entity, state: 'running', createdAtMs, name: `${application_}-${entity}` }), `docker:${image}`);
}

function withType(made: ObservedContainer, entityType: string | undefined): ObservedContainer {
  return made.owner === undefined || entityType === undefined ? made : { ...made, owner: { ...made.owner, entityType } };
}

import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import type { Application, Entity } from '#core/blueprint/application.ts';
import type { ContainerState, HostState, Observed, ObservedContainer, ObservedHost } from '#core/cluster/observed.ts';
import { dependencies } from '#core/plan/dependencies.ts';
import { diff } from '#core/plan/diff.ts';
import type { Action, Plan } from '#core/plan/plan.ts';
import { place } from '#core/placement/place.ts';
import { canonical } from '#core/text/canonical.ts';
import { madeFrom } from './cluster.ts';

const hostNames = ['a', 'b', 'c'];
const entityKeys = ['web', 'db', 'cache', 'admin'];
const up: HostState = { kind: 'up', engineVersion: '29', cores: 2, memoryBytes: 1 };

const spec = fc.record({
  image: fc.constantFrom('nginx', 'nginx:2', 'redis'),
  env: fc.dictionary(fc.constantFrom('A', 'B'), fc.constantFrom('1', '2')),
  openPorts: fc.constant([]),
  publishedPorts: fc.uniqueArray(fc.record({ port: fc.constant(80), hostPort: fc.constantFrom(80, 81), protocol: fc.constant('tcp' as const) }), { maxLength: 2, selector: (port) => port.hostPort }),
  mounts: fc.constant([]),
});

const entity = fc.record({
  key: fc.constantFrom(...entityKeys),
  name: fc.constant('name'),
  type: fc.constant('docker:x'),
  locations: fc.uniqueArray(fc.constantFrom(...hostNames), { maxLength: 2 }),
  container: spec,
});

const application = fc.uniqueArray(entity, { selector: ({ key }) => key, maxLength: 4 }).map((entities): Application => ({ id: 'shop', name: 'Shop', entities, blueprint: '' }));

const container = fc.record({
  host: fc.constantFrom(...hostNames),
  owner: fc.constantFrom('shop', 'blog', ''),
  entity: fc.constantFrom(...entityKeys),
  state: fc.constantFrom<ContainerState>('created', 'running', 'paused', 'exited', 'dead'),
  isAside: fc.boolean(),
  spec,
});

const cluster = fc.tuple(fc.array(container, { maxLength: 8 }), fc.subarray(hostNames, { minLength: 1 }), fc.boolean()).map(([found, hosts, isLastDown]): Observed => {
  const all = found.map(({ host, owner, entity, state, isAside, spec }, index) =>
    madeFrom(spec, { host, application: owner, entity, state, createdAtMs: index, ...(owner === '' ? { name: `stranger-${index}` } : isAside ? { name: `${owner}-${entity}.replaced-${index}` } : {}) }));
  return {
    hosts: hosts.map((host, index): ObservedHost => ({
      host,
      endpoint: `tcp://${host}`,
      state: isLastDown && index > 0 && index === hosts.length - 1 ? { kind: 'down', problem: 'no engine' } : up,
      containers: feasible(all.filter((one) => one.host === host)),
    })),
  };
});

/** What one engine can hold: names are unique, and a port is published once. */
function feasible(containers: readonly ObservedContainer[]): ObservedContainer[] {
  const kept: ObservedContainer[] = [];
  for (const one of containers) {
    const clashes = kept.some((other) => other.containerName === one.containerName || other.ports.some((port) => one.ports.some(({ hostPort }) => hostPort === port.hostPort)));
    if (!clashes) kept.push(one);
  }
  return kept;
}

function planFor(app: Application, seen: Observed): Plan {
  return diff({ application: app.id, applicationName: app.name, ...place(app, seen) }, seen);
}

/** What an engine would do; refuses what an engine would refuse. */
function carriedOut(actions: readonly Action[], seen: Observed): Observed {
  const hosts = new Map(seen.hosts.map((host) => [host.host, [...host.containers]]));
  let now = 1000;
  const add = (host: string, made: ObservedContainer): void => {
    const there = hosts.get(host);
    assert.ok(there !== undefined, 'the host is known');
    for (const other of there) {
      assert.notEqual(other.containerName, made.containerName, 'names are unique');
      for (const port of made.ports) assert.ok(!other.ports.some(({ hostPort }) => hostPort === port.hostPort), `port ${port.hostPort} is free on ${host}`);
    }
    there.push(made);
  };
  const drop = (host: string, containerId: string): ObservedContainer => {
    const there = hosts.get(host) ?? [];
    const [gone] = there.splice(there.findIndex((one) => one.containerId === containerId), 1);
    assert.ok(gone?.containerId === containerId, 'what is removed is there');
    return gone;
  };
  for (const action of actions) {
    if (!('containerId' in action) && action.kind !== 'create') continue;
    if (action.kind === 'remove') drop(action.host, action.containerId);
    else if (action.kind === 'start') {
      const old = drop(action.host, action.containerId);
      const wanted = specs.get(old.owner?.entity ?? '');
      assert.ok(wanted !== undefined);
      add(action.host, madeFrom(wanted, { host: action.host, application: 'shop', entity: action.entity, state: 'running', createdAtMs: ++now, name: old.containerName }));
    } else if (action.kind === 'stop' || action.kind === 'connect' || action.kind === 'disconnect') assert.fail('a deployment stops nothing without making or removing it, and nothing here is on further networks');
    else {
      if (action.kind === 'replace') drop(action.host, action.containerId);
      const { spec, entity } = action.container;
      add(action.host, madeFrom(spec, { host: action.host, application: 'shop', entity, state: 'running', createdAtMs: ++now }));
    }
  }
  return { hosts: seen.hosts.map((host) => ({ ...host, containers: hosts.get(host.host) ?? [] })) };
}

/** The wanted specs by entity: a container that is only started has the spec that is wanted. */
const specs = new Map<string, NonNullable<Entity['container']>>();

test('a plan carried out leaves nothing to plan', () => {
  fc.assert(
    fc.property(application, cluster, (app, seen) => {
      specs.clear();
      for (const one of app.entities) if (one.container !== undefined) specs.set(one.key, one.container);
      const plan = planFor(app, seen);
      fc.pre(plan.refusals.length === 0);
      const after = planFor(app, carriedOut(plan.actions, seen));
      assert.deepEqual(after.actions, []);
      assert.deepEqual(after.refusals, []);
      assert.equal(after.unchanged, app.entities.length);
    }),
    { numRuns: 2000 },
  );
});

test('delete leaves nothing of the application and all of the others', () => {
  fc.assert(
    fc.property(cluster, (seen) => {
      const plan = diff({ application: 'shop', applicationName: 'Shop', containers: [], refusals: [] }, seen);
      fc.pre(plan.refusals.length === 0);
      const left = carriedOut(plan.actions, seen).hosts.flatMap((host) => host.containers);
      assert.deepEqual(left, seen.hosts.flatMap((host) => host.containers).filter((one) => one.owner?.application !== 'shop'));
    }),
  );
});

test('same input, same plan', () => {
  fc.assert(fc.property(application, cluster, (app, seen) => assert.equal(canonical(planFor(structuredClone(app), structuredClone(seen))), canonical(planFor(app, seen)))));
});

test('every placed container satisfies its constraints, every other entity has a refusal', () => {
  fc.assert(
    fc.property(application, cluster, (app, seen) => {
      const { containers, refusals } = place(app, seen);
      assert.equal(containers.length + refusals.length, app.entities.length);
      for (const placed of containers) {
        const host = seen.hosts.find((one) => one.host === placed.host);
        assert.equal(host?.state.kind, 'up');
        const locations = app.entities.find(({ key }) => key === placed.entity)?.locations ?? [];
        assert.ok(locations.length === 0 || locations.includes(placed.host));
        for (const { hostPort } of placed.spec.publishedPorts) {
          const holders: ObservedContainer[] | undefined = host?.containers.filter((one) => one.ports.some((port) => port.hostPort === hostPort) && one.owner?.application !== 'shop');
          assert.deepEqual(holders, []);
          const sharers = containers.filter((other) => other.host === placed.host && other.spec.publishedPorts.some((port) => port.hostPort === hostPort));
          assert.equal(sharers.length, 1);
        }
      }
    }),
  );
});

test('no action waits for a later one, and actions on one entity wait for one another', () => {
  fc.assert(
    fc.property(application, cluster, (app, seen) => {
      const { actions } = planFor(app, seen);
      for (const [index, { needs, after }] of dependencies(actions).entries()) assert.ok([...needs, ...after].every((earlier) => earlier < index));
    }),
  );
});

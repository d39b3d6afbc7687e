// What a blueprint asks of placement: config in, strategies and wants as data out, under every name that strategies ever had.

import assert from 'node:assert/strict';
import { test } from 'node:test';

import { read } from '#core/blueprint/read.ts';
import { understand } from '#core/check/problems.ts';
import { draft, all } from '#core/resolve/draft.ts';
import { effectiveConfig } from '#core/resolve/effective.ts';
import { cloudPlacementOf, type PlacementWorld } from '#core/resolve/placement.ts';
import { evaluate } from '#core/dsl/evaluate.ts';
import { scopeOf } from '#core/resolve/scope.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { applicationOf, webWith } from '../placement/cloud.ts';

function check(name: string, { config = '', strategies = '', answer }: { readonly config?: string; readonly strategies?: string; readonly answer: unknown }): void {
  test(name, () => assert.deepEqual(applicationOf(webWith(config, strategies)).entities[0]?.placement, answer));
}

/** The message of the first error. */
function refuses(name: string, { config = '', strategies = '', answer }: { readonly config?: string; readonly strategies?: string; readonly answer: string }): void {
  test(name, () => {
    const errors = understand(webWith(config, strategies), builtInCatalog).diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message);
    assert.ok(errors.includes(answer), errors.join('\n'));
  });
}

const kinds: Readonly<Record<string, unknown>> = {
  'basic.DepthFirstPlacementStrategy': { kind: 'depth-first' },
  'basic.BreadthFirstPlacementStrategy': { kind: 'breadth-first' },
  'basic.LeastContainersPlacementStrategy': { kind: 'least-containers' },
  'basic.LowestCpuUsagePlacementStrategy': { kind: 'lowest-cpu' },
  'basic.RandomPlacementStrategy': { kind: 'random' },
  'basic.MaxContainersPlacementStrategy': { kind: 'max-containers', maxContainers: 8 },
  'basic.MaxCpuUsagePlacementStrategy': { kind: 'max-cpu', maxCpu: 0.5 },
  'basic.ProvisioningFlagsPlacementStrategy': { kind: 'provisioning-flags' },
  'affinity.DockerAffinityRuleStrategy': { kind: 'affinity-rules', rules: [] },
  'basic.GroupPlacementStrategy': { kind: 'group', isExclusive: false },
  'basic.LabelPlacementStrategy': { kind: 'labels', labels: [] },
};

for (const [name, strategy] of Object.entries(kinds)) {
  check(`clocker.docker.location.strategy.${name}`, { strategies: `- $brooklyn:object: { type: clocker.docker.location.strategy.${name} }`, answer: { strategies: [strategy], affinityRules: [] } });
}

test('every strategy of the catalog is understood by its id and all its names', () => {
  const needed: Readonly<Record<string, string>> = { 'hostname-placement': 'hostname: h' };
  const beans = builtInCatalog.types.filter(({ parent }) => parent === 'placement-strategy');
  assert.ok(beans.length >= 13);
  for (const { id, aliases } of beans) {
    for (const name of [id, ...aliases]) {
      const application = applicationOf(webWith('', `- $brooklyn:object: { type: ${name}, brooklyn.config: { ${needed[id] ?? ''} } }`));
      assert.equal(application.entities[0]?.placement?.strategies.length, 1, name);
    }
  }
});

check('names of the config keys, short and long', {
  strategies: `
    - $brooklyn:object: { type: max-containers-placement, brooklyn.config: { maxContainers: 12 } }
    - $brooklyn:object: { type: max-containers-placement, brooklyn.config: { docker.container.cluster.maxSize: "13" } }
    - $brooklyn:object: { type: hostname-placement, object.fields: { hostname: "a.*" } }`,
  answer: { strategies: [{ kind: 'max-containers', maxContainers: 12 }, { kind: 'max-containers', maxContainers: 13 }, { kind: 'hostname', pattern: 'a.*' }], affinityRules: [] },
});

check('one alone, as 0.6 had it', { config: 'docker.container.strategy:\n  $brooklyn:object: { type: brooklyn.location.docker.strategy.BreadthFirstPlacementStrategy }', answer: { strategies: [{ kind: 'breadth-first' }], affinityRules: [] } });

check('values that are expressions', {
  config: 'most: 5',
  strategies: '- $brooklyn:object: { type: max-containers-placement, brooklyn.config: { maxContainers: $brooklyn:config("most") } }',
  answer: { strategies: [{ kind: 'max-containers', maxContainers: 5 }], affinityRules: [] },
});

check('geography', {
  strategies: `
    - $brooklyn:object: { type: geography-placement, brooklyn.config: { region: eu, zone: [a, b], near: [52.5, 13.4], within: 100 km, spread: zone } }
    - $brooklyn:object: { type: geography-placement, brooklyn.config: { near: db-host } }`,
  answer: { strategies: [{ kind: 'geography', regions: ['eu'], zones: ['a', 'b'], near: { latitude: 52.5, longitude: 13.4 }, withinKm: 100, spreadOver: 'zone' }, { kind: 'geography', near: 'db-host' }], affinityRules: [] },
});

check('affinity rules as a list or as one text', {
  config: 'affinity.rules: "NOT TYPE, NAME web"',
  answer: { strategies: [], affinityRules: [{ verb: 'TYPE', not: true }, { verb: 'NAME', not: false, parameter: 'web' }] },
});

check('what the host must have', { config: 'provisioning.properties: { minRam: 7g, minCores: 4, other: 1 }', answer: { strategies: [], affinityRules: [], minCores: 4, minMemoryBytes: 7 * 2 ** 30 } });

check('empty properties ask for nothing', { config: 'provisioning.properties: {}', answer: undefined });

test('limits reach the container', () => {
  const { cpuShares, memoryBytes } = applicationOf(webWith('docker.cpuShares: 512\ndocker.memory: 64m')).entities[0]?.container ?? {};
  assert.deepEqual({ cpuShares, memoryBytes }, { cpuShares: 512, memoryBytes: 64 * 2 ** 20 });
});

refuses('too little memory', { config: 'docker.memory: 512', answer: 'docker.memory: 512 bytes of memory are too few for a container; the least is 6m. A number without a unit is bytes.' });
refuses('a share that is a percentage', { strategies: '- $brooklyn:object: { type: max-cpu-placement, brooklyn.config: { maxCpuUsage: 50 } }', answer: 'The strategy max-cpu-placement: docker.container.cluster.maxCpu: A share of the processors is above 0 and at most 1, not 50; write 0.5 for 50 %.' });
refuses('a pattern that is missing', { strategies: '- $brooklyn:object: { type: hostname-placement }', answer: 'The strategy hostname-placement needs docker.constraint.hostname.' });
refuses('a bean that is no strategy', { strategies: '- $brooklyn:object: { type: provisioning-strategy }', answer: 'The type provisioning-strategy is no placement strategy that chooses a host; use for example least-containers-placement.' });
refuses('a value that nothing gives', {
  config: 'provisioning.properties: { minCores: $brooklyn:attributeWhenReady("cores.wanted") }',
  answer: 'provisioning.properties waits for the sensor cores.wanted of web, which nothing gives a value; write the value itself, or take another sensor',
});

test('a value that is there only while another entity runs', () => {
  const blueprint = `${webWith('provisioning.properties: { minCores: $brooklyn:entity("db").attributeWhenReady("host.address") }')}\n- { type: "docker:redis", id: db }\n`;
  const { diagnostics } = understand(blueprint, builtInCatalog);
  assert.deepEqual(diagnostics.flatMap(({ code, message, span }) => (code === 'not-deployable' ? [[message, blueprint.slice(span.start, span.end)]] : [])), [
    ['provisioning.properties waits for the sensor host.address of db, but it must be known before anything runs; write the value itself', '{ minCores: $brooklyn:entity("db").attributeWhenReady("host.address") }'],
  ]);
});

test('what is asked of placement stays the same when entities are settled', () => {
  const blueprint = `${webWith('docker.container.environment: { DB: $brooklyn:entity("db").attributeWhenReady("host.address") }\naffinity.rules: [NOT TYPE]')}\n- { type: "docker:redis", id: db }\n`;
  const { entities, settle } = applicationOf(blueprint);
  assert.ok(settle);
  const settled = settle({ container: () => undefined, file: () => undefined });
  for (const { placement } of [entities[0] ?? assert.fail(), settled[0] ?? assert.fail()]) assert.deepEqual(placement, { strategies: [], affinityRules: [{ verb: 'TYPE', not: true }] });
});

test('what a docker cloud asks for', () => {
  const text = 'services:\n- type: docker-infrastructure\n  brooklyn.config:\n    docker.container.cluster.maxSize: 16\n    affinity.rules: [NOT TYPE]\n    docker.container.strategies:\n    - $brooklyn:object: { type: brooklyn.location.docker.strategy.DepthFirstPlacementStrategy }\n';
  const { plan } = read(text);
  assert.ok(plan);
  const root = draft(plan, text, builtInCatalog);
  const scope = scopeOf(root);
  const world: PlacementWorld = {
    catalog: builtInCatalog,
    complain: (_, message) => assert.fail(message),
    evaluated: (effective) => {
      const outcome = evaluate(effective.value, { self: scope(effective.at) });
      return outcome.state === 'value' ? outcome.value : assert.fail(outcome.state);
    },
  };
  const cloud = all(root).find(({ spec }) => spec.type?.value === 'docker-infrastructure');
  assert.ok(cloud);
  assert.deepEqual(cloudPlacementOf(effectiveConfig(cloud), world), { strategies: [{ kind: 'depth-first' }], affinityRules: [{ verb: 'TYPE', not: true }], maxContainers: 16 });
});

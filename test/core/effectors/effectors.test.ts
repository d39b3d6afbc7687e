// What entities can be told to do, and the plans that come of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Observed } from '#core/cluster/observed.ts';
import { argumentsOf, stepsOf } from '#core/effectors/composite.ts';
import { argumentsFor } from '#core/effectors/effector.ts';
import { dependencies } from '#core/plan/dependencies.ts';
import { operate, type Operation } from '#core/plan/operate.ts';
import { actionTitle, render } from '#core/plan/render.ts';
import { signature } from '#core/view/effectors.ts';
import { applicationOf, worldOf } from '../sensors/live.ts';

const application = applicationOf(`
services:
- type: docker:web
  id: web
  env: { DB: $brooklyn:entity("db").attributeWhenReady("host.address") }
- type: docker:db
  id: db
  brooklyn.initializers:
  - type: org.apache.brooklyn.core.effector.ssh.SshCommandEffector
    brooklyn.config:
      name: dump
      command: dump "$table"
      parameters: { table: { type: string, description: Which one. }, format: { defaultValue: sql } }
  - { type: http-effector, brooklyn.config: { name: ask, uri: "http://x/", httpVerb: GET } }
  - type: org.apache.brooklyn.core.effector.CompositeEffector
    brooklyn.config: { name: renew, effectors: [dump, restart, ask], parameters: { table: { defaultValue: all } } }
  - { type: composite-effector, brooklyn.config: { name: stop, effectors: [dump] , parameters: { table: { defaultValue: all } } } }
  - { type: composite-effector, brooklyn.config: { name: start, effectors: [ask], override: true } }
  - { type: composite-effector, brooklyn.config: { name: restart, effectors: [ask] } }
  - { type: composite-effector, brooklyn.config: { name: ping, effectors: [pong] } }
  - { type: composite-effector, brooklyn.config: { name: pong, effectors: [ask, ping] } }
  - { type: composite-effector, brooklyn.config: { name: lost, effectors: [nobody] } }
  - { type: org.apache.brooklyn.core.effector.composite.SequenceEffector, brooklyn.config: { name: both, sequence: [ask, { effector: dump }] } }
  - { type: org.apache.brooklyn.core.effector.composite.ComposeEffector, brooklyn.config: { name: piped, compose: [{ effector: dump, input: table }] } }
- type: cluster
  id: pool
  brooklyn.config: { dynamiccluster.memberspec: { $brooklyn:entitySpec: { type: "docker:x" } } }
`);
const entities = application.live?.(worldOf({ web: 'running', db: 'running' })) ?? [];

test('effectors of entities', () => {
  const shown = (key: string): string => (entities.find((entity) => entity.key === key)?.effectors ?? []).map(signature).join(' ');
  assert.equal(shown('web'), 'start() stop() restart()');
  assert.equal(shown('db'), 'start() stop(table=all) restart() dump(table, format=sql) ask() renew(table=all) ping() pong() lost() both() piped()');
  assert.equal(shown('pool'), 'start() stop() restart() resize(desiredSize) resizeByDelta(delta) replaceMember(memberId)');
});

test('effectors made of others', () => {
  const all = entities.find(({ key }) => key === 'db')?.effectors ?? [];
  const steps = (name: string): string => {
    const effector = all.find((one) => one.name === name);
    assert.ok(effector);
    const called = stepsOf(effector, all);
    return typeof called === 'string' ? called : called.map((step) => `${step.name}(${Object.keys(argumentsOf(step, { table: 'x', other: 'y' })).join()}): ${step.kind}`).join(', ');
  };
  assert.equal(steps('renew'), 'dump(table): command, restart(): restart, ask(): request, ask(): request');
  assert.equal(steps('stop'), 'dump(table): command, stop(): stop');
  assert.equal(steps('start'), 'ask(): request');
  assert.equal(steps('ping'), 'ping would call itself for ever: ping calls pong calls ping');
  assert.match(steps('lost'), /^lost calls nobody, which its entity does not have; it has start, stop, restart, dump, ask, /);
  assert.equal(steps('both'), 'ask(): request, dump(table): command');
  assert.equal(steps('piped'), 'piped hands results on or calls effectors of other entities, which Clocker does not carry out; list the names of effectors alone');
});

test('arguments', () => {
  const dump = entities.find(({ key }) => key === 'db')?.effectors.find(({ name }) => name === 'dump');
  assert.ok(dump);
  assert.deepEqual(argumentsFor(dump, { table: 'x' }), { table: 'x', format: 'sql' });
  assert.equal(argumentsFor(dump, {}), 'dump needs a value for table: write table=VALUE');
  assert.equal(argumentsFor(dump, { tabel: 'x' }), 'dump has no parameter tabel; it has table, format');
});

function observed(states: Readonly<Record<string, string>>, isReadOnly = false): Observed {
  const world = worldOf(states);
  const containers = Object.keys(states).flatMap((entity) => {
    const container = world.container(entity);
    return container ? [{ ...container, owner: { application: 'app', applicationName: 'app', entity, entityName: entity, specHash: '' } }] : [];
  });
  return { hosts: [{ host: 'a', endpoint: 'x', state: { kind: 'up', engineVersion: '1', cores: 1, memoryBytes: 1 }, containers, ...(isReadOnly && { isReadOnly }) }] };
}

function plan(operation: Operation, states: Readonly<Record<string, string>>, keys = ['web', 'db'], isReadOnly = false): string[] {
  const made = operate(operation, application, keys, observed(states, isReadOnly));
  const order = dependencies(made.actions);
  return [...made.actions.map((action, index) => [actionTitle(action), ...(order[index]?.needs ?? []).map((earlier) => `after ${earlier + 1}`)].join(' ')), ...render(made).filter((line) => line.startsWith('!')), render(made).at(-1) ?? ''];
}

test('what waits stops first and starts last', () => {
  assert.deepEqual(plan('stop', { web: 'running', db: 'running' }), ['~ stop app-web on a', '~ stop app-db on a after 1', '2 to stop.']);
  assert.deepEqual(plan('start', { web: 'exited 0', db: 'exited 0' }), ['~ start app-db on a', '~ start app-web on a after 1', '2 to start.']);
  assert.deepEqual(plan('restart', { web: 'running', db: 'running' }), [
    '~ stop app-web on a', '~ stop app-db on a after 1', '~ start app-db on a after 2', '~ start app-web on a after 1 after 3', '2 to stop, 2 to start.',
  ]);
});

test('what is so already is left; what cannot be is refused', () => {
  assert.deepEqual(plan('stop', { web: 'exited 0', db: 'running' }), ['~ stop app-db on a', '1 to stop, 1 unchanged.']);
  assert.deepEqual(plan('restart', { db: 'exited 1' }, ['db']), ['~ start app-db on a', '1 to start.']);
  assert.deepEqual(plan('start', {}, ['db']), ['! db: db has no container; deploy the application again', 'This cannot be deployed: 1 problem.']);
  assert.deepEqual(plan('stop', { db: 'running' }, ['db'], true).slice(1), ['! db: container app-db is on host a, which is read-only; take readOnly away from its configuration', 'This cannot be deployed: 1 problem.']);
});

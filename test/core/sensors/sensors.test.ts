// The sensors of running entities: the blueprint, what runs and what was read in, one line a sensor out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { understand } from '#core/check/problems.ts';
import type { Value } from '#core/coerce/value.ts';
import { builtInCatalog } from '../../support/catalog.ts';
import { applicationOf, sensorLines, worldOf } from './live.ts';

function check(name: string, text: string, states: Readonly<Record<string, string>>, read: Readonly<Record<string, Value>>, ...expected: readonly string[]): void {
  test(name, () => {
    const entities = applicationOf(text).live?.(worldOf(states, read)) ?? [];
    const asked = expected.map((line) => line.replace(/^(\S+): (\S+) .*$/, '$1 $2'));
    assert.deepEqual(sensorLines(entities, asked), expected);
  });
}

const two = `
services:
- { type: "docker:web", id: web }
- type: same-server-entity
  id: group
  brooklyn.children:
  - { type: "docker:db", id: db }
`;

check('of a container', two, { web: 'running', db: 'running' }, {},
  'web: host.name = web', 'web: host.address = 10.0.0.3', 'web: service.isUp = true', 'web: service.state = running', 'group: service.isUp = true', 'group: host.address has no value');
check('of one that failed, was stopped, is not there', two, { web: 'exited 3', db: 'exited 0' }, {},
  'web: service.isUp = false', 'web: service.state = on-fire', 'db: service.state = stopped', 'group: service.state = stopped');
check('of one that was never made', two, { db: 'exited 137' }, {}, 'web: service.state = created', 'web: host.address has no value', 'group: service.state = on-fire');

const read = `
services:
- type: docker:web
  id: web
  brooklyn.initializers:
  - { type: ssh-command-sensor, brooklyn.config: { name: load, command: uptime } }
  - { type: static-sensor, brooklyn.config: { name: double, static.value: '$brooklyn:formatString("%s and %s", attributeWhenReady("load"), attributeWhenReady("load"))' } }
  - { type: command-sensor, brooklyn.config: { name: db.password, command: cat /secret } }
  - { type: command-sensor, brooklyn.config: { name: service.isUp, command: check } }
`;
check('what was not read has no value, and nothing made of it has', read, { web: 'running' }, {}, 'web: load has no value', 'web: double has no value', 'web: service.isUp has no value');
check('what was read; nothing secret is shown', read, { web: 'running' }, { 'web load': 3, 'web db.password': 'hunter2', 'web service.isUp': false }, 'web: load = 3', 'web: double = 3 and 3', 'web: db.password = ********', 'web: service.isUp = false');
check('what a type brings along', `
brooklyn.catalog:
  items:
  - id: mine
    item:
      type: docker:web
      brooklyn.initializers: [{ type: static-sensor, brooklyn.config: { name: colour, static.value: $brooklyn:config("paint") } }]
services:
- { type: mine, id: web, brooklyn.config: { paint: green } }
`, { web: 'running' }, {}, 'web: colour = green');

test('feeds are known once everything that they need is', () => {
  const application = applicationOf(`
services:
- type: docker:web
  id: web
  brooklyn.initializers:
  - { type: http-sensor, brooklyn.config: { name: state, uri: '$brooklyn:formatString("http://x/%s", attributeWhenReady("path"))', jsonPath: $.state, period: 2s } }
  - { type: command-sensor, brooklyn.config: { name: path, command: echo a, targetType: string, executionDir: /srv } }
`);
  const lines = (values: Readonly<Record<string, Value>>): string[] => (application.feeds?.(worldOf({ web: 'running' }, values)) ?? []).map((feed) => `${feed.sensor} every ${feed.periodMs} ms: ${feed.kind === 'http' ? feed.uri : `${feed.directory}$ ${feed.command}`}`);
  assert.deepEqual(lines({}), ['path every 300000 ms: /srv$ echo a']);
  assert.deepEqual(lines({ 'web path': 'y' }), ['state every 2000 ms: http://x/y', 'path every 300000 ms: /srv$ echo a']);
});

test('sensors that would be made of themselves are said before anything runs', () => {
  const { diagnostics } = understand(`
services:
- type: docker:a
  id: a
  brooklyn.enrichers:
  - { type: propagator, brooklyn.config: { producer: $brooklyn:entity("b"), sensorMapping: { two: one } } }
- type: docker:b
  id: b
  brooklyn.enrichers:
  - { type: transformer, brooklyn.config: { sourceSensor: three, targetSensor: two, targetValue: $brooklyn:entity("a").attributeWhenReady("one") } }
`, builtInCatalog);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), ['these sensors would be made of themselves: a: one is made of b: two, and b: two of a: one; take one of these values from somewhere else']);
});

// Enrichers: a blueprint and what was read of its entities in, the values of sensors out.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Value } from '#core/coerce/value.ts';
import { applicationOf, sensorLines, worldOf } from '../sensors/live.ts';

function check(name: string, enrichers: string, read: Readonly<Record<string, Value>>, ...expected: readonly string[]): void {
  test(name, () => {
    const application = applicationOf(`
services:
- type: cluster
  id: pool
  initialSize: 3
  brooklyn.config:
    dynamiccluster.memberspec:
      $brooklyn:entitySpec:
        type: docker:x
        brooklyn.initializers:
        - { type: command-sensor, brooklyn.config: { name: load, command: x } }
        - { type: command-sensor, brooklyn.config: { name: url, command: x } }
  brooklyn.enrichers:
${enrichers.trim().split('\n').map((line) => `  ${line}`).join('\n')}
- type: docker:watcher
  id: watcher
  brooklyn.enrichers:
  - { type: propagator, brooklyn.config: { producer: $brooklyn:entity("pool"), propagatingAll: true } }
`);
    const entities = application.live?.(worldOf({ 'pool-1': 'running', 'pool-2': 'running', 'pool-3': 'running', watcher: 'running' }, read)) ?? [];
    assert.deepEqual(sensorLines(entities, expected.map((line) => line.replace(/^(\S+): (\S+) .*$/, '$1 $2'))), expected);
  });
}

const loads = { 'pool-1 load': 1, 'pool-2 load': 2, 'pool-3 load': 6 };
const aggregator = (how: string, more = ''): string => `- { type: org.apache.brooklyn.enricher.stock.Aggregator, brooklyn.config: { sourceSensor: $brooklyn:sensor("load"), targetSensor: $brooklyn:sensor("all"), transformation: ${how}${more} } }`;

for (const [how, expected] of Object.entries({ sum: '9', average: '3', min: '1', max: '6', first: '1', list: '[1, 2, 6]', isQuorate: 'true' })) check(`${how} of members`, aggregator(how), loads, `pool: all = ${expected}`);
check('of those only that have a value', aggregator('sum'), { 'pool-2 load': 2 }, 'pool: all = 2');
check('or of none', aggregator('sum'), {}, 'pool: all has no value');
check('with a value for the others', aggregator('list', ', defaultMemberValue: 0'), { 'pool-2 load': 2 }, 'pool: all = [0, 2, 0]');
check('a quorum that is not reached', aggregator('isQuorate'), { 'pool-2 load': 2 }, 'pool: all = false');
check('a quorum of one', aggregator('isQuorate', ', quorum.check.type: atLeastOne'), { 'pool-2 load': 2 }, 'pool: all = true');
check('of named entities', aggregator('sum', ', fromHardcodedProducers: [$brooklyn:entity("pool-3"), $brooklyn:entity("pool-1")]'), loads, 'pool: all = 7');

const urls = { 'pool-1 url': 'http://a', 'pool-3 url': 'http://"c"' };
const joiner = (more: string): string => `
- { type: aggregator, brooklyn.config: { sourceSensor: $brooklyn:sensor("url"), targetSensor: $brooklyn:sensor("urls") } }
- { type: joiner, brooklyn.config: { sourceSensor: $brooklyn:sensor("urls"), targetSensor: $brooklyn:sensor("text")${more} } }
`;
check('a list as a text', joiner(''), urls, 'pool: urls = [http://a, http://"c"]', String.raw`pool: text = "http://a","http://\"c\""`);
check('without quotes, another separator', joiner(', quote: false, separator: " | "'), urls, 'pool: text = http://a | http://"c"');
check('too few elements', joiner(', minimum: 3'), urls, 'pool: text has no value');
check('some elements', joiner(', maximum: 1, quote: false'), urls, 'pool: text = http://a');
check('a map of two sensors, with its keys', `
- { type: map-aggregator, brooklyn.config: { enricher.keySensor: $brooklyn:sensor("host.name"), enricher.valueSensor: $brooklyn:sensor("load"), targetSensor: $brooklyn:sensor("map") } }
- { type: joiner, brooklyn.config: { sourceSensor: $brooklyn:sensor("map"), targetSensor: $brooklyn:sensor("text"), joinMapEntries: true, quote: false, keyValueSeparator: ":" } }
`, loads, 'pool: map = {pool-1=1, pool-2=2, pool-3=6}', 'pool: text = pool-1:1,pool-2:2,pool-3:6');
check('a function on a value; a sensor made of itself', `
- { type: aggregator, brooklyn.config: { sourceSensor: $brooklyn:sensor("url"), targetSensor: $brooklyn:sensor("main"), transformation: first } }
- { type: transformer, brooklyn.config: { sourceSensor: $brooklyn:sensor("main"), targetSensor: $brooklyn:sensor("secure"), transformation: '$brooklyn:function.regexReplacement("^http:", "https:")' } }
- { type: org.apache.brooklyn.enricher.stock.Transformer, brooklyn.config: { sourceSensor: $brooklyn:sensor("service.state"), targetSensor: $brooklyn:sensor("service.state"), transformation: '$brooklyn:function.regexReplacement("running", "well")' } }
`, urls, 'pool: secure = https://a', 'pool: service.state = well');
check('shown on another entity, all but how it is itself', aggregator('sum'), loads, 'watcher: all = 9', 'watcher: entity.id = watcher');
check('shown under another name, on members', `
- { type: propagate-to-members, brooklyn.config: { propagating: [$brooklyn:sensor("group.members.count")] } }
- { type: propagator, brooklyn.config: { producer: $brooklyn:entity("pool-2"), sensorMapping: { $brooklyn:sensor("load"): $brooklyn:sensor("second") } } }
- { type: percentage-enricher, brooklyn.config: { enricher.producer: $brooklyn:self(), enricher.sourceCurrentSensor: $brooklyn:sensor("second"), enricher.sourceTotalSensor: $brooklyn:sensor("group.members.count"), enricher.targetSensor: $brooklyn:sensor("share") } }
`, { 'pool-2 load': 1.5 }, 'pool-1: group.members.count = 3', 'pool: second = 1.5', 'pool: share = 0.5');

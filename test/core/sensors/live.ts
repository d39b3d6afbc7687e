// Running applications in a few words: a blueprint, which of its entities run, and what was read of them.

import assert from 'node:assert/strict';
import type { Application, LiveEntity, LiveWorld } from '#core/blueprint/application.ts';
import type { ContainerState, ObservedContainer } from '#core/cluster/observed.ts';
import type { Value } from '#core/coerce/value.ts';
import { understand } from '#core/check/problems.ts';
import { builtInCatalog } from '../../support/catalog.ts';

export function applicationOf(text: string): Application {
  const { application, diagnostics } = understand(`name: app\n${text.trimStart()}`, builtInCatalog);
  assert.deepEqual(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message), []);
  assert.ok(application);
  return application;
}

/** `states` has the container's state and, where it ended, its exit code: `running`, `exited 3`; absent for no container. */
export function worldOf(states: Readonly<Record<string, string>>, read: Readonly<Record<string, Value>> = {}): LiveWorld {
  return {
    container: (entity) => containerIn(entity, states[entity]),
    read: (entity, sensor) => read[`${entity} ${sensor}`],
  };
}

function containerIn(entity: string, told: string | undefined): ObservedContainer | undefined {
  if (told === undefined) return undefined;
  const [word = '', code] = told.split(' ');
  const known: readonly ContainerState[] = ['created', 'running', 'paused', 'exited', 'dead'];
  const state = known.find((one) => one === word);
  assert.ok(state, `${word} is no state`);
  return {
    containerId: `id-${entity}`, containerName: `app-${entity}`, host: 'a', image: 'x', state, health: 'none', createdAtMs: 0,
    addresses: { 'clocker-app': `10.0.0.${entity.length}` }, ports: [{ port: 80, hostPort: 49000, protocol: 'tcp' }],
    ...(code !== undefined && { exitCode: Number(code) }),
  };
}

/** The sensors that are asked for, one line each: `web: url = http://web/`; what has no value is told so. */
export function sensorLines(entities: readonly LiveEntity[], asked: readonly string[]): string[] {
  return asked.map((one) => {
    const [entity = '', name = ''] = one.split(' ');
    const found = entities.find(({ key }) => key === entity)?.sensors.find((sensor) => sensor.name === name);
    return `${entity}: ${name} ${found === undefined ? 'has no value' : `= ${found.shown}`}`;
  });
}

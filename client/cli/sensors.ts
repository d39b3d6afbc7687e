// `clocker sensors APP [ENTITY]`: what the entities of a running application tell, read now.

import type { LiveEntity } from '#core/blueprint/application.ts';
import type { Sensed } from '../engine/cloud.ts';
import { entityNamed } from '../engine/effects.ts';
import { hostOptions, type Command, type ExitCode } from './command.ts';
import { withCloud } from './hosts.ts';
import { deployedNamed } from './operands.ts';
import { table } from './table.ts';

export const sensors: Command = {
  name: 'sensors',
  operands: 'APP [ENTITY]',
  operandCount: { least: 1, most: 2 },
  sentence: 'read the sensors of a running application',
  options: [...hostOptions, 'blueprint', 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const { application } = await deployedNamed(cloud, invocation);
      const { entities, problems } = await cloud.sense(application);
      const wanted = operands[1] === undefined ? entities : [entityNamed(entities, operands[1])];
      if (isJson) terminal.print(JSON.stringify(sensorsJson(wanted, problems), undefined, 2));
      else {
        const [heading = '', ...rows] = table([['ENTITY', 'SENSOR', 'VALUE'], ...wanted.flatMap(({ key, sensors: all }) => all.map(({ name, shown }) => [key, name, shown]))]);
        for (const line of [terminal.paint('bold', heading), ...rows]) terminal.print(line);
        for (const { entity, sensor, problem } of problems) if (wanted.some(({ key }) => key === entity)) terminal.complain(`${entity}: ${sensor} could not be read: ${problem}`);
      }
      return 0;
    });
  },
};

/** What looks secret has no value here. */
function sensorsJson(entities: readonly LiveEntity[], problems: Sensed['problems']): object {
  return entities.map(({ key, name, sensors: all }) => ({
    entity: key,
    name,
    sensors: Object.fromEntries(all.map((sensor) => [sensor.name, plain(sensor.value ?? sensor.shown)])),
    problems: Object.fromEntries(problems.flatMap(({ entity, sensor, problem }) => (entity === key ? [[sensor, problem]] : []))),
  }));
}

function plain(value: unknown): unknown {
  if (value instanceof Map) return Object.fromEntries([...value].map(([key, one]: [unknown, unknown]) => [String(key), plain(one)]));
  if (Array.isArray(value)) return value.map(plain);
  return typeof value === 'bigint' ? Number(value) : value;
}

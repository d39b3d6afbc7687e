// `clocker move ENTITY --to HOST`: re-places an entity with its address and its names, as a plan first. It stays there until somebody
// moves it again.

import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command } from './command.ts';
import { withCloud } from './hosts.ts';
import { entityMeant } from './operands.ts';
import { deployedApplication } from '../deployed.ts';
import { readText } from './readText.ts';

export const move: Command = {
  name: 'move',
  operands: 'ENTITY',
  operandCount: { least: 1, most: 1 },
  sentence: 'move an entity to another host, with its address and names: APP/ENTITY, or ENTITY where there is only one',
  options: [...hostOptions, 'to', 'blueprint', 'json', 'yes'],
  run: async (invocation) => {
    const { operands, to: [to, ...more], blueprint } = invocation;
    if (to === undefined || more.length > 0) throw new UsageError('clocker move needs one --to HOST');
    needsConsent(invocation);
    return withCloud(invocation, async (cloud) => {
      const { application, entity, entityName } = entityMeant(cloud.observed, operands[0] ?? '');
      const { whole } = deployedApplication(cloud.observed, application, blueprint === undefined ? undefined : await readText(blueprint));
      const plan = await invocation.terminal.planning(async () => cloud.plan(await whole(cloud), { to: new Map([[entity, to]]) }));
      return carryOut(plan, cloud, `Move ${entityName}`, invocation, `move of ${entityName} to ${to}`);
    });
  },
};

// `clocker deploy FILE`: makes the hosts hold what the blueprint says.

import { readApplication } from './blueprintFile.ts';
import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';
import { containerTable } from './status.ts';

export const deploy: Command = {
  name: 'deploy',
  operands: 'FILE',
  operandCount: { least: 1, most: 1 },
  sentence: 'make the hosts hold what the blueprint says',
  options: [...hostOptions, 'without', 'json', 'yes'],
  run: async (invocation) => {
    const { operands, without, isJson, terminal } = invocation;
    needsConsent(invocation);
    const application = await readApplication(operands[0] ?? '', terminal);
    if (application === undefined) return 1;
    return withCloud(invocation, async (cloud) => {
      const plan = await terminal.planning(() => cloud.plan(application, { without }));
      const exitCode = await carryOut(plan, cloud, `Deploy ${application.name}`, invocation);
      const runsSomething = application.entities.some(({ container }) => container !== undefined);
      if (!isJson && runsSomething && plan.refusals.length === 0) for (const line of containerTable(cloud.observed, application.id, terminal)) terminal.print(line);
      return exitCode;
    });
  },
};

// `clocker apply FILE`: carries out a plan that was saved with `clocker plan --out FILE`, if it is still the plan.

import { readApplication } from './blueprintFile.ts';
import { carryOut } from './carryOut.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';
import { printPlan } from './plan.ts';
import { planJson } from './planJson.ts';
import { readPlanFile } from './planFile.ts';

export const apply: Command = {
  name: 'apply',
  operands: 'FILE',
  operandCount: { least: 1, most: 1 },
  sentence: 'carry out a saved plan, without asking, if blueprint and hosts are still as they were',
  options: [...hostOptions, 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    const saved = await readPlanFile(operands[0] ?? '');
    const application = await readApplication(saved.blueprint, terminal);
    if (application === undefined) return 1;
    return withCloud(invocation, async (cloud) => {
      const plan = await terminal.planning(() => cloud.plan(application, saved));
      if (saved.isOf(plan)) return carryOut(plan, cloud, `Deploy ${application.name}`, { ...invocation, isYes: true });
      if (isJson) terminal.print(JSON.stringify({ outcome: 'outdated', ...planJson(plan) }, undefined, 2));
      else printPlan(plan, terminal);
      terminal.complain('the hosts or the blueprint have changed since the plan was saved; nothing was done. This is the plan now: save it to carry it out');
      return 1;
    });
  },
};

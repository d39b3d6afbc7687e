// `clocker unlock APP`: breaks the lock of an application whose deployment nobody carries on.

import { lockSentence } from '#core/record/lock.ts';
import { needsConsent } from './carryOut.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';

export const unlock: Command = {
  name: 'unlock',
  operands: 'APP',
  operandCount: { least: 1, most: 1 },
  sentence: 'break the lock that a deployment has left behind',
  options: [...hostOptions, 'yes'],
  run: async (invocation) => {
    needsConsent(invocation);
    const { terminal, operands, isYes } = invocation;
    return withCloud(invocation, async (cloud) => {
      const wanted = operands[0] ?? '';
      const all = await cloud.locks();
      const lock = all.find(({ application }) => application === wanted) ?? all.find(({ applicationName }) => applicationName === wanted);
      if (lock === undefined) {
        terminal.print(`Nobody is working on ${wanted}.`);
        return 0;
      }
      terminal.tell(`${lockSentence(lock)} (process ${lock.processId}): ${lock.what}`);
      if (!isYes && !(await terminal.confirm('If that still goes on, two would change the same containers at once. Break its lock?'))) {
        terminal.complain('nothing was done');
        return 1;
      }
      await cloud.unlock(lock.application);
      terminal.print(`The lock of ${lock.applicationName} is broken; deploy again to finish what was begun.`);
      return 0;
    });
  },
};

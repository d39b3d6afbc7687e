// `clocker rollback APP [REVISION]` and `clocker undo APP`: a revision deployed again, as a new one.

import { before } from '#core/record/record.ts';
import type { Revision } from '#core/record/revision.ts';
import { understand } from '../understand.ts';
import { carryOut, needsConsent } from './carryOut.ts';
import { hostOptions, UsageError, type Command, type ExitCode, type Invocation } from './command.ts';
import { findApplication } from './delete.ts';
import { withCloud } from './hosts.ts';

export const rollback: Command = {
  name: 'rollback',
  operands: 'APP [REVISION]',
  operandCount: { least: 1, most: 2 },
  sentence: 'deploy a revision of the history again; without one, what was there before the last deployment',
  options: [...hostOptions, 'without', 'json', 'yes'],
  run: (invocation) => {
    const [, wanted] = invocation.operands;
    if (wanted !== undefined && !/^[1-9]\d{0,8}$/.test(wanted)) throw new UsageError(`"${wanted}" is no revision; they are numbers, told by: clocker history ${invocation.operands[0] ?? ''}`);
    return goBack(invocation, wanted === undefined ? undefined : Number(wanted));
  },
};

export const undo: Command = {
  name: 'undo',
  operands: 'APP',
  operandCount: { least: 1, most: 1 },
  sentence: 'go back to what was there before the last deployment',
  options: [...hostOptions, 'without', 'json', 'yes'],
  run: (invocation) => goBack(invocation, undefined),
};

async function goBack(invocation: Invocation, wanted: number | undefined): Promise<ExitCode> {
  needsConsent(invocation);
  return withCloud(invocation, async (cloud) => {
    const { application, applicationName } = findApplication(cloud.observed, invocation.operands[0] ?? '');
    const { revision } = chosen(await cloud.history(application), wanted, application);
    const recalled = await cloud.recall(application, revision, async (text) => understand(text));
    return carryOut(await invocation.terminal.planning(() => cloud.plan(recalled, { without: invocation.without })), cloud, `Roll ${applicationName} back to revision ${revision}`, invocation, `rollback to revision ${revision}`);
  });
}

function chosen(history: readonly Revision[], wanted: number | undefined, application: string): Revision {
  const found = wanted === undefined ? before(history) : history.find(({ revision }) => revision === wanted);
  if (found !== undefined) return found;
  if (history.length === 0) throw new Error(`no host remembers a deployment of ${application}`);
  if (wanted === undefined) throw new Error(`there was nothing before the only deployment of ${application} that is remembered; to take it away: clocker delete ${application}`);
  throw new Error(`no host remembers revision ${wanted} of ${application}; there are ${history.map(({ revision }) => revision).toReversed().join(', ')}`);
}

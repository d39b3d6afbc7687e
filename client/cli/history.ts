// `clocker history APP`: who deployed what and when, as the hosts remember it.

import { ageText } from '#core/record/lock.ts';
import { hostOptions, type Command, type ExitCode } from './command.ts';
import { findApplication } from './delete.ts';
import { withCloud } from './hosts.ts';
import { table } from './table.ts';

export const history: Command = {
  name: 'history',
  operands: 'APP',
  operandCount: { least: 1, most: 1 },
  sentence: 'say who deployed an application, what and when',
  options: [...hostOptions, 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    return withCloud(invocation, async (cloud): Promise<ExitCode> => {
      const { application } = findApplication(cloud.observed, operands[0] ?? '');
      const revisions = await cloud.history(application);
      if (isJson) {
        terminal.print(JSON.stringify(revisions, undefined, 2));
        return 0;
      }
      const rows = revisions.map(({ revision, atMs, by, outcome, what }) => [String(revision), `${ageText(Date.now() - atMs)} ago`, by, outcome, what]);
      const [heading = '', ...lines] = table([['REVISION', 'WHEN', 'WHO', 'OUTCOME', 'WHAT'], ...rows]);
      terminal.print(rows.length === 0 ? `No host remembers a deployment of ${application}.` : terminal.paint('bold', heading));
      for (const line of lines) terminal.print(line);
      return 0;
    });
  },
};

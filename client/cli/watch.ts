// `clocker watch APP`: follows the policies of a running application until it is interrupted, or the application is gone.

import { followPolicies } from '../following.ts';
import { hostOptions, type Command, type ExitCode } from './command.ts';
import { findApplication } from './delete.ts';
import { withCloud } from './hosts.ts';
import { readText } from './readText.ts';

export const watch: Command = {
  name: 'watch',
  operands: 'APP',
  operandCount: { least: 1, most: 1 },
  sentence: 'follow the policies of an application until interrupted: restart or replace what fails',
  options: [...hostOptions, 'blueprint'],
  run: async (invocation) => {
    const { operands, terminal, blueprint } = invocation;
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const { application } = findApplication(cloud.observed, operands[0] ?? '');
      const given = blueprint === undefined ? undefined : await readText(blueprint);
      await terminal.cancellable(
        () => terminal.complain('stopping'),
        (signal) =>
          followPolicies(cloud, application, given, {
            signal,
            onNews: (sentence, isProblem) => terminal.print(`${new Date().toISOString().slice(0, 19)}Z ${isProblem ? terminal.paint('yellow', sentence) : sentence}`),
          }),
      );
      return 0;
    });
  },
};

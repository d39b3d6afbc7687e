// `clocker doctor A B [--port N]`: why A cannot reach B, looked at from inside both containers.

import { verdict } from '#core/doctor/verdict.ts';
import { hostOptions, UsageError, type Command, type ExitCode } from './command.ts';
import { withCloud } from './hosts.ts';
import { entityMeant } from './operands.ts';

export const doctor: Command = {
  name: 'doctor',
  operands: 'A B',
  operandCount: { least: 2, most: 2 },
  sentence: 'say why entity A cannot reach entity B, and what to do: network, name, route, port',
  options: [...hostOptions, 'port', 'json'],
  run: async (invocation) => {
    const { operands: [a = '', b = ''], isJson, terminal } = invocation;
    const port = portIn(invocation.port);
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const [from, to] = [entityMeant(cloud.observed, a), entityMeant(cloud.observed, b)];
      const { checks, broken, advice } = verdict(await cloud.diagnose(from, to, port));
      if (isJson) terminal.print(JSON.stringify({ from: from.entity, to: to.entity, checks, broken, advice }, undefined, 2));
      else {
        for (const { what, isWell } of checks) terminal.print(isWell ? `${terminal.paint('green', 'ok')}  ${what}` : `${terminal.paint('red', 'no')}  ${what}`);
        terminal.print(broken === undefined ? `${from.entity} reaches ${to.entity}.` : `${broken}.\n${advice === undefined ? '' : `To do: ${advice}.`}`);
      }
      return broken === undefined ? 0 : 1;
    });
  },
};

/** Undefined where none is written. */
export function portIn(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  const port = Number(text);
  if (!/^\d+$/.test(text) || port < 1 || port > 65_535) throw new UsageError(`${text} is no port; a port is a number from 1 to 65535`);
  return port;
}

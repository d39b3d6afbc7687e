// `clocker open ENTITY [PORT]`: a port of an entity on this machine, published or not, until Ctrl-C.

import { portIn } from './doctor.ts';
import { hostOptions, type Command, type ExitCode } from './command.ts';
import { withCloud } from './hosts.ts';
import { entityMeant } from './operands.ts';

export const open: Command = {
  name: 'open',
  operands: 'ENTITY [PORT]',
  operandCount: { least: 1, most: 2 },
  sentence: 'open a port of an entity on this machine, published or not, until Ctrl-C',
  options: [...hostOptions, 'json'],
  run: async (invocation) => {
    const { operands: [text = '', port], isJson, terminal } = invocation;
    return withCloud<ExitCode>(invocation, async (cloud) => {
      const found = entityMeant(cloud.observed, text);
      const wanted = portIn(port) ?? found.container.ports.find(({ protocol }) => protocol === 'tcp')?.port;
      if (wanted === undefined) throw new Error(`${found.entity} declares no TCP port; say which: clocker open ${text} PORT`);
      await terminal.cancellable(
        () => {},
        async (signal) => {
          const forwarding = await cloud.openPort(found, wanted);
          terminal.print(isJson ? JSON.stringify({ entity: found.entity, port: wanted, address: `127.0.0.1:${forwarding.port}` }) : `127.0.0.1:${forwarding.port} leads to port ${wanted} of ${found.entity} on ${found.host.host}, until Ctrl-C`);
          await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
          await forwarding.close();
        },
      );
      return 0;
    });
  },
};

// `clocker explain FILE [ENTITY]`: why each container goes where it goes: every host, how it ranked or why not.

import { nearest } from '#core/text/nearest.ts';
import { explanationLines } from '#core/view/explanation.ts';
import { readApplication } from './blueprintFile.ts';
import { hostOptions, type Command } from './command.ts';
import { withCloud } from './hosts.ts';

export const explain: Command = {
  name: 'explain',
  operands: 'FILE [ENTITY]',
  operandCount: { least: 1, most: 2 },
  sentence: 'say for every host why an entity goes there, or why not',
  options: [...hostOptions, 'json'],
  run: async (invocation) => {
    const { operands, isJson, terminal } = invocation;
    const [file = '', wanted] = operands;
    const application = await readApplication(file, terminal);
    if (application === undefined) return 1;
    const all = await withCloud(invocation, (cloud) => cloud.explain(application));
    const explained = all.filter(({ entity }) => wanted === undefined || entity === wanted);
    if (explained.length === 0) {
      const keys = all.map(({ entity }) => entity);
      const meant = wanted === undefined ? undefined : nearest(wanted, keys);
      terminal.complain(wanted === undefined ? `${file} has nothing to place` : `there is no entity ${wanted} to place; ${meant === undefined ? `there are ${keys.join(', ')}` : `did you mean ${meant}?`}`);
      return 1;
    }
    if (isJson) terminal.print(JSON.stringify(explained, undefined, 2));
    else for (const line of explanationLines(explained)) terminal.print(line);
    return explained.some(({ refusal }) => refusal !== undefined) ? 1 : 0;
  },
};

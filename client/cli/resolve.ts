// `clocker resolve FILE`: the application that a blueprint describes, with every entity's effective config, as JSON.

import { modelOfText } from '../understand.ts';
import { readText } from './readText.ts';
import type { Command } from './command.ts';

export const resolve: Command = {
  name: 'resolve',
  operands: 'FILE',
  operandCount: { least: 1, most: 1 },
  sentence: 'print the application that the blueprint describes, as JSON',
  options: ['json'],
  run: async ({ operands, terminal }) => {
    const [file = ''] = operands;
    const model = modelOfText(await readText(file));
    if (!model) {
      terminal.complain(`${file} is no blueprint: it has no services`);
      return 1;
    }
    terminal.print(JSON.stringify(model, undefined, 2));
    return 0;
  },
};

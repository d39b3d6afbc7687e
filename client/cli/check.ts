// `clocker check FILE...`: says what is wrong in blueprints, without any host.

import { notDeployable } from '#core/diagnostics/notDeployable.ts';
import { diagnosticLine, isError, readBlueprint, type FileDiagnostic } from './blueprintFile.ts';
import type { Command } from './command.ts';

export const check: Command = {
  name: 'check',
  operands: 'FILE...',
  operandCount: { least: 1, most: Infinity },
  sentence: 'say what is wrong in blueprints',
  options: ['json'],
  run: async ({ operands, isJson, terminal }) => {
    const found: FileDiagnostic[] = [];
    for (const file of operands) {
      // That a right blueprint has nothing that runs on Docker is said by those who would run it.
      const diagnostics = (await readBlueprint(file)).diagnostics.filter(({ code }) => code !== notDeployable.code);
      found.push(...diagnostics);
      if (isJson) continue;
      for (const diagnostic of diagnostics) terminal.print(diagnosticLine(diagnostic, (style, text) => terminal.paint(style, text)));
      if (diagnostics.length === 0) terminal.print(`${file}: no problems`);
    }
    if (isJson) terminal.print(JSON.stringify(found, undefined, 2));
    return found.some(isError) ? 1 : 0;
  },
};

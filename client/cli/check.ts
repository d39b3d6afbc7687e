// `clocker check FILE...`: says what is wrong in blueprints, without any host.

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
      const { application, diagnostics } = await readBlueprint(file);
      found.push(...diagnostics);
      if (isJson) continue;
      for (const diagnostic of diagnostics) terminal.print(diagnosticLine(diagnostic, (style, text) => terminal.paint(style, text)));
      if (diagnostics.length === 0) terminal.print(`${file}: ${application === undefined ? 'no problems, but no services to deploy either' : 'no problems'}`);
    }
    if (isJson) terminal.print(JSON.stringify(found, undefined, 2));
    return found.some(isError) ? 1 : 0;
  },
};

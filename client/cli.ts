#!/usr/bin/env node
// The command line: `clocker check|plan|deploy|status|delete|cloud`. The same engine as in the editor, without the editor.

import { run } from './cli/run.ts';
import { Terminal } from './cli/terminal.ts';

const terminal = new Terminal(process);
// A reader that goes away early (`clocker status | head -1`) is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
});
void run(process.argv.slice(2), terminal, process.env).then((exitCode) => {
  process.exitCode = exitCode;
});

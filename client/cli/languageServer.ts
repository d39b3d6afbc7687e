// `clocker language-server --stdio`: the language server for editors other than VS Code. It is a program of its own, beside this one.

import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { spawn } from 'node:child_process';
import { languageServerFlags } from '../languageServerFlags.ts';
import { UsageError, type Command, type ExitCode } from './command.ts';

export const languageServer: Command = {
  name: 'language-server',
  operands: '',
  operandCount: { least: 0, most: 0 },
  sentence: 'speak the Language Server Protocol, for editors',
  options: ['stdio'],
  run: async ({ isStdio }) => {
    if (!isStdio) throw new UsageError('clocker language-server needs --stdio');
    const program = join(dirname(realpathSync(process.argv[1] ?? '')), 'server.cjs');
    const server = spawn(process.execPath, [...languageServerFlags, program, '--stdio'], { stdio: 'inherit' });
    // An editor that ends us ends the server with us.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => server.kill(signal));
    return await new Promise<ExitCode>((resolve, reject) => {
      server.on('error', reject);
      server.on('exit', (code) => resolve(code === 0 ? 0 : 1));
    });
  },
};

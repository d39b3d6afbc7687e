// `clocker package FOLDER --output FILE`: a build context as an archive, to be built elsewhere and later.

import { basename } from 'node:path';
import { contextOf } from '../build/context.ts';
import { packageContext } from '../build/archive.ts';
import type { Command } from './command.ts';

export const packageCommand: Command = {
  name: 'package',
  operands: 'PATH',
  operandCount: { least: 1, most: 1 },
  sentence: 'pack a Dockerfile and the files it is built from into an archive, which clocker build takes as it takes the folder',
  options: ['output', 'file', 'json'],
  run: async ({ operands: [path = ''], file, output, isJson, terminal }) => {
    const context = await contextOf(path, file);
    const archive = output ?? `${basename(context.folder)}.tgz`;
    const { digest, bytes } = await packageContext(context, archive);
    terminal.print(isJson ? JSON.stringify({ archive, digest, bytes }, undefined, 2) : `${archive} (${(bytes / 1e6).toFixed(1)} MB, contents ${digest})`);
    return 0;
  },
};

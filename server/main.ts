// The language server as a program: over Node's IPC as VS Code starts it, or over stdio for every other editor.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import { serve } from './connection.ts';

const hasTransport = process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(argument));

serve(hasTransport ? createConnection(ProposedFeatures.all) : createConnection(ProposedFeatures.all, process.stdin, process.stdout), builtIn);

/** Made by `npm run generate` from values of this very type. Half of the program: it is not even compiled before it is asked for. */
async function builtIn(): Promise<BuiltIn> {
  const { default: catalog } = await import('../schemas/catalog.json', { with: { type: 'json' } });
  return catalog as BuiltIn;
}

// The language server as a program: over Node's IPC as VS Code starts it, or over stdio for every other editor.

import { createConnection, ProposedFeatures } from 'vscode-languageserver/node';

import type { BuiltIn } from '#core/catalog/catalog.ts';
import catalog from '../schemas/catalog.json' with { type: 'json' };
import { serve } from './connection.ts';

// Made by `npm run generate` from values of this very type; JSON has no closed unions.
const builtIn = catalog as BuiltIn;
const hasTransport = process.argv.some((argument) => /^--(?:stdio|node-ipc|socket|pipe)\b/.test(argument));

serve(hasTransport ? createConnection(ProposedFeatures.all) : createConnection(ProposedFeatures.all, process.stdin, process.stdout), builtIn);

// Runs the suite of this folder inside the extension host of a real VS Code.

import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { buildWhenChanged } from '../../scripts/build.ts';
import { runInExtensionHost } from '../support/workbench.ts';
import { makeFolder } from './folder.ts';

const outfile = fileURLToPath(new URL('../../out/workbench/suite.cjs', import.meta.url));

test('the suite in the extension host', { timeout: 600_000 }, async () => {
  const folder = await makeFolder('suite-shop');
  try {
    await buildWhenChanged();
    await build({
      entryPoints: [fileURLToPath(new URL('suite/index.ts', import.meta.url))],
      outfile,
      bundle: true,
      platform: 'node',
      format: 'cjs',
      target: 'node22',
      sourcemap: 'inline',
      external: ['vscode', 'mocha'],
      logLevel: 'error',
    });
    await runInExtensionHost({ suite: outfile, folder: folder.path });
  } finally {
    folder.remove();
  }
});

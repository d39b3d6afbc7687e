#!/usr/bin/env node
// Stands where @vscode/test-electron expects VS Code's executable: takes the same flags, runs the suite in the extension host of the served VS Code,
// prints what the suite prints and ends with its exit code. For machines on which no desktop VS Code is to be had.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';
import { ensureChromium } from '../../../scripts/chromium.ts';
import { installWorkbench, serveWorkbench } from '../../../scripts/workbench.ts';
import { ownGroup } from '../lab/run.ts';
import { quiet, remote, workbenchUrl } from '../workbench.ts';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: { extensionDevelopmentPath: { type: 'string' }, extensionTestsPath: { type: 'string' } },
});
const { extensionDevelopmentPath: extension, extensionTestsPath: suite } = values;
const [folder] = positionals;
if (typeof extension !== 'string' || typeof suite !== 'string' || folder === undefined) {
  throw new Error('a folder, --extensionDevelopmentPath and --extensionTestsPath are needed');
}

const executablePath = await ensureChromium();
await installWorkbench();
const dataFolder = mkdtempSync(join(tmpdir(), 'clocker-suite-'));
const server = await serveWorkbench({ dataFolder, testDriver: true, settings: quiet });
ownGroup(server.processId);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
try {
  const page = await browser.newPage();
  const ended = Promise.withResolvers<number>();
  await page.exposeFunction('codeAutomationLog', (type: string, args: readonly unknown[]) => {
    const stream = type === 'error' || type === 'warn' ? process.stderr : process.stdout;
    stream.write(`${args.map(String).join(' ')}\n`);
  });
  await page.exposeFunction('codeAutomationExit', (code: number) => { ended.resolve(code); });
  page.on('crash', () => { ended.reject(new Error('the workbench crashed')); });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => { ended.resolve(1); });
  await page.goto(workbenchUrl(server.url, folder, [
    ['extensionDevelopmentPath', remote(server.url, extension)],
    ['extensionTestsPath', remote(server.url, suite)],
  ]));
  process.exitCode = await ended.promise;
} finally {
  await browser.close();
  await server.stop();
  rmSync(dataFolder, { recursive: true, force: true });
}

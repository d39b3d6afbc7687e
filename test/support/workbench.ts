// A real VS Code for the tests: one that runs a suite inside its extension host, and one that a test takes in hand in a browser.
// Where a desktop VS Code can be had it is used for the first; the second is always the served one, since a browser shows it.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTests } from '@vscode/test-electron';
import { build } from 'esbuild';
import { type Browser, chromium, type Page } from 'playwright-core';
import { ensureChromium } from '../../scripts/chromium.ts';
import { installWorkbench, serveWorkbench } from '../../scripts/workbench.ts';
import { desktopExecutable } from '../../scripts/desktop.ts';
import { ownGroup } from './lab/run.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/**
 * Runs `run()` of a mocha suite inside the extension host of a real VS Code, through @vscode/test-electron. Resolves when all its tests passed.
 * `suite` is a JavaScript file or a TypeScript one, which is bundled first; what it prints comes out on this process's standard output.
 */
export async function runInExtensionHost(options: {
  readonly suite: string;
  /** The folder that VS Code opens. */
  readonly folder: string;
  /** Where the extension's package.json is; this project unless said otherwise. */
  readonly extension?: string;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<void> {
  const desktop = await desktopExecutable();
  const userData = mkdtempSync(join(tmpdir(), 'clocker-vscode-'));
  try {
    await runTests({
      vscodeExecutablePath: desktop ?? fileURLToPath(new URL('workbench/vscode.ts', import.meta.url)),
      extensionDevelopmentPath: options.extension ?? root,
      extensionTestsPath: options.suite.endsWith('.ts') ? await bundled(options.suite) : options.suite,
      launchArgs: [options.folder, `--user-data-dir=${userData}`, ...(desktop === undefined ? [] : ['--disable-extensions'])],
      extensionTestsEnv: { ...options.env, PATH: `${dirname(process.execPath)}:${process.env['PATH']}` },
    });
  } finally {
    rmSync(userData, { recursive: true, force: true });
  }
}

/** The suite as one file that any VS Code's Node can load; mocha and the `vscode` API stay outside. */
async function bundled(suite: string): Promise<string> {
  const outfile = join(root, 'out/suite', `${basename(dirname(suite))}.cjs`);
  await build({
    entryPoints: [suite], outfile, bundle: true, platform: 'node', format: 'cjs', target: 'node22', external: ['vscode', 'mocha'], sourcemap: 'inline', logLevel: 'error',
  });
  return outfile;
}

export interface Workbench {
  /** The workbench, loaded, with `folder` open. */
  readonly page: Page;
  readonly url: string;
  /** Ends browser and server and removes their data. */
  close(): Promise<void>;
}

/** Opens VS Code in a browser. `extension` is a .vsix, which is installed, or a development folder. */
export async function openWorkbench(options: {
  readonly folder: string;
  readonly extension: string;
  readonly userSettings?: Readonly<Record<string, unknown>>;
  readonly env?: Readonly<Record<string, string>>;
}): Promise<Workbench> {
  const executablePath = await ensureChromium();
  await installWorkbench();
  const dataFolder = mkdtempSync(join(tmpdir(), 'clocker-workbench-'));
  const packaged = options.extension.endsWith('.vsix');
  const server = await serveWorkbench({
    dataFolder,
    testDriver: true,
    settings: { ...quiet, ...options.userSettings },
    ...(packaged ? { extension: options.extension } : {}),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  ownGroup(server.processId);
  let browser: Browser | undefined;
  const close = async (): Promise<void> => {
    await browser?.close();
    await server.stop();
    rmSync(dataFolder, { recursive: true, force: true });
  };
  try {
    browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'] });
    const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
    await page.goto(workbenchUrl(server.url, options.folder, packaged ? [] : [['extensionDevelopmentPath', remote(server.url, options.extension)]]));
    await page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: 60_000 });
    return { page, url: server.url, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Nothing pops up by itself and nothing is fetched. */
export const quiet = {
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'extensions.gallery.useUnpkgResourceApi': false,
  'extensions.autoUpdate': false,
};

/** The address of a folder in the workbench; the payload is what a desktop VS Code would get as flags. */
export function workbenchUrl(url: string, folder: string, payload: readonly (readonly [string, string])[] = []): string {
  const query = new URLSearchParams({ folder, payload: JSON.stringify([['skipWelcome', 'true'], ...payload]) });
  return `${url}/?${query}`;
}

/** How the workbench names a file of this machine. */
export function remote(url: string, path: string): string {
  return `vscode-remote://${new URL(url).host}${path}`;
}

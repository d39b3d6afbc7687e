// A Chromium for tests that look at the workbench: the machine's own, or, as root on Debian, the one from Debian's packages.

import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { installPackages, isDebianRoot } from './packages.ts';
import { step } from './progress.mjs';

/** The executable of a browser that Playwright can drive; throws a sentence where there is none and none can be installed. */
export async function ensureChromium(): Promise<string> {
  const found = findChromium();
  if (found !== undefined) return found;
  if (isDebianRoot()) await step('Installing Chromium', () => installPackages(['chromium']));
  const installed = findChromium();
  if (installed === undefined) throw new Error('No Chromium or Chrome was found: install one and put it on PATH.');
  return installed;
}

export function findChromium(): string | undefined {
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];
  const mac = ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome', '/Applications/Chromium.app/Contents/MacOS/Chromium'];
  return [...names.flatMap((name) => folders.map((folder) => join(folder, name))), ...mac].find((path) => existsSync(path));
}

// A desktop VS Code, where one can run: it needs a display, and an installed one or a download that works.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { downloadAndUnzipVSCode, resolveCliPathFromVSCodeExecutablePath } from '@vscode/test-electron';

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some((it) => it !== undefined && it !== '');
}

/** `code` as a person has it on PATH. */
function codeOnPath(): string | undefined {
  const name = process.platform === 'win32' ? 'code.cmd' : 'code';
  return (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, name)).find((path) => existsSync(path));
}

/** VS Code's own executable for automation, downloaded into .vscode-test/ once; undefined where there is no display or the download is out of reach. */
export async function desktopExecutable(): Promise<string | undefined> {
  if (!hasDisplay()) return undefined;
  try {
    return await downloadAndUnzipVSCode({ cachePath: fileURLToPath(new URL('../.vscode-test', import.meta.url)), timeout: 15_000 });
  } catch {
    return undefined;
  }
}

/** The command of a desktop VS Code: the person's own, else one that can be downloaded; undefined where there is no display or neither. */
export async function desktopCommand(): Promise<string | undefined> {
  if (!hasDisplay()) return undefined;
  const installed = codeOnPath();
  if (installed !== undefined) return installed;
  const downloaded = await desktopExecutable();
  return downloaded === undefined ? undefined : resolveCliPathFromVSCodeExecutablePath(downloaded);
}

/** Installs the extension in the VS Code behind the `code` command and opens a folder there. */
export async function openInDesktop(code: string, extension: string, folder: string): Promise<void> {
  // VS Code refuses root without these two.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox', '--user-data-dir', fileURLToPath(new URL('../.vscode-test/desktop', import.meta.url))] : [];
  for (const args of [['--install-extension', extension, '--force'], [folder]]) await promisify(execFile)(code, [...args, ...asRoot], { shell: process.platform === 'win32' });
}

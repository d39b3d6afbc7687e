// A desktop VS Code, where one can run: it needs a display, and an installed one or a download that works.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { downloadAndUnzipVSCode } from '@vscode/test-electron';

export function hasDisplay(): boolean {
  return process.platform !== 'linux' || [process.env['DISPLAY'], process.env['WAYLAND_DISPLAY']].some((it) => it !== undefined && it !== '');
}

/** `code` as a person has it on PATH. */
export function codeOnPath(): string | undefined {
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

/** Installs the extension in the VS Code behind the `code` command and opens a folder there. */
export async function openInDesktop(code: string, extension: string, folder: string): Promise<void> {
  for (const args of [['--install-extension', extension, '--force'], [folder]]) await promisify(execFile)(code, args, { shell: process.platform === 'win32' });
}

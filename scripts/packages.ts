// Debian packages, installed only as root on Debian: the engine, the browser and the tools of the lab. Nothing is upgraded or removed.

import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';

export function isDebianRoot(): boolean {
  return process.getuid?.() === 0 && existsSync('/etc/debian_version') && existsSync('/usr/bin/apt-get');
}

/** Installs packages that are missing, without what they merely recommend; fetches the package lists when the first try fails (none yet, or too old). */
export async function installPackages(names: readonly string[]): Promise<void> {
  const install = ['install', '-y', '--no-install-recommends', ...names];
  try {
    await apt(install);
  } catch {
    await apt(['update']);
    await apt(install);
  }
}

function apt(args: readonly string[]): Promise<void> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another apt at work is waited for, not failed on.
  return new Promise((resolve, reject) => {
    execFile('apt-get', ['-qq', '-o', 'DPkg::Lock::Timeout=300', ...args], { env, maxBuffer: 64 << 20 }, (error, stdout, stderr) => {
      if (error === null) resolve();
      else reject(new Error(`apt-get ${args.join(' ')} failed: ${(stderr || stdout).trim().split('\n').slice(-5).join('\n')}`, { cause: error }));
    });
  });
}

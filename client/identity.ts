// Who this process is, for the locks and records that it leaves on hosts.

import { createHash, randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname, networkInterfaces, platform, userInfo } from 'node:os';
import type { Deployer } from './engine/deployer.ts';

/** A new session of this process. */
export function thisDeployer(): Deployer {
  return { by: `${userName()}@${hostname()}`, machine: machine(), processId: process.pid, session: randomUUID(), isRunning, nowMs: () => Date.now() };
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A user without an entry in the machine's list, as in many containers.
    return String(process.getuid?.() ?? 'somebody');
  }
}

/**
 * Process ids mean the same wherever this is the same. On Linux: one start of one kernel, one namespace of processes. Elsewhere names are
 * not enough, two machines may have the same one: the addresses of their network cards count, too.
 */
function machine(): string {
  const cards = Object.values(networkInterfaces()).flatMap((all = []) => all.map(({ mac }) => mac));
  const known = platform() === 'linux' ? [read('/proc/sys/kernel/random/boot_id'), link('/proc/self/ns/pid')] : [...new Set(cards)].toSorted();
  return createHash('sha256').update([hostname(), platform(), ...known].join('\n')).digest('hex').slice(0, 16);
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch {
    return '';
  }
}

function link(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

function isRunning(processId: number): boolean {
  try {
    return process.kill(processId, 0);
  } catch (error) {
    // Somebody else's process may not be asked, so it is there.
    return !(error instanceof Error && 'code' in error && error.code === 'ESRCH');
  }
}

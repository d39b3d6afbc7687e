// The engine of this machine, which carries the lab, and this run's network on it.

import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { ensureEngine } from '../../../scripts/engine.ts';
import { dockerAt } from './docker.ts';
import { locked, runFolder, runLabel, runName, startReaper, take } from './run.ts';

const cacheFolder = fileURLToPath(new URL('../../../.cache', import.meta.url));
let ready: Promise<{ readonly socketPath: string; readonly docker: Docker }> | undefined;

/** Finds or starts the engine, once for this process, and the process that tidies up after the run. */
export function outer(): Promise<{ readonly socketPath: string; readonly docker: Docker }> {
  ready ??= (async () => {
    const socketPath = await ensureEngine(cacheFolder);
    startReaper();
    return { socketPath, docker: dockerAt(socketPath) };
  })();
  return ready;
}

/** This run's network; of its addresses .10 to .63 are hosts, .64 to .127 registries with TLS, .128 and above registries without. */
export async function labNetwork(docker: Docker): Promise<{ readonly name: string; readonly prefix: string }> {
  const name = `clocker-lab-${runName}`;
  return await locked(`network-${runName}`, async () => {
    const known = (await docker.listNetworks({ filters: { name: [name] } })).find((it) => it.Name === name);
    const subnet = known?.IPAM?.Config?.[0]?.Subnet;
    if (subnet !== undefined) return { name, prefix: subnet.replace(/\.0\/24$/, '') };
    for (let third = process.pid % 250; ; third = (third + 1) % 250) {
      const prefix = `10.213.${third}`;
      try {
        await docker.createNetwork({ Name: name, IPAM: { Driver: 'default', Config: [{ Subnet: `${prefix}.0/24`, Gateway: `${prefix}.1` }] }, Labels: { [runLabel]: runName } });
        return { name, prefix };
      } catch (error) {
        if (!String(error).includes('overlap')) throw error;
      }
    }
  });
}

/** The lowest number from `first` on that no living process of the run holds; the lease ends with this process. */
export function lease(what: string, first: number): number {
  const folder = runFolder('leases');
  for (let number = first; ; number += 1) {
    if (take(join(folder, `${what}-${number}`))) return number;
  }
}

// Watches the hosts of `engines.ts` with the real client and says its peak resident megabytes: FOLDER HOSTS CONTAINERS.

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { openCloud } from '../../../client/controller.ts';

async function watch(folder: string, hosts: number, containers: number): Promise<void> {
  const cloud = openCloud(Array.from({ length: hosts }, (_, host) => ({ name: `h${host}`, endpoint: `unix://${join(folder, `${host}.sock`)}` })));
  const observed = await cloud.settled();
  await sleep(2000);
  const seen = observed.hosts.reduce((sum, host) => sum + host.containers.length, 0);
  process.send?.(seen === hosts * containers ? process.resourceUsage().maxRSS / 1024 : `${seen} containers are seen, not ${hosts * containers}`, () => process.exit());
}

const [folder = '', hosts, containers] = process.argv.slice(2);
void watch(folder, Number(hosts), Number(containers));

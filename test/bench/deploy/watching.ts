// What watching many hosts takes of memory. So many real engines have no room on one machine: one real host's answers are
// recorded and given again under other names by a process of its own; the client that watches is another, and is the real one.

import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { json } from 'node:stream/consumers';
import { build, bundle } from '../../../scripts/build.ts';
import type { LabHost } from '../../support/lab.ts';

const dist = join(import.meta.dirname, '../../../dist');

/** Peak resident megabytes of a process that watches `hosts` hosts of `containers` containers each; `sample` runs one of ours at least. */
export async function watchedMegabytes(sample: LabHost, hosts: number, containers: number): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'clocker-watching-'));
  const recorded = join(folder, 'recorded.json');
  await writeFile(recorded, JSON.stringify(await record(sample.socketPath)));
  const engines = fork(join(import.meta.dirname, 'engines.ts'), [folder, recorded, String(hosts), String(containers)]);
  try {
    await once(engines, 'message');
    // Bundled as the programs are, which is what users have in memory.
    const program = join(folder, 'watcher.cjs');
    await bundle('test/bench/deploy/watcher.ts', program);
    // What programs load when they need it lies beside them.
    await build();
    for (const name of await readdir(dist)) if (name.endsWith('.cjs')) await symlink(join(dist, name), join(folder, name));
    const watcher = fork(program, [folder, String(hosts), String(containers)]);
    const [megabytes]: unknown[] = await once(watcher, 'message');
    if (typeof megabytes !== 'number') throw new Error(`the watching process says ${JSON.stringify(megabytes)}`);
    return megabytes;
  } finally {
    engines.kill();
    await rm(folder, { recursive: true });
  }
}

export interface Recorded {
  readonly info: unknown;
  readonly version: unknown;
  /** One container of the list, and what inspecting it gives. */
  readonly listed: object;
  readonly inspected: object;
}

async function record(socketPath: string): Promise<Recorded> {
  const list = await get(socketPath, '/containers/json?all=1');
  const listed: unknown = Array.isArray(list) ? list[0] : undefined;
  if (typeof listed !== 'object' || listed === null || !('Id' in listed)) throw new Error('nothing runs on the host to be recorded');
  const inspected = await get(socketPath, `/containers/${String(listed.Id)}/json`);
  if (typeof inspected !== 'object' || inspected === null) throw new Error('the container cannot be inspected');
  return { info: await get(socketPath, '/info'), version: await get(socketPath, '/version'), listed, inspected };
}

async function get(socketPath: string, path: string): Promise<unknown> {
  return new Promise((resolve, reject) => request({ socketPath, path }, (answer) => resolve(json(answer))).on('error', reject).end());
}

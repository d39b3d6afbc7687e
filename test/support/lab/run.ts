// What one test run owns and how it is given back. A run is named after the process that owns it (`npm test`, `node --test`, or the test file itself);
// every container, network and folder of the lab carries that name, so whatever an owner that is gone has left is found and removed.

import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';

/** The label on everything a run owns; its value is the run's name. */
export const runLabel = 'clocker.lab.run';

/** What the product writes on everything of a docker cloud; its value is the cloud's name. */
const cloudLabel = 'io.clocker.cloud';

/** The name of a docker cloud of this run: what an owner that is gone has left of it is found and removed. */
export function labCloud(name: string): string {
  return `lab-${runName}-${name}`;
}

/** Shared by all checkouts of this user on this machine, since they share the engine; short, since socket paths end after 107 bytes. */
const labFolder = join(tmpdir(), `clocker-lab-${userInfo().uid}`);

/** A process as nothing else is ever called: its id and the moment it started, so a reused id is another name. */
function processName(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const started = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19];
    return `${pid}-${started}`;
  } catch {
    return undefined;
  }
}

export function isAlive(name: string): boolean {
  return processName(Number.parseInt(name, 10)) === name;
}

/** This process, as the owner of a lease or a lock. */
export const self = processName(process.pid) ?? String(process.pid);

/** This run. Under `node --test` each file is a process of its own and the runner owns the run, so files share one lab. */
export const runName = processName(ownerPid()) ?? self;

function ownerPid(): number {
  const named = Number(process.env['CLOCKER_LAB_OWNER']);
  if (named > 0) return named;
  return process.env['NODE_TEST_CONTEXT'] === undefined ? process.pid : process.ppid;
}

/** A folder of this run, made if needed; it goes when the run does. */
export function runFolder(...path: readonly string[]): string {
  const folder = join(labFolder, runName, ...path);
  mkdirSync(folder, { recursive: true });
  return folder;
}

/** Does `work` while no other process of this machine holds the lock `name`; a lock whose holder died is taken over. */
export async function locked<T>(name: string, work: () => Promise<T>): Promise<T> {
  mkdirSync(labFolder, { recursive: true });
  const file = join(labFolder, `${name}.lock`);
  while (!take(file)) await sleep(100);
  try {
    return await work();
  } finally {
    rmSync(file, { force: true });
  }
}

/** Makes `file` ours if nobody alive holds it. */
export function take(file: string): boolean {
  try {
    writeFileSync(file, self, { flag: 'wx' });
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = readText(file);
  if (holder === '' || isAlive(holder)) return false;
  // Of all who find the same dead holder, one at a time may look again and take its file away: nobody removes the file of the next holder.
  const mark = `${file}.${holder}`;
  try {
    writeFileSync(mark, '', { flag: 'wx' });
  } catch {
    return false;
  }
  if (readText(file) === holder) unlinkSync(file);
  unlinkSync(mark);
  return take(file);
}

function readText(file: string): string {
  try { return readFileSync(file, 'utf8'); } catch { return ''; }
}

/** Starts the process that outlives this run and removes what it owned, once per run; also removes what earlier runs have left. */
export function startReaper(): void {
  const mark = join(runFolder(), 'reaper');
  if (isAlive(readText(mark))) return;
  const reaper = spawn(process.execPath, [fileURLToPath(new URL('reaper.ts', import.meta.url)), runName], { detached: true, stdio: 'ignore' });
  reaper.unref();
  if (reaper.pid !== undefined) writeFileSync(mark, processName(reaper.pid) ?? '');
}

/** Hands a process group to this run: it is ended with the run, if not before. */
export function ownGroup(leader: number): void {
  startReaper();
  writeFileSync(join(runFolder('groups'), processName(leader) ?? ''), '');
}

/** Removes the process groups, containers, networks and folders of every run whose owner is gone. Without an engine there are no containers. */
export async function sweep(docker: Docker | undefined): Promise<void> {
  const runs = existsSync(labFolder) ? readdirSync(labFolder).filter((name) => /^\d+-\d+$/.test(name) && !isAlive(name)) : [];
  for (const run of runs) {
    const groups = join(labFolder, run, 'groups');
    for (const leader of existsSync(groups) ? readdirSync(groups) : []) endGroup(leader);
  }
  if (docker !== undefined) await sweepEngine(docker);
  for (const run of runs) rmSync(join(labFolder, run), { recursive: true, force: true });
}

function endGroup(leader: string): void {
  if (isAlive(leader)) process.kill(-Number.parseInt(leader, 10), 'SIGKILL');
}

async function sweepEngine(docker: Docker): Promise<void> {
  const gone = (labels: Readonly<Record<string, string>> | undefined): boolean => !isAlive(labels?.[runLabel] ?? '');
  const filters = { label: [runLabel] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.filter((it) => gone(it.Labels)).map((it) => quietly(docker.getContainer(it.Id).remove({ force: true, v: true }))));
  await sweepClouds(docker);
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.filter((it) => gone(it.Labels)).map((it) => quietly(docker.getNetwork(it.Id).remove())));
}

/** Docker clouds that tests made, known by their names. */
async function sweepClouds(docker: Docker): Promise<void> {
  const gone = (labels: Readonly<Record<string, string>> | undefined): boolean => {
    const [, run] = /^lab-(\d+-\d+)-/.exec(labels?.[cloudLabel] ?? '') ?? [];
    return run !== undefined && !isAlive(run);
  };
  const filters = { label: [cloudLabel] };
  const containers = await docker.listContainers({ all: true, filters });
  await Promise.all(containers.filter((it) => gone(it.Labels)).map((it) => quietly(docker.getContainer(it.Id).remove({ force: true, v: true }))));
  const { Volumes } = await docker.listVolumes({ filters: JSON.stringify(filters) });
  await Promise.all(Volumes.filter((it) => gone(it.Labels)).map((it) => quietly(docker.getVolume(it.Name).remove())));
  const networks = await docker.listNetworks({ filters });
  await Promise.all(networks.filter((it) => gone(it.Labels)).map((it) => quietly(docker.getNetwork(it.Id).remove())));
}

/** Two sweeps may meet at one container; whoever comes second has nothing to do. */
async function quietly(work: Promise<unknown>): Promise<void> {
  try { await work; } catch { /* removed by another sweep, or tried again by the next */ }
}

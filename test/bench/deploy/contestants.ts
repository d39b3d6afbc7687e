// Who creates and starts the containers: Clocker, bare calls of dockerode, the Docker command line, docker-compose, and a Swarm
// stack. Each works on one host, with a network of its own, and resolves when all containers run.

import { execFile } from 'node:child_process';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import pLimit from 'p-limit';
import { openCloud } from '../../../client/controller.ts';
import { application, untilStopped } from '../../engine/support.ts';
import type { LabHost } from '../../support/lab.ts';

const run = promisify(execFile);
const group = 'bench';

export interface Job {
  readonly hosts: readonly LabHost[];
  readonly image: string;
  readonly count: number;
}

export interface Took {
  /** Until every container runs. */
  readonly startedMs: number;
  /** Until the tool says that it is done: Clocker watches what it started for a moment. */
  readonly doneMs: number;
}

export type Contestant = (job: Job) => Promise<Took>;

/** Reads, places, plans, creates with labels, and observes; the connection is open before, as in the editor. */
export const clocker: Contestant = async ({ hosts, image, count }) => {
  const cloud = openCloud(hosts.map(({ name, endpoint }) => ({ name, endpoint })));
  try {
    await cloud.settled();
    const beganMs = performance.now();
    let startedMs = 0;
    const outcome = await cloud.apply(await cloud.plan(applicationOf(image, count)), {
      onStep: (steps) => {
        if (startedMs === 0 && steps.every(({ state }) => state.kind === 'done' || (state.kind === 'running' && state.detail === 'started'))) startedMs = performance.now() - beganMs;
      },
    });
    if (outcome.kind !== 'done') throw new Error(JSON.stringify(outcome.steps.filter(({ state }) => state.kind === 'failed')));
    return { startedMs, doneMs: performance.now() - beganMs };
  } finally {
    cloud.dispose();
  }
};

/** A second deployment of what is there: seconds until the plan says that there is nothing to do. */
export const clockerAgain: Contestant = async ({ hosts, image, count }) => {
  const cloud = openCloud(hosts.map(({ name, endpoint }) => ({ name, endpoint })));
  try {
    await cloud.settled();
    return await timed(async () => {
      const plan = await cloud.plan(applicationOf(image, count));
      if (plan.actions.length > 0) throw new Error('something is left to do');
      await cloud.apply(plan);
    });
  } finally {
    cloud.dispose();
  }
};

export function bareCalls(atATime: number): Contestant {
  return async ({ hosts, image, count }) =>
    timed(async () => {
      const sites = hosts.map(({ docker }) => ({ docker, limit: pLimit(atATime) }));
      await Promise.all(sites.map(({ docker }) => docker.createNetwork({ Name: group })));
      await Promise.all(
        Array.from({ length: count }, async (_, index) => {
          const { docker, limit } = sites[index % sites.length] ?? missing();
          await limit(async () => {
            const container = await docker.createContainer({ name: `${group}-${index}`, Image: image, Cmd: untilStopped, HostConfig: { NetworkMode: group } });
            await container.start();
          });
        }),
      );
    });
}

export function commandLine(atATime: number): Contestant {
  return async ({ hosts, image, count }) =>
    timed(async () => {
      const [{ endpoint }] = one(hosts);
      const limit = pLimit(atATime);
      await run('docker', ['-H', endpoint, 'network', 'create', group]);
      await Promise.all(Array.from({ length: count }, (_, index) => limit(() => run('docker', ['-H', endpoint, 'run', '-d', '--name', `${group}-${index}`, '--network', group, image, ...untilStopped]))));
    });
}

export const compose: Contestant = async ({ hosts, image, count }) => {
  const [{ endpoint }] = one(hosts);
  return withFile(composeFile(image, count, '2.4'), (file) => timed(() => run('docker-compose', ['-p', group, '-f', file, 'up', '-d'], { env: { ...process.env, DOCKER_HOST: endpoint } })));
};

/** The host is a Swarm of its own by then. */
export const stack: Contestant = async ({ hosts, image, count }) => {
  const [{ endpoint, docker }] = one(hosts);
  return withFile(composeFile(image, count, '3.7'), (file) =>
    timed(async () => {
      await run('docker', ['-H', endpoint, 'stack', 'deploy', '--resolve-image', 'never', '-c', file, group]);
      while ((await docker.listContainers({ filters: { label: [`com.docker.stack.namespace=${group}`] } })).length < count) await sleep(50);
    }),
  );
};

/** Takes away what the contestants made. */
export async function clear(hosts: readonly LabHost[]): Promise<void> {
  for (const { docker, endpoint } of hosts) {
    const { Swarm } = await docker.info();
    if (Swarm?.LocalNodeState === 'active') await run('docker', ['-H', endpoint, 'stack', 'rm', group]);
    const limit = pLimit(4);
    const all = await docker.listContainers({ all: true });
    await Promise.all(all.map(({ Id }) => limit(() => docker.getContainer(Id).remove({ force: true, v: true }).catch(() => undefined))));
    for (let left = 1; left > 0; await sleep(left * 200)) left = (await docker.listContainers({ all: true })).length && 1;
    await docker.pruneVolumes();
    await docker.pruneNetworks();
  }
}

export function applicationOf(image: string, count: number): ReturnType<typeof application> {
  return application(group, image, Object.fromEntries(Array.from({ length: count }, (_, index) => [`e${index}`, {}])));
}

async function timed(work: () => Promise<unknown>): Promise<Took> {
  const beganMs = performance.now();
  await work();
  const tookMs = performance.now() - beganMs;
  return { startedMs: tookMs, doneMs: tookMs };
}

async function withFile<T>(text: string, work: (file: string) => Promise<T>): Promise<T> {
  const file = join(tmpdir(), `clocker-bench-${process.pid}.yaml`);
  await writeFile(file, text);
  try {
    return await work(file);
  } finally {
    await rm(file);
  }
}

/** JSON is YAML. */
function composeFile(image: string, count: number, version: string): string {
  const service = { image, command: untilStopped.map((word) => word.replaceAll('$', '$$$$')) };
  return JSON.stringify({ version, services: Object.fromEntries(Array.from({ length: count }, (_, index) => [`e${index}`, service])) });
}

function one<T>(list: readonly T[]): readonly [T] {
  return [list[0] ?? missing()];
}

function missing(): never {
  throw new Error('no host was given');
}

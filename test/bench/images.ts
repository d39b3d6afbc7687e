// `npm run bench:images`: what an image that was caught gains, and how fast contexts are packed and sent, each beside what it is
// compared with: the first start of a Redis that apt installs, and Docker's own command line. Ratios of one run count; the
// machine's speed does not. Needs what the lab needs, and package sources for apt.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Application } from '#core/blueprint/application.ts';
import { contextOf, packed } from '../../client/build/context.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { busyboxImage, debianImage, nestedHosts } from '../support/lab.ts';

const rounds = 3;
const hosts = await nestedHosts(2);
const [one, two] = hosts;
if (one === undefined || two === undefined) throw new Error('two hosts are needed');
await debianImage(hosts);
const base = await busyboxImage(hosts);
const cloud = openCloud([{ name: 'h1', endpoint: one.endpoint }, { name: 'h2', endpoint: two.endpoint }], undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
await cloud.settled();

await caughtImages(cloud);
if (process.argv[2] !== "caught") await contexts(cloud);
cloud.dispose();

async function caughtImages(engine: Cloud): Promise<void> {
  for (const { host, images } of await engine.caughtImages()) for (const { image } of images) await engine.removeImage(host, image);
  const first = await started(engine, 'first', 'h1');
  const same = await started(engine, 'same', 'h1');
  const other = await started(engine, 'other', 'h2');
  console.log('Redis, installed by apt (seconds until it answers)');
  console.log(`  first start                         ${seconds(first)}`);
  console.log(`  second, on the same host            ${seconds(same)}   ${(first / same).toFixed(1)} times as fast (wanted: 10)`);
  console.log(`  second, on another host, by transfer ${seconds(other)}   ${(first / other).toFixed(1)} times as fast (wanted: 4)`);
  for (const id of ['first', 'same', 'other']) await engine.apply(await engine.planDelete(id));
}

/** Milliseconds. */
async function started(engine: Cloud, id: string, location: string): Promise<number> {
  const plan = await engine.plan(application(`name: ${id}\nservices:\n- { type: redis-store, id: cache, location: ${location} }\n`));
  const beganMs = performance.now();
  const { kind, steps } = await engine.apply(plan);
  if (kind !== 'done') throw new Error(`${id}: ${JSON.stringify(steps.map(({ state }) => state))}`);
  return performance.now() - beganMs;
}

async function contexts(engine: Cloud): Promise<void> {
  console.log('Contexts sent and built (seconds, medians): Clocker, docker build');
  for (const megabytes of [1, 50, 200]) {
    const folder = await mkdtemp(join(tmpdir(), 'clocker-bench-'));
    try {
      const times = { ours: [] as number[], theirs: [] as number[] };
      for (let at = 0; at < megabytes; at++) await writeFile(join(folder, `part-${at}`), randomBytes(1_000_000));
      for (let round = 0; round < rounds; round++) {
        // Nothing of it comes from the cache, and only the context takes time.
        await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nLABEL round=${round}\n`);
        times.ours.push(await timed(() => ours(engine, folder)));
        await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nLABEL round=${round}-cli\n`);
        times.theirs.push(await timed(() => promisify(execFile)('docker', ['build', '--quiet', folder], { env: { ...process.env, DOCKER_HOST: one?.endpoint, DOCKER_BUILDKIT: '0' } })));
      }
      const [us, them] = [median(times.ours), median(times.theirs)];
      console.log(`  ${String(megabytes).padStart(3)} MB   ${seconds(us)} ${seconds(them)}   ratio ${(us / them).toFixed(2)} (wanted: at most 1.1)`);
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

async function ours(engine: Cloud, folder: string): Promise<void> {
  const context = await contextOf(folder);
  const built = await engine.build('h1', { context: await packed(context), dockerfile: context.dockerfile, dockerfileText: context.dockerfileText, names: [] }, () => {}, new AbortController().signal);
  if (built.kind !== 'built') throw new Error(built.problem);
}

function application(text: string): Application {
  const { application: read } = understand(text);
  if (read === undefined) throw new Error('the blueprint makes no sense');
  return read;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const beganMs = performance.now();
  await work();
  return performance.now() - beganMs;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2).padStart(7);
}

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
import { contextOf, folderOf } from '../../client/build/context.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import { registryImages } from './registryImages.ts';
import { shipping } from './shipping.ts';
import { median, seconds, timed } from './figures.ts';
import { busyboxImage, debianImage, nestedHosts } from '../support/lab.ts';

const rounds = 3;
const hosts = await nestedHosts(2);
const [one, two] = hosts;
if (one === undefined || two === undefined) throw new Error('two hosts are needed');
await debianImage(hosts);
const base = await busyboxImage(hosts);
const cloud = openCloud([{ name: 'h1', endpoint: one.endpoint }, { name: 'h2', endpoint: two.endpoint }], undefined, [{ name: 'east', hosts: ['h1', 'h2'], placement: { strategies: [], affinityRules: [] } }]);
await cloud.settled();

const [only] = process.argv.slice(2);
if (only === undefined || only === 'caught') await caughtImages(cloud);
if (only === undefined || only === 'contexts') await contexts(cloud);
cloud.dispose();
if (only === undefined || only === 'registry') await registryImages();
if (only === undefined || only === 'shipping') await shipping();

async function caughtImages(engine: Cloud): Promise<void> {
  for (const { host, images } of await engine.caughtImages()) for (const { image, kind } of images) if (kind === 'caught') await engine.removeImage(host, image);
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
  console.log('Contexts sent and copied into an image (seconds, medians): Clocker, docker build');
  for (const megabytes of [1, 50, 200]) {
    const folder = await mkdtemp(join(tmpdir(), 'clocker-bench-'));
    try {
      const times = { ours: [] as number[], theirs: [] as number[], oursAgain: [] as number[], theirsAgain: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        // Neither finds anything of it in a cache, and what is new afterwards is one part.
        const fill = async (parts: number): Promise<void> => {
          for (let at = 0; at < parts; at++) await writeFile(join(folder, `part-${at}`), randomBytes(1_000_000));
        };
        await writeFile(join(folder, 'Dockerfile'), `FROM ${base}\nCOPY . /c\n`);
        for (const [build, first, again] of [[() => ours(engine, folder), times.ours, times.oursAgain], [() => theirs(folder), times.theirs, times.theirsAgain]] as const) {
          await fill(megabytes);
          first.push(await timed(build));
          await fill(1);
          again.push(await timed(build));
        }
      }
      for (const [what, us, them] of [['', times.ours, times.theirs], ['again, 1 MB of it new', times.oursAgain, times.theirsAgain]] as const) {
        console.log(`  ${String(megabytes).padStart(3)} MB ${what.padEnd(22)} ${seconds(median(us))} ${seconds(median(them))}   ratio ${(median(us) / median(them)).toFixed(2)} (wanted: at most 1.1)`);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  }
}

async function ours(engine: Cloud, folder: string): Promise<void> {
  const context = await contextOf(folder);
  const built = await engine.build('h1', { context: folderOf(context), dockerfile: context.dockerfile, dockerfileText: context.dockerfileText, names: [] }, () => {}, new AbortController().signal);
  if (built.kind !== 'built') throw new Error(built.problem);
}

async function theirs(folder: string): Promise<void> {
  await promisify(execFile)('docker', ['build', '--quiet', folder], { env: { ...process.env, DOCKER_HOST: one?.endpoint, DOCKER_BUILDKIT: '0' } });
}

function application(text: string): Application {
  const { application: read } = understand(text);
  if (read === undefined) throw new Error('the blueprint makes no sense');
  return read;
}

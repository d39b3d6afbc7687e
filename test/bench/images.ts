// `npm run bench:images`: what an image that was caught gains, and how fast contexts are packed and sent, each beside what it is
// compared with: the first start of a Redis that apt installs, and Docker's own command line. Ratios of one run count; the
// machine's speed does not. Needs what the lab needs, and package sources for apt.

import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { contextOf, folderOf } from '../../client/build/context.ts';
import { openCloud } from '../../client/controller.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { caughtImages } from './caughtImages.ts';
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
if (only === undefined || only === 'caught') await caughtImages(cloud, one, two);
if (only === undefined || only === 'contexts') await contexts(cloud);
cloud.dispose();
if (only === undefined || only === 'registry') await registryImages();
if (only === undefined || only === 'shipping') await shipping();

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

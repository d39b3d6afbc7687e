// One image from a host to three others: by Clocker, by `docker save | docker load` one after the other, and by a registry; and how much
// memory a large one takes on its way. `npm run bench:images -- shipping`.

import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { buildWhenChanged } from '../../scripts/build.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { openCloud } from '../../client/controller.ts';
import { median, seconds, timed } from './figures.ts';
import { busyboxImage, nestedHosts, registry, type LabHost } from '../support/lab.ts';

const goals = { timesAsFast: 2, peakMegabytes: 200 };
const rounds = 3;

export async function shipping(): Promise<void> {
  const hosts = await nestedHosts(4);
  const [source, ...receivers] = hosts;
  if (source === undefined) throw new Error('hosts are needed');
  const base = await busyboxImage(hosts);
  const image = await filled(source, base, 200);
  const large = await filled(source, base, 1000);
  const lab = await registry();
  const cloud = openCloud(hosts.map(({ name, endpoint }) => ({ name, endpoint })));
  try {
    await cloud.settled();
    const inRegistry = `${lab.addressFromHosts}/bench/image:1`;
    const emptied = async (): Promise<void> => {
      for (const { docker } of receivers) for (const name of [image, large, inRegistry]) await docker.getImage(name).remove().catch(() => {});
    };
    const ways = { ours: [] as number[], oneByOne: [] as number[], once: [] as number[], byRegistry: [] as number[] };
    for (let round = 0; round < rounds; round++) {
      await emptied();
      ways.ours.push(await timed(() => ours(cloud, image, source, receivers)));
      await emptied();
      ways.oneByOne.push(await timed(async () => {
        for (const { endpoint } of receivers) await promisify(execFile)('sh', ['-c', `docker -H ${source.endpoint} save ${image} | docker -H ${endpoint} load -q`]);
      }));
      await emptied();
      ways.once.push(await timed(() => savedOnce(image, source, receivers)));
      await emptied();
      // What was pushed in a round before would be there already.
      if (round === 0) {
        ways.byRegistry.push(await timed(async () => {
          await cloud.pushImage(source.name, image, inRegistry, { signal: new AbortController().signal, onDetail: () => {} });
          await Promise.all(receivers.map(({ name }) => cloud.pullImage(name, inRegistry, { signal: new AbortController().signal, onDetail: () => {} })));
        }));
      }
    }
    await emptied();
    const [us, oneByOne, once, byRegistry] = [median(ways.ours), median(ways.oneByOne), median(ways.once), median(ways.byRegistry)];
    console.log('One image of 200 MB to three hosts (seconds)');
    console.log(`  Clocker                             ${seconds(us)}`);
    console.log(`  docker save | docker load, in turn  ${seconds(oneByOne)}   Clocker is ${(oneByOne / us).toFixed(1)} times as fast (wanted: ${goals.timesAsFast})`);
    console.log(`  the floor: saved once to all, bare   ${seconds(once)}   ${(oneByOne / once).toFixed(1)} times as fast`);
    console.log(`  pushed to a registry, pulled by all ${seconds(byRegistry)}   Clocker is ${(byRegistry / us).toFixed(1)} times as fast`);
    const peak = await peakMegabytes(['images', 'transfer', large, '--from', source.name, ...receivers.flatMap(({ name }) => ['--to', name]), ...hosts.flatMap(({ name, endpoint }) => ['--host', `${name}=${endpoint}`])]);
    console.log(`One image of 1 GB to three hosts: at most ${peak.toFixed(0)} MB of memory (wanted: below ${goals.peakMegabytes})`);
    await emptied();
  } finally {
    for (const name of [image, large]) await source.docker.getImage(name).remove().catch(() => {});
    cloud.dispose();
    await lab.stop();
  }
}

async function ours(cloud: Cloud, image: string, from: LabHost, to: readonly LabHost[]): Promise<void> {
  const sent = await cloud.transferImage(image, from.name, to.map(({ name }) => name), { signal: new AbortController().signal, onDetail: () => {} });
  const failed = sent.flatMap((one) => (one.kind === 'sent' ? [] : [JSON.stringify(one)]));
  if (failed.length > 0) throw new Error(failed.join('\n'));
}

/** What the engines themselves take, where all receivers share a machine with the sender: one reads the image once, all take it in at a time. */
async function savedOnce(image: string, from: LabHost, to: readonly LabHost[]): Promise<void> {
  const loads = to.map(({ endpoint }) => `>(docker -H ${endpoint} load -q > /dev/null)`).join(' ');
  await promisify(execFile)('bash', ['-c', `docker -H ${from.endpoint} save ${image} | tee ${loads} > /dev/null; wait`]);
  // A load goes on when the pipe is empty.
  for (const { docker } of to) while ((await docker.getImage(image).inspect().catch(() => undefined)) === undefined) await new Promise((resolve) => setTimeout(resolve, 5));
}

/** An image with so much in it that nobody can make smaller. */
async function filled({ docker }: LabHost, base: string, megabytes: number): Promise<string> {
  const container = await docker.createContainer({ Image: base, Entrypoint: ['dd', 'if=/dev/urandom', 'of=/random', 'bs=1M', `count=${megabytes}`] });
  await container.start();
  await container.wait();
  await container.commit({ repo: 'clocker-bench', tag: String(megabytes) });
  await container.remove();
  return `clocker-bench:${megabytes}`;
}

/** The most that the command line had in memory, as it is shipped. */
async function peakMegabytes(args: readonly string[]): Promise<number> {
  await buildWhenChanged();
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../dist/cli.cjs'), ...args], { stdio: ['ignore', 'inherit', 'ignore'] });
  let peak = 0;
  const ended = new Promise<number | null>((resolve) => child.on('close', resolve));
  const look = setInterval(() => {
    readFile(`/proc/${child.pid ?? 0}/status`, 'utf8').then((status) => {
      peak = Math.max(peak, Number(/VmHWM:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1000);
    }, () => {});
  }, 100);
  const code = await ended;
  clearInterval(look);
  if (code !== 0) throw new Error(`the transfer ended with ${code ?? 'a signal'}`);
  return peak;
}

// What an image that was caught gains: a Redis that apt installs, started first, again on the same host, and on another one to which
// its image is transferred. Beside it what the engine itself takes for the same, asked by bare calls: nobody can be faster than that.

import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { promisify } from 'node:util';
import type { Application } from '#core/blueprint/application.ts';
import type { Cloud } from '../../client/engine/cloud.ts';
import { understand } from '../../client/understand.ts';
import type { LabHost } from '../support/lab.ts';
import { median, seconds, timed } from './figures.ts';

const wanted = { same: 10, other: 4 };
const rounds = 3;
const port = '6379/tcp';

/** The cloud knows `one` as h1 and `two` as h2. */
export async function caughtImages(cloud: Cloud, one: LabHost, two: LabHost): Promise<void> {
  const first: number[] = [];
  const same = { ours: [] as number[], bare: [] as number[] };
  const other = { ours: [] as number[], bare: [] as number[] };
  for (let round = 0; round < rounds; round++) {
    await forgotten(cloud);
    first.push(await started(cloud, 'first', 'h1'));
    const image = await imageOn(cloud);
    for (let again = 0; again < rounds; again++) {
      same.bare.push(await timed(() => startedBare(one, image)));
      await removedBare(one);
      same.ours.push(await started(cloud, 'same', 'h1'));
      await deleted(cloud, 'same');
    }
    const ours = async (): Promise<void> => {
      other.ours.push(await started(cloud, 'other', 'h2'));
      await deleted(cloud, 'other');
      await cloud.removeImage('h2', image);
    };
    const bare = async (): Promise<void> => {
      other.bare.push(await timed(async () => {
        await promisify(execFile)('sh', ['-c', `docker -H ${one.endpoint} save ${image} | docker -H ${two.endpoint} load -q`]);
        await startedBare(two, image);
      }));
      await removedBare(two);
      await cloud.removeImage('h2', image);
    };
    // Who comes second finds the image's files in memory.
    for (const work of round % 2 === 0 ? [ours, bare] : [bare, ours]) await work();
    await deleted(cloud, 'first');
  }
  const line = (what: string, times: readonly number[], goal?: number): void => {
    const gain = goal === undefined ? '' : `   ${median(times.map((ms, index) => (first[Math.floor((index * rounds) / times.length)] ?? 0) / ms)).toFixed(1)} times as fast (wanted: ${goal})`;
    console.log(`  ${what.padEnd(46)}${seconds(median(times))}${gain}`);
  };
  console.log('Redis, installed by apt (seconds until it answers, medians)');
  line('first start', first);
  line('second, on the same host', same.ours, wanted.same);
  line('  the floor: network, container, start, bare', same.bare, wanted.same);
  line('second, on another host, by transfer', other.ours, wanted.other);
  line('  the floor: docker save | docker load, bare', other.bare, wanted.other);
}

/** Milliseconds until the last step is done. */
async function started(cloud: Cloud, id: string, location: string): Promise<number> {
  const plan = await cloud.plan(application(`name: ${id}\nservices:\n- { type: redis-store, id: cache, location: ${location} }\n`));
  const beganMs = performance.now();
  let tookMs = 0;
  const { kind, steps } = await cloud.apply(plan, {
    onStep: (all) => {
      if (tookMs === 0 && all.every(({ state }) => state.kind === 'done')) tookMs = performance.now() - beganMs;
    },
  });
  if (kind !== 'done') throw new Error(`${id}: ${JSON.stringify(steps.map(({ state }) => state))}`);
  return tookMs;
}

async function startedBare({ docker, address }: LabHost, image: string): Promise<void> {
  await docker.createNetwork({ Name: 'bare', Driver: 'bridge' });
  const command = ['redis-server', '--bind', '0.0.0.0', '--protected-mode', 'no'];
  const container = await docker.createContainer({ name: 'bare', Image: image, Entrypoint: command, Cmd: [], ExposedPorts: { [port]: {} }, HostConfig: { NetworkMode: 'bare', PortBindings: { [port]: [{ HostPort: '' }] } } });
  await container.start();
  const { NetworkSettings } = await container.inspect();
  const hostPort = Number(NetworkSettings.Ports[port]?.[0]?.HostPort);
  while (!(await answers(address, hostPort))) await new Promise((resolve) => setTimeout(resolve, 5));
}

async function removedBare({ docker }: LabHost): Promise<void> {
  await docker.getContainer('bare').remove({ force: true, v: true });
  await docker.getNetwork('bare').remove();
}

function answers(host: string, at: number): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect({ host, port: at }, () => socket.write('PING\r\n'));
  socket.on('data', (bytes) => {
    resolve(bytes.toString().startsWith('+PONG'));
    socket.destroy();
  });
  socket.on('error', () => resolve(false)).on('close', () => resolve(false));
  return promise;
}

async function imageOn(cloud: Cloud): Promise<string> {
  const found = (await cloud.caughtImages()).flatMap(({ host, images }) => (host === 'h1' ? images : [])).find(({ kind }) => kind === 'caught');
  if (found === undefined) throw new Error('nothing was caught');
  return found.image;
}

async function forgotten(cloud: Cloud): Promise<void> {
  for (const { host, images } of await cloud.caughtImages()) for (const { image, kind } of images) if (kind === 'caught') await cloud.removeImage(host, image);
}

async function deleted(cloud: Cloud, id: string): Promise<void> {
  await cloud.apply(await cloud.planDelete(id));
}

function application(text: string): Application {
  const { application: read } = understand(text);
  if (read === undefined) throw new Error('the blueprint makes no sense');
  return read;
}

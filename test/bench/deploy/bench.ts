// `npm run bench:deploy`: how long it takes until containers run, side by side in one run: Clocker, bare dockerode, the Docker
// command line, docker-compose and a Swarm stack; a deployment that changes nothing; and what watching a large cloud takes of
// memory. Ends with exit code 1 where a goal is missed.

import { installPackages, isDebianRoot } from '../../../scripts/packages.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../../support/lab.ts';
import { bareCalls, clear, clocker, clockerAgain, commandLine, compose, stack, type Contestant, type Took } from './contestants.ts';
import { askedThroughParent } from './through.ts';
import { watchedMegabytes } from './watching.ts';

if (isDebianRoot()) await installPackages(['docker-compose']);
const hosts = await nestedHosts(3);
const first = hosts.slice(0, 1);
const image = await busyboxImage(hosts);
const runsOf: Readonly<Record<number, number>> = { 1: 5, 10: 3, 50: 1, 100: 1 };
const onOne: Readonly<Record<string, Contestant>> = {
  clocker,
  'dockerode, 4 at a time': bareCalls(4),
  'dockerode, 8 at a time': bareCalls(8),
  'docker, one by one': commandLine(1),
  'docker, 8 at a time': commandLine(8),
  'docker-compose': compose,
  'docker stack': stack,
};
let missed = 0;

const counts = process.argv.slice(2).map(Number);
for (const count of counts.length > 0 ? counts : [1, 10, 50, 100]) {
  const took = await medians(onOne, first, count, runsOf[count] ?? 1);
  const of = (name: string): number => took.get(name)?.doneMs ?? Number.NaN;
  const bare = Math.min(of('dockerode, 4 at a time'), of('dockerode, 8 at a time'));
  const [{ startedMs, doneMs }] = [took.get('clocker') ?? { startedMs: Number.NaN, doneMs: Number.NaN }];
  console.log(`\n${count} container${count === 1 ? '' : 's'} on one host, seconds until all run (Clocker then watches them for a moment: done after ${(doneMs / 1000).toFixed(2)} s)`);
  console.table(Object.fromEntries([...took].map(([name, each]) => [name, { seconds: Number((each.startedMs / 1000).toFixed(2)), 'times Clocker': Number((each.startedMs / startedMs).toFixed(2)) }])));
  if (count >= 10) {
    goal(`times the best of bare dockerode`, startedMs / bare, '<=', 1.05);
    goal(`times as fast as docker one by one`, of('docker, one by one') / startedMs, '>=', 1.9);
    goal(`times as fast as docker-compose`, of('docker-compose') / startedMs, '>=', 1.3);
    goal(`times as fast as docker stack`, of('docker stack') / startedMs, '>=', 1.3);
  }
}

if (counts.length === 0) {
  const onThree = await medians({ clocker, 'dockerode, 4 at a time': bareCalls(4), 'dockerode, 8 at a time': bareCalls(8) }, hosts, 90, 1);
  console.log('\n90 containers on three hosts of this machine, seconds');
  console.table(Object.fromEntries([...onThree].map(([name, { startedMs }]) => [name, { seconds: Number((startedMs / 1000).toFixed(2)) }])));
  const bare = Math.min(...[...onThree].flatMap(([name, { startedMs }]) => (name === 'clocker' ? [] : [startedMs])));
  goal('times the best of bare dockerode', (onThree.get('clocker')?.startedMs ?? Number.NaN) / bare, '<=', 1.05);

  await clocker({ hosts, image, count: 100 });
  const { doneMs } = await clockerAgain({ hosts, image, count: 100 });
  console.log('\n100 containers on three hosts, deployed again without a change');
  goal('seconds', doneMs / 1000, '<=', 1);

  const [sample] = first;
  if (sample === undefined) throw new Error('no host');
  console.log('\n100 hosts with 10,000 containers, watched (answers recorded from a real engine)');
  const megabytes = await watchedMegabytes(sample, 100, 100);
  goal('MB at the peak', megabytes, '<=', 150);
  await clear(hosts);

  const { nestedMs, directMs } = await askedThroughParent();
  console.log(`\na small question to a host in a container, through the engine that carries it: ${nestedMs.toFixed(1)} ms; to that engine: ${directMs.toFixed(1)} ms`);
  goal('ms more than five times as much', Math.max(0, nestedMs - directMs * 5), '<=', 10);
}
process.exitCode = missed > 0 ? 1 : 0;

/** Rounds take turns, so that what the machine does besides meets all alike. */
async function medians(contestants: Readonly<Record<string, Contestant>>, on: readonly LabHost[], count: number, rounds: number): Promise<ReadonlyMap<string, Took>> {
  const all = new Map<string, Took[]>();
  for (let round = 0; round < rounds; round++) {
    for (const [name, contestant] of Object.entries(contestants)) {
      await clear(on);
      if (contestant === stack) await on[0]?.docker.swarmInit({ ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' });
      all.set(name, [...(all.get(name) ?? []), await contestant({ hosts: on, image, count })]);
      if (contestant === stack) {
        await clear(on);
        await on[0]?.docker.swarmLeave({ force: true });
      }
    }
  }
  await clear(on);
  const median = (numbers: readonly number[]): number => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
  return new Map([...all].map(([name, list]) => [name, { startedMs: median(list.map(({ startedMs }) => startedMs)), doneMs: median(list.map(({ doneMs }) => doneMs)) }]));
}

function goal(what: string, value: number, relation: '<=' | '>=', wanted: number): void {
  const isMet = relation === '<=' ? value <= wanted : value >= wanted;
  if (!isMet) missed++;
  console.log(`  ${what}: ${value.toFixed(2)} (goal ${relation} ${wanted}: ${isMet ? 'met' : 'SHORT'})`);
}

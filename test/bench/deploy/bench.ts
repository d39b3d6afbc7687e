// `npm run bench:deploy`: how long it takes until containers run, side by side in one run: Clocker, bare dockerode, the Docker
// command line, docker-compose and a Swarm stack; a deployment that changes nothing; and what watching a large cloud takes of
// memory. Ends with exit code 1 where a goal is missed. Arguments choose parts: numbers of containers, `three`, `again`, `memory`,
// `through`; and how often each is done: `rounds=3`.

import { installPackages, isDebianRoot } from '../../../scripts/packages.ts';
import { busyboxImage, nestedHosts, type LabHost } from '../../support/lab.ts';
import { median } from '../figures.ts';
import { bareCalls, clear, clocker, clockerAgain, commandLine, compose, stack, type Contestant, type Took } from './contestants.ts';
import { askedThroughParent } from './through.ts';
import { watchedMegabytes } from './watching.ts';

const asked = process.argv.slice(2);
const wanted = asked.filter((argument) => !argument.startsWith('rounds='));
const askedRounds = Number(asked.find((argument) => argument.startsWith('rounds='))?.slice('rounds='.length) ?? 0);
const isWanted = (part: string): boolean => wanted.length === 0 || wanted.includes(part);
const counts = wanted.length === 0 ? [1, 10, 50, 100] : wanted.map(Number).filter((count) => count > 0);
const roundsOf = (count: number): number => (askedRounds > 0 ? askedRounds : count <= 10 ? 7 : 3);

if (isDebianRoot()) await installPackages(['docker-compose']);
const hosts = await nestedHosts(isWanted('three') || isWanted('again') ? 3 : 1);
const first = hosts.slice(0, 1);
const image = await busyboxImage(hosts);
const bare = { 'dockerode, 4 at a time': bareCalls(4), 'dockerode, 8 at a time': bareCalls(8), 'dockerode, 16 at a time': bareCalls(16) };
const all: Readonly<Record<string, Contestant>> = { clocker, ...bare, 'docker, one by one': commandLine(1), 'docker, 8 at a time': commandLine(8), 'docker-compose': compose, 'docker stack': stack };
let missed = 0;

for (const count of counts) {
  const took = await rounds(all, first, count);
  const doneMs = median((took.get('clocker') ?? []).map((one) => one.doneMs));
  console.log(`\n${count} container${count === 1 ? '' : 's'} on one host, seconds until all run, median of ${roundsOf(count)} (Clocker then watches them for a moment: done after ${(doneMs / 1000).toFixed(2)} s)`);
  table(took);
  if (count < 10) continue;
  goal('times the best of bare dockerode', Math.max(...Object.keys(bare).map((name) => 1 / timesClocker(took, name))), '<=', 1.05);
  goal('times as fast as docker one by one', timesClocker(took, 'docker, one by one'), '>=', 1.9);
  goal('times as fast as docker-compose', timesClocker(took, 'docker-compose'), '>=', 1.3);
  goal('times as fast as docker stack', timesClocker(took, 'docker stack'), '>=', 1.3);
}

if (isWanted('three')) {
  const took = await rounds({ clocker, ...bare }, hosts, 90);
  console.log(`\n90 containers on three hosts of this machine, seconds, median of ${roundsOf(90)}`);
  table(took);
  goal('times the best of bare dockerode', Math.max(...Object.keys(bare).map((name) => 1 / timesClocker(took, name))), '<=', 1.05);
}

if (isWanted('again')) {
  await clocker({ hosts, image, count: 100 });
  const { doneMs } = await clockerAgain({ hosts, image, count: 100 });
  console.log('\n100 containers on three hosts, deployed again without a change');
  goal('seconds', doneMs / 1000, '<=', 1);
}

if (isWanted('memory')) {
  const [sample] = first;
  if (sample === undefined) throw new Error('no host');
  await clear(first);
  await clocker({ hosts: first, image, count: 1 });
  console.log('\n100 hosts with 10,000 containers, watched (answers recorded from a real engine)');
  goal('MB at the peak', await watchedMegabytes(sample, 100, 100), '<=', 150);
  await clear(hosts);
}

if (isWanted('through')) {
  const { nestedMs, directMs } = await askedThroughParent();
  console.log(`\na small question to a host in a container, through the engine that carries it: ${nestedMs.toFixed(1)} ms; to that engine: ${directMs.toFixed(1)} ms`);
  goal('ms more than five times as much', Math.max(0, nestedMs - directMs * 5), '<=', 10);
}
process.exitCode = missed > 0 ? 1 : 0;

/** All take turns, forwards and then backwards, so that what the machine does besides meets all alike. */
async function rounds(contestants: Readonly<Record<string, Contestant>>, on: readonly LabHost[], count: number): Promise<ReadonlyMap<string, readonly Took[]>> {
  const took = new Map<string, Took[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = 0; round < roundsOf(count); round++) {
    const inOrder = Object.entries(contestants);
    for (const [name, contestant] of round % 2 === 0 ? inOrder : inOrder.toReversed()) {
      await clear(on);
      if (contestant === stack) await on[0]?.docker.swarmInit({ ListenAddr: '127.0.0.1:2377', AdvertiseAddr: '127.0.0.1' });
      took.get(name)?.push(await contestant({ hosts: on, image, count }));
      if (contestant === stack) {
        await clear(on);
        await on[0]?.docker.swarmLeave({ force: true });
      }
    }
  }
  await clear(on);
  return took;
}

/** Within each round, and of these the median: what slows the machine down for a while meets both. */
function timesClocker(took: ReadonlyMap<string, readonly Took[]>, name: string): number {
  const own = took.get('clocker') ?? [];
  return median((took.get(name) ?? []).map(({ startedMs }, round) => startedMs / (own[round]?.startedMs ?? Number.NaN)));
}

function table(took: ReadonlyMap<string, readonly Took[]>): void {
  const seconds = (list: readonly Took[]): number => Number((median(list.map(({ startedMs }) => startedMs)) / 1000).toFixed(2));
  const least = (list: readonly Took[]): number => Number((Math.min(...list.map(({ startedMs }) => startedMs)) / 1000).toFixed(2));
  console.table(Object.fromEntries([...took].map(([name, list]) => [name, { seconds: seconds(list), least: least(list), 'times Clocker': Number(timesClocker(took, name).toFixed(2)) }])));
}

function goal(what: string, value: number, relation: '<=' | '>=', wanted: number): void {
  const isMet = relation === '<=' ? value <= wanted : value >= wanted;
  if (!isMet) missed++;
  console.log(`  ${what}: ${value.toFixed(2)} (goal ${relation} ${wanted}: ${isMet ? 'met' : 'SHORT'})`);
}

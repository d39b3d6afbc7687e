// `npm run chaos`: everything that can happen to a deployment, done to one after the other; each time it is deployed again and
// must be whole. `npm run chaos -- kill` or `-- "disk"` does a part, a number as many kills as it says. Ends with exit code 1 where one was not survived.

import { faults } from './faults.ts';
import { networkFaults } from './networkFaults.ts';
import { countCalls, pointsOf, round, spread } from './kills.ts';
import { openWorld } from './world.ts';

const wanted = process.argv.slice(2).filter((word) => !/^\d+$/.test(word));
const most = Number(process.argv.slice(2).find((word) => /^\d+$/.test(word)) ?? Infinity);
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((word) => name.includes(word));
const world = await openWorld();
const problems: string[] = [];
let injected = 0;

/** Begins and ends with nothing deployed, whatever happens. */
async function survives(name: string, count: number, work: () => Promise<unknown>): Promise<void> {
  const beganMs = performance.now();
  const told = (): string => `${name} (${((performance.now() - beganMs) / 1000).toFixed(1)} s)`;
  injected += count;
  try {
    await work();
    console.log(`survived  ${told()}`);
  } catch (error) {
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    console.log(`FAILED    ${told()}\n${problems.at(-1) ?? ''}`);
    await world.rememberStrangers();
    await world.converge('deleted', 10);
  }
}

for (const [name, fault] of Object.entries({ ...faults, ...networkFaults })) {
  if (!isWanted(name)) continue;
  await survives(name, 1, async () => {
    await fault(world);
    await world.converge('deleted');
    await world.check('deleted');
  });
}
if (isWanted('kill')) {
  const counts = await countCalls(world);
  console.log(`calls that change something: ${counts.join(' to deploy, ').replace(/ to deploy, (\d+)$/, ' to replace all, $1 to delete')}`);
  const [first = []] = counts.map(pointsOf);
  // Every moment of the first deployment; as many moments of the others, spread over the whole.
  const rounds = Math.min(first.length, most);
  const points = counts.map((calls) => spread(pointsOf(calls), rounds));
  for (let index = 0; index < rounds; index++) {
    const mine = points.map((each) => each[index]);
    const name = `killed ${mine.map((point) => (point === undefined ? '-' : `${point.when} call ${point.at}`)).join(', ')}`;
    await survives(name, mine.filter((point) => point !== undefined).length, () => round(world, mine));
  }
}
world.close();
console.log(`\n${injected} faults injected, ${injected - problems.length} survived`);
for (const problem of problems) console.log(`not survived: ${problem}`);
process.exitCode = problems.length === 0 && injected > 0 ? 0 : 1;

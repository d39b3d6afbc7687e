// `npm run chaos`: everything that can happen to a deployment, done to one after the other; each time it is deployed again and
// must be whole. `npm run chaos -- kill` or `-- "disk"` does a part: of kills and cancels with `--from 40 --to 60` these rounds
// alone, so that a long run is taken up again, or shared. Ends with exit code 1 where one was not survived.

import { parseArgs } from 'node:util';
import { faults } from './faults.ts';
import { countCalls, goRound, roundsOf, roundText, type Blow } from './kills.ts';
import { networkFaults } from './networkFaults.ts';
import { openWorld } from './world.ts';

const { values: { from, to }, positionals: wanted } = parseArgs({ options: { from: { type: 'string', default: '1' }, to: { type: 'string', default: 'Infinity' } }, allowPositionals: true });
const isWanted = (name: string): boolean => wanted.length === 0 || wanted.some((word) => name.includes(word));
const world = await openWorld();
const problems: string[] = [];
let injected = 0;
let survived = 0;

/** Begins and ends with nothing deployed, whatever happens. `work` gives how many faults there were. */
async function survives(name: string, work: () => Promise<number>): Promise<void> {
  const beganMs = performance.now();
  const told = (): string => `${name} (${((performance.now() - beganMs) / 1000).toFixed(1)} s)`;
  try {
    const count = await work();
    injected += count;
    survived += count;
    console.log(`survived  ${told()}`);
  } catch (error) {
    injected += 1;
    problems.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    console.log(`FAILED    ${told()}\n${problems.at(-1) ?? ''}`);
    await world.reset();
  }
}

for (const [name, fault] of Object.entries({ ...faults, ...networkFaults })) {
  if (!isWanted(name)) continue;
  await survives(name, async () => {
    await fault(world);
    await world.converge('deleted');
    await world.check('deleted');
    return 1;
  });
}
const blows: Readonly<Record<string, Blow>> = { kill: 'SIGKILL', cancel: 'SIGINT' };
for (const [name, blow] of Object.entries(blows)) {
  if (!isWanted(name)) continue;
  const calls = await countCalls(world);
  const rounds = roundsOf(calls, blow);
  console.log(`calls that change something: ${calls.deploy} to deploy, ${calls.replace} to replace all, ${calls.delete} to delete; ${rounds.length} rounds`);
  for (const [index, round] of rounds.entries()) {
    const number = index + 1;
    if (number >= Number(from) && number <= Number(to)) await survives(`${name} ${number}: ${roundText(round)}`, () => goRound(world, round, blow));
  }
}
world.close();
console.log(`\n${injected} faults injected, ${survived} survived`);
for (const problem of problems) console.log(`not survived: ${problem}`);
process.exitCode = problems.length === 0 && injected > 0 ? 0 : 1;

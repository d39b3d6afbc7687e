// A process of its own that waits for the owner of a lab to end, however it ends, and then removes what the lab has left.
// Started by `startReaper`, detached: `node reaper.ts RUN`.

import { setTimeout as sleep } from 'node:timers/promises';
import { findEngine } from '../../../scripts/engine.ts';
import { dockerAt } from './docker.ts';
import { isAlive, sweep } from './run.ts';

const [run = ''] = process.argv.slice(2);
await tidyUp();
while (isAlive(run)) await sleep(300);
await tidyUp();

async function tidyUp(): Promise<void> {
  const engine = await findEngine();
  await sweep(engine.kind === 'answers' ? dockerAt(engine.socketPath) : undefined);
}

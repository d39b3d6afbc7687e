// A process of its own that waits for the owner of a lab to end, however it ends, and then removes what the lab has left.
// Started by `startReaper`, detached: `node reaper.ts RUN SOCKET`.

import { setTimeout as sleep } from 'node:timers/promises';
import { dockerAt } from './docker.ts';
import { isAlive, sweep } from './run.ts';

const [run = '', socketPath = ''] = process.argv.slice(2);
const docker = dockerAt(socketPath);
await sweep(docker);
while (isAlive(run)) await sleep(300);
await sweep(docker);

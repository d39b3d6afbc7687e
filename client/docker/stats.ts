// How busy the processors of a host are with containers, asked of the engine once: it looks twice, about a second apart.

import type Docker from 'dockerode';
import pLimit from 'p-limit';
import { statusCode } from './problems.ts';

/** The engine looks at so many at a time; each look takes it a second, most of it waiting. */
const atATime = 64;

/** Share of all processors that running containers use, 0 to 1. Fails where a container cannot be asked: a part of the truth would make a busy host look idle. */
export async function cpuUsageOf(docker: Docker, signal: AbortSignal): Promise<number> {
  const running = await docker.listContainers({ abortSignal: signal });
  const limit = pLimit(atATime);
  const shares = await Promise.all(running.map(({ Id }) => limit(() => shareOf(docker, Id, signal))));
  return Math.min(1, shares.reduce((sum, share) => sum + share, 0));
}

async function shareOf(docker: Docker, containerId: string, signal: AbortSignal): Promise<number> {
  signal.throwIfAborted();
  try {
    const { cpu_stats: now, precpu_stats: before } = await docker.getContainer(containerId).stats({ stream: false });
    const own = now.cpu_usage.total_usage - before.cpu_usage.total_usage;
    // Counted over all processors.
    const all = now.system_cpu_usage - before.system_cpu_usage;
    return all > 0 && own > 0 ? own / all : 0;
  } catch (error) {
    // It ended meanwhile, and uses nothing.
    if (statusCode(error) === 404 || statusCode(error) === 409) return 0;
    throw error;
  }
}

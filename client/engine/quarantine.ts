// A member of a cluster that fails to start is set aside, stopped, and made again; what a cluster can do without fails nobody.

import { asideName, type Quarantine } from '#core/cluster/aside.ts';
import { stoppedFile } from '#core/lifecycle/scripts.ts';
import type { Action } from '#core/plan/plan.ts';
import type { StepState } from './cloud.ts';
import { Failure, messageOf } from './failure.ts';
import type { HostPort } from './ports.ts';

/** One that fails so often fails for a reason that trying does not take away. */
const mostTries = 2;

/** The way a member is made: `make` tries once, telling the id of the container as soon as there is one. */
export async function madeWithTries<T>(quarantine: Quarantine | undefined, containerName: string, port: HostPort, { signal, onDetail }: { readonly signal: AbortSignal; readonly onDetail: (detail: string) => void }, make: (onMade: (containerId: string) => void) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    let made: string | undefined;
    try {
      return await make((containerId) => {
        made = containerId;
      });
    } catch (error) {
      if (quarantine === undefined || made === undefined || signal.aborted) throw error;
      const { problem, logTail } = Failure.from(error);
      const aside = await setAside(made, containerName, port);
      if (tries >= mostTries) throw new Failure(`${problem}; it was tried ${mostTries} times, and is kept aside as ${aside}`, { logTail, cause: error });
      onDetail(`trying again, for ${problem}`);
    }
  }
}

async function setAside(containerId: string, containerName: string, port: HostPort): Promise<string> {
  const aside = asideName(containerName, containerId);
  try {
    await port.put(containerId, [{ path: stoppedFile, content: { text: 'stopped' } }]);
    await port.stop(containerId);
    await port.rename(containerId, aside);
  } catch (error) {
    throw new Failure(`container ${containerName} failed and could not be set aside: ${messageOf(error)}`, { cause: error });
  }
  return aside;
}

/** Which of the failed actions the clusters can do without. */
export function tolerated(actions: readonly Action[], states: readonly StepState[]): ReadonlySet<number> {
  const failed = actions.flatMap((action, index) => (action.kind === 'create' && action.container.quarantine !== undefined && states[index]?.kind === 'failed' ? [{ index, ...action.container.quarantine }] : []));
  return new Set(failed.flatMap(({ index, cluster, mayFail }) => (failed.filter((other) => other.cluster === cluster).length <= mayFail ? [index] : [])));
}

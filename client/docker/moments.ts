// Containers of a moment: they read or look at something on a host, belong to no application, and go when that is done. Their label
// says who made them, so that what the dead have left of them is known and taken away by whoever deploys next.

import type Docker from 'dockerode';
import type { LockOwner } from '#core/record/lock.ts';
import { unless } from './calls.ts';
import { prefix } from './labels.ts';
import { jsonObject } from './streams.ts';

const label = `${prefix}moment`;

/** Of what `owner` makes; `what` it is for. */
export function momentLabels(what: 'routes' | 'insider' | 'trust', { machine, processId, session }: Omit<LockOwner, 'by'>): Record<string, string> {
  return { [label]: JSON.stringify({ what, machine, processId, session }) };
}

export function isOfAMoment(labels: Readonly<Record<string, string>>): boolean {
  return labels[label] !== undefined;
}

/** Removes those whose owner is dead. */
export async function sweepMoments(docker: Docker, isDead: (owner: LockOwner) => boolean): Promise<void> {
  const found = await docker.listContainers({ all: true, filters: { label: [label] } });
  const left = found.filter(({ Labels }) => isDead(ownerOf(Labels[label])));
  // 409: somebody else is removing it already.
  await Promise.all(left.map(({ Id }) => docker.getContainer(Id).remove({ force: true, v: true }).catch(unless(404, 409))));
}

function ownerOf(text = ''): LockOwner {
  const owner = jsonObject(text) ?? {};
  const { machine, processId, session } = owner;
  return { by: '', machine: typeof machine === 'string' ? machine : '', processId: typeof processId === 'number' ? processId : 0, session: typeof session === 'string' ? session : '' };
}

// The lock of an application on a host: a container that is created and never started. Its name is what makes it a lock: an
// engine gives a name to one of ten who ask at once, and refuses the others (a volume is given to all, a network may be made
// twice). It has no image, which every engine allows a container that never runs, so nothing has to be pulled.

import type Docker from 'dockerode';
import type { Lock, ObservedLock } from '#core/record/lock.ts';
import { jsonObject } from './streams.ts';
import { prefix, unpack } from './labels.ts';
import { statusCode } from './problems.ts';
import { contentLabels, filesOf, recordLabels, undertakingLabels, undertakingOf } from './records.ts';

const ownerLabel = `${prefix}lock`;

export function isLock(labels: Readonly<Record<string, string>>): boolean {
  return labels[ownerLabel] !== undefined;
}

export function lockName(application: string): string {
  return `clocker-lock-${application}`;
}

/** The id of the lock; undefined when somebody has it. */
export async function takeLock(docker: Docker, lock: Lock): Promise<string | undefined> {
  const { by, machine, processId, session } = lock;
  try {
    const made = await docker.createContainer({
      name: lockName(lock.application),
      // Never run, but an engine wants a command.
      Cmd: ['lock'],
      Labels: { ...undertakingLabels(lock), ...contentLabels(lock), [ownerLabel]: JSON.stringify({ by, machine, processId, session }) },
      HostConfig: { NetworkMode: 'none' },
    });
    return made.id;
  } catch (error) {
    if (statusCode(error) === 409) return undefined;
    throw error;
  }
}

/** Of one application, or of all. */
export async function listLocks(docker: Docker, host: string, application: string | undefined, abortSignal: AbortSignal): Promise<readonly ObservedLock[]> {
  const label = [ownerLabel, ...(application === undefined ? [] : [`${recordLabels.application}=${application}`])];
  const found = await docker.listContainers({ all: true, filters: { label }, abortSignal });
  if (found.length === 0) return [];
  const info: unknown = await docker.info();
  const nowMs = typeof info === 'object' && info !== null ? Date.parse(String(Reflect.get(info, 'SystemTime'))) : Number.NaN;
  return found.flatMap(({ Id, Labels, Created }) => {
    const doing = undertakingOf(Labels);
    if (doing === undefined) return [];
    const owner = jsonObject(Labels[ownerLabel] ?? '') ?? {};
    const text = (name: string): string => (typeof owner[name] === 'string' ? owner[name] : '');
    const processId = Number(owner['processId']);
    const ageMs = Math.max(0, (Number.isNaN(nowMs) ? Date.now() : nowMs) - Created * 1000);
    return [{ ...doing, blueprint: unpack(Labels[recordLabels.blueprint]) ?? '', ...filesOf(Labels[recordLabels.files]), by: text('by') || doing.by, machine: text('machine'), processId: Number.isSafeInteger(processId) ? processId : 0, session: text('session'), host, lockId: Id, ageMs }];
  });
}

// Stops containers and takes them away.

import { stoppedFile } from '#core/lifecycle/scripts.ts';
import { doing, type Running, type Subject } from './acting.ts';
import type { HostPort } from './ports.ts';

/** That it was wanted is known from a file in it: exit codes alone do not tell. */
export async function stop({ host, containerId, containerName }: Subject, port: HostPort, { onDetail }: Pick<Running, 'onDetail'>): Promise<void> {
  onDetail('stopping');
  await doing(`stop container ${containerName} on ${host}`, async () => {
    await port.put(containerId, [{ path: stoppedFile, content: { text: 'stopped' } }]);
    await port.stop(containerId);
  });
}

/** It is wanted again. */
export async function unmark(containerId: string, port: HostPort): Promise<void> {
  if ((await port.read(containerId, stoppedFile).catch(() => undefined)) === 'stopped') await port.put(containerId, [{ path: stoppedFile, content: { text: '' } }]);
}

export async function remove({ host, containerId, containerName }: Subject, port: HostPort, { onDetail }: Pick<Running, 'onDetail'>): Promise<void> {
  onDetail('stopping');
  await doing(`stop container ${containerName} on ${host}`, () => port.stop(containerId));
  onDetail('removing');
  await doing(`remove container ${containerName} on ${host}`, () => port.remove(containerId));
}

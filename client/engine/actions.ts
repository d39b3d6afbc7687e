// How each kind of action is done with a host's port. An action gives back a last check to wait for outside the host's queue.

import { isCaughtName } from '#core/image/key.ts';
import type { Action } from '#core/plan/plan.ts';
import { doing, nothingMore, type LastCheck, type Running, type Workbench } from './acting.ts';
import { Failure, messageOf } from './failure.ts';
import { reload } from './lifecycle.ts';
import { create, putFollowing, start, startAnew } from './startContainer.ts';
import { remove, stop, unmark } from './stopContainer.ts';
import { move, replace } from './takeOver.ts';

export async function runAction(action: Action, workbench: Workbench, running: Running): Promise<LastCheck> {
  if (action.kind === 'addHost') {
    await workbench.addHost(action, running);
    return nothingMore;
  }
  const port = workbench.port(action.host);
  if (port === undefined) throw new Failure(`host ${action.host} is not configured any more`);
  switch (action.kind) {
    case 'pull':
      // A host that was made meanwhile may have come with it.
      if (action.digest === undefined && (await port.hasImage(action.image, running.signal).catch(() => false))) return nothingMore;
      try {
        await doing(`pull image ${action.image} on ${action.host}`, () => workbench.bringImage(action.image, action.host, running, action), Infinity);
      } catch (error) {
        if (!isCaughtName(action.image) || running.signal.aborted) throw error;
        // What could have been had from it is installed then.
        running.onDetail(messageOf(error));
      }
      return nothingMore;
    case 'build':
      await workbench.buildImage(action, running);
      return nothingMore;
    case 'create':
      return create(action, port, workbench, running);
    case 'start':
      await unmark(action.containerId, port);
      try {
        return await start({ ...action, isFinished: workbench.isFinished(action.host, action.containerId) }, port, workbench, running);
      } catch (error) {
        return startAnew(action, error, port, workbench, running);
      }
    case 'createNetwork':
      await doing(`create network ${action.network.networkName} on ${action.host}`, () => workbench.addressing.make(action.network, action.host, port));
      return nothingMore;
    case 'connect': {
      const { attachment, containerId, containerName } = action;
      const network = attachment.networkId ?? attachment.networkName;
      await doing(`connect container ${containerName} to network ${network} on ${action.host}`, async () => {
        await workbench.addressing.makeOwn(attachment, workbench.application, action.host, port);
        if (action.instead !== undefined) await port.sdn.disconnect(containerId, attachment.networkName);
        await port.sdn.connect(containerId, attachment);
      });
      return nothingMore;
    }
    case 'disconnect':
      await doing(`disconnect container ${action.containerName} from network ${action.networkId} on ${action.host}`, async () => {
        await port.sdn.disconnect(action.containerId, action.networkName);
        await port.sdn.keepOff(action.containerId);
      });
      return nothingMore;
    case 'reload': {
      const { containerId, containerName } = action;
      // Only what the program has taken counts as its state.
      const keepState = await putFollowing({ containerId, port }, action.container, workbench);
      await doing(`reload ${containerName} on ${action.host}`, () => reload({ host: action.host, containerId, containerName, port, signal: running.signal }));
      await keepState();
      return nothingMore;
    }
    case 'stop':
      await stop(action, port, running);
      return nothingMore;
    case 'removeNetwork':
      await doing(`remove network ${action.networkName} on ${action.host}`, () => port.removeNetwork(action.networkName));
      return nothingMore;
    case 'forget':
      for (const revision of action.revisions) await doing(`forget revision ${revision} on ${action.host}`, () => port.records.remove(workbench.application, revision));
      return nothingMore;
    case 'removeHost':
      await doing(`take host ${action.host} of ${action.cloud} away`, () => workbench.removeHost(action, running));
      return nothingMore;
    case 'remove':
      await remove(action, port, running);
      return nothingMore;
    case 'move':
      return move(action, port, workbench, running);
    case 'replace':
      return replace(action, port, workbench, running);
  }
}
